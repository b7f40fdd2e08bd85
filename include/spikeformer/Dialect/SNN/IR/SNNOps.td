//===- SNNOps.td - operations of the snn dialect -----------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNOPS_TD
#define SPIKEFORMER_DIALECT_SNN_IR_SNNOPS_TD

include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "spikeformer/Dialect/SNN/IR/SNNAttributes.td"
include "spikeformer/Dialect/SNN/IR/SNNConnectivity.td"
include "spikeformer/Dialect/SNN/IR/SNNEncoders.td"
include "spikeformer/Dialect/SNN/IR/SNNModels.td"
include "spikeformer/Dialect/SNN/IR/SNNTypes.td"

class SNN_Op<string mnemonic, list<Trait> traits = []> : Op<SNN_Dialect, mnemonic, traits>;

//===----------------------------------------------------------------------===//
// Module level
//===----------------------------------------------------------------------===//

def SNN_ParameterOp : SNN_Op<"parameter", [Symbol]> {
  let summary = "numbers that populations and projections use";
  let description = [{
    A named array: `dense<...>`, `dense_resource<...>`, `#snn.file<...>` or
    `#snn.random<...>`. Only a random parameter may have one dynamic extent: it
    has as many elements as its user asks for.

    1. The value has the type of the parameter (`parameter_c1`).
    2. A resource exists and has the size of the type (`parameter_c2`).
    3. The element type is f32, f64 or a signless integer of 8 to 64 bits (`parameter_c3`).
    4. A dynamic extent needs `#snn.random` (`parameter_c4`).

    Example:
    ```mlir
    snn.parameter @w : tensor<4x2xf32> = dense<0.5>
    snn.parameter @v0 : tensor<4000xf32> = #snn.random<uniform(-60.0, -50.0), generator = mix64, seed = 12, stream = 0>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<StrAttr>:$sym_visibility,
                       TypeAttr:$type, AnyAttr:$value);
  let assemblyFormat = "$sym_name `:` custom<TypedValue>($type, $value) attr-dict";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::RankedTensorType getTensorType() {
      return ::llvm::cast<::mlir::RankedTensorType>(getType());
    }
  }];
}

def SNN_ModelOp : SNN_Op<"model", [Symbol, IsolatedFromAbove, SingleBlock]> {
  let summary = "a neuron model written by the user";
  let description = [{
    One step of one neuron as scalar code. The arguments are the states, the
    accumulated inputs and the params; `snn.yield` gives what the step emits and
    the new states. Allowed are elementwise operations of `arith` and, of `math`, absf,
    absi, ceil, copysign, exp, floor, log, roundeven, sqrt and trunc, so every model is
    vectorised by construction and means the same everywhere (`docs/Semantics.md`).

    1. Names are unique (`model_c1`).
    2. Argument types are i1 to i64, f32 or f64 (`model_c2`).
    3. Only the operations above, without fast-math flags; no exp or log of a constant (`model_c3`).
    4. The yielded states have the types of the states (`model_c4`).

    Example:
    ```mlir
    snn.model @half states(v = %v : f32) receptors(in = %in : f32) params(theta = %theta : f32) {
      %c = arith.constant 5.0e-1 : f32
      %h = arith.mulf %v, %c : f32
      %v1 = arith.addf %h, %in : f32
      %f = arith.cmpf ogt, %v1, %theta : f32
      %r = arith.subf %v1, %theta : f32
      %v2 = arith.select %f, %r, %v1 : f32
      snn.yield %f states(%v2) : i1, f32
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<StrAttr>:$sym_visibility,
                       StrArrayAttr:$states, StrArrayAttr:$receptors, StrArrayAttr:$params);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// Arguments of the body by role.
    ::llvm::ArrayRef<::mlir::BlockArgument> getStateArguments();
    ::llvm::ArrayRef<::mlir::BlockArgument> getReceptorArguments();
    ::llvm::ArrayRef<::mlir::BlockArgument> getParamArguments();
    ::spikeformer::snn::YieldOp getYield();
  }];
}

def SNN_YieldOp : SNN_Op<"yield", [Terminator, Pure, HasParent<"ModelOp">]> {
  let summary = "what a step of a snn.model emits, and its new states";
  let arguments = (ins AnyType:$emitted, Variadic<AnyType>:$states);
  let assemblyFormat = "$emitted (`states` `(` $states^ `)`)? attr-dict `:` type(operands)";
  let description = [{
    Example: `snn.yield %fires states(%v1) : i1, f32`.
  }];
}

