//===- PopulationSplitTest.cpp - boxes of populations ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/PopulationSplit.h"
#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <random>

using namespace spikeformer;

namespace {
/// An input of (channels, size, size), a 3x3 convolution of it, and a recurrent
/// dense population behind; boxes hold `neurons`.
struct Network {
  PopulationSplit split;
  std::function<void(uint32_t, const Box &, llvm::MutableArrayRef<int64_t>)>
      usageOf =
          [](uint32_t, const Box &box, llvm::MutableArrayRef<int64_t> usage) {
            usage[0] = box.getSize();
          };
  std::function<void(uint32_t, const Box &, llvm::SmallVectorImpl<Box> &)>
      receptiveField;

  Network(int64_t channels, int64_t size, int64_t filters, int64_t dense,
          int64_t neurons)
      : split{{{"in", {channels, size, size}, 2},
               {"conv", {filters, size, size}, 1},
               {"dense", {dense}, 1}},
              {{0, 1}, {1, 2}, {2, 2}},
              {{"neurons", "neurons"}},
              {neurons},
              usageOf,
              nullptr} {
    receptiveField = [=](uint32_t projection, const Box &box,
                         llvm::SmallVectorImpl<Box> &sources) {
      if (projection == 1)
        sources.push_back({{0, 0, 0}, {filters, size, size}});
      if (projection == 2)
        sources.push_back({{0}, {dense}});
      if (projection != 0)
        return;
      auto low = [&](int i) { return std::max<int64_t>(box.low[i] - 1, 0); };
      auto high = [&](int i) { return std::min(box.high[i] + 1, size); };
      sources.push_back({{0, low(1), low(2)}, {channels, high(1), high(2)}});
    };
    split.usageOf = usageOf;
    split.receptiveField = receptiveField;
  }
  Network(const Network &) = delete;
};

int64_t count(const BoxList &list, uint32_t population) {
  return std::count(list.populations.begin(), list.populations.end(),
                    population);
}

TEST(PopulationSplit, BoxesCoverEachNeuronOnceAndFit) {
  std::mt19937_64 engine(1);
  for (unsigned i = 0; i < 200; ++i) {
    Network network(1 + engine() % 3, 1 + engine() % 20, 1 + engine() % 9,
                    1 + engine() % 90, 1 + engine() % 70);
    BoxList list = splitPopulations(network.split);
    ASSERT_TRUE(list.violations.empty());
    for (uint32_t p = 0; p < 3; ++p) {
      Box all{llvm::SmallVector<int64_t, 4>(
                  network.split.populations[p].shape.size(), 0),
              network.split.populations[p].shape};
      int64_t covered = 0;
      for (size_t a = 0; a < list.boxes.size(); ++a) {
        if (list.populations[a] != p)
          continue;
        covered += list.boxes[a].getSize();
        EXPECT_LE(list.boxes[a].getSize(), network.split.capacity[0]);
        EXPECT_EQ(intersect(list.boxes[a], all), list.boxes[a]);
        for (size_t b = 0; b < a; ++b)
          if (list.populations[b] == p)
            EXPECT_EQ(intersect(list.boxes[a], list.boxes[b]).getSize(), 0);
      }
      EXPECT_EQ(covered, all.getSize());
    }
  }
}

/// Channels of one tile share their input, so space is cut and channels are
/// not.
TEST(PopulationSplit, ConvolutionIsCutInSpace) {
  Network network(2, 32, 4, 10, 256);
  BoxList list = splitPopulations(network.split);
  EXPECT_EQ(count(list, 1), 16);
  for (size_t i = 0; i < list.boxes.size(); ++i)
    if (list.populations[i] == 1)
      EXPECT_EQ(list.boxes[i].high[0] - list.boxes[i].low[0], 4);
}

/// Where an output needs its own channel only, cutting channels costs nothing.
TEST(PopulationSplit, DepthwiseConvolutionIsCutInChannels) {
  Network network(4, 8, 4, 1, 64);
  auto depthwise = [&](uint32_t projection, const Box &box,
                       llvm::SmallVectorImpl<Box> &sources) {
    size_t first = sources.size();
    network.receptiveField(projection, box, sources);
    if (projection == 0) {
      sources[first].low[0] = box.low[0];
      sources[first].high[0] = box.high[0];
    }
  };
  network.split.receptiveField = depthwise;
  BoxList list = splitPopulations(network.split);
  EXPECT_EQ(count(list, 1), 4);
  for (size_t i = 0; i < list.boxes.size(); ++i)
    if (list.populations[i] == 1)
      EXPECT_EQ(list.boxes[i].high[0] - list.boxes[i].low[0], 1);
}

TEST(PopulationSplit, TakesNoMoreBoxesThanNeeded) {
  Network network(1, 4, 1, 1000, 100);
  EXPECT_EQ(count(splitPopulations(network.split), 2), 10);
}

TEST(PopulationSplit, ReportsNeuronsThatFitNowhere) {
  Network network(1, 2, 1, 3, 10);
  auto usageOf = [](uint32_t population, const Box &box,
                    llvm::MutableArrayRef<int64_t> usage) {
    usage[0] = box.getSize() * (population == 2 ? 11 : 1);
  };
  network.split.usageOf = usageOf;
  BoxList list = splitPopulations(network.split);
  ASSERT_EQ(list.violations.size(), 3u);
  EXPECT_EQ(list.violations[1].rule, "neuron-too-large");
  EXPECT_EQ(list.violations[1].subject, "slice 'dense[1:2]'");
  EXPECT_EQ(list.violations[1].need, "11 neurons");
  EXPECT_EQ(list.violations[1].have, "10 neurons");
}

/// The packets that arrive, counted neuron by neuron.
double countArrivals(const Network &network, const BoxList &list) {
  double packets = 0;
  for (size_t i = 0; i < list.boxes.size(); ++i)
    for (uint32_t p = 0; p < network.split.projections.size(); ++p) {
      const PopulationProjection &projection = network.split.projections[p];
      if (projection.target != list.populations[i])
        continue;
      llvm::SmallVector<Box, 4> sources;
      network.receptiveField(p, list.boxes[i], sources);
      for (const Box &box : sources)
        packets += double(box.getSize()) *
                   network.split.populations[projection.source].rate;
    }
  return packets;
}

TEST(PopulationSplit, MessagesCarryWhatIsNeeded) {
  std::mt19937_64 engine(2);
  for (unsigned i = 0; i < 50; ++i) {
    Network network(1 + engine() % 3, 1 + engine() % 12, 1 + engine() % 5,
                    1 + engine() % 40, 5 + engine() % 40);
    BoxList list = splitPopulations(network.split);
    double exact = 0, coarse = 0;
    for (MessageGrouping grouping :
         {MessageGrouping::perTargets, MessageGrouping::perBox}) {
      BoxSlices made = makeSlices(network.split, list, grouping);
      EXPECT_TRUE(made.messages.check(made.slices.size()).empty());
      EXPECT_EQ(made.slices.usageOf(0)[0], list.boxes[0].getSize());
      double &sum = grouping == MessageGrouping::perBox ? coarse : exact;
      for (size_t m = 0; m < made.messages.size(); ++m)
        sum += made.messages.packets[m] *
               double(made.messages.targetsOf(m).size());
    }
    EXPECT_DOUBLE_EQ(exact, countArrivals(network, list));
    EXPECT_GE(coarse, exact);
  }
}
} // namespace
