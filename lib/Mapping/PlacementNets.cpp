//===- PlacementNets.cpp - what placement pulls together ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PlacementNets.h"
#include "TargetSets.h"
#include <algorithm>

using namespace spikeformer;

ListColumn spikeformer::transpose(const ListColumn &lists, size_t count) {
  ListColumn result;
  result.offsets.assign(count + 1, 0);
  for (uint32_t value : lists.values)
    ++result.offsets[value + 1];
  for (size_t value = 0; value < count; ++value)
    result.offsets[value + 1] += result.offsets[value];
  result.values.resize(lists.values.size());
  std::vector<uint32_t> next(result.offsets.begin(), result.offsets.end() - 1);
  for (uint32_t list = 0; list < lists.size(); ++list)
    for (uint32_t value : lists[list])
      result.values[next[value]++] = list;
  return result;
}

/// Of each target set, the messages that have it.
static ListColumn getMessagesOfSets(const TargetSets &sets) {
  ListColumn setOfMessage;
  setOfMessage.values = sets.setOf;
  setOfMessage.offsets.resize(sets.setOf.size() + 1);
  for (size_t i = 0; i <= sets.setOf.size(); ++i)
    setOfMessage.offsets[i] = i;
  return transpose(setOfMessage, sets.firstOf.size());
}

PlacementNets::PlacementNets(const Messages &messages, size_t numSlices) {
  TargetSets sets(messages);
  ListColumn messagesOfSets = getMessagesOfSets(sets);
  std::vector<uint32_t> slices, sources;
  for (uint32_t set = 0; set < sets.firstOf.size(); ++set) {
    llvm::ArrayRef<uint32_t> ofSet = messagesOfSets[set];
    uint32_t source = messages.sources[ofSet.front()];
    bool hasOne = llvm::all_of(ofSet, [&](uint32_t message) {
      return messages.sources[message] == source;
    });
    llvm::ArrayRef<uint32_t> targets = messages.targetsOf(ofSet.front());
    slices.assign(targets.begin(), targets.end());
    sources.clear();
    double weight = 0;
    for (uint32_t message : ofSet)
      weight += messages.packets[message];
    if (weight == 0 || targets.empty())
      continue;
    if (hasOne) {
      auto at = llvm::lower_bound(slices, source);
      if (at == slices.end() || *at != source)
        slices.insert(at, source);
    } else {
      for (uint32_t message : ofSet) {
        sources.push_back(messages.sources[message]);
        feederWeights.push_back(messages.packets[message]);
        netOfFeeder.push_back(weights.size());
      }
    }
    pins.add(slices);
    feeders.add(sources);
    weights.push_back(weight);
  }
  netsOfSlice = transpose(pins, numSlices);
  ListColumn sliceOfFeeder;
  sliceOfFeeder.values = feeders.values;
  for (uint32_t i = 1; i <= feeders.values.size(); ++i)
    sliceOfFeeder.offsets.push_back(i);
  feedsOfSlice = transpose(sliceOfFeeder, numSlices);
}
