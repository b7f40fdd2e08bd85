//===- PlacementProblem.cpp - a core for every slice ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/PlacementProblem.h"
#include "llvm/ADT/StringSet.h"
#include <map>

using namespace spikeformer;

using Row = std::vector<int64_t>;

static std::string describeSlice(const SliceList &slices, size_t slice) {
  return "slice '" + slices.names[slice] + "'";
}

static std::string describeAmount(int64_t amount, const Resource &resource) {
  return std::to_string(amount) + " " + resource.unit;
}

/// The names of the first of `members`, and how many more there are.
static std::string listSlices(const SliceList &slices,
                              llvm::ArrayRef<uint32_t> members) {
  constexpr size_t most = 4;
  std::string text;
  for (size_t i = 0; i < std::min(most, members.size()); ++i)
    text += (i == 0 ? "'" : ", '") + slices.names[members[i]] + "'";
  if (members.size() > most)
    text += " and " + std::to_string(members.size() - most) + " more";
  return text;
}

//===----------------------------------------------------------------------===//
// Columns
//===----------------------------------------------------------------------===//

/// False if nothing else of the question can be read.
static bool checkColumns(const PlacementProblem &problem,
                         Violations &violations) {
  const SliceList &slices = problem.slices;
  size_t count = slices.size(), width = problem.machine.getResources().size();
  auto expect = [&](const char *what, size_t have, size_t need) {
    if (have != need)
      violations.push_back({"slice-columns", "slices",
                            std::string(what) + " do not fit",
                            std::to_string(need) + " numbers",
                            std::to_string(have) + " numbers", ""});
  };
  expect("their usages", slices.usage.size(), count * width);
  expect("their populations", slices.populations.size(), count);
  if (!slices.clusters.empty())
    expect("their clusters", slices.clusters.size(), count);
  if (!problem.pins.empty())
    expect("their pins", problem.pins.size(), count);
  return violations.empty();
}

static void checkSlice(const PlacementProblem &problem, size_t slice,
                       Violations &violations) {
  const SliceList &slices = problem.slices;
  if (slices.populations[slice] >= slices.populationNames.size())
    violations.push_back({"slice-population", describeSlice(slices, slice),
                          "its population does not exist", "", "", ""});
  llvm::ArrayRef<Resource> resources = problem.machine.getResources();
  for (size_t i = 0; i < resources.size(); ++i)
    if (slices.usageOf(slice)[i] < 0)
      violations.push_back(
          {"slice-usage", describeSlice(slices, slice),
           "it uses less than nothing of " + resources[i].name, "",
           describeAmount(slices.usageOf(slice)[i], resources[i]), ""});
  if (!problem.pins.empty() && problem.pins[slice] != noIndex &&
      problem.pins[slice] >= problem.machine.getCores().size())
    violations.push_back(
        {"pin-to-nowhere", describeSlice(slices, slice),
         "it is pinned to a core that does not exist", "",
         std::to_string(problem.machine.getCores().size()) + " cores", ""});
}

static void checkNames(const SliceList &slices, Violations &violations) {
  llvm::StringSet<> seen;
  for (size_t slice = 0; slice < slices.size(); ++slice)
    if (!seen.insert(slices.names[slice]).second)
      violations.push_back({"slice-twice", describeSlice(slices, slice),
                            "its name is there twice", "", "", ""});
}

//===----------------------------------------------------------------------===//
// What fits at all
//===----------------------------------------------------------------------===//

/// Different kinds of cores with their routers: amounts of all resources.
static std::vector<Row> getCoreKinds(const MachineGraph &machine) {
  std::map<Row, bool> kinds;
  Row last;
  for (auto [index, core] : llvm::enumerate(machine.getCores())) {
    Row row = machine.getCoreCapacity(index).vec();
    llvm::ArrayRef<int64_t> ofRouter = machine.getRouterCapacity(core.router);
    for (size_t i = 0; i < row.size(); ++i)
      row[i] += ofRouter[i];
    if (index == 0 || row != last)
      kinds.emplace(row, true);
    last = std::move(row);
  }
  std::vector<Row> rows;
  for (const auto &[row, isThere] : kinds)
    rows.push_back(row);
  return rows;
}

