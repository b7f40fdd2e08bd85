//===- Objective.h - what a mapping is good at ------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names of what solvers make small, and weighted sums of them.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_OBJECTIVE_H
#define SPIKEFORMER_MAPPING_OBJECTIVE_H

#include "llvm/ADT/StringRef.h"
#include <array>
#include <optional>

namespace spikeformer {

/// How much each amount counts; every weight is at least 0.
struct Objective {
  /// What there is to make small, in the order of `weights`: packets between
  /// cores, packets times links, packets that the busiest core sends and
  /// receives, packets on the busiest link, joules of links, links of the
  /// longest way, cores and routers used.
  enum Term {
    messages,
    hops,
    busiestCore,
    hottestLink,
    energy,
    latency,
    cores,
    numTerms
  };
  std::array<double, numTerms> weights = {0, 1, 0, 0, 0, 0, 0};

  double operator[](Term term) const { return weights[term]; }
};

/// Reads "hops", or weighted names with commas as "hops=1,hottest_link=0.2". On
/// failure there is none, and `error` says which name or number is wrong.
std::optional<Objective> parseObjective(llvm::StringRef text,
                                        std::string &error);

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_OBJECTIVE_H
