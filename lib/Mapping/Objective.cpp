//===- Objective.cpp - what a mapping is good at --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/Objective.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <cmath>

using namespace spikeformer;

static constexpr llvm::StringLiteral names[Objective::numTerms] = {
    "messages", "hops",    "busiest_core", "hottest_link",
    "energy",   "latency", "cores"};

/// Reads "name" or "name=weight" into `objective`; what is wrong, or nothing.
static std::string parseTerm(llvm::StringRef text, Objective &objective) {
  auto [name, number] = text.split('=');
  name = name.trim();
  size_t term = std::find(std::begin(names), std::end(names), name) - names;
  if (term == Objective::numTerms) {
    std::string known = names[0].str();
    for (llvm::StringRef other : llvm::drop_begin(names))
      known += ", " + other.str();
    return "there is no objective '" + name.str() + "', only " + known;
  }
  double weight = 1;
  bool hasWeight = text.contains('=');
  if (hasWeight && (number.trim().getAsDouble(weight) ||
                    !std::isfinite(weight) || weight < 0))
    return "the weight of '" + name.str() + "' is '" + number.str() +
           "', needs a number of at least 0";
  objective.weights[term] += weight;
  return "";
}

std::optional<Objective> spikeformer::parseObjective(llvm::StringRef text,
                                                     std::string &error) {
  Objective objective;
  objective.weights = {};
  llvm::SmallVector<llvm::StringRef> terms;
  text.split(terms, ',');
  for (llvm::StringRef term : terms) {
    error = parseTerm(term, objective);
    if (!error.empty())
      return std::nullopt;
  }
  return objective;
}
