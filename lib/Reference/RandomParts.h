//===- RandomParts.h - parts of random networks -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the parts of the generator share: the module under construction, and one
// function per kind of construct.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_REFERENCE_RANDOMPARTS_H
#define SPIKEFORMER_LIB_REFERENCE_RANDOMPARTS_H

#include "mlir/IR/Builders.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Reference/RandomSource.h"
#include "spikeformer/Support/Tensor.h"

namespace spikeformer {
struct RandomNetworkOptions;
} // namespace spikeformer

namespace spikeformer::reference {

/// The module under construction.
struct RandomContext {
  RandomContext(ModuleOp module, uint64_t seed);

  MLIRContext *getContext() { return module.getContext(); }

  /// Between `low` and `high`: with a full mantissa, or a multiple of 1/8 or of
  /// a smaller power of 2, so that sums are exact and thresholds are met.
  double makeNumber(double low, double high);
  Tensor makeTensor(ArrayRef<int64_t> shape, ElementType type, double low,
                    double high);
  /// A snn.parameter that holds `tensor`.
  FlatSymbolRefAttr addParameter(const Tensor &tensor);
  /// A `#snn.random` between `low` and `high`.
  Attribute makeRandomAttr(double low, double high);
  /// A param, bias or constant between `low` and `high` for the elements of
  /// `shape`: a number, a parameter or random numbers.
  Attribute makeParam(ArrayRef<int64_t> shape, double low, double high);
  FloatAttr getNumber(double value) { return builder.getF64FloatAttr(value); }
  FlatSymbolRefAttr makeSymbol(StringRef prefix);

  ModuleOp module;
  /// In the network.
  OpBuilder builder;
  /// Before the network.
  OpBuilder moduleBuilder;
  Location loc;
  RandomSource random;
  /// Numbers use all bits of their type.
  bool fullMantissa;
  /// Length of a step; none in a dimensionless network.
  std::optional<double> seconds;
  /// Most elements of a signal that `makeShape` makes.
  std::optional<int64_t> maxElements;

private:
  unsigned numSymbols = 0;
};

/// A model with its numbers.
struct RandomModel {
  snn::NeuronModelAttrInterface model;
  snn::SignalType signal;
  SmallVector<snn::ModelVariable> states, receptors;
  SmallVector<NamedAttribute> params;
};

/// One of the models of the dialect for a population of `shape`.
RandomModel makeBuiltinModel(RandomContext &context, ArrayRef<int64_t> shape);
/// A snn.model with a random body, added to the module.
RandomModel makeCustomModel(RandomContext &context, ArrayRef<int64_t> shape);

/// A receptor without operands for the input `variable` of a model.
snn::ReceptorAttr makeReceptor(RandomContext &context,
                               const snn::ModelVariable &variable,
                               ArrayRef<int64_t> shape);

/// A convolution, transposed or not, that fits `source`, C,H,W or C,L, and the
/// shape of its target.
std::pair<snn::ConnectivityAttrInterface, SmallVector<int64_t>>
makeConvolution(RandomContext &context, ArrayRef<int64_t> source);
/// A connectivity other than a convolution.
snn::ConnectivityAttrInterface makeConnectivity(RandomContext &context,
                                                ArrayRef<int64_t> source,
                                                ArrayRef<int64_t> target);
/// A projection from `source` to `target`, with weights of about `scale` by the
/// root of the fan-in and a delay of at least `minimumDelay`.
Value makeProjection(RandomContext &context, Value source,
                     snn::ConnectivityAttrInterface connectivity,
                     ArrayRef<int64_t> target, double scale,
                     int64_t minimumDelay);

/// Fills the module with a network that NIR can say and a function `@main` that
/// simulates it; the attribute `nir.profiles` names the profile.
void makeNIRNetwork(RandomContext &context,
                    const RandomNetworkOptions &options);

/// A shape of up to a few hundred elements.
SmallVector<int64_t> makeShape(RandomContext &context);
/// `shape` with extents halved until it is within the bound of `context`.
SmallVector<int64_t> boundShape(const RandomContext &context,
                                SmallVector<int64_t> shape);
/// Any signal type that an input can have.
snn::SignalType makeInputType(RandomContext &context, ArrayRef<int64_t> shape);
/// Something made of `signal`: pooled, reshaped, sliced, concatenated, delayed,
/// encoded; or `signal`.
Value makeDerived(RandomContext &context, Value signal);
/// A constant signal, sometimes encoded as spikes.
Value makeConstantSource(RandomContext &context);
/// `signal` encoded, mostly as spikes. It is analogue f32 or f64 and from 0 to
/// `largest`, which is at most 1, where it is not an input of the network.
Value makeEncoded(RandomContext &context, Value signal, double largest);

} // namespace spikeformer::reference

#endif // SPIKEFORMER_LIB_REFERENCE_RANDOMPARTS_H
