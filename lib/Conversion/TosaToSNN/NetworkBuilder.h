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

#include "Meaning.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"

namespace spikeformer::tosatosnn {

class NetworkBuilder {
public:
  /// Adds an empty network before `function`.
  NetworkBuilder(func::FuncOp function, StringRef name);

  /// The signal in the network; a tensor becomes an input of it.
  Signal enter(const Signal &signal);
  /// The elements of a signal in another shape.
  Signal reshape(const Signal &signal, ArrayRef<int64_t> shape);
  /// Sums or maxima over windows of a C, H, W signal.
  Value addPool(snn::Reduction reduction, Value source,
                ArrayRef<int64_t> kernel, ArrayRef<int64_t> stride,
                Location location);
  Value addConcat(ValueRange sources, Location location);

  /// Integrate-and-fire neurons that start at half their threshold.
  Value addSpiking(const Current &current, StringRef name,
                   const SignalNumbers &threshold, Location location);
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
  /// The neuron model of `addGate`, made where it is first needed.
  snn::NeuronModelAttrInterface getGateModel(Location location);
  /// A float32 parameter of the module.
  FlatSymbolRefAttr addParameter(StringRef name, const Tensor &tensor,
                                 Location location);
  /// One number, or a parameter that extends to `shape`.
  Attribute getNumbers(const SignalNumbers &numbers, ArrayRef<int64_t> shape,
                       StringRef name, Location location);

  SymbolTable symbols;
  OpBuilder builder;
  snn::NetworkOp network;
  llvm::MapVector<Value, Value> inputs;
  llvm::StringSet<> names;
  SmallVector<Operation *> parameters;
  snn::ModelOp gateModel;
  Attribute threshold;
};

/// `numbers` rounded to float32.
SignalNumbers roundToFloat(const SignalNumbers &numbers);

} // namespace spikeformer::tosatosnn

#endif // LIB_CONVERSION_TOSATOSNN_NETWORKBUILDER_H
