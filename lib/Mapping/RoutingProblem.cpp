//===- RoutingProblem.cpp - a tree for every message ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/RoutingProblem.h"
#include "LinkChecks.h"
#include <algorithm>
#include <map>

using namespace spikeformer;

static RouterIndex getRouter(const RoutingProblem &problem, uint32_t slice) {
  return problem.machine.getCores()[problem.placement[slice]].router;
}

//===----------------------------------------------------------------------===//
// The question
//===----------------------------------------------------------------------===//

/// Which routers live links reach from `source`.
static std::vector<bool> findReached(const MachineGraph &machine,
                                     RouterIndex source) {
  std::vector<bool> isReached(machine.getRouters().size());
  std::vector<RouterIndex> open = {source};
  isReached[source] = true;
  while (!open.empty()) {
    RouterIndex router = open.back();
    open.pop_back();
    for (uint32_t port = 0; port < machine.getNumPorts(); ++port) {
      LinkIndex link = machine.getLink(router, port);
      if (link == noIndex || isReached[machine.getLinks()[link].to])
        continue;
      isReached[machine.getLinks()[link].to] = true;
      open.push_back(machine.getLinks()[link].to);
    }
  }
  return isReached;
}

static void checkReach(const RoutingProblem &problem, Violations &violations) {
  const Messages &messages = problem.messages;
  std::map<RouterIndex, std::vector<bool>> reachedFrom;
  for (size_t message = 0; message < messages.size(); ++message) {
    RouterIndex source = getRouter(problem, messages.sources[message]);
    auto [entry, isNew] = reachedFrom.try_emplace(source);
    if (isNew)
      entry->second = findReached(problem.machine, source);
    for (uint32_t target : messages.targetsOf(message)) {
      RouterIndex router = getRouter(problem, target);
      if (!entry->second[router])
        violations.push_back(
            {"target-unreachable", describeMessage(messages, message),
             "no live links lead from " +
                 problem.machine.describeRouter(source) + " to " +
                 problem.machine.describeRouter(router),
             "", "", ""});
    }
  }
}

Violations RoutingProblem::check() const {
  Violations violations = messages.check(placement.size());
  for (size_t slice = 0; slice < placement.size(); ++slice)
    if (placement[slice] >= machine.getCores().size())
      violations.push_back(
          {"slice-without-core", "slice " + std::to_string(slice),
           placement[slice] == noIndex ? "it has no core"
                                       : "its core does not exist",
           "", "", ""});
  if (violations.empty())
    checkReach(*this, violations);
  return violations;
}

//===----------------------------------------------------------------------===//
// The answer
//===----------------------------------------------------------------------===//

namespace {

/// Checks trees one by one.
class TreeInspection {
public:
  TreeInspection(const RoutingProblem &problem, const RoutingTrees &trees,
                 Violations &violations)
      : problem(problem), machine(problem.machine), trees(trees),
        violations(violations), branchOf(machine.getRouters().size(), noIndex),
        wireTo(machine.getRouters().size(), noIndex) {}
  bool checkColumns();
  void checkTree(uint32_t tree);
  void checkMessage(uint32_t message);

private:
  void fail(const char *rule, std::string text) {
    violations.push_back({rule, subject, std::move(text), "", "", ""});
  }
  void checkPorts(const Branch &branch);
  void checkArrival(size_t index, const Branch &branch);
  void checkCores(const Branch &branch);

  const RoutingProblem &problem;
  const MachineGraph &machine;
  const RoutingTrees &trees;
  Violations &violations;
  std::string subject;
  /// By router, for the tree at hand: its branch, the link that led there.
  std::vector<uint32_t> branchOf, wireTo;
  /// Cores that the tree at hand reaches, ascending.
  std::vector<CoreIndex> reached;
  /// The first message of each tree.
  std::vector<uint32_t> firstMessageOf;
};

} // namespace

bool TreeInspection::checkColumns() {
  size_t numTrees = trees.offsets.empty() ? 0 : trees.getNumTrees();
  bool fits = !trees.offsets.empty() && trees.offsets.front() == 0 &&
              trees.offsets.back() == trees.branches.size() &&
              llvm::is_sorted(trees.offsets) &&
              trees.size() == problem.messages.size() &&
              llvm::all_of(trees.treeOf,
                           [&](uint32_t tree) { return tree < numTrees; }) &&
              llvm::all_of(trees.branches, [&](const Branch &branch) {
                return branch.router < machine.getRouters().size();
              });
  if (!fits)
    violations.push_back({"tree-columns", "trees",
                          "their columns do not fit each other, the messages "
                          "or the machine",
                          "", "", ""});
  return fits;
}

/// Links that the branch takes.
void TreeInspection::checkPorts(const Branch &branch) {
  for (uint32_t ports = branch.route.ports; ports; ports &= ports - 1) {
    uint32_t port = llvm::countr_zero(ports);
    LinkIndex link = port < machine.getNumPorts()
                         ? machine.getLink(branch.router, port)
                         : noIndex;
    if (link == noIndex) {
      fail("branch-over-dead-link", machine.describeRouter(branch.router) +
                                        " has no live link at port " +
                                        std::to_string(port));
      continue;
    }
    RouterIndex to = machine.getLinks()[link].to;
    if (wireTo[to] != noIndex || branchOf[to] != noIndex)
      fail("router-twice",
           "it reaches " + machine.describeRouter(to) + " twice");
    wireTo[to] = link;
  }
}

