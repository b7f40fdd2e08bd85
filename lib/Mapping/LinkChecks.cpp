//===- LinkChecks.cpp - what trees ask of links ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LinkChecks.h"
#include "spikeformer/Mapping/ChannelDependencies.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace spikeformer;

/// Links and messages that a text names before it counts the others.
static constexpr size_t mostNamed = 4;

std::string spikeformer::describeMessage(const Messages &messages,
                                         size_t message) {
  return messages.names.empty() ? "message " + std::to_string(message)
                                : "message '" + messages.names[message] + "'";
}

static std::string describeLink(const MachineGraph &machine, LinkIndex link) {
  const Link &at = machine.getLinks()[link];
  return "link " + std::to_string(at.port) + " of " +
         machine.describeRouter(at.from);
}

/// Six digits at most: "12.5".
static std::string describePackets(double packets) {
  std::string text(32, '\0');
  text.resize(std::snprintf(text.data(), text.size(), "%g", packets));
  return text + " packets";
}

//===----------------------------------------------------------------------===//
// Capacities
//===----------------------------------------------------------------------===//

/// Calls `use(link)` for each link of a tree.
template <typename Use>
static void forEachLink(const MachineGraph &machine,
                        llvm::ArrayRef<Branch> branches, Use use) {
  for (const Branch &branch : branches)
    for (uint32_t port = 0; port < machine.getNumPorts(); ++port)
      if (LinkIndex link = machine.getLink(branch.router, port);
          link != noIndex && branch.route.ports >> port & 1)
        use(link);
}

/// The messages that have most packets on `link`, with their packets.
static std::string listLoaders(const RoutingProblem &problem,
                               const RoutingTrees &trees, LinkIndex link) {
  std::vector<uint32_t> loaders;
  for (uint32_t message = 0; message < problem.messages.size(); ++message)
    forEachLink(problem.machine, trees.branchesOf(message),
                [&](LinkIndex other) {
                  if (other == link && problem.messages.packets[message] > 0)
                    loaders.push_back(message);
                });
  const std::vector<double> &packets = problem.messages.packets;
  llvm::sort(loaders, [&](uint32_t a, uint32_t b) {
    return std::pair(-packets[a], a) < std::pair(-packets[b], b);
  });
  std::string text;
  for (size_t i = 0; i < std::min(mostNamed, loaders.size()); ++i)
    text += (i == 0 ? "" : ", ") +
            describeMessage(problem.messages, loaders[i]) + " (" +
            describePackets(packets[loaders[i]]) + ")";
  if (loaders.size() > mostNamed)
    text += " and " + std::to_string(loaders.size() - mostNamed) + " more";
  return text;
}

static void checkLoads(const RoutingProblem &problem, const RoutingTrees &trees,
                       Violations &violations) {
  llvm::ArrayRef<Link> links = problem.machine.getLinks();
  if (llvm::none_of(
          links, [](const Link &link) { return std::isfinite(link.capacity); }))
    return;
  std::vector<double> loads(links.size());
  for (uint32_t message = 0; message < problem.messages.size(); ++message)
    forEachLink(problem.machine, trees.branchesOf(message),
                [&](LinkIndex link) {
                  loads[link] += problem.messages.packets[message];
                });
  for (auto [index, link] : llvm::enumerate(links))
    if (loads[index] > link.capacity)
      violations.push_back(
          {"link-over-capacity", describeLink(problem.machine, index),
           "it carries " + listLoaders(problem, trees, index),
           describePackets(loads[index]), describePackets(link.capacity),
           "place what sends most of them nearer to its targets, or take " +
               describePackets(loads[index] - link.capacity) +
               " off it by longer steps or other ways"});
}

//===----------------------------------------------------------------------===//
// Waiting
//===----------------------------------------------------------------------===//

static void checkWaiting(const RoutingProblem &problem,
                         const RoutingTrees &trees, Violations &violations) {
  if (problem.machine.getFlow() != Flow::blocking)
    return;
  std::optional<ChannelCycle> cycle = findChannelCycle(problem.machine, trees);
  if (!cycle)
    return;
  std::string text = "it waits for itself: ";
  size_t numLinks = cycle->links.size(),
         numNamed = std::min(mostNamed, numLinks);
  for (size_t i = 0; i < numNamed; ++i) {
    auto message = llvm::find(trees.treeOf, cycle->trees[i]);
    text += (i == 0 ? "" : ", then ") +
            describeLink(problem.machine, cycle->links[(i + 1) % numLinks]);
    if (message != trees.treeOf.end())
      text += " for " +
              describeMessage(problem.messages, message - trees.treeOf.begin());
  }
  if (numLinks > numNamed)
    text += " and " + std::to_string(numLinks - numNamed) + " more links";
  violations.push_back(
      {"links-wait-in-circle", describeLink(problem.machine, cycle->links[0]),
       std::move(text), "", "",
       "give these messages trees that take the axes in one order and no link "
       "round an edge"});
}

void spikeformer::checkLinks(const RoutingProblem &problem,
                             const RoutingTrees &trees,
                             Violations &violations) {
  checkLoads(problem, trees, violations);
  checkWaiting(problem, trees, violations);
}
