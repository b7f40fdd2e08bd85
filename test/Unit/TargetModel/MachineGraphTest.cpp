//===- MachineGraphTest.cpp - geometry and faults of machines -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/TargetModel/MachineGraph.h"
#include "spikeformer/TargetModel/Fabrics.h"
#include "gtest/gtest.h"
#include <queue>

using namespace spikeformer;

namespace {

GridShape makeShape(Fabric fabric, uint32_t width, uint32_t height, bool wrap) {
  GridShape shape;
  shape.name = "grid";
  shape.fabric = fabric;
  shape.width = width;
  shape.height = height;
  shape.wrapX = shape.wrapY = wrap;
  shape.resources = {{"neurons", "neurons", ResourceScope::core},
                     {"memory", "bytes", ResourceScope::router}};
  shape.siteAt = [](uint32_t, uint32_t) {
    RouterSite site;
    site.cores = {1, 2};
    site.coreCapacity = {10, 99};
    site.routerCapacity = {99, 1000};
    return std::optional(site);
  };
  return shape;
}

/// Links of the shortest ways from `from`, by search over links.
std::vector<uint32_t> search(const MachineGraph &machine, RouterIndex from) {
  std::vector<uint32_t> distance(machine.getRouters().size(), noIndex);
  std::queue<RouterIndex> open;
  distance[from] = 0;
  for (open.push(from); !open.empty(); open.pop())
    for (const Link &link : machine.getLinks())
      if (link.from == open.front() && distance[link.to] == noIndex) {
        distance[link.to] = distance[link.from] + 1;
        open.push(link.to);
      }
  return distance;
}

TEST(MachineGraph, DistanceIsThatOfTheShortestWay) {
  for (Fabric fabric : {Fabric::mesh, Fabric::hexagonal})
    for (bool wrap : {false, true}) {
      MachineGraph machine = makeGrid(makeShape(fabric, 5, 7, wrap));
      for (RouterIndex from = 0; from < machine.getRouters().size(); ++from) {
        std::vector<uint32_t> distance = search(machine, from);
        for (RouterIndex to = 0; to < distance.size(); ++to)
          EXPECT_EQ(machine.getDistance(from, to), distance[to])
              << machine.describeRouter(from) << machine.describeRouter(to);
      }
    }
}

TEST(MachineGraph, VectorLeadsFromOneRouterToTheOther) {
  MachineGraph machine = makeGrid(makeShape(Fabric::hexagonal, 6, 4, true));
  for (RouterIndex from = 0; from < machine.getRouters().size(); ++from)
    for (RouterIndex to = 0; to < machine.getRouters().size(); ++to) {
      FabricVector steps = machine.getVector(from, to);
      RouterIndex at = from;
      for (uint32_t axis = 0; axis < 3; ++axis)
        for (int32_t i = 0; i < std::abs(steps[axis]); ++i) {
          uint32_t port = steps[axis] > 0 ? axis : axis + 3;
          at = machine.getLinks()[machine.getLink(at, port)].to;
        }
      EXPECT_EQ(at, to);
    }
}

TEST(MachineGraph, OppositePortLeadsBack) {
  for (Fabric fabric : {Fabric::mesh, Fabric::hexagonal}) {
    MachineGraph machine = makeGrid(makeShape(fabric, 4, 4, true));
    for (const Link &link : machine.getLinks()) {
      LinkIndex back =
          machine.getLink(link.to, machine.getOppositePort(link.port));
      ASSERT_NE(back, noIndex);
      EXPECT_EQ(machine.getLinks()[back].to, link.from);
    }
  }
}

TEST(MachineGraph, AmountsOfTheOtherScopeAreZero) {
  MachineGraph machine = makeGrid(makeShape(Fabric::mesh, 2, 1, false));
  EXPECT_EQ(machine.getCoreCapacity(3).vec(), (std::vector<int64_t>{10, 0}));
  EXPECT_EQ(machine.getRouterCapacity(1).vec(),
            (std::vector<int64_t>{0, 1000}));
  EXPECT_EQ(machine.findCore(1, 2), 3u);
  EXPECT_EQ(machine.findCore(1, 3), noIndex);
  EXPECT_EQ(machine.describeCore(3), "core 2 of (1, 0)");
}

TEST(MachineGraph, WhatIsDeadIsNotThere) {
  GridShape shape = makeShape(Fabric::mesh, 3, 1, false);
  auto whole = shape.siteAt;
  shape.siteAt = [&](uint32_t x, uint32_t y) -> std::optional<RouterSite> {
    if (x == 2)
      return std::nullopt;
    return whole(x, y);
  };
  shape.isDeadLink = [](uint32_t x, uint32_t, uint32_t port) {
    return x == 1 && port == 2;
  };
  MachineGraph machine = makeGrid(shape);
  EXPECT_EQ(machine.findRouter(2, 0), noIndex);
  ASSERT_EQ(machine.getLinks().size(), 1u);
  EXPECT_EQ(machine.getLinks()[0].from, 0u);
}

TEST(MachineGraph, TreeLeadsThroughParents) {
  RouterSite leaf;
  leaf.cores = {0};
  leaf.coreCapacity = leaf.routerCapacity = {};
  MachineGraph machine = makeTree("tree", 2, 2, {}, leaf);
  EXPECT_EQ(machine.getRouters().size(), 7u);
  EXPECT_EQ(machine.getCores().size(), 4u);
  EXPECT_EQ(machine.getDistance(3, 4), 2u);
  EXPECT_EQ(machine.getDistance(3, 6), 4u);
}

TEST(MachineGraph, CheckFindsWhatDoesNotFit) {
  MachineGraph empty("none", Fabric::mesh, 2, 2, false, false);
  ASSERT_EQ(empty.check().size(), 1u);
  EXPECT_EQ(empty.check()[0].rule, "machine-without-cores");

  MachineGraph wrong("wrong", Fabric::mesh, 3, 1, false, false);
  RouterIndex a = wrong.addRouter(0, 0, 0, 0, 9, {});
  wrong.addCore(1, {});
  wrong.addCore(1, {});
  RouterIndex b = wrong.addRouter(2, 0, 1, 0, 9, {});
  wrong.addLink(a, 0, b, 1, 0);
  Violations violations = wrong.check();
  ASSERT_EQ(violations.size(), 2u);
  EXPECT_EQ(violations[0].str(), "(0, 0): it has core 1 twice");
  EXPECT_EQ(violations[1].str(), "link 0 of (0, 0): it ends at (2, 0), which "
                                 "is not where its port points");
}

} // namespace
