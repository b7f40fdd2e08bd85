//===- Placer.cpp - finding a core for every slice ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/Placer.h"

using namespace spikeformer;

PlacerResult spikeformer::place(const PlacementProblem &problem,
                                const PlacerOptions &) {
  PlacerResult result;
  const MachineGraph &machine = problem.machine;
  std::vector<RouterIndex> order = {0};
  std::vector<bool> seen(machine.getRouters().size());
  seen[0] = true;
  std::vector<CoreIndex> cores;
  for (size_t i = 0; i < order.size(); ++i) {
    const Router &router = machine.getRouters()[order[i]];
    for (uint32_t c = 0; c < router.numCores; ++c)
      cores.push_back(router.firstCore + c);
    for (uint32_t port = 0; port < machine.getNumPorts(); ++port) {
      LinkIndex link = machine.getLink(order[i], port);
      if (link == noIndex || seen[machine.getLinks()[link].to])
        continue;
      seen[machine.getLinks()[link].to] = true;
      order.push_back(machine.getLinks()[link].to);
    }
  }
  if (cores.size() < problem.slices.size()) {
    result.violations.push_back(
        {"cores", "machine", "it has too few cores", "", "", ""});
    return result;
  }
  cores.resize(problem.slices.size());
  result.placement = cores;
  return result;
}