def SNN_NetworkOp : SNN_Op<"network", [Symbol, IsolatedFromAbove, SingleBlock,
    DeclareOpInterfaceMethods<RegionKindInterface>,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a spiking neural network";
  let description = [{
    A graph region: values may be used before they are defined. `dt` is the length
    of a timestep in seconds, or `"steps"` in a dimensionless network.

    1. `dt` is there and is "steps" or a positive number of seconds (`network_c1`).
    2. The last operation is `snn.output` with the types of the results (`network_c2`).
    3. Names of populations and encoders are unique (`network_c3`).
    4. Every cycle has a delay (`network_c4`).

    Example:
    ```mlir
    snn.network @relay(%x: !snn.signal<4, binary>) -> !snn.signal<4, binary> attributes {dt = "steps"} {
      %i = snn.project %x through #snn.one_to_one delay 1 : !snn.signal<4, binary> -> !snn.current<4>
      %s = snn.population "relay" (in: %i accumulate ordered<f32>)
        model #snn.if<state = f32, reset = to_value, fires = at_or_above, when = same_step>
        params {r = 1.0, v_threshold = 1.0, v_reset = 0.0, v_init = 0.0} : !snn.signal<4, binary>
      snn.output %s : !snn.signal<4, binary>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<StrAttr>:$sym_visibility,
                       TypeAttrOf<FunctionType>:$function_type);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    ::spikeformer::snn::OutputOp getOutput();
    /// Seconds per step; 1 where dt is "steps".
    double getStepLength();
  }];
}

def SNN_SimulateOp : SNN_Op<"simulate", [
    DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "runs a network over tensors";
  let description = [{
    The door between the tensor world and networks. It owns T (`steps`; `?` leaves
    it open), the reset between samples and the readout of each result. An operand
    `[sample, ...shape]` is held constant over all steps; `[sample, step, ...shape]`
    gives each step its own values.

    1. The network exists (`simulate_c1`).
    2. One operand per network input, of its shape (`simulate_c2`).
    3. One readout and one result per network output, of its shape: `count` and
       `first_spike` give i32, `rate` and `population_vector` f32 (the latter without
       the last axis), the others the carrier (`simulate_c3`).
    4. `count`, `rate`, `first_spike` and `population_vector` read spikes, the others
       an analogue signal; `population_vector` needs spikes that are never negative
       and a last axis of at least 2 (`simulate_c4`).

    Example:
    ```mlir
    %r = snn.simulate @classifier(%x) steps(32) reset(per_sample) readout(count)
      : (tensor<?x1x28x28xf32>) -> tensor<?x10xi32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$network, Variadic<AnyShaped>:$inputs,
                       OptionalAttr<I64Attr>:$steps, I32Attr:$reset, DenseI32ArrayAttr:$readouts);
  let results = (outs Variadic<AnyShaped>:$results);
  let assemblyFormat = [{$network `(` $inputs `)` `steps` `(` custom<Steps>($steps) `)`
    `reset` `(` custom<SampleReset>($reset) `)` `readout` `(` custom<Readouts>($readouts) `)`
    attr-dict `:` functional-type($inputs, $results)}];
  let extraClassDeclaration = [{
    SampleReset getResetKind() { return *symbolizeSampleReset(getReset()); }
    Readout getReadout(unsigned index) { return *symbolizeReadout(getReadouts()[index]); }
  }];
}

//===----------------------------------------------------------------------===//
// Inside a network
//===----------------------------------------------------------------------===//

def SNN_PopulationOp : SNN_Op<"population", [HasParent<"NetworkOp">]> {
  let summary = "a homogeneous array of neurons";
  let description = [{
    Neurons of one model over the shape of its signal. Each receptor lists the
    currents it takes and states its accumulator. Before step `onset` the neurons
    hold their initial state and emit nothing; the bias acts in steps onset to
    onset + T - 1. `expose` lists states that become further results.

    1. The receptors are those of the model, in its order (`population_c1`).
    2. The params are those of the model, no more and no less (`population_c2`).
    3. The alphabet is what the model emits (`population_c3`).
    4. Currents have the shape of the result (`population_c4`).
    5. The accumulator suits the type of the model's input (`population_c5`).
    6. Exposed states exist; their results are analogue signals of their type (`population_c6`).

    Not modelled: plasticity.

    Example:
    ```mlir
    %s = snn.population "hidden" (in: %a, %b accumulate ordered<f32> bias #snn.param<@b>)
      model #snn.lif<state = f32, integration = euler, reset = subtract, fires = above, when = same_step, refractory = none>
      params {tau = 2.0e-2, r = 1.0, v_leak = 0.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<16x26x26, binary>
    ```
  }];
  let arguments = (ins StrAttr:$name, Variadic<SNN_AnyCurrent>:$inputs,
                       SNN_ReceptorArrayAttr:$receptors, SNN_NeuronModelAttrInterface:$model,
                       DictionaryAttr:$params, OptionalAttr<I64Attr>:$onset,
                       OptionalAttr<StrArrayAttr>:$exposed);
  let results = (outs SNN_AnySignal:$spikes, Variadic<SNN_AnySignal>:$states);
  let assemblyFormat = [{
    $name `(` custom<Receptors>($inputs, $receptors) `)`
    `model` $model `params` $params (`onset` $onset^)? (`expose` $exposed^)? attr-dict
    `:` custom<PopulationTypes>(type($spikes), type($states), type($inputs), ref($inputs))}];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    SignalType getSignalType() { return ::llvm::cast<SignalType>(getSpikes().getType()); }
    int64_t getOnsetStep() { return getOnset().value_or(0); }
    ::llvm::SmallVector<ReceptorAttr> getReceptorList() {
      return ::llvm::to_vector(getReceptors().getAsRange<ReceptorAttr>());
    }
    /// Currents of receptor `index`.
    ::mlir::OperandRange getReceptorInputs(unsigned index);
  }];
}

