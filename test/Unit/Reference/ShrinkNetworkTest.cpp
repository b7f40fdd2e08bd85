//===- ShrinkNetworkTest.cpp - reduction of networks ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shrinking finds the smallest network with a property, which is valid, the
// same each time, and small.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Reference/ShrinkNetwork.h"
#include "RandomNetworkTest.h"
#include "mlir/IR/Verifier.h"

using namespace spikeformer;
using namespace spikeformer::snn;
using testing::HasSubstr;

namespace {
class ShrinkNetworkTest : public RandomNetworkTest {
protected:
  OwningOpRef<ModuleOp> parse(llvm::StringRef text) {
    return mlir::parseSourceString<ModuleOp>(text, &context);
  }
};
} // namespace

TEST_F(ShrinkNetworkTest, ShrinksToOneModel) {
  auto isInteresting = [&](ModuleOp module) {
    return llvm::StringRef(print(module)).contains("integration = exact");
  };
  OwningOpRef<ModuleOp> network;
  for (uint64_t seed = 0; !network || !isInteresting(*network); ++seed)
    network = createRandomNetwork(&context, seed, RandomKind::recurrent);
  OwningOpRef<ModuleOp> small = shrinkNetwork(*network, isInteresting);
  ASSERT_TRUE(succeeded(mlir::verify(*small)));
  // The population and the terminator, no data.
  EXPECT_EQ(2, llvm::range_size(getNetwork(*small).getBody().front()));
  EXPECT_TRUE(small->getOps<ParameterOp>().empty());
  EXPECT_EQ(1u, *getSimulate(*small).getSteps());
  EXPECT_TRUE(getNetwork(*small).getFunctionType().getResults().empty());
}

TEST_F(ShrinkNetworkTest, ShrinksWhileItSpikes) {
  // Interesting: population p0 fires, driven by the input.
  auto isInteresting = [&](ModuleOp module) {
    NetworkOp network = getNetwork(module);
    if (network.getBody().getNumArguments() == 0)
      return false;
    for (auto population : network.getBody().getOps<PopulationOp>())
      for (ReceptorAttr receptor : population.getReceptorList())
        if (receptor.getBias())
          return false;
    auto result = runRandom(module, 1);
    if (!result) {
      llvm::consumeError(result.takeError());
      return false;
    }
    return countSpikes(*result) > 0;
  };
  OwningOpRef<ModuleOp> network;
  for (uint64_t seed = 0; !network || !isInteresting(*network); ++seed)
    network = createRandomNetwork(&context, seed, RandomKind::wide);
  OwningOpRef<ModuleOp> small = shrinkNetwork(*network, isInteresting);
  ASSERT_TRUE(isInteresting(*small));
  EXPECT_EQ(
      1, llvm::range_size(getNetwork(*small).getBody().getOps<PopulationOp>()));
  EXPECT_EQ(1u, *getSimulate(*small).getSteps());
}

