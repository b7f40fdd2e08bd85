//===- PartitionMetrics.cpp - what a partition costs and makes ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/PartitionProblem.h"
#include <algorithm>
#include <map>

using namespace spikeformer;

uint32_t spikeformer::countParts(const Partition &partition) {
  return partition.empty()
             ? 0
             : 1 + *std::max_element(partition.begin(), partition.end());
}

/// Calls `function(message, parts)` for each message with the parts of its
/// targets in order of first use.
template <typename Function>
static void forEachMessage(const Messages &messages, const Partition &partition,
                           Function function) {
  std::vector<uint32_t> lastMessage(countParts(partition), noIndex);
  std::vector<uint32_t> parts;
  for (uint32_t message = 0; message < messages.size(); ++message) {
    parts.clear();
    for (uint32_t target : messages.targetsOf(message)) {
      uint32_t part = partition[target];
      if (lastMessage[part] == message)
        continue;
      lastMessage[part] = message;
      parts.push_back(part);
    }
    function(message, parts);
  }
}

/// Parts of the targets that are not that of the source.
static size_t countOthers(const std::vector<uint32_t> &parts, uint32_t own) {
  return parts.size() - std::count(parts.begin(), parts.end(), own);
}

double spikeformer::getConnectivity(const Messages &messages,
                                    const Partition &partition) {
  double sum = 0;
  forEachMessage(messages, partition, [&](uint32_t message, auto &parts) {
    sum += messages.packets[message] *
           countOthers(parts, partition[messages.sources[message]]);
  });
  return sum;
}

double spikeformer::getCut(const Messages &messages,
                           const Partition &partition) {
  double sum = 0;
  forEachMessage(messages, partition, [&](uint32_t message, auto &parts) {
    if (countOthers(parts, partition[messages.sources[message]]) > 0)
      sum += messages.packets[message];
  });
  return sum;
}

std::vector<int64_t> spikeformer::getFanIn(const Messages &messages,
                                           const Partition &partition) {
  std::vector<int64_t> fanIn(countParts(partition));
  forEachMessage(messages, partition, [&](uint32_t message, auto &parts) {
    for (uint32_t part : parts)
      fanIn[part] += messages.numKeys[message];
  });
  return fanIn;
}

static SliceList sumGrains(const PartitionProblem &problem,
                           const Partition &partition) {
  const SliceList &grains = problem.grains;
  size_t width = problem.resources.size(), count = countParts(partition);
  SliceList slices;
  slices.names.resize(count);
  slices.usage.resize(count * width);
  if (!grains.populations.empty())
    slices.populations.resize(count);
  slices.populationNames = grains.populationNames;
  std::vector<uint32_t> sizes(count);
  for (size_t grain = 0; grain < grains.size(); ++grain) {
    uint32_t part = partition[grain];
    if (sizes[part]++ == 0) {
      slices.names[part] = grains.names[grain];
      if (!grains.populations.empty())
        slices.populations[part] = grains.populations[grain];
    }
    for (size_t i = 0; i < width; ++i)
      slices.usage[part * width + i] += grains.usage[grain * width + i];
  }
  for (size_t part = 0; part < count; ++part)
    if (sizes[part] > 1)
      slices.names[part] += "+" + std::to_string(sizes[part] - 1);
    else if (sizes[part] == 0)
      slices.names[part] = "empty part " + std::to_string(part);
  return slices;
}

PartSlices spikeformer::makeSlices(const PartitionProblem &problem,
                                   const Partition &partition) {
  const Messages &messages = problem.messages;
  PartSlices result{sumGrains(problem, partition), {}};
  struct Amount {
    double packets = 0;
    uint32_t keys = 0;
  };
  std::vector<std::map<std::vector<uint32_t>, Amount>> sent(
      countParts(partition));
  forEachMessage(messages, partition, [&](uint32_t message, auto &parts) {
    std::sort(parts.begin(), parts.end());
    Amount &amount = sent[partition[messages.sources[message]]][parts];
    amount.packets += messages.packets[message];
    amount.keys += messages.numKeys[message];
  });
  for (uint32_t part = 0; part < sent.size(); ++part)
    for (const auto &[targets, amount] : sent[part])
      if (!targets.empty())
        result.messages.add(part, targets, amount.packets, amount.keys);
  return result;
}
