//===- NetworkBuilder.h - building the network of a conversion --*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything that a conversion adds to the module goes through this class: it
// keeps names unique, knows where tensors enter the network, and can take all
// of it back when an operation turns out to be refused.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_TOSATOSNN_NETWORKBUILDER_H
#define LIB_CONVERSION_TOSATOSNN_NETWORKBUILDER_H

#include "CustomModels.h"
#include "Meaning.h"
#include "mlir/IR/SymbolTable.h"
#include "spikeformer/Conversion/TosaToSNN/TosaToSNN.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"

namespace spikeformer::tosatosnn {

class NetworkBuilder {
public:
  /// Adds an empty network before `function`.
  NetworkBuilder(func::FuncOp function, const TosaToSNNOptions &options);

  NeuronKind getNeuron() const { return neuron; }
  /// Whether signals are changes, which their targets add up, and not numbers
  /// that are there anew in each step.
  bool sendsChanges() const { return neuron == NeuronKind::SigmaDelta; }

  /// The signal in the network; a tensor becomes an input of it.
  Signal enter(const Signal &signal);
  /// The elements of a signal in another shape.
  Signal reshape(const Signal &signal, ArrayRef<int64_t> shape);
  /// Sums or maxima over windows of a C, H, W signal.
  Value addPool(snn::Reduction reduction, Value source,
                ArrayRef<int64_t> kernel, ArrayRef<int64_t> stride,
                Location location);
  Value addConcat(ValueRange sources, Location location);

  /// Neurons of max(current, 0), at most `upper` (infinity: no bound). A spike
  /// stands for `threshold`; a change is sent from there on.
  Value addActivation(const Current &current, StringRef name,
                      const SignalNumbers &threshold, double upper,
                      Location location);
  /// Neurons without state that send `current` / `height` rounded to the
  /// nearest level, 0 to `levels`.
  Value addGraded(Current current, StringRef name, const SignalNumbers &height,
                  const SignalNumbers &levels, Location location);
  /// Neurons that emit the sum of `current`, in every step: what they get, or
  /// all changes that they got.
  Value addSums(const Current &current, StringRef name, Location location);
  /// Neurons that send by how much `source`, sums, has changed.
  Value addChanges(Value source, StringRef name, Location location);
  /// Neurons that send a spike where their input is at least `height`.
  Value addRelay(const Current &current, StringRef name,
                 const SignalNumbers &height, Location location);
  /// Neurons that emit the sum of what they got.
  Value addIntegrator(const Current &current, StringRef name,
                      Location location);
  /// Neurons that send a spike where their input is above `height` times the
  /// spikes that they have sent.
  Value addGate(const Current &current, StringRef name,
                const SignalNumbers &height, Location location);
  /// Neurons that emit what they get, in the order of the current.
  Value addLinear(const Current &current, StringRef name, Location location);
  /// `wanted`, or `wanted_1` and so on: unique among populations.
  std::string makeName(StringRef wanted);
  /// The v_threshold of the last population.
  Attribute getThreshold() const { return threshold; }

  /// Ends the network with `output`.
  void finish(Value output);
  /// Takes back everything.
  void discard();

  snn::NetworkOp getNetwork() const { return network; }
  /// The tensors that entered, in the order of the network's inputs.
  SmallVector<Value> getInputs() const;

private:
  Value addPopulation(const Current &current, StringRef name, Location location,
                      snn::NeuronModelAttrInterface model,
                      ArrayRef<NamedAttribute> params, snn::SignalType type);
  Value addProjection(const Projection &projection, ArrayRef<int64_t> shape,
                      StringRef population);
  /// Weights of a one_to_one projection: one number, or a parameter.
  Attribute getHeights(const Projection &projection, ArrayRef<int64_t> shape,
                       StringRef name);
  Value addSpiking(const Current &current, StringRef name,
                   const SignalNumbers &thresholds, double upper,
                   Location location);
  Value addBurst(const Current &current, StringRef name,
                 const SignalNumbers &thresholds, double upper,
                 NamedAttribute start, Location location);
  /// Neurons with the threshold that was made last.
  Value addSending(const Current &current, StringRef name,
                   snn::NeuronModelAttrInterface model,
                   SmallVector<NamedAttribute> params, snn::SignalType type,
                   Location location);
  /// Sigma-delta neurons, which send changes from `threshold` on.
  Value addSigmaDelta(const Current &current, StringRef name, double upper,
                      Location location);
  /// `current` with a projection of what comes in the first step only in place
  /// of its bias: a sum of changes must get it once.
  Current getWithBiasOnce(Current current, StringRef name, Location location);
  /// The model that `make` makes, made where it is first needed.
  snn::NeuronModelAttrInterface getModel(ModelMaker make, Location location);
  /// A float32 parameter of the module.
  FlatSymbolRefAttr addParameter(StringRef name, const Tensor &tensor,
                                 Location location);
  /// One number, or a parameter that extends to `shape`.
  Attribute getNumbers(const SignalNumbers &numbers, ArrayRef<int64_t> shape,
                       StringRef name, Location location);

  NeuronKind neuron;
  bool startsAtHalf;
  SymbolTable symbols;
  OpBuilder builder;
  snn::NetworkOp network;
  llvm::MapVector<Value, Value> inputs;
  llvm::StringSet<> names;
  SmallVector<Operation *> parameters;
  SmallVector<std::pair<ModelMaker, snn::ModelOp>> models;
  /// Sends 1 in the first step and nothing later; null until it is needed.
  Value once;
  Attribute threshold;
};

/// `numbers` rounded to float32.
SignalNumbers roundToFloat(const SignalNumbers &numbers);

} // namespace spikeformer::tosatosnn

#endif // LIB_CONVERSION_TOSATOSNN_NETWORKBUILDER_H