static bool fits(llvm::ArrayRef<int64_t> usage, llvm::ArrayRef<int64_t> room) {
  for (size_t i = 0; i < usage.size(); ++i)
    if (usage[i] > room[i])
      return false;
  return true;
}

/// Says which amount of `usage` is too much for all of `kinds`.
static void explainTooLarge(const PlacementProblem &problem, size_t slice,
                            llvm::ArrayRef<Row> kinds, Violations &violations) {
  llvm::ArrayRef<Resource> resources = problem.machine.getResources();
  llvm::ArrayRef<int64_t> usage = problem.slices.usageOf(slice);
  Violation violation = {"slice-too-large",
                         describeSlice(problem.slices, slice),
                         "no core has all that it needs together",
                         "",
                         "",
                         ""};
  for (size_t i = 0; i < resources.size(); ++i) {
    int64_t most = 0;
    for (const Row &kind : kinds)
      most = std::max(most, kind[i]);
    if (usage[i] <= most)
      continue;
    violation.message = "no core can hold it for its " + resources[i].name;
    violation.need = describeAmount(usage[i], resources[i]);
    violation.have = describeAmount(most, resources[i]);
    violation.next = "cut it by " +
                     describeAmount(usage[i] - most, resources[i]) +
                     ", or split it";
    break;
  }
  violations.push_back(std::move(violation));
}

static void checkSizes(const PlacementProblem &problem,
                       Violations &violations) {
  std::vector<Row> kinds = getCoreKinds(problem.machine);
  const SliceList &slices = problem.slices;
  for (size_t slice = 0; slice < slices.size(); ++slice)
    if (llvm::none_of(kinds, [&](const Row &kind) {
          return fits(slices.usageOf(slice), kind);
        }))
      explainTooLarge(problem, slice, kinds, violations);
}

/// The machine has enough of each resource.
static void checkTotals(const PlacementProblem &problem,
                        Violations &violations) {
  const MachineGraph &machine = problem.machine;
  llvm::ArrayRef<Resource> resources = machine.getResources();
  for (size_t i = 0; i < resources.size(); ++i) {
    int64_t need = 0, have = 0;
    for (size_t slice = 0; slice < problem.slices.size(); ++slice)
      need += problem.slices.usageOf(slice)[i];
    for (CoreIndex core = 0; core < machine.getCores().size(); ++core)
      have += machine.getCoreCapacity(core)[i];
    for (RouterIndex router = 0; router < machine.getRouters().size(); ++router)
      have += machine.getRouterCapacity(router)[i];
    if (need > have)
      violations.push_back(
          {"machine-too-small", "machine",
           "all slices together exceed its " + resources[i].name,
           describeAmount(need, resources[i]),
           describeAmount(have, resources[i]),
           "take a machine with " + describeAmount(need - have, resources[i]) +
               " more"});
  }
}

//===----------------------------------------------------------------------===//
// What shares a core, a router, a cluster
//===----------------------------------------------------------------------===//

namespace {
/// Reads a placement, in which holes are allowed, against capacities.
class Inspection {
public:
  Inspection(const PlacementProblem &problem, const Placement &placement,
             const char *prefix, Violations &violations)
      : problem(problem), placement(placement), prefix(prefix),
        violations(violations) {}
  void checkCapacities(ResourceScope scope);
  void checkClusters();

private:
  void checkPlace(ResourceScope scope, uint32_t place,
                  llvm::ArrayRef<uint32_t> members);

  const PlacementProblem &problem;
  const Placement &placement;
  const char *prefix;
  Violations &violations;
};
} // namespace

