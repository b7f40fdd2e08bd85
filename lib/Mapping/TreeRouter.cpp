//===- TreeRouter.cpp - finding a tree for every message ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/TreeRouter.h"

using namespace spikeformer;

TreeRouterResult spikeformer::route(const RoutingProblem &problem,
                                    const TreeRouterOptions &) {
  TreeRouterResult result;
  const MachineGraph &machine = problem.machine;
  RoutingTrees &trees = result.trees;
  size_t numRouters = machine.getRouters().size();
  for (size_t m = 0; m < problem.messages.size(); ++m) {
    RouterIndex source =
        machine.getCores()[problem.placement[problem.messages.sources[m]]]
            .router;
    std::vector<LinkIndex> via(numRouters, noIndex);
    std::vector<bool> seen(numRouters);
    std::vector<RouterIndex> open = {source};
    seen[source] = true;
    for (size_t i = 0; i < open.size(); ++i)
      for (uint32_t port = 0; port < machine.getNumPorts(); ++port) {
        LinkIndex link = machine.getLink(open[i], port);
        if (link == noIndex || seen[machine.getLinks()[link].to])
          continue;
        RouterIndex next = machine.getLinks()[link].to;
        seen[next] = true;
        via[next] = link;
        open.push_back(next);
      }
    std::vector<Route> routes(numRouters);
    std::vector<bool> inTree(numRouters);
    inTree[source] = true;
    for (uint32_t target : problem.messages.targetsOf(m)) {
      const Core &core = machine.getCores()[problem.placement[target]];
      routes[core.router].addCore(core.id);
      for (RouterIndex at = core.router; !inTree[at];) {
        inTree[at] = true;
        const Link &link = machine.getLinks()[via[at]];
        routes[link.from].addPort(link.port);
        at = link.from;
      }
    }
    for (RouterIndex at : open) {
      if (!inTree[at])
        continue;
      uint32_t incoming = noIndex;
      if (at != source)
        for (uint32_t port = 0; port < machine.getNumPorts(); ++port) {
          LinkIndex back = machine.getLink(at, port);
          if (back != noIndex &&
              machine.getLinks()[back].to == machine.getLinks()[via[at]].from)
            incoming = port;
        }
      trees.branches.push_back({at, incoming, routes[at]});
    }
    trees.treeOf.push_back(m);
    trees.offsets.push_back(trees.branches.size());
  }
  return result;
}
