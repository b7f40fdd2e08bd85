//===- MappingMetricsTest.cpp - what reports say of a mapping -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/MappingMetrics.h"
#include "RandomProblem.h"
#include "spikeformer/Mapping/PlacementReasons.h"
#include "spikeformer/Mapping/TreeRouter.h"
#include "gtest/gtest.h"

using namespace spikeformer;

namespace {
/// Five slices on a row of three routers with two cores each: 0 and 1 at the
/// left, 2 in the middle, 3 and 4 at the right.
class RowOfRouters : public testing::Test {
protected:
  RowOfRouters() {
    for (int i = 0; i < 5; ++i)
      addSlice(slices, 1, 10);
    messages.add(0, {1, 2, 3, 4}, 10, 1);
    messages.add(3, {0}, 4, 1);
    messages.add(4, {4}, 100, 1);
  }

  MachineGraph machine = makeTestGrid(Fabric::mesh, 3, 1, 2, 1, 250);
  SliceList slices;
  Messages messages;
  Placement placement = {0, 1, 2, 4, 5};
};
} // namespace

TEST_F(RowOfRouters, MetricsAreThoseOfTheirDefinitions) {
  RoutingProblem problem{machine, messages, placement};
  TreeRouterResult routed = route(problem);
  ASSERT_TRUE(routed.violations.empty());
  MappingMetrics metrics = measure(problem, slices, routed.trees);
  EXPECT_EQ(metrics.messages, 10 * 4 + 4);
  EXPECT_EQ(metrics.cutPackets, 10 + 4);
  EXPECT_EQ(metrics.packetHops, 10 * 2 + 4 * 2);
  EXPECT_EQ(metrics.unicastHops, 10 * (0 + 1 + 2 + 2) + 4 * 2);
  EXPECT_EQ(metrics.latency, 2u);
  EXPECT_EQ(metrics.busiestCore, 5u);
  EXPECT_EQ(metrics.busiestCoreLoad, 100 + 100 + 10);
  EXPECT_EQ(metrics.coresUsed, 5u);
  EXPECT_EQ(metrics.routersUsed, 3u);
}

TEST_F(RowOfRouters, PlacesHaveReasons) {
  std::vector<PlacementReason> reasons =
      explainPlacement({machine, slices, messages, {}}, placement);
  ASSERT_EQ(reasons.size(), 5u);
  // Slice 3 exchanges 14 packets with slice 0, two links away, where no core is
  // left; in the middle there is one.
  const PlacementReason &third = reasons[3];
  ASSERT_EQ(third.partners.size(), 1u);
  EXPECT_EQ(third.partners[0].slice, 0u);
  EXPECT_EQ(third.partners[0].packets, 14);
  EXPECT_EQ(third.partners[0].links, 2u);
  EXPECT_EQ(third.pull, 28);
  EXPECT_EQ(third.elsewhere, 0u);
  EXPECT_EQ(third.pullElsewhere, 0);
  EXPECT_EQ(third.lacks, 0u);
  // Slice 1 is where its partner is.
  EXPECT_EQ(reasons[1].pull, 0);
  EXPECT_EQ(reasons[1].elsewhere, noIndex);
  // Slice 0 is drawn to the middle, where there is room.
  EXPECT_EQ(reasons[0].pull, 10 * 1 + 14 * 2 + 10 * 2);
  EXPECT_EQ(reasons[0].elsewhere, 2u);
  EXPECT_EQ(reasons[0].pullElsewhere, 10 * 2 + 10 * 1);
  EXPECT_EQ(reasons[0].lacks, 0u);
}
