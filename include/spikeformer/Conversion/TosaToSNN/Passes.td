//===- Passes.td - passes from TOSA to snn -----------------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The passes of the conversion from TOSA to spiking networks. Their examples
// are tests: test/Conversion/TosaToSNN.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_CONVERSION_TOSATOSNN_PASSES_TD
#define SPIKEFORMER_CONVERSION_TOSATOSNN_PASSES_TD

include "mlir/Pass/PassBase.td"

def TosaDequantizePass : Pass<"tosa-dequantize", "::mlir::func::FuncOp"> {
  let summary = "make the float network of a quantised one";
  let description = [{
    Consumes `quant.qcast`, `quant.dcast` and `quant.scast` behind the first
    weights. Weights become f32 constants, scale * (integer - zero point). A value
    that is quantised and back keeps its number: the rounding vanishes. Where the
    range of a quantised value begins at 0, it becomes the upper bound of the
    activation before it, or an activation (`tosa.clamp`) if there is none and the
    value can be negative; this is where exporters merged a ReLU. Other ranges
    vanish. Operations that move quantised values (reshape, transpose, slice,
    concat) or take their maximum do so with the numbers.

    What is computed of the inputs alone before the first weights stays, with its
    integers. Other operations on integers behind it are refused, all at once.

    Bytes in the range of each sample (loops with `snn.dynamic_quantize`, on input,
    scale and zero point) become their input and their scale 1; `linalg.batch_matmul`
    and `linalg.conv_2d_nhwgc_gfhwc` on such bytes less their zero point become TOSA.

    Guarantees: behind the first weights every value is a float; a function without
    quantised values is not changed, so running the pass again changes nothing
    behind them.

    (* example: test/Conversion/TosaToSNN/dequantize.mlir *)
    ```mlir
    %q = quant.qcast %c : tensor<1x4xf32> to tensor<1x4x!quant.uniform<i8:f32, 0.25:-128>>
    %d = quant.dcast %q : tensor<1x4x!quant.uniform<i8:f32, 0.25:-128>> to tensor<1x4xf32>
    // becomes
    %d = tosa.clamp %c {min_val = 0.0 : f32, max_val = 63.75 : f32} : (tensor<1x4xf32>) -> tensor<1x4xf32>
    ```
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect"];
}

def TosaFoldBatchNormPass : Pass<"tosa-fold-batch-norm", "::mlir::func::FuncOp"> {
  let summary = "put batch normalisation into the weights before it";
  let description = [{
    Consumes constant `tosa.mul`, `tosa.add` and `tosa.sub` with one number per
    channel (the last axis) or one in all behind a `tosa.conv2d`,
    `tosa.depthwise_conv2d`, `tosa.matmul` or a grouped convolution (tagged
    `snn.grouped`), also through a `tosa.reshape` that keeps the last axis. They
    go into weights and bias, in double, rounded once to f32. A value that has
    other users is left as it is.

    Guarantees: afterwards a convolution is followed by none of them, a matrix
    product by at most one `tosa.add`, its bias. Running it again changes nothing.

    (* example: test/Conversion/TosaToSNN/fold-batch-norm.mlir *)
    ```mlir
    %c = tosa.conv2d %x, %w, %b, %zp, %zp ...
    %m = tosa.mul %c, %scale, %shift {snn.batch_norm = "scale"} ...
    %s = tosa.add %m, %offset {snn.batch_norm = "shift"} ...
    // becomes
    %s = tosa.conv2d %x, %w_scaled, %b_scaled, %zp, %zp ...
    ```
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect"];
}

def TosaSplitLeakyReluPass : Pass<"tosa-split-leaky-relu", "::mlir::func::FuncOp"> {
  let summary = "make two activations of one with a slope below 0";
  let description = [{
    Consumes max(x, a x) with constants a from 0 to 1, and x where it is at least 0,
    else a x, with any constants a (a LeakyReLU, a PReLU), between weights. They
    become relu(x) and -a relu(-x), `tosa.clamp` with `snn.activation_part`, whose
    sum they are. The sum is formed behind what is linear: matrix products,
    convolutions (grouped ones as a whole), average pools, constant factors, moves,
    zeros around an image and concatenations of such sums are done to both. A
    maximum pool right behind such an activation comes in front of it where no a is
    negative or differs within a channel.

    Guarantees: the function computes the same but for the rounding of sums. What is
    computed before the first weights, or behind the last, stays. Running it again
    changes nothing.

    (* example: test/Conversion/TosaToSNN/split-leaky-relu.mlir *)
    ```mlir
    %s = tosa.mul %c, %slope, %shift : (tensor<1x1x2xf32>, tensor<1x1x1xf32>, tensor<1xi8>) -> tensor<1x1x2xf32>
    %r = tosa.maximum %c, %s : (tensor<1x1x2xf32>, tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
    %y = tosa.matmul %r, %w, %zp, %zp ...
    // becomes
    %p = tosa.clamp %c {max_val = 3.40282347E+38 : f32, min_val = 0.000000e+00 : f32, snn.activation_part} ...
    %m = tosa.mul %c, %minus_one, %shift ...
    %q = tosa.clamp %m {max_val = 3.40282347E+38 : f32, min_val = 0.000000e+00 : f32, snn.activation_part} ...
    %n = tosa.mul %q, %minus_slope, %shift ...
    %yp = tosa.matmul %p, %w, %zp, %zp ...
    %yn = tosa.matmul %n, %w, %zp, %zp ...
    %y = tosa.add %yp, %yn ...
    ```
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect"];
}

def ConvertTosaToSNNPass : Pass<"convert-tosa-to-snn", "::mlir::ModuleOp"> {
  let summary = "make a spiking network of a trained network";
  let description = [{
    Consumes the TOSA operations of one function between its first and its last
    weights and makes a `snn.network` of them, which the function simulates.

    Every activation (`tosa.clamp` from 0, `tosa.maximum` with 0) becomes a
    population of integrate-and-fire neurons with the threshold theta that its
    attribute `snn.threshold` states (a float, or elements that broadcast over its
    result, such as one per channel; at most the upper bound of the clamp). A spike
    stands for theta: the weights behind it are multiplied by theta, in double,
    rounded once. Potentials start at theta/2. Inputs are constant currents, biases
    are those of the receptor. An average pool sums spikes, its divisor goes into
    the next weights. A sum of branches becomes projections to one receptor.
    Levels that the network was trained with (`tosa.floor` before a bounded
    activation) are what neurons count; the bound is the threshold then.
    Transposes and reshapes vanish: signals are C, H, W. The population "output"
    gives what the last weights give; the result of the function is its mean over
    the steps.

    What is computed of the inputs alone before the first weights stays in the
    function; so does what follows the last, such as a softmax.

    Maximum pools are refused unless `max-pool` says what becomes of them: `gate`
    (neurons that have sent the largest count of their window after every step),
    `winner` (the maximum of the spikes of a step), `current` (the maximum of the
    sums in front of the activation) or `average`. A pool and the activation in
    front of it or behind it change places first where that takes it.

    `neuron` chooses what an activation becomes; all but `sigma-delta` give the mean
    over the steps as the result:
    * `if`: binary integrate-and-fire neurons, as above;
    * `ternary`: the `snn.model` @relu_ternary, which also sends -1 where its
      potential is below 0 and it has sent more 1 than -1: a spike that came too
      early is taken back, and the sum of what was sent is never below 0;
    * `burst`: the `snn.model` @relu_burst, which sends floor(v / theta) spikes in
      a step, at most 4. With an upper bound u, @clamp_burst: by any step no more
      than u / theta for each step so far;
    * `graded`: the `snn.model` @relu_graded, which has no state and sends in every
      step the level floor(v / height), 0 to `levels`, as a payload of as many bits
      as it takes. The height of a level is theta / `levels`, a bias of half a
      level rounds to the nearest. An activation that was trained with levels keeps
      its own, so one step gives what the float network gives;
    * `sigma-delta`: `#snn.sigma_delta` with ReLU (with an upper bound the
      `snn.model` @clamp_sigma_delta), which adds up changes and sends by how much
      its activation has moved from what it has sent, where that is at least
      theta / 2^`delta-bits`. Inputs go through `delta` neurons; biases are
      weights of a neuron "once" that sends 1 in the first step. The output is a
      `sigma` population, the result what it holds in the last step.

    All but `if` take maximum pools as `current` or `average` only; `graded` also
    as `winner`, which is exact for levels.

    Everything else is refused, all refusals at once: other activations, pools of
    sums before their activation, weights behind weights without an activation,
    products of two computed values. Nothing but places of pools is changed then.

    Guarantees: the module attribute `snn.relations` says for each population which
    node of the float network it stands for, and its theta.

    (* example: test/Conversion/TosaToSNN/convert-tosa-to-snn.mlir *)
    ```mlir
    %h = tosa.clamp %a {min_val = 0.0 : f32, max_val = 6.0 : f32, snn.threshold = 1.5 : f32} ...
    // becomes
    %s = snn.population "hidden" (in: %i accumulate ordered<f32>)
      model #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
      params {r = 1.0, v_init = 0.75, v_threshold = 1.5} : !snn.signal<16x26x26, binary>
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"\"main\"",
           "Name of the function to convert">,
    Option<"network", "network", "std::string", /*default=*/"\"net\"",
           "Name of the network that is made">,
    Option<"timesteps", "timesteps", "int64_t", /*default=*/"0",
           "Steps for which the input is presented (there is no default)">,
    Option<"maxPool", "max-pool", "std::string", /*default=*/"\"refuse\"",
           "What becomes of maximum pools: refuse, gate, winner, current, average">,
    Option<"neuron", "neuron", "std::string", /*default=*/"\"if\"",
           "What activations become: if, ternary, burst, sigma-delta, graded">,
    Option<"deltaBits", "delta-bits", "int64_t", /*default=*/"8",
           "A sigma-delta neuron sends changes from theta / 2^BITS on">,
    Option<"startsAtHalf", "starts-at-half", "bool", /*default=*/"true",
           "Neurons that spike start at theta/2, not at 0">,
    Option<"levels", "levels", "int64_t", /*default=*/"15",
           "A graded neuron sends 0 to this, which stands for theta">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::spikeformer::snn::SNNDialect",
                           "::mlir::tosa::TosaDialect"];
}

#endif // SPIKEFORMER_CONVERSION_TOSATOSNN_PASSES_TD
