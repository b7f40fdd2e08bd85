//===- RandomInputs.cpp - inputs of random networks -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values that are in the alphabet of an input and that its encoders can encode.
//
//===----------------------------------------------------------------------===//

#include "RandomParts.h"
#include "spikeformer/Dialect/SNN/IR/SNNEncoders.h"
#include "spikeformer/Reference/RandomNetwork.h"
#include "spikeformer/Support/TensorAttr.h"

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

/// Steps of a run whose module leaves them open.
static constexpr int64_t kOpenSteps = 8;

static NetworkOp getNetwork(SimulateOp simulate) {
  return SymbolTable::lookupNearestSymbolFrom<NetworkOp>(
      simulate, simulate.getNetworkAttr());
}

/// Largest value that `encode` can encode where it is bounded.
static std::optional<double> getLargest(EncodeOp encode) {
  double dt = encode->getParentOfType<NetworkOp>().getStepLength();
  Attribute encoder = encode.getEncoder();
  if (auto poisson = dyn_cast<PoissonAttr>(encoder))
    return 1.0 / (poisson.getGain().getValueAsDouble() * dt);
  if (auto rate = dyn_cast<RateAttr>(encoder))
    return 1.0 / (rate.getGain().getValueAsDouble() * dt);
  if (isa<LatencyAttr, PhaseAttr, BurstAttr>(encoder))
    return 1.0;
  if (isa<LatencyRCAttr>(encoder))
    return 10.0;
  return std::nullopt;
}

/// Largest value that every encoder of `input` can encode; none where negative
/// ones can be encoded too.
static std::optional<double> getLargestRate(Value input) {
  std::optional<double> largest;
  for (Operation *user : input.getUsers())
    if (auto encode = dyn_cast<EncodeOp>(user))
      if (std::optional<double> own = getLargest(encode))
        largest = std::min(largest.value_or(*own), *own);
  return largest;
}

/// One element of an integer alphabet, small ones more often than large ones.
static int64_t makeInteger(RandomSource &random, SignalType type) {
  switch (type.getKind()) {
  case AlphabetKind::binary:
    return random.chance(0.3);
  case AlphabetKind::ternary:
    return random.chance(0.5) ? 0 : random.pick({-1, 1});
  case AlphabetKind::count:
    return random.chance(0.5) ? 0 : random.range(1, type.getLimit());
  default:
    break;
  }
  if (random.chance(0.4))
    return 0;
  auto carrier = cast<IntegerType>(type.getCarrier());
  unsigned width = std::min<unsigned>(carrier.getWidth(), random.range(1, 8));
  if (carrier.isUnsigned())
    return random.range(0, llvm::maxUIntN(width));
  return random.range(llvm::minIntN(width), llvm::maxIntN(width));
}

static double makeFloat(RandomSource &random, std::optional<double> largest) {
  if (random.chance(0.25))
    return 0.0;
  if (largest == 1.0 && random.chance(0.1))
    return 1.0;
  // The limit is a product that was rounded.
  return largest ? random.uniform(0.0, 0.99 * *largest)
                 : random.uniform(-1.0, 1.5);
}

template <typename T>
static void fill(Tensor &tensor, RandomSource &random, SignalType type,
                 std::optional<double> largest) {
  for (T &element : tensor.data<T>())
    if constexpr (std::is_floating_point_v<T>)
      element = static_cast<T>(makeFloat(random, largest));
    else
      element = static_cast<T>(makeInteger(random, type));
}

static Tensor makeInput(RandomSource &random, Value input,
                        ArrayRef<int64_t> shape) {
  auto type = cast<SignalType>(input.getType());
  std::optional<double> largest = getLargestRate(input);
  Tensor tensor(shape, type.getRecordType());
  switch (type.getRecordType()) {
  case ElementType::u8:
    fill<uint8_t>(tensor, random, type, largest);
    break;
  case ElementType::i8:
    fill<int8_t>(tensor, random, type, largest);
    break;
  case ElementType::i32:
    fill<int32_t>(tensor, random, type, largest);
    break;
  case ElementType::f32:
    fill<float>(tensor, random, type, largest);
    break;
  case ElementType::f64:
    fill<double>(tensor, random, type, largest);
    break;
  default:
    llvm_unreachable("no signal has this type");
  }
  return tensor;
}

std::vector<Tensor> spikeformer::makeRandomInputs(SimulateOp simulate,
                                                  uint64_t seed,
                                                  int64_t samples) {
  NetworkOp network = getNetwork(simulate);
  int64_t steps = simulate.getSteps().value_or(kOpenSteps);
  RandomSource random(seed);
  std::vector<Tensor> inputs;
  for (auto [operand, argument] : llvm::zip_equal(
           simulate.getInputs(), network.getBody().getArguments())) {
    auto signal = cast<SignalType>(argument.getType());
    auto type = cast<ShapedType>(operand.getType());
    SmallVector<int64_t> shape{samples};
    if (type.getRank() == static_cast<int64_t>(signal.getShape().size()) + 2)
      shape.push_back(steps);
    llvm::append_range(shape, signal.getShape());
    inputs.push_back(makeInput(random, argument, shape));
  }
  return inputs;
}

RunRequest spikeformer::makeRandomRequest(SimulateOp simulate, uint64_t seed,
                                          int64_t samples) {
  RunRequest request;
  request.inputs = makeRandomInputs(simulate, seed, samples);
  request.samples = samples;
  request.firstSample = seed % 1000;
  request.timesteps = simulate.getSteps().value_or(kOpenSteps);
  request.resetPerSample = simulate.getResetKind() == SampleReset::per_sample;
  for (auto population :
       getNetwork(simulate).getBody().getOps<PopulationOp>()) {
    request.probes.push_back({population.getName().str(), ""});
    for (const ModelVariable &state :
         population.getModel().getStates(population))
      request.probes.push_back({population.getName().str(), state.name});
  }
  return request;
}
