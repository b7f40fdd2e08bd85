//===- RandomModels.cpp - models of random networks -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chooses among the structures of the built-in models and keeps their numbers
// where neurons neither die nor explode.
//
//===----------------------------------------------------------------------===//

#include "RandomParts.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

namespace {
/// Chooses one structure and its params.
class ModelMaker {
public:
  ModelMaker(RandomContext &context, ArrayRef<int64_t> shape)
      : context(context), random(context.random), shape(shape) {}

  RandomModel make();

private:
  NeuronModelAttrInterface makeStructure();
  /// The range in which param `name` of a model makes sense.
  std::pair<double, double> getRange(StringRef name) const;
  Attribute makeParam(StringRef name);

  template <typename Enum>
  Enum choose(unsigned count) {
    return static_cast<Enum>(random.below(count));
  }

  RandomContext &context;
  RandomSource &random;
  ArrayRef<int64_t> shape;
  /// The resistance of the model takes the length of a step as a factor.
  bool scaleWithStep = false;
};
} // namespace

NeuronModelAttrInterface ModelMaker::makeStructure() {
  MLIRContext *mlir = context.getContext();
  Builder &builder = context.builder;
  Type state = random.chance(0.7) ? builder.getF32Type() : builder.getF64Type();
  auto reset = choose<ResetKind>(3);
  auto fires = choose<FiresKind>(2);
  auto when = choose<ResetTime>(2);
  auto refractory = choose<RefractoryKind>(2);
  if (refractory == RefractoryKind::clamp) {
    reset = ResetKind::to_value;
    when = ResetTime::same_step;
  }
  auto integration = choose<Integration>(3);
  switch (random.below(7)) {
  case 0:
    return LinearAttr::get(mlir, state);
  case 1:
  case 2:
    return IFAttr::get(mlir, state, reset, fires, when);
  case 3:
  case 4:
    return LIFAttr::get(mlir, state, integration, reset, fires, when,
                        refractory);
  default:
    return CubaLIFAttr::get(mlir, state, integration, choose<SynapseOrder>(2),
                            reset, fires, when, refractory);
  }
}

std::pair<double, double> ModelMaker::getRange(StringRef name) const {
  double dt = context.seconds.value_or(1.0);
  if (name.starts_with("tau"))
    return {1.5 * dt, 20.0 * dt};
  if (name == "t_ref")
    return {0.0, 4.0 * dt};
  if (name.starts_with("decay"))
    return {0.0, 1.0};
  if (name == "r" || name == "w_in")
    return {0.5, 2.0};
  if (name == "v_threshold")
    return {0.25, 1.5};
  if (name == "v_leak" || name == "v_reset")
    return {-0.5, 0.25};
  return {-0.5, 1.0};
}

/// Where numbers are short, factors are powers of 2: potentials stay on the
/// grid of thresholds, and meet them.
Attribute ModelMaker::makeParam(StringRef name) {
  auto [low, high] = getRange(name);
  bool isFactor = name.starts_with("decay") || name == "r" || name == "w_in";
  if (isFactor && !context.fullMantissa && !context.seconds)
    return context.getNumber(random.pick({0.5, 1.0}));
  if (name == "r" && scaleWithStep) {
    low /= *context.seconds;
    high /= *context.seconds;
  }
  return context.makeParam(shape, low, high);
}

RandomModel ModelMaker::make() {
  RandomModel result;
  result.model = makeStructure();
  result.states = result.model.getStates(nullptr);
  result.receptors = result.model.getReceptors(nullptr);
  Type emitted = result.model.getSpikeType(nullptr);
  result.signal =
      emitted.isInteger(1)
          ? SignalType::get(context.getContext(), shape, AlphabetKind::binary)
          : SignalType::getAnalogue(shape, emitted);
  scaleWithStep = isa<IFAttr>(result.model) && context.seconds;
  for (StringRef name : result.model.getParamNames(nullptr))
    result.params.push_back(
        context.builder.getNamedAttr(name, makeParam(name)));
  return result;
}

RandomModel reference::makeBuiltinModel(RandomContext &context,
                                        ArrayRef<int64_t> shape) {
  return ModelMaker(context, shape).make();
}

/// An accumulator in which float models see sums of a few units: a fraction
/// close to the width makes sums wrap or saturate.
static ReceptorAttr makeIntegerReceptor(RandomContext &context, StringAttr name,
                                        Type type, bool isInteger,
                                        Attribute bias) {
  auto kind = context.random.pick(
      {AccumulatorKind::exact, AccumulatorKind::saturating});
  if (!isInteger)
    type = context.builder.getIntegerType(context.random.pick({32, 64}));
  unsigned width = type.getIntOrFloatBitWidth();
  unsigned fraction =
      isInteger ? 0
                : context.random.pick({0u, 4u, 8u, 16u, width - 4, width - 2});
  return ReceptorAttr::get(context.getContext(), name, 0, kind, type, fraction,
                           bias);
}

ReceptorAttr reference::makeReceptor(RandomContext &context,
                                     const ModelVariable &variable,
                                     ArrayRef<int64_t> shape) {
  bool isInteger = isa<IntegerType>(variable.type);
  double scale = isInteger ? 8.0 : 0.5;
  Attribute bias;
  if (context.random.chance(0.5))
    bias = context.makeParam(shape, -scale / 2, scale);
  StringAttr name = context.builder.getStringAttr(variable.name);
  if (isInteger || context.random.chance(0.4))
    return makeIntegerReceptor(context, name, variable.type, isInteger, bias);
  return ReceptorAttr::get(context.getContext(), name, 0,
                           AccumulatorKind::ordered, variable.type, 0, bias);
}