TEST_F(ShrinkNetworkTest, HalvingKeepsTheNumbers) {
  module = mlir::parseSourceString<ModuleOp>(R"(
  snn.parameter @w : tensor<3x2xf32> = dense<[[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]>
  snn.parameter @theta : tensor<2xf32> = dense<[0.7, 0.8]>
  snn.network @n(%x: !snn.signal<3, binary>) -> !snn.signal<2, binary> attributes {dt = "steps"} {
    %i = snn.project %x through #snn.dense weights #snn.view<@w, transpose = [1, 0], scale = 1.0 : f64> delay 0 : !snn.signal<3, binary> -> !snn.current<2>
    %s = snn.population "p" (in: %i accumulate ordered<f32>) model #snn.if<state = f32, reset = none, fires = above, when = same_step>
      params {r = 1.0, v_threshold = #snn.param<@theta>, v_init = 0.0} : !snn.signal<2, binary>
    snn.output %s : !snn.signal<2, binary>
  }
  func.func @main(%x: tensor<?x2x3xi8>) -> tensor<?x2xi32> {
    %r = snn.simulate @n(%x) steps(2) reset(per_sample) readout(count) : (tensor<?x2x3xi8>) -> tensor<?x2xi32>
    return %r : tensor<?x2xi32>
  })",
                                             &context);
  ASSERT_TRUE(module);
  // Keep everything but the extents.
  auto isInteresting = [&](ModuleOp candidate) {
    auto networks = candidate.getOps<NetworkOp>();
    auto populations = getNetwork(candidate).getBody().getOps<PopulationOp>();
    auto projections = getNetwork(candidate).getBody().getOps<ProjectOp>();
    if (networks.empty() || populations.empty() || projections.empty())
      return false;
    ProjectOp project = *projections.begin();
    PopulationOp population = *populations.begin();
    return project.getWeightsAttr() &&
           !isa<FloatAttr>(project.getWeightsAttr()) &&
           isa<ParamAttr>(population.getParams().get("v_threshold")) &&
           population.getInputs().size() == 1 &&
           *getSimulate(candidate).getSteps() == 2 &&
           getSimulate(candidate).getNumResults() == 1;
  };
  OwningOpRef<ModuleOp> small = shrinkNetwork(*module, isInteresting);
  std::string text = print(*small);
  // 0.1 and 0.7 of the first elements, as f64.
  EXPECT_THAT(text, HasSubstr("tensor<1x1xf64> = dense<0.100000001490116"));
  EXPECT_THAT(text, HasSubstr("tensor<1xf64> = dense<0.69999998807907"));
  EXPECT_THAT(text, HasSubstr("func.func @main(%arg0: tensor<?x2x1xi8>) -> "
                              "tensor<?x1xi32>"));
}

/// What is left of networks that contain a construct is little more than it.
TEST_F(ShrinkNetworkTest, KeepsAnyConstruct) {
  struct Goal {
    const char *text;
    /// Most operations that are left in the network, its terminator included.
    int operations;
  };
  // Operations without effects need a use: a projection to a population.
  constexpr Goal goals[] = {
      {"#snn.custom<", 2},
      {"integration = exact", 2},
      {"reset = subtract", 2},
      {"refractory = clamp", 2},
      {"onset ", 2},
      {"accumulate saturating", 2},
      {"expose [", 2},
      {"reset(never)", 1},
      {"readout(first_spike", 2},
      {"#snn.conv2d<", 4},
      {"#snn.csr<", 4},
      {"#snn.fixed_probability<", 4},
      {"#snn.view<", 4},
      {"delay (#snn.random<", 4},
      {"snn.pool max", 5},
      {"snn.concat", 7},
      // A slice that gives the delay its shape may remain.
      {"snn.delay", 6},
      {"#snn.poisson<", 5},
  };
  for (uint64_t seed = 0; seed < 20; ++seed) {
    OwningOpRef<ModuleOp> network = createRandomNetwork(&context, seed);
    std::string text = print(*network);
    for (const Goal &goal : goals) {
      auto isInteresting = [&](ModuleOp module) {
        return llvm::StringRef(print(module)).contains(goal.text);
      };
      // One construct by turns, or whatever of the rest is there.
      if ((&goal - goals) % 3 != seed % 3 || !isInteresting(*network))
        continue;
      SCOPED_TRACE(std::to_string(seed) + ": " + goal.text);
      OwningOpRef<ModuleOp> small = shrinkNetwork(*network, isInteresting);
      EXPECT_TRUE(succeeded(mlir::verify(*small)));
      EXPECT_TRUE(isInteresting(*small));
      EXPECT_EQ(text, print(*network));
      EXPECT_LE(llvm::range_size(getNetwork(*small).getBody().front()),
                goal.operations)
          << print(*small);
      EXPECT_EQ(print(*small), print(*shrinkNetwork(*network, isInteresting)));
    }
  }
}

/// Operations without a population may feed each other.
TEST_F(ShrinkNetworkTest, CyclesEnd) {
  OwningOpRef<ModuleOp> cyclic = parse(R"(
  snn.network @n() -> !snn.signal<2, binary> attributes {dt = "steps"} {
    %a = snn.delay %b by 1 : !snn.signal<2, binary>
    %b = snn.delay %a by 2 : !snn.signal<2, binary>
    %i = snn.project %b through #snn.dense delay 1 : !snn.signal<2, binary> -> !snn.current<2>
    %s = snn.population "p" (in: %i accumulate ordered<f32>) model #snn.if<state = f32, reset = none, fires = above, when = same_step>
      params {r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<2, binary>
    snn.output %s : !snn.signal<2, binary>
  })");
  ASSERT_TRUE(cyclic);
  auto isInteresting = [&](ModuleOp module) {
    return llvm::StringRef(print(module)).contains("snn.project");
  };
  OwningOpRef<ModuleOp> small = shrinkNetwork(*cyclic, isInteresting);
  EXPECT_TRUE(succeeded(mlir::verify(*small)));
  small = shrinkNetwork(*cyclic, [](ModuleOp) { return true; });
  EXPECT_EQ(1, llvm::range_size(getNetwork(*small).getBody().front()));
}

/// A function that computes around the simulation keeps its door as it is.
TEST_F(ShrinkNetworkTest, LeavesOtherFunctionsAlone) {
  OwningOpRef<ModuleOp> network = parse(R"(
  snn.network @n(%x: !snn.signal<3, analogue<f32>>) -> !snn.signal<3, binary> attributes {dt = "steps"} {
    %i = snn.project %x through #snn.one_to_one weights 0.3 delay 0 : !snn.signal<3, analogue<f32>> -> !snn.current<3>
    %s = snn.population "p" (in: %i accumulate ordered<f32>) model #snn.if<state = f32, reset = none, fires = above, when = same_step>
      params {r = 1.0, v_threshold = 0.3, v_init = 0.0} : !snn.signal<3, binary>
    snn.output %s : !snn.signal<3, binary>
  }
  func.func @main(%x: tensor<?x3xf32>) -> (tensor<?x3xi32>, tensor<?x3xf32>) {
    %r = snn.simulate @n(%x) steps(4) reset(per_sample) readout(count) : (tensor<?x3xf32>) -> tensor<?x3xi32>
    return %r, %x : tensor<?x3xi32>, tensor<?x3xf32>
  })");
  ASSERT_TRUE(network);
  OwningOpRef<ModuleOp> small =
      shrinkNetwork(*network, [](ModuleOp) { return true; });
  EXPECT_TRUE(succeeded(mlir::verify(*small)));
  std::string text = print(*small);
  EXPECT_THAT(text, HasSubstr("-> (tensor<?x3xi32>, tensor<?x3xf32>)"));
  EXPECT_THAT(text, HasSubstr("v_threshold = 2.500000e-01"));
  EXPECT_THAT(text, testing::Not(HasSubstr("one_to_one")));
}