/// How packets come to the branch.
void TreeInspection::checkArrival(size_t index, const Branch &branch) {
  std::string where = machine.describeRouter(branch.router);
  if (branchOf[branch.router] != noIndex)
    fail("branch-twice", "it has two branches at " + where);
  branchOf[branch.router] = index;
  LinkIndex link = wireTo[branch.router];
  if (index == 0) {
    if (branch.incoming != noIndex)
      fail("wrong-incoming",
           "its source at " + where + " has a port of arrival");
    return;
  }
  if (link == noIndex) {
    fail("branch-from-nowhere", "no branch before leads to " + where);
    return;
  }
  RouterIndex from = machine.getLinks()[link].from;
  uint32_t back = machine.getOppositePort(machine.getLinks()[link].port);
  bool isRight = branch.incoming == back;
  if (back == noIndex) {
    // No geometry: any link back will do, if there is one.
    bool leadsBack = false, hasAny = false;
    for (uint32_t port = 0; port < machine.getNumPorts(); ++port) {
      LinkIndex other = machine.getLink(branch.router, port);
      if (other == noIndex || machine.getLinks()[other].to != from)
        continue;
      hasAny = true;
      leadsBack |= branch.incoming == port;
    }
    isRight = hasAny ? leadsBack : branch.incoming == noIndex;
  }
  if (!isRight)
    fail("wrong-incoming", "at " + where +
                               " its port of arrival does not lead back to " +
                               machine.describeRouter(from));
}

void TreeInspection::checkCores(const Branch &branch) {
  std::string where = machine.describeRouter(branch.router);
  for (uint32_t id = 0; id < maxCoresPerRouter; ++id) {
    if (!(branch.route.cores[id / 64] >> id % 64 & 1))
      continue;
    CoreIndex core = machine.findCore(branch.router, id);
    if (core == noIndex)
      fail("core-missing",
           "there is no core " + std::to_string(id) + " at " + where);
    else
      reached.push_back(core);
  }
  if (branch.route.isEmpty())
    fail("branch-without-core", "it ends at " + where + " without a core");
}

void TreeInspection::checkTree(uint32_t tree) {
  llvm::ArrayRef<Branch> branches = trees.getTree(tree);
  reached.clear();
  for (auto [index, branch] : llvm::enumerate(branches)) {
    checkArrival(index, branch);
    checkPorts(branch);
    // A message to nobody still has its source.
    if (branches.size() > 1 || !branch.route.isEmpty())
      checkCores(branch);
  }
  for (const Branch &branch : branches)
    for (uint32_t port = 0; port < machine.getNumPorts(); ++port) {
      LinkIndex link = machine.getLink(branch.router, port);
      if (link == noIndex || !(branch.route.ports >> port & 1))
        continue;
      RouterIndex to = machine.getLinks()[link].to;
      if (branchOf[to] == noIndex)
        fail("link-to-no-branch", "a link leads to " +
                                      machine.describeRouter(to) +
                                      ", which has no branch");
    }
  for (const Branch &branch : branches) {
    branchOf[branch.router] = wireTo[branch.router] = noIndex;
    for (uint32_t port = 0; port < machine.getNumPorts(); ++port)
      if (LinkIndex link = machine.getLink(branch.router, port);
          link != noIndex)
        wireTo[machine.getLinks()[link].to] = noIndex;
  }
  llvm::sort(reached);
}

void TreeInspection::checkMessage(uint32_t message) {
  const Messages &messages = problem.messages;
  llvm::ArrayRef<Branch> branches = trees.branchesOf(message);
  subject = describeMessage(messages, message);
  RouterIndex source = getRouter(problem, messages.sources[message]);
  if (branches.empty() || branches.front().router != source) {
    fail("tree-without-source",
         "its tree does not begin at " + machine.describeRouter(source));
    return;
  }
  // Messages of one tree and the same targets are right or wrong together.
  firstMessageOf.resize(trees.getNumTrees(), noIndex);
  uint32_t &first = firstMessageOf[trees.treeOf[message]];
  if (first != noIndex &&
      messages.targetsOf(first) == messages.targetsOf(message))
    return;
  first = std::min(first, message);
  checkTree(trees.treeOf[message]);
  std::vector<CoreIndex> wanted, difference;
  for (uint32_t target : messages.targetsOf(message))
    wanted.push_back(problem.placement[target]);
  llvm::sort(wanted);
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::set_difference(wanted.begin(), wanted.end(), reached.begin(),
                      reached.end(), std::back_inserter(difference));
  for (CoreIndex core : std::exchange(difference, {}))
    fail("target-not-reached",
         "it does not reach " + machine.describeCore(core));
  std::set_difference(reached.begin(), reached.end(), wanted.begin(),
                      wanted.end(), std::back_inserter(difference));
  for (CoreIndex core : difference)
    fail("core-not-asked-for", "it reaches " + machine.describeCore(core));
}

Violations RoutingProblem::verify(const RoutingTrees &trees) const {
  Violations violations;
  TreeInspection inspection(*this, trees, violations);
  if (!inspection.checkColumns())
    return violations;
  for (uint32_t message = 0; message < messages.size(); ++message)
    inspection.checkMessage(message);
  checkLinks(*this, trees, violations);
  return violations;
}
