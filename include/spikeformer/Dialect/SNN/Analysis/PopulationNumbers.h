//===- PopulationNumbers.h - numbers of a population ------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Coefficients, initial states and biases, computed once per population with
// the stated rounding. Both engines execute these and nothing else.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_ANALYSIS_POPULATIONNUMBERS_H
#define SPIKEFORMER_DIALECT_SNN_ANALYSIS_POPULATIONNUMBERS_H

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include <vector>

namespace spikeformer::snn {

/// One variable of all neurons of a population.
struct NumberColumn {
  std::string name;
  mlir::Type type;
  /// One value per neuron, or a single one that all share.
  std::vector<Scalar> values;

  bool isShared() const { return values.size() == 1; }
  Scalar operator[](int64_t neuron) const {
    return values[isShared() ? 0 : neuron];
  }
};

/// Everything numeric about one population.
struct PopulationNumbers {
  /// Initial value of each state.
  SmallVector<NumberColumn> states;
  SmallVector<NumberColumn> coefficients;
  /// Per receptor the value at which its accumulator starts inside the window,
  /// in the accumulator's type (integers in units of 2^-fraction).
  SmallVector<NumberColumn> biases;

  /// Reads the params of `population`; a diagnostic at it where a number is out
  /// of range or data cannot be read.
  static FailureOr<PopulationNumbers> create(PopulationOp population);
};

/// `value` in the type of `receptor`'s accumulator: rounded once, integers to
/// the nearest multiple of 2^-fraction, ties to even, modulo 2^N; 0 where
/// value x 2^fraction is not finite.
Scalar roundToAccumulator(double value, ReceptorAttr receptor);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_ANALYSIS_POPULATIONNUMBERS_H
