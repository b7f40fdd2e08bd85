//===- PartitionVerify.cpp - judge anybody's partition --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Written from the problem's data alone; shares nothing with the solver.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/PartitionProblem.h"
#include <algorithm>

using namespace spikeformer;

namespace {
/// Collects what is wrong with an answer.
class AnswerCheck {
public:
  AnswerCheck(const PartitionProblem &problem, const Partition &partition)
      : problem(problem), partition(partition),
        width(problem.resources.size()) {}

  Violations run();

private:
  void fail(const char *rule, std::string subject, std::string message,
            std::string need = "", std::string have = "",
            std::string next = "") {
    violations.push_back({rule, std::move(subject), std::move(message),
                          std::move(need), std::move(have), std::move(next)});
  }
  std::string describe(size_t grain) const {
    return "grain '" + problem.grains.names[grain] + "'";
  }

  bool checkParts();
  void checkResources();
  void checkFanIn();
  void checkTogether();
  void checkPins();
  std::string listOccupants(uint32_t part, size_t resource) const;

  const PartitionProblem &problem;
  const Partition &partition;
  size_t width;
  Violations violations;
};
} // namespace

/// Whether every grain has a part, without which nothing can be counted.
bool AnswerCheck::checkParts() {
  if (partition.size() != problem.grains.size()) {
    fail("partition-columns", "partition", "it has not one part for each grain",
         std::to_string(problem.grains.size()),
         std::to_string(partition.size()));
    return false;
  }
  uint32_t end =
      problem.numParts > 0 ? problem.numParts : uint32_t(problem.grains.size());
  for (size_t grain = 0; grain < partition.size(); ++grain) {
    if (partition[grain] == noIndex)
      fail("grain-without-part", describe(grain), "it has no part");
    else if (partition[grain] >= end)
      fail("no-such-part", describe(grain),
           "part " + std::to_string(partition[grain]) + " does not exist", "",
           std::to_string(end) + " parts");
  }
  return violations.empty();
}

/// The largest users of a resource in a part, at most three.
std::string AnswerCheck::listOccupants(uint32_t part, size_t resource) const {
  std::vector<std::pair<int64_t, uint32_t>> users;
  for (uint32_t grain = 0; grain < partition.size(); ++grain)
    if (partition[grain] == part && problem.grains.usageOf(grain)[resource] > 0)
      users.push_back({-problem.grains.usageOf(grain)[resource], grain});
  std::sort(users.begin(), users.end());
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(users.size(), 3); ++i)
    text += (i == 0 ? "" : ", ") +
            ("'" + problem.grains.names[users[i].second]) + "' " +
            std::to_string(-users[i].first);
  if (users.size() > 3)
    text += " and " + std::to_string(users.size() - 3) + " more";
  return text;
}

void AnswerCheck::checkResources() {
  std::vector<int64_t> limits = problem.getLimits();
  std::vector<int64_t> amounts(countParts(partition) * width);
  for (size_t i = 0; i < problem.grains.usage.size(); ++i)
    amounts[partition[i / width] * width + i % width] +=
        problem.grains.usage[i];
  bool isShared = limits.size() == width;
  for (size_t i = 0; i < amounts.size(); ++i) {
    size_t resource = i % width, part = i / width;
    size_t entry = isShared ? resource : i;
    if (amounts[i] <= limits[entry])
      continue;
    const std::string &unit = problem.resources[resource].unit;
    bool isBalance = amounts[i] <= problem.capacity[entry];
    fail(isBalance ? "part-over-balance" : "part-over-capacity",
         "part " + std::to_string(part),
         "it has too much of '" + problem.resources[resource].name +
             "', held by " + listOccupants(part, resource),
         std::to_string(amounts[i]) + " " + unit,
         std::to_string(limits[entry]) + " " + unit,
         "move " + std::to_string(amounts[i] - limits[entry]) + " " + unit +
             " to other parts");
  }
}

void AnswerCheck::checkFanIn() {
  if (!problem.maxFanIn)
    return;
  std::vector<int64_t> fanIn = getFanIn(problem.messages, partition);
  for (size_t part = 0; part < fanIn.size(); ++part)
    if (fanIn[part] > *problem.maxFanIn)
      fail("part-over-fan-in", "part " + std::to_string(part),
           "its grains have too many senders",
           std::to_string(fanIn[part]) + " keys",
           std::to_string(*problem.maxFanIn) + " keys",
           "move grains to other parts");
}

void AnswerCheck::checkTogether() {
  std::vector<uint32_t> bundles = problem.getBundles();
  std::vector<uint32_t> first(bundles.size(), noIndex);
  for (size_t grain = 0; grain < bundles.size(); ++grain) {
    uint32_t &before = first[bundles[grain]];
    if (before == noIndex)
      before = grain;
    else if (partition[before] != partition[grain])
      fail("grains-parted", describe(grain),
           "it is in part " + std::to_string(partition[grain]) + ", but " +
               describe(before) + ", which is together with it, in part " +
               std::to_string(partition[before]));
  }
}

void AnswerCheck::checkPins() {
  for (size_t grain = 0; grain < problem.pins.size(); ++grain)
    if (problem.pins[grain] != noIndex &&
        problem.pins[grain] != partition[grain])
      fail("pin-not-kept", describe(grain),
           "it is in part " + std::to_string(partition[grain]) +
               ", but pinned to part " + std::to_string(problem.pins[grain]));
}

Violations AnswerCheck::run() {
  if (checkParts()) {
    checkResources();
    checkFanIn();
    checkTogether();
    checkPins();
  }
  return std::move(violations);
}

Violations PartitionProblem::verify(const Partition &partition) const {
  return AnswerCheck(*this, partition).run();
}
