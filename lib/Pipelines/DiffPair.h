//===- DiffPair.h - two sides, compared -------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs both sides some samples at a time, so that recordings of any length can
// be compared, and explains the first difference.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_DIFFPAIR_H
#define LIB_PIPELINES_DIFFPAIR_H

#include "DiffMatch.h"

namespace spikeformer {

class DiffPair {
public:
  /// Opens both sides. Errors: one of them cannot be.
  static llvm::Expected<std::unique_ptr<DiffPair>>
  open(const DiffOptions &options, MLIRContext &context, ErrorLog &log);

  DiffSide &getA() { return *a; }
  DiffSide &getB() { return *b; }
  const Comparison &getComparison() const { return comparison; }
  bool hasRecording() const { return a->isRecording() || b->isRecording(); }

  /// Compares spikes, states and results. Errors: there is nothing in common,
  /// or the sides do not have the same samples, steps or shapes.
  llvm::Error compare(ErrorLog &log);
  /// What was compared and found.
  JsonValue toJson();

private:
  explicit DiffPair(const DiffOptions &options)
      : comparison(options.tolerance), shift(options.shift) {}

  llvm::Error prepareSides();
  llvm::Error checkSamples() const;
  llvm::Error compareParts(int64_t begin, int64_t end);

  std::unique_ptr<DiffSide> a, b;
  CommonSignals common;
  Comparison comparison;
  int64_t shift;
};

} // namespace spikeformer

#endif // LIB_PIPELINES_DIFFPAIR_H
