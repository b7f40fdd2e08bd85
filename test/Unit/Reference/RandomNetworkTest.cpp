//===- RandomNetworkTest.cpp - random networks ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random networks are valid, run, depend on the seed only and cover the
// dialect.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Reference/RandomNetwork.h"
#include "ReferenceTest.h"
#include "mlir/IR/Verifier.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::snn;
using testing::HasSubstr;

namespace {
class RandomNetworkTest : public ReferenceTest {
protected:
  std::string print(ModuleOp module) {
    std::string text;
    llvm::raw_string_ostream os(text);
    module.print(os);
    return text;
  }
  static SimulateOp getSimulate(ModuleOp module) {
    SimulateOp simulate;
    module.walk([&](SimulateOp op) { simulate = op; });
    return simulate;
  }
  static NetworkOp getNetwork(ModuleOp module) {
    return *module.getOps<NetworkOp>().begin();
  }
  /// What the reference interpreter gives for two samples.
  llvm::Expected<RunResult> runRandom(ModuleOp module, uint64_t seed) {
    auto made = createReferenceExecutor(getNetwork(module));
    if (mlir::failed(made))
      return llvm::createStringError("no executor");
    return (*made)->run(makeRandomRequest(getSimulate(module), seed, 2));
  }
  static int64_t countSpikes(const RunResult &result) {
    int64_t spikes = 0;
    for (const auto &[name, statistics] : result.populations)
      spikes += statistics.spikes;
    return spikes;
  }
};
} // namespace

static bool isFinite(const Tensor &tensor) {
  for (int64_t k = 0; k < tensor.getNumElements(); ++k)
    if (!std::isfinite(tensor.getAsDouble(k)))
      return false;
  return true;
}

TEST_F(RandomNetworkTest, DependsOnTheSeedOnly) {
  for (uint64_t seed : {1, 2, 3}) {
    std::string text = print(*createRandomNetwork(&context, seed));
    MLIRContext other(MLIRContext::Threading::DISABLED);
    EXPECT_EQ(text, print(*createRandomNetwork(&other, seed)));
    EXPECT_NE(text, print(*createRandomNetwork(&context, seed + 1)));
  }
}

TEST_F(RandomNetworkTest, IsValidAndRuns) {
  int64_t silent = 0;
  constexpr uint64_t numNetworks = 150;
  for (uint64_t seed = 0; seed < numNetworks; ++seed) {
    SCOPED_TRACE(seed);
    OwningOpRef<ModuleOp> network = createRandomNetwork(&context, seed);
    ASSERT_TRUE(succeeded(mlir::verify(*network)));
    auto result = runRandom(*network, seed);
    ASSERT_TRUE(static_cast<bool>(result))
        << llvm::toString(result.takeError());
    silent += countSpikes(*result) == 0;
    for (const auto &[key, recording] : result->recordings)
      EXPECT_TRUE(isFinite(recording)) << key;
  }
  EXPECT_LT(silent, 15);
}

TEST_F(RandomNetworkTest, CoversTheDialect) {
  std::string all;
  for (uint64_t seed = 0; seed < 200; ++seed)
    all += print(*createRandomNetwork(&context, seed));
  for (const char *fragment : {"#snn.if<state = f32",
                               "#snn.if<state = f64",
                               "#snn.lif<state = f64",
                               "#snn.cuba_lif<state = f64",
                               "#snn.linear<state = f64",
                               "#snn.custom<",
                               "integration = euler",
                               "integration = exact",
                               "integration = discrete",
                               "order = synapse_first",
                               "order = membrane_first",
                               "reset = subtract",
                               "reset = to_value",
                               "reset = none",
                               "fires = above",
                               "fires = at_or_above",
                               "when = same_step",
                               "when = next_step",
                               "refractory = clamp",
                               "accumulate ordered<f32>",
                               "accumulate ordered<f64>",
                               "accumulate exact<i32",
                               "accumulate exact<i64",
                               "accumulate saturating<i32",
                               "accumulate saturating<i64",
                               "bias ",
                               "#snn.dense",
                               "#snn.conv2d<",
                               "#snn.one_to_one",
                               "#snn.csr<",
                               "#snn.fixed_probability<",
                               "#snn.fixed_total<",
                               "#snn.view<",
                               "normal(",
                               "uniform(",
                               "generator = mix64",
                               "generator = philox",
                               "delay (#snn.param<",
                               "delay (#snn.random<",
                               "delay 0",
                               "delay 3",
                               "#snn.poisson<probability = rate_dt",
                               "#snn.poisson<probability = one_minus_exp",
                               "#snn.constant_current",
                               "snn.constant",
                               "snn.pool sum",
                               "snn.pool max",
                               "snn.reshape",
                               "snn.concat",
                               "snn.slice",
                               "snn.delay",
                               "onset ",
                               "expose [",
                               "binary>",
                               "ternary>",
                               "count<",
                               "graded<ui8>",
                               "graded<si16>",
                               "analogue<f32>",
                               "analogue<f64>",
                               "analogue<si32>",
                               "reset(never)",
                               "reset(per_sample)",
                               "count",
                               "first_spike",
                               "current_sum",
                               "membrane_last",
                               "membrane_max",
                               "dt = \"steps\"",
                               "dt = 1.0",
                               "arith.divf",
                               "arith.cmpf",
                               "arith.cmpi",
                               "arith.shrsi",
                               "arith.uitofp",
                               "arith.trunci",
                               "arith.extf",
                               "math.sqrt",
                               "math.roundeven",
                               "math.copysign",
                               "math.absi",
                               "arith.select",
                               "arith.minimumf",
                               ": i1, ",
                               "i64, "})
    EXPECT_THAT(all, HasSubstr(fragment));
}

TEST_F(RandomNetworkTest, WideNetworksHaveALargeFanIn) {
  OwningOpRef<ModuleOp> network =
      createRandomNetwork(&context, 5, RandomKind::wide);
  int64_t largest = 0;
  for (auto project : getNetwork(*network).getBody().getOps<ProjectOp>())
    if (isa<DenseAttr>(project.getConnectivity()))
      largest = std::max(largest, project.getSourceType().getNumElements());
  EXPECT_GE(largest, 1000);
}

TEST_F(RandomNetworkTest, KindsHaveNames) {
  EXPECT_EQ(RandomKind::recurrent, parseRandomKind("recurrent"));
  EXPECT_EQ(std::nullopt, parseRandomKind("large"));
}
