//===- TargetSets.cpp - different target lists of messages ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TargetSets.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

using namespace spikeformer;

/// Mixes the targets; multiplication by an odd number keeps all bits.
static uint64_t hashTargets(llvm::ArrayRef<uint32_t> targets) {
  uint64_t hash = targets.size();
  for (uint32_t target : targets)
    hash = (hash ^ target) * 0x9e3779b97f4a7c15u;
  // DenseMap keeps two values for itself.
  return hash >> 2;
}

TargetSets::TargetSets(const Messages &messages) {
  llvm::DenseMap<uint64_t, llvm::SmallVector<uint32_t, 1>> byHash;
  for (uint32_t message = 0; message < messages.size(); ++message) {
    llvm::ArrayRef<uint32_t> targets = messages.targetsOf(message);
    // Neighbours in the list are often of one population.
    if (message > 0 && targets == messages.targetsOf(firstOf[setOf.back()])) {
      setOf.push_back(setOf.back());
      continue;
    }
    llvm::SmallVector<uint32_t, 1> &same = byHash[hashTargets(targets)];
    auto found = llvm::find_if(same, [&](uint32_t set) {
      return messages.targetsOf(firstOf[set]) == targets;
    });
    if (found == same.end()) {
      same.push_back(firstOf.size());
      setOf.push_back(firstOf.size());
      firstOf.push_back(message);
    } else {
      setOf.push_back(*found);
    }
  }
}
