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
  /// Cores that have too little of it, the most that one of them has, and that.
  uint32_t numCores = 0;
  int64_t most = 0;
  CoreIndex core = noIndex;
};
} // namespace

/// By resource, where `slice` lacks it.
static std::vector<Tightness> findTight(const PlacementProblem &problem,
                                        const Occupancy &occupancy,
                                        uint32_t slice) {
  std::vector<Tightness> result(problem.machine.getResources().size());
  for (CoreIndex core = 0; core < problem.machine.getCores().size(); ++core) {
    int64_t left = 0;
    size_t resource = occupancy.findTight(slice, core, left);
    // It fits alone, but not with its cluster.
    if (resource == result.size())
      continue;
    Tightness &tight = result[resource];
    if (tight.numCores++ == 0 || left > tight.most) {
      tight.most = left;
      tight.core = core;
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
  bool isOfCore =
      machine.getResources()[resource].scope == ResourceScope::core;
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
  llvm::sort(users, [&](uint32_t a, uint32_t b) {
    return getKey(a) < getKey(b);
  });
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
  uint32_t lacking = 0;
  for (const Tightness &one : tight)
    lacking += one.numCores;
  if (worst == tight.end() || lacking < problem.machine.getCores().size())
    return violation;
  size_t index = worst - tight.begin();
  const Resource &resource = problem.machine.getResources()[index];
  int64_t need = problem.slices.usageOf(slice)[index];
  bool isOfCore = resource.scope == ResourceScope::core;
  violation.message = "no core has room for it: " + resource.name + " is tight";
  std::string users = listUsers(problem, occupancy, index, worst->core);
  std::string where =
      isOfCore ? problem.machine.describeCore(worst->core)
               : "router " + problem.machine.describeRouter(
                                 problem.machine.getCores()[worst->core].router);
  if (!users.empty())
    violation.message += "; most is left on " + where + ", where " + users +
                         " have the rest";
  violation.need = std::to_string(need) + " " + resource.unit;
  violation.have = std::to_string(worst->most) + " " + resource.unit;
  violation.next = "free " + std::to_string(need - worst->most) + " " +
                   resource.unit + " there, or split the slice";
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
