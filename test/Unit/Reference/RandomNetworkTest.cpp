//===- RandomNetworkTest.cpp - random networks ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random networks are valid, run, depend on the seed only and cover the
// dialect; most have numbers that no short mantissa can hold, some a large
// fan-in.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Reference/RandomNetwork.h"
#include "RandomNetworkTest.h"
#include "mlir/IR/Verifier.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::snn;
using testing::HasSubstr;

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
                               "refractory = freeze",
                               "refractory = ignore_input",
                               "when = once",
                               "tested = before",
                               "spikes = signed",
                               "spikes = many",
                               "bound = lower",
                               "order = add_decay",
                               "order = jump",
                               "input = impulse",
                               "input = held",
                               "#snn.i<",
                               "#snn.li<",
                               "#snn.cuba_li<",
                               "#snn.threshold<",
                               "#snn.alif<",
                               "#snn.adlif<",
                               "#snn.adex<",
                               "integration = exponential_euler",
                               "#snn.izhikevich<",
                               "recovery = accumulating",
                               "#snn.resonate_and_fire<",
                               "stages = sigma",
                               "stages = delta",
                               "stages = sigma_delta",
                               "activation = relu",
                               "#snn.sigma_delta<state = i32",
                               "synapse = delta",
                               "synapse = exp",
                               "synapse = alpha",
                               "#snn.iaf_cond_exp<",
                               "rounding = toward_zero",
                               "rounding = floor",
                               "rounding = nearest_even",
                               "overflow = wrap",
                               "overflow = saturate",
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
                               "#snn.conv1d<",
                               "#snn.conv_transpose1d<",
                               "#snn.conv_transpose2d<",
                               "#snn.all_to_all<self = true",
                               "#snn.all_to_all<self = false",
                               "#snn.fixed_in_degree<",
                               "multapses = true",
                               "multapses = false",
                               "#snn.distance<falloff = gaussian",
                               "#snn.distance<falloff = exponential",
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
                               "delay (#snn.per_source<",
                               "delay 0",
                               "delay 3",
                               "#snn.poisson<probability = rate_dt",
                               "#snn.poisson<probability = one_minus_exp",
                               "#snn.constant_current",
                               "#snn.rate<",
                               "#snn.latency<",
                               "#snn.latency_rc<",
                               "#snn.delta<",
                               "off = true",
                               "off = false",
                               "#snn.phase<",
                               "#snn.burst<",
                               "#snn.population_code<",
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
                               "population_vector",
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
                               "arith.fptosi",
                               "math.exp",
                               "math.log",
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

//===----------------------------------------------------------------------===//
// What the comparison of engines rests on
//===----------------------------------------------------------------------===//

/// Numbers, and those of them that need more than 12 bits.
struct MantissaCount {
  int64_t numbers = 0, full = 0;

  void add(double value) {
    if (value == 0)
      return;
    int exponent;
    double scaled = std::frexp(value, &exponent) * 0x1p12;
    ++numbers;
    full += scaled != std::nearbyint(scaled);
  }
  void add(const Tensor &tensor) {
    for (int64_t k = 0; k < tensor.getNumElements(); ++k)
      add(tensor.getAsDouble(k));
  }
  /// Few numbers of a full network are short by chance.
  bool isFull() const { return numbers > 0 && full * 10 > numbers * 9; }
};

/// The float numbers that `attribute` has or names.
static void countNumbers(Operation *user, Attribute attribute,
                         MantissaCount &count) {
  if (!attribute)
    return;
  if (auto number = dyn_cast<FloatAttr>(attribute))
    return count.add(number.getValueAsDouble());
  attribute.walk([&](FlatSymbolRefAttr symbol) {
    auto data = loadParameter(user, symbol);
    if (succeeded(data) && isFloat(data->getElementType()))
      count.add(*data);
  });
}

TEST_F(RandomNetworkTest, HalfHaveFullMantissas) {
  constexpr uint64_t numNetworks = 300;
  int64_t fullWeights = 0, fullParams = 0, fullInputs = 0;
  int64_t haveWeights = 0, haveParams = 0, haveInputs = 0;
  for (uint64_t seed = 0; seed < numNetworks; ++seed) {
    OwningOpRef<ModuleOp> module = createRandomNetwork(&context, seed);
    MantissaCount weights, params, inputs;
    for (auto op : getNetwork(*module).getBody().getOps<ProjectOp>())
      countNumbers(op, op.getWeightsAttr(), weights);
    for (auto op : getNetwork(*module).getBody().getOps<PopulationOp>())
      for (NamedAttribute param : op.getParams())
        countNumbers(op, param.getValue(), params);
    for (const Tensor &input : makeRandomInputs(getSimulate(*module), seed, 1))
      if (isFloat(input.getElementType()))
        inputs.add(input);
    haveWeights += weights.numbers > 0;
    haveParams += params.numbers > 0;
    haveInputs += inputs.numbers > 0;
    fullWeights += weights.isFull();
    fullParams += params.isFull();
    fullInputs += inputs.isFull();
  }
  // Decays, thresholds and time constants are params.
  EXPECT_GE(2 * fullParams, int64_t(numNetworks));
  EXPECT_GE(2 * fullWeights, haveWeights);
  EXPECT_GE(2 * fullInputs, haveInputs);
  EXPECT_GE(haveWeights, 200);
  EXPECT_GE(haveInputs, 30);
  // The others meet thresholds and ties.
  EXPECT_GE(haveParams - fullParams, 60);
}

TEST_F(RandomNetworkTest, SomeHaveAFanInOfThousand) {
  int64_t wide = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    OwningOpRef<ModuleOp> module = createRandomNetwork(&context, seed);
    int64_t largest = 0;
    for (auto op : getNetwork(*module).getBody().getOps<ProjectOp>())
      if (isa<DenseAttr>(op.getConnectivity()))
        largest = std::max(largest, op.getSourceType().getNumElements());
    wide += largest >= 1000;
  }
  EXPECT_GE(wide, 30);
}

TEST_F(RandomNetworkTest, IsAsLargeAsAskedFor) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    RandomNetworkOptions options;
    options.populations = 3;
    options.steps = 5;
    options.neurons = 10;
    OwningOpRef<ModuleOp> module = createRandomNetwork(&context, seed, options);
    ASSERT_TRUE(succeeded(mlir::verify(*module)));
    EXPECT_EQ(5u, *getSimulate(*module).getSteps());
    auto populations = getNetwork(*module).getBody().getOps<PopulationOp>();
    EXPECT_EQ(3, llvm::range_size(populations));
    for (auto op : populations)
      EXPECT_LE(op.getSignalType().getNumElements(), 10);
    for (Type type : getNetwork(*module).getFunctionType().getInputs())
      EXPECT_LE(cast<SignalType>(type).getNumElements(), 10);
  }
}

TEST_F(RandomNetworkTest, KindsHaveNames) {
  EXPECT_EQ(RandomKind::recurrent, parseRandomKind("recurrent"));
  EXPECT_EQ(std::nullopt, parseRandomKind("large"));
}
