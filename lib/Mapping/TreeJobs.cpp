//===- TreeJobs.cpp - different trees of a problem ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TreeJobs.h"
#include "TargetSets.h"

using namespace spikeformer;

/// The routers and cores of `targets`; `slotOf` is noIndex by router.
static TargetGroup makeGroup(const RoutingProblem &problem,
                             llvm::ArrayRef<uint32_t> targets,
                             std::vector<uint32_t> &slotOf) {
  llvm::ArrayRef<Core> cores = problem.machine.getCores();
  TargetGroup group;
  for (uint32_t target : targets) {
    RouterIndex router = cores[problem.placement[target]].router;
    if (slotOf[router] == noIndex) {
      slotOf[router] = 0;
      group.routers.push_back(router);
    }
  }
  llvm::sort(group.routers);
  group.cores.resize(group.routers.size());
  for (auto [slot, router] : llvm::enumerate(group.routers))
    slotOf[router] = slot;
  for (uint32_t target : targets) {
    const Core &core = cores[problem.placement[target]];
    group.cores[slotOf[core.router]].addCore(core.id);
  }
  for (RouterIndex router : group.routers)
    slotOf[router] = noIndex;
  return group;
}

TreeJobs::TreeJobs(const RoutingProblem &problem) {
  const Messages &messages = problem.messages;
  TargetSets sets(messages);
  std::vector<uint32_t> slotOf(problem.machine.getRouters().size(), noIndex);
  groups.reserve(sets.firstOf.size());
  for (uint32_t first : sets.firstOf)
    groups.push_back(makeGroup(problem, messages.targetsOf(first), slotOf));
  // The last job of each group by source router is enough to find a job again:
  // a list for each group, searched from its end.
  std::vector<std::vector<uint32_t>> jobsOfGroup(groups.size());
  jobOfMessage.reserve(messages.size());
  for (uint32_t message = 0; message < messages.size(); ++message) {
    uint32_t group = sets.setOf[message];
    RouterIndex source =
        problem.machine.getCores()[problem.placement[messages.sources[message]]]
            .router;
    std::vector<uint32_t> &known = jobsOfGroup[group];
    auto found = std::find_if(known.rbegin(), known.rend(), [&](uint32_t job) {
      return jobs[job].source == source;
    });
    uint32_t job = found == known.rend() ? jobs.size() : *found;
    if (found == known.rend()) {
      known.push_back(job);
      jobs.push_back({source, group, 0});
    }
    jobs[job].packets += messages.packets[message];
    jobOfMessage.push_back(job);
  }
}