def SNN_ProjectOp : SNN_Op<"project", [Pure, HasParent<"NetworkOp">]> {
  let summary = "synapses from a signal to a population";
  let description = [{
    Every event of the source contributes value x weight to the elements that the
    connectivity reaches, `delay` steps later. Weights are a parameter, a view of
    one, random numbers or one shared number; without weights each is 1. A delay
    is one number of steps, one per weight (`#snn.param`, `#snn.random`) or one per
    element of the source (`#snn.per_source`).

    1. Source, result and weights fit the connectivity (`project_c1`).
    2. The delay is at least 0; others are parameters of integers or random (`project_c2`).
    3. Symbols exist and are parameters (`project_c3`, on the network).

    Example:
    ```mlir
    %i = snn.project %x through #snn.dense weights @w delay 0 : !snn.signal<784, binary> -> !snn.current<10>
    ```
  }];
  let arguments = (ins SNN_AnySignal:$source, SNN_ConnectivityAttrInterface:$connectivity,
                       OptionalAttr<AnyAttr>:$weights, AnyAttr:$delay);
  let results = (outs SNN_AnyCurrent:$result);
  let assemblyFormat = [{$source `through` $connectivity (`weights` custom<Number>($weights)^)?
    `delay` custom<SteppedDelay>($delay) attr-dict `:` type($source) `->` type($result)}];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    SignalType getSourceType() { return ::llvm::cast<SignalType>(getSource().getType()); }
    CurrentType getCurrentType() { return ::llvm::cast<CurrentType>(getResult().getType()); }
    /// Smallest number of steps a spike takes; one delay per weight is at least 1.
    int64_t getMinimumDelay();
  }];
}

