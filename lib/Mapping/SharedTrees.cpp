//===- SharedTrees.cpp - one tree for many sources ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SharedTrees.h"
#include <algorithm>
#include <cmath>

using namespace spikeformer;

SharedTrees::SharedTrees(const MachineGraph &machine,
                         const RouterDistances &distances, const TreeJobs &jobs,
                         const std::vector<double> &loads)
    : distances(distances), jobs(jobs), grower(machine, distances, loads),
      numJobs(jobs.groups.size()), laneOfJob(jobs.jobs.size()) {
  makeLanes();
}

/// All packets of a lane come to a leaf over one link. Were they most of all
/// that there are, that link would be the busiest by far, so there are several
/// lanes, each for a run of jobs: those of one population stay together.
void SharedTrees::makeLanes() {
  constexpr double mostPart = 0.5;
  double all = 0;
  std::vector<double> packets(jobs.groups.size());
  for (const TreeJob &job : jobs.jobs) {
    ++numJobs[job.group];
    packets[job.group] += job.packets;
    all += job.packets;
  }
  std::vector<uint32_t> firstLane;
  uint32_t numLanes = 0;
  for (double ofGroup : packets) {
    firstLane.push_back(numLanes);
    numLanes +=
        ofGroup > mostPart * all ? std::ceil(ofGroup / (mostPart * all)) : 1;
  }
  firstLane.push_back(numLanes);
  lanes.resize(numLanes);
  packetsOfLane.resize(numLanes);
  std::vector<double> taken(jobs.groups.size());
  for (auto [index, job] : llvm::enumerate(jobs.jobs)) {
    uint32_t ofGroup = firstLane[job.group + 1] - firstLane[job.group];
    double middle = taken[job.group] + job.packets / 2;
    taken[job.group] += job.packets;
    laneOfJob[index] = firstLane[job.group];
    if (ofGroup > 1)
      laneOfJob[index] += std::min<uint32_t>(
          ofGroup - 1, middle / packets[job.group] * ofGroup);
    packetsOfLane[laneOfJob[index]] += job.packets;
  }
}

void SharedTrees::regrow(uint32_t job, uint32_t root) {
  Lane &lane = lanes[laneOfJob[job]];
  llvm::ArrayRef<RouterIndex> targets =
      jobs.groups[jobs.jobs[job].group].routers;
  lane.clear();
  if (targets.empty())
    return;
  grower.start(targets[root % targets.size()]);
  if (grower.growNearestFirst(targets))
    lane = grower.getNodes();
}

/// Begins `nodes` with the way from `source` to the nearest node of the lane.
bool SharedTrees::attach(RouterIndex source, const Lane &lane) {
  const TreeNode *nearest = &lane.front();
  for (const TreeNode &node : lane)
    if (distances.get(source, node.router) <
        distances.get(source, nearest->router))
      nearest = &node;
  grower.start(source);
  if (!grower.growNearestFirst(nearest->router))
    return false;
  nodes = grower.getNodes();
  return true;
}

bool SharedTrees::grow(uint32_t index) {
  const TreeJob &job = jobs.jobs[index];
  const Lane &lane = lanes[laneOfJob[index]];
  if (lane.empty())
    regrow(index, 0);
  if (lane.empty() || !attach(job.source, lane))
    return false;
  // From where the way arrives, up to the first target of the lane, links run
  // against the direction in which it grew.
  uint32_t numPorts = distances.getNumPorts();
  std::vector<uint32_t> nodeOf(lane.size(), noIndex);
  uint32_t at = 0;
  while (lane[at].router != nodes.back().router)
    ++at;
  nodeOf[at] = nodes.size() - 1;
  while (lane[at].parent != noIndex) {
    const TreeNode &node = lane[at];
    uint32_t back = distances.getBack(node.wire);
    RouterIndex up = lane[node.parent].router;
    if (back == noIndex ||
        distances.getEnd(node.router * numPorts + back) != up)
      return false;
    nodeOf[node.parent] = nodes.size();
    nodes.push_back({up, nodeOf[at], node.router * numPorts + back});
    at = node.parent;
  }
  for (uint32_t i = 0; i < lane.size(); ++i) {
    if (nodeOf[i] != noIndex)
      continue;
    nodeOf[i] = nodes.size();
    nodes.push_back({lane[i].router, nodeOf[lane[i].parent], lane[i].wire});
  }
  // Where dead parts bend ways, the way may have met the lane before.
  std::vector<RouterIndex> seen;
  for (const TreeNode &node : nodes)
    seen.push_back(node.router);
  llvm::sort(seen);
  return std::adjacent_find(seen.begin(), seen.end()) == seen.end();
}
