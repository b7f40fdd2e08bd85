//===- Comparison.h - where two runs differ ---------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compares recordings element by element and remembers the first difference:
// the one that comes first in time, and within a step first on the way from the
// inputs to the outputs.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_COMPARISON_H
#define SPIKEFORMER_PIPELINES_COMPARISON_H

#include "spikeformer/Support/Json.h"
#include "spikeformer/Support/Tensor.h"
#include <optional>
#include <tuple>

namespace spikeformer {

/// Analogue values are equal if |a - b| <= absolute + relative |b|.
struct Tolerance {
  double absolute = 0, relative = 0;
};

/// One element in which two runs differ.
struct Divergence {
  std::string population;
  /// Rank of the population on the way from inputs to outputs.
  int64_t order = 0;
  int64_t sample = 0, step = 0, neuron = 0;
  double a = 0, b = 0;
  /// Potential before the spike test minus threshold, where it is known.
  std::optional<double> marginA, marginB;
  /// "rounding" if the margins differ by no more than the rounding of a step
  /// can explain, else "rule"; empty if they are unknown.
  std::string cause;

  JsonValue toJson() const;
};

/// How recordings of one population lie to each other.
struct Alignment {
  /// Rank of the population on the way from inputs to outputs.
  int64_t order = 0;
  /// Steps by which B is later.
  int64_t shift = 0;
  /// Index in its population of the first neuron of A's recording.
  int64_t firstNeuron = 0;
  /// Analogue values of B are this times those of A.
  double factor = 1;
};

/// What two runs have in common and where they differ.
class Comparison {
public:
  explicit Comparison(Tolerance tolerance) : tolerance(tolerance) {}

  /// Compares two recordings [sample, step, ...shape] of one population, step t
  /// of `a` with step t + shift of `b`; steps that only one has are left out.
  /// The first sample is `firstSample`. Integers are compared exactly. The
  /// error says that shapes differ.
  llvm::Error compare(llvm::StringRef population, const Alignment &alignment,
                      const Tensor &a, const Tensor &b, int64_t firstSample);
  /// Compares results [sample, ...shape], as a population without steps.
  llvm::Error compareResults(llvm::StringRef name, int64_t order,
                             const Tensor &a, const Tensor &b,
                             int64_t firstSample);

  bool isEqual() const { return mismatches == 0; }
  int64_t getNumMismatches() const { return mismatches; }
  const std::optional<Divergence> &getFirst() const { return first; }
  std::optional<Divergence> &getFirst() { return first; }
  /// {equal, first, mismatches, spikes_a, spikes_b, max_abs_error}.
  JsonValue toJson() const;

private:
  void compareRow(const Divergence &place, const Alignment &alignment,
                  const Tensor &a, const Tensor &b, int64_t rowA, int64_t rowB,
                  int64_t size);
  bool accepts(double a, double b, bool exact) const;

  Tolerance tolerance;
  std::optional<Divergence> first;
  int64_t mismatches = 0, spikesA = 0, spikesB = 0;
  double maxAbsError = 0;
};

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_COMPARISON_H