void Inspection::checkPlace(ResourceScope scope, uint32_t place,
                            llvm::ArrayRef<uint32_t> members) {
  const MachineGraph &machine = problem.machine;
  bool isCore = scope == ResourceScope::core;
  llvm::ArrayRef<int64_t> room = isCore ? machine.getCoreCapacity(place)
                                        : machine.getRouterCapacity(place);
  for (auto [i, resource] : llvm::enumerate(machine.getResources())) {
    if (resource.scope != scope)
      continue;
    int64_t used = 0;
    std::vector<uint32_t> users;
    for (uint32_t slice : members)
      if (int64_t usage = problem.slices.usageOf(slice)[i]) {
        used += usage;
        users.push_back(slice);
      }
    if (used > room[i])
      violations.push_back(
          {std::string(prefix) +
               (isCore ? "core-over-capacity" : "router-over-capacity"),
           isCore ? machine.describeCore(place)
                  : "router " + machine.describeRouter(place),
           "its " + resource.name + " is occupied by " +
               listSlices(problem.slices, users),
           describeAmount(used, resource), describeAmount(room[i], resource),
           "move " + describeAmount(used - room[i], resource) + " away"});
  }
}

void Inspection::checkCapacities(ResourceScope scope) {
  std::map<uint32_t, std::vector<uint32_t>> members;
  for (uint32_t slice = 0; slice < placement.size(); ++slice) {
    CoreIndex core = placement[slice];
    if (core < problem.machine.getCores().size())
      members[scope == ResourceScope::core
                  ? core
                  : problem.machine.getCores()[core].router]
          .push_back(slice);
  }
  for (const auto &[place, slices] : members)
    checkPlace(scope, place, slices);
}

void Inspection::checkClusters() {
  const SliceList &slices = problem.slices;
  // The first placed slice of each cluster.
  std::map<uint32_t, uint32_t> firstOf;
  for (uint32_t slice = 0; slice < slices.clusters.size(); ++slice) {
    if (placement[slice] >= problem.machine.getCores().size())
      continue;
    uint32_t first =
        firstOf.emplace(slices.clusters[slice], slice).first->second;
    RouterIndex here = problem.machine.getCores()[placement[slice]].router;
    RouterIndex there = problem.machine.getCores()[placement[first]].router;
    if (here != there)
      violations.push_back(
          {std::string(prefix) + "cluster-parted", describeSlice(slices, slice),
           "it is on router " + problem.machine.describeRouter(here) +
               ", but '" + slices.names[first] + "' of its cluster is on " +
               problem.machine.describeRouter(there),
           "", "", ""});
  }
}

//===----------------------------------------------------------------------===//
// Question and answer
//===----------------------------------------------------------------------===//

Violations PlacementProblem::check() const {
  Violations violations;
  if (!checkColumns(*this, violations))
    return violations;
  for (size_t slice = 0; slice < slices.size(); ++slice)
    checkSlice(*this, slice, violations);
  checkNames(slices, violations);
  llvm::append_range(violations, messages.check(slices.size()));
  checkSizes(*this, violations);
  checkTotals(*this, violations);
  if (!pins.empty()) {
    Inspection inspection(*this, pins, "pins-", violations);
    inspection.checkCapacities(ResourceScope::core);
    inspection.checkCapacities(ResourceScope::router);
    inspection.checkClusters();
  }
  return violations;
}

Violations PlacementProblem::verify(const Placement &placement) const {
  Violations violations;
  if (placement.size() != slices.size()) {
    violations.push_back({"placement-columns", "placement",
                          "it is not of as many slices as there are",
                          std::to_string(slices.size()) + " slices",
                          std::to_string(placement.size()) + " slices", ""});
    return violations;
  }
  for (size_t slice = 0; slice < slices.size(); ++slice) {
    if (placement[slice] >= machine.getCores().size())
      violations.push_back({"slice-without-core", describeSlice(slices, slice),
                            placement[slice] == noIndex
                                ? "it has no core"
                                : "its core does not exist",
                            "", "", ""});
    else if (!pins.empty() && pins[slice] != noIndex &&
             placement[slice] != pins[slice])
      violations.push_back(
          {"pin-not-kept", describeSlice(slices, slice),
           "it is on " + machine.describeCore(placement[slice]),
           "the pin to " + machine.describeCore(pins[slice]), "", ""});
  }
  Inspection inspection(*this, placement, "", violations);
  inspection.checkCapacities(ResourceScope::core);
  inspection.checkCapacities(ResourceScope::router);
  inspection.checkClusters();
  return violations;
}
