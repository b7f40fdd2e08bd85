//===- NeuronNumbers.h - numbers of populations -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Transforms read what every neuron of a population has and write it back as
// parameters, as coarse as the numbers are.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_TRANSFORMS_NEURONNUMBERS_H
#define SPIKEFORMER_DIALECT_SNN_TRANSFORMS_NEURONNUMBERS_H

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Support/Tensor.h"
#include <vector>

namespace spikeformer::snn {

/// A new parameter of `tensor` in front of `place`, an operation of a module;
/// named `name`, with a suffix where that is taken.
ParameterOp addParameter(Operation *place, StringRef name,
                         const Tensor &tensor);

/// What each neuron of `op` has for the param `name`, which is there. Fails
/// with a diagnostic where a parameter has no data.
FailureOr<std::vector<double>> getParamNumbers(PopulationOp op, StringRef name);

/// The biases of the first receptor, one per neuron; 0 where there are none.
/// Fails like `getParamNumbers`.
FailureOr<std::vector<double>> getBiases(PopulationOp op);

/// Gives the first receptor of `op` these biases, one per neuron, rounded to
/// float32. Where nobody else uses the parameter that it has, that one changes.
void setBiases(PopulationOp op, ArrayRef<double> biases);

/// Gives `op` these numbers for the param `name`, likewise.
void setParamNumbers(PopulationOp op, StringRef name, ArrayRef<double> numbers);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_TRANSFORMS_NEURONNUMBERS_H
