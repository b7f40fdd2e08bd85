//===- NoRoom.cpp - why slices found no room ------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NoRoom.h"
#include <algorithm>

using namespace spikeformer;

namespace {
/// What of a resource is in the way of a slice.
struct Tightness {
  /// Cores that have too little of it.
  uint32_t numCores = 0;
  /// The core that lacks the fewest resources, of these the one that has most
  /// of this.
  CoreIndex core = noIndex;
  size_t numLacking = 0;
};
} // namespace

/// By resource, where `slice` lacks it.
static std::vector<Tightness> findTight(const PlacementProblem &problem,
                                        const Occupancy &occupancy,
                                        uint32_t slice) {
  llvm::ArrayRef<int64_t> usage = problem.slices.usageOf(slice);
  std::vector<Tightness> result(usage.size());
  for (CoreIndex core = 0; core < problem.machine.getCores().size(); ++core) {
    size_t numLacking = 0;
    for (size_t i = 0; i < usage.size(); ++i)
      numLacking += usage[i] > occupancy.getSpare(core, i);
    for (size_t i = 0; i < usage.size(); ++i) {
      int64_t left = occupancy.getSpare(core, i);
      if (usage[i] <= left)
        continue;
      Tightness &tight = result[i];
      if (tight.numCores++ > 0 &&
          std::pair(numLacking, -left) >=
              std::pair(tight.numLacking, -occupancy.getSpare(tight.core, i)))
        continue;
      tight.core = core;
      tight.numLacking = numLacking;
    }
  }
  return result;
}

/// Who uses `resource` where `core` is, pins first among equals.
static std::string listUsers(const PlacementProblem &problem,
                             const Occupancy &occupancy, size_t resource,
                             CoreIndex core) {
  constexpr size_t most = 3;
  const MachineGraph &machine = problem.machine;
  bool isOfCore = machine.getResources()[resource].scope == ResourceScope::core;
  std::vector<uint32_t> users;
  for (uint32_t slice = 0; slice < problem.slices.size(); ++slice) {
    CoreIndex other = occupancy.getCore(slice);
    if (other == noIndex || problem.slices.usageOf(slice)[resource] == 0)
      continue;
    if (isOfCore ? other == core
                 : machine.getCores()[other].router ==
                       machine.getCores()[core].router)
      users.push_back(slice);
  }
  auto isPinned = [&](uint32_t slice) {
    return !problem.pins.empty() && problem.pins[slice] != noIndex;
  };
  auto getKey = [&](uint32_t slice) {
    return std::tuple(!isPinned(slice),
                      -problem.slices.usageOf(slice)[resource], slice);
  };
  llvm::sort(users,
             [&](uint32_t a, uint32_t b) { return getKey(a) < getKey(b); });
  std::string text;
  for (size_t i = 0; i < std::min(most, users.size()); ++i)
    text += (i == 0 ? "'" : ", '") + problem.slices.names[users[i]] + "'" +
            (isPinned(users[i]) ? " by its pin" : "");
  if (users.size() > most)
    text += " and " + std::to_string(users.size() - most) + " more";
  return text;
}

static Violation explain(const PlacementProblem &problem,
                         const Occupancy &occupancy, uint32_t slice) {
  Violation violation = {"no-room",
                         "slice '" + problem.slices.names[slice] + "'",
                         "no router has room for all slices of its cluster",
                         "",
                         "",
                         "make its cluster smaller"};
  std::vector<Tightness> tight = findTight(problem, occupancy, slice);
  auto worst = std::max_element(tight.begin(), tight.end(),
                                [](const Tightness &a, const Tightness &b) {
                                  return a.numCores < b.numCores;
                                });
  // Where it fits alone, it is its cluster that does not.
  for (CoreIndex core = 0; core < problem.machine.getCores().size(); ++core)
    if (occupancy.fits(slice, core))
      return violation;
  if (worst == tight.end())
    return violation;
  size_t index = worst - tight.begin();
  const Resource &resource = problem.machine.getResources()[index];
  int64_t need = problem.slices.usageOf(slice)[index];
  int64_t left = occupancy.getSpare(worst->core, index);
  bool isOfCore = resource.scope == ResourceScope::core;
  violation.message = "no core has room for it: " + resource.name + " is tight";
  std::string users = listUsers(problem, occupancy, index, worst->core);
  std::string where =
      isOfCore
          ? problem.machine.describeCore(worst->core)
          : "router " + problem.machine.describeRouter(
                            problem.machine.getCores()[worst->core].router);
  if (!users.empty())
    violation.message +=
        "; most is left on " + where + ", where " + users + " have the rest";
  violation.need = std::to_string(need) + " " + resource.unit;
  violation.have = std::to_string(left) + " " + resource.unit;
  violation.next = "free " + std::to_string(need - left) + " " + resource.unit +
                   " there, or split the slice";
  return violation;
}

Violations spikeformer::explainNoRoom(const PlacementProblem &problem,
                                      const Occupancy &occupancy,
                                      llvm::ArrayRef<uint32_t> unplaced) {
  Violations violations;
  for (uint32_t slice : unplaced)
    violations.push_back(explain(problem, occupancy, slice));
  return violations;
}
