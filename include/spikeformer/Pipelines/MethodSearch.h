//===- MethodSearch.h - conversion by trial ---------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Methods are compared by what they do: each converts a copy of the network,
// which runs on samples beside the float network.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_METHODSEARCH_H
#define SPIKEFORMER_PIPELINES_METHODSEARCH_H

#include "mlir/IR/OwningOpRef.h"
#include "spikeformer/Pipelines/ConversionMethod.h"
#include "spikeformer/Pipelines/ConversionQuality.h"
#include "spikeformer/Pipelines/ConversionScheme.h"
#include "spikeformer/Support/Json.h"
#include <functional>

namespace spikeformer {

/// How one method did on the samples.
struct MethodResult {
  std::string name;
  /// Squared error of the outputs over the variance of the float outputs.
  double error;
  /// The share of samples of which the largest output is that of the float
  /// network.
  double agreement;
  double spikesPerSample;
  bool chosen = false;

  JsonValue toJson() const;
};

struct SearchResult {
  OwningOpRef<ModuleOp> module;
  ConversionReport conversion;
  std::string method;
  std::vector<MethodResult> methods;
  ConversionQuality quality;
  /// Samples on which methods were compared.
  int64_t samples = 0;
};

struct SearchOptions {
  /// Its samples are also those of the comparison; of the first 1024 as many as
  /// make 8192 steps, and at least 128.
  ConversionPlan plan;
  /// The only one; none tries all.
  std::optional<ConversionMethod> method;
  /// Whether neurons of the target can have a bias that the network has not,
  /// and start where they do not yet.
  bool canMoveBiases = true, canMoveStarts = true;
  unsigned threads = 1;
  /// Told what is tried next.
  std::function<void(StringRef method)> progress;
};

/// Converts a copy of `module` by each method and keeps the one of the least
/// error, or of the fewest spikes where errors are negligible, against the
/// float network without trained levels. Biases and initial potentials are
/// corrected where neurons are integrate-and-fire; of others only outputs are
/// compared. Errors as `convertToSNN`, a ReportedError.
llvm::Expected<SearchResult> searchMethods(ModuleOp module,
                                           const SearchOptions &options);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_METHODSEARCH_H