def SNN_EncodeOp : SNN_Op<"encode", [HasParent<"NetworkOp">]> {
  let summary = "turns values into a signal";
  let description = [{
    Its name makes it recordable and tells an artefact what to generate. The types
    fit the encoder (`encode_c1`), the result has the encoder's shape (`encode_c2`).

    Example:
    ```mlir
    %s = snn.encode "input" by #snn.poisson<probability = rate_dt, gain = 1.0 : f64, seed = 42, stream = 0> of %x
      : !snn.signal<784, analogue<f32>> -> !snn.signal<784, binary>
    ```
  }];
  let arguments = (ins StrAttr:$name, SNN_AnySignal:$input, SNN_EncoderAttrInterface:$encoder);
  let results = (outs SNN_AnySignal:$result);
  let assemblyFormat = "$name `by` $encoder `of` $input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def SNN_ConstantOp : SNN_Op<"constant", [Pure, HasParent<"NetworkOp">]> {
  let summary = "an analogue signal that never changes";
  let description = [{
    A shared number, `#snn.param` or `#snn.random` (`constant_c1`), rounded once to
    the carrier. Drives an encoder or a projection without an input.

    Example: `%r = snn.constant 8.0 : !snn.signal<100, analogue<f32>>`.
  }];
  let arguments = (ins AnyAttr:$value);
  let results = (outs SNN_AnySignal:$result);
  let assemblyFormat = "custom<SignalValue>($value) attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def SNN_PoolOp : SNN_Op<"pool", [Pure, HasParent<"NetworkOp">]> {
  let summary = "sum or maximum over windows of a signal";
  let description = [{
    C,H,W to C,H',W' with H' = floor((H - K) / S) + 1. `max` keeps the alphabet.
    `sum` of binary or count<N> is count<(N) K K> and exact; of an analogue signal
    it adds row-major in the carrier (`pool_c1`: types). An average is a sum whose
    1/(K K) is in the next weights.

    Example:
    ```mlir
    %p = snn.pool sum %s kernel [2, 2] stride [2, 2] : !snn.signal<16x24x24, binary> -> !snn.signal<16x12x12, count<4>>
    ```
  }];
  let arguments = (ins I32Attr:$reduction, SNN_AnySignal:$source, DenseI64ArrayAttr:$kernel,
                       DenseI64ArrayAttr:$stride);
  let results = (outs SNN_AnySignal:$result);
  let assemblyFormat = [{custom<Reduction>($reduction) $source `kernel` $kernel `stride` $stride
    attr-dict `:` type($source) `->` type($result)}];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    Reduction getReductionKind() { return *symbolizeReduction(getReduction()); }
  }];
}

def SNN_ReshapeOp : SNN_Op<"reshape", [Pure, HasParent<"NetworkOp">]> {
  let summary = "the same elements in another shape";
  let description = [{
    Row-major order is kept: same alphabet, same number of elements (`reshape_c1`).

    Example: `%f = snn.reshape %p : !snn.signal<32x5x5, binary> -> !snn.signal<800, binary>`.
  }];
  let arguments = (ins SNN_AnySignal:$source);
  let results = (outs SNN_AnySignal:$result);
  let assemblyFormat = "$source attr-dict `:` type($source) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def SNN_ConcatOp : SNN_Op<"concat", [Pure, HasParent<"NetworkOp">]> {
  let summary = "signals one behind the other along the first axis";
  let description = [{
    Same alphabet and same extents but the first (`concat_c1`).

    Example: `%c = snn.concat %a, %b : !snn.signal<2x4, binary>, !snn.signal<3x4, binary> -> !snn.signal<5x4, binary>`.
  }];
  let arguments = (ins Variadic<SNN_AnySignal>:$sources);
  let results = (outs SNN_AnySignal:$result);
  let assemblyFormat = "$sources attr-dict `:` type($sources) `->` type($result)";
  let hasVerifier = 1;
}

def SNN_SliceOp : SNN_Op<"slice", [Pure, HasParent<"NetworkOp">]> {
  let summary = "rows of a signal along the first axis";
  let description = [{
    Rows `begin` to `begin` + extent of the result; same alphabet and same extents
    but the first (`slice_c1`), rows exist (`slice_c2`). So one population can have
    excitatory and inhibitory neurons.

    Example: `%e = snn.slice %s from 0 : !snn.signal<4000, binary> -> !snn.signal<3200, binary>`.
  }];
  let arguments = (ins SNN_AnySignal:$source, I64Attr:$begin);
  let results = (outs SNN_AnySignal:$result);
  let assemblyFormat = "$source `from` $begin attr-dict `:` type($source) `->` type($result)";
  let hasVerifier = 1;
}

def SNN_DelayOp : SNN_Op<"delay", [Pure, HasParent<"NetworkOp">, AllTypesMatch<["source", "result"]>]> {
  let summary = "a signal some steps later";
  let description = [{
    Silent (0) in the first `steps` steps; at least 1 (`delay_c1`). The type is kept.

    Example: `%d = snn.delay %s by 2 : !snn.signal<16, binary>`.
  }];
  let arguments = (ins SNN_AnySignal:$source, I64Attr:$steps);
  let results = (outs SNN_AnySignal:$result);
  let assemblyFormat = "$source `by` $steps attr-dict `:` type($source)";
  let hasVerifier = 1;
}

def SNN_OutputOp : SNN_Op<"output", [Terminator, HasParent<"NetworkOp">]> {
  let summary = "the results of a network";
  let description = [{
    Example: `snn.output %s : !snn.signal<10, binary>`.
  }];
  let arguments = (ins Variadic<SNN_AnySignal>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNOPS_TD
