//===- SpikeRates.h - how often neurons send --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Packets of neurons per step: from the report of a run where there is one,
// else predicted.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_DIALECT_PNR_TRANSFORMS_SPIKERATES_H
#define SPIKEFORMER_LIB_DIALECT_PNR_TRANSFORMS_SPIKERATES_H

#include "spikeformer/Dialect/SNN/Analysis/NeuronRanges.h"
#include "spikeformer/Dialect/SNN/Analysis/SignalOrigins.h"
#include "llvm/ADT/MapVector.h"
#include <vector>

namespace spikeformer::pnr {

class SpikeRates {
public:
  /// Rates of `origins`: those that the JSON file `file` has under "rates"
  /// (as `sf-run --report=json` prints them), by name of an origin, one number
  /// for all of its neurons or an array with one each; predicted for origins
  /// that it does not name, and for all if `file` is empty. Predicted is a
  /// packet in every step, and one in a window for encoders that say so. Fails
  /// with a diagnostic at `network` where the file cannot be read, a name is
  /// none of an origin, or numbers are not one each, finite and at least 0.
  static FailureOr<SpikeRates> create(snn::NetworkOp network,
                                      ArrayRef<Value> origins, StringRef file);

  /// Packets per step of one neuron of `origin`, by row-major index.
  double of(Value origin, int64_t neuron) const {
    ArrayRef<double> all = rates.find(origin)->second;
    return all.size() == 1 ? all.front() : all[neuron];
  }
  /// Packets per step of neurons of `origin`.
  double sum(Value origin, ArrayRef<int64_t> ranges) const;

private:
  LogicalResult read(snn::NetworkOp network, StringRef file);

  /// One number for all neurons, or one each.
  llvm::MapVector<Value, std::vector<double>> rates;
};

} // namespace spikeformer::pnr

#endif // SPIKEFORMER_LIB_DIALECT_PNR_TRANSFORMS_SPIKERATES_H
