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
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

/// Largest count of a signal: what a potential that explodes emits.
static constexpr unsigned kMostSpikes = INT32_MAX;

namespace {
/// Where a param of a model makes sense, in units of a power of the step.
struct ParamRange {
  StringLiteral model, name;
  double low, high;
  int stepPower = 0;
};

/// The spike rule of the IF family.
struct RandomRule {
  ResetKind reset;
  FiresKind fires;
  ResetTime when;
  RefractoryKind refractory;
  SpikeKind spikes = SpikeKind::one;
  TestTime tested = TestTime::after;
  BoundKind bound = BoundKind::none;
};

/// Chooses one structure and its params.
class ModelMaker {
public:
  ModelMaker(RandomContext &context, ArrayRef<int64_t> shape)
      : context(context), random(context.random), shape(shape),
        state(random.chance(0.7) ? Type(context.builder.getF32Type())
                                 : Type(context.builder.getF64Type())) {}

  RandomModel make();

private:
  NeuronModelAttrInterface makeStructure();
  NeuronModelAttrInterface makeSpiking();
  NeuronModelAttrInterface makeAnalogue();
  NeuronModelAttrInterface makeAdaptive();
  NeuronModelAttrInterface makeOther();
  NeuronModelAttrInterface makeSigmaDelta();
  RandomRule makeRule(bool hasOptions);
  SynapseOrder chooseOrder(Integration integration, InputKind input);
  InputKind chooseInput(Integration integration, InputKind usual);
  SignalType makeSignalType(Type emitted);
  Attribute makeParam(StringRef name);
  Attribute makeInteger(StringRef name, IntegerLIFAttr model);

  template <typename Enum>
  Enum choose(unsigned count) {
    return static_cast<Enum>(random.below(count));
  }
  /// euler, exact or discrete.
  Integration chooseIntegration() { return choose<Integration>(3); }
  template <typename Attr, typename... Fields>
  NeuronModelAttrInterface get(Fields... fields) {
    return Attr::get(context.getContext(), state, fields...);
  }

  RandomContext &context;
  RandomSource &random;
  ArrayRef<int64_t> shape;
  Type state;
  NeuronModelAttrInterface model;
};
} // namespace

//===----------------------------------------------------------------------===//
// Structures
//===----------------------------------------------------------------------===//

RandomRule ModelMaker::makeRule(bool hasOptions) {
  RandomRule rule{
      choose<ResetKind>(3), choose<FiresKind>(2), choose<ResetTime>(2),
      random.chance(0.4) ? choose<RefractoryKind>(4) : RefractoryKind::none};
  if (rule.refractory != RefractoryKind::none)
    rule.when = ResetTime::same_step;
  if (rule.refractory == RefractoryKind::clamp)
    rule.reset = ResetKind::to_value;
  if (!hasOptions || random.chance(0.4))
    return rule;
  rule.bound = choose<BoundKind>(2);
  rule.spikes = choose<SpikeKind>(3);
  if (rule.refractory != RefractoryKind::none)
    return rule;
  if (random.chance(0.3)) {
    rule.tested = TestTime::before;
    rule.when = ResetTime::same_step;
  } else if (random.chance(0.3)) {
    rule.when = ResetTime::once;
    rule.spikes = SpikeKind::one;
  }
  return rule;
}

InputKind ModelMaker::chooseInput(Integration integration, InputKind usual) {
  return integration == Integration::exact ? choose<InputKind>(2) : usual;
}

SynapseOrder ModelMaker::chooseOrder(Integration integration, InputKind input) {
  if (input == InputKind::held)
    return SynapseOrder::membrane_first;
  return choose<SynapseOrder>(integration == Integration::exact ? 2 : 4);
}

NeuronModelAttrInterface ModelMaker::makeSpiking() {
  RandomRule r = makeRule(/*hasOptions=*/true);
  Integration integration = chooseIntegration();
  switch (random.below(3)) {
  case 0:
    return get<IFAttr>(r.reset, r.fires, r.when, r.refractory, r.spikes,
                       r.tested, r.bound);
  case 1:
    return get<LIFAttr>(integration, r.reset, r.fires, r.when, r.refractory,
                        r.spikes, r.tested, r.bound,
                        chooseInput(integration, InputKind::held));
  default:
    InputKind input = chooseInput(integration, InputKind::impulse);
    return get<CubaLIFAttr>(integration, chooseOrder(integration, input),
                            r.reset, r.fires, r.when, r.refractory, r.spikes,
                            r.tested, r.bound, input);
  }
}

NeuronModelAttrInterface ModelMaker::makeAnalogue() {
  Integration integration = chooseIntegration();
  InputKind input = chooseInput(integration, InputKind::impulse);
  switch (random.below(4)) {
  case 0:
    return get<LinearAttr>();
  case 1:
    return get<IAttr>();
  case 2:
    return get<LIAttr>(integration, chooseInput(integration, InputKind::held));
  default:
    return get<CubaLIAttr>(integration, chooseOrder(integration, input), input);
  }
}

NeuronModelAttrInterface ModelMaker::makeAdaptive() {
  RandomRule r = makeRule(/*hasOptions=*/false);
  Integration integration = chooseIntegration();
  switch (random.below(4)) {
  case 0:
    return get<ALIFAttr>(integration, r.reset, r.fires, r.when, r.refractory);
  case 1:
    return get<AdLIFAttr>(integration, r.reset, r.fires);
  case 2:
    return get<AdExAttr>(
        random.pick({Integration::euler, Integration::exponential_euler}));
  default:
    return get<IzhikevichAttr>(choose<Recovery>(2));
  }
}

NeuronModelAttrInterface ModelMaker::makeSigmaDelta() {
  if (random.chance(0.4))
    state = context.builder.getI32Type();
  return get<SigmaDeltaAttr>(choose<Stages>(3), choose<Activation>(2));
}

NeuronModelAttrInterface ModelMaker::makeOther() {
  switch (random.below(6)) {
  case 0:
    return get<ThresholdAttr>(choose<FiresKind>(2), choose<SpikeKind>(3));
  case 1:
    return get<ResonateAndFireAttr>(choose<FiresKind>(2), choose<InputKind>(2));
  case 2:
    return makeSigmaDelta();
  case 3:
    return get<IafPscAttr>(choose<SynapseKernel>(3), choose<BoundKind>(2));
  case 4:
    return get<IafCondAttr>();
  default:
    return IntegerLIFAttr::get(
        context.getContext(), random.pick({2u, 8u, 12u, 16u, 24u, 32u}),
        random.pick({1u, 4u, 8u, 12u}), choose<Rounding>(3),
        choose<Overflow>(2), choose<ResetKind>(3), choose<FiresKind>(2));
  }
}

NeuronModelAttrInterface ModelMaker::makeStructure() {
  switch (random.below(8)) {
  case 0:
    return makeAnalogue();
  case 1:
  case 2:
    return makeAdaptive();
  case 3:
  case 4:
    return makeOther();
  default:
    return makeSpiking();
  }
}

//===----------------------------------------------------------------------===//
// Params
//===----------------------------------------------------------------------===//

/// The first that fits: a name ends in `*` where it is a prefix, and a model is
/// empty where it may be any. Inputs are a few units.
static constexpr ParamRange ranges[] = {
    {"snn.adex", "c_m", 2, 20, 1},
    {"snn.adex", "delta_t", 0.05, 0.3},
    {"snn.adex", "v_t", 0.25, 0.5},
    {"snn.adex", "v_peak", 1, 2},
    {"snn.adex", "a", -0.25, 0.5},
    {"snn.izhikevich", "time_unit", 2, 10, 1},
    {"snn.izhikevich", "k2", 0.5, 1.5},
    {"snn.izhikevich", "k*", 0, 0.5},
    {"snn.izhikevich", "c", -0.5, 0},
    {"snn.izhikevich", "v_peak", 1, 2},
    {"snn.resonate_and_fire", "damping", -0.4, 0, -1},
    {"snn.resonate_and_fire", "omega", 0.1, 7, -1},
    {"snn.iaf_psc", "c_m", 2, 20, 1},
    {"snn.iaf_cond_exp", "c_m", 2, 20, 1},
    {"snn.iaf_cond_exp", "e_ex", 1, 4},
    {"snn.iaf_cond_exp", "e_in", -2, -0.5},
    {"snn.if", "r", 0.5, 2, -1},
    {"snn.i", "r", 0.5, 2, -1},
    {"", "g_l", 0.5, 2},
    {"", "e_l", -0.5, 0.25},
    {"", "v_th", 0.25, 1},
    {"", "v_min", -1, -0.25},
    {"", "tau*", 1.5, 20, 1},
    {"", "t_ref", 0, 4, 1},
    {"", "decay*", 0, 1},
    {"", "r", 0.5, 2},
    {"", "w_in", 0.5, 2},
    {"", "beta", 0, 1},
    {"", "a", 0, 0.5},
    {"", "b", 0, 0.5},
    {"", "d", 0, 0.5},
    {"", "v_threshold", 0.25, 1.5},
    {"", "v_leak", -0.5, 0.25},
    {"", "v_reset", -0.5, 0.25},
    {"", "*", -0.5, 1},
};

static const ParamRange &findRange(StringRef model, StringRef name) {
  return *llvm::find_if(ranges, [&](const ParamRange &range) {
    StringRef pattern = range.name;
    bool isNamed =
        pattern.consume_back("*") ? name.starts_with(pattern) : name == pattern;
    return isNamed && (range.model.empty() || range.model == model);
  });
}

/// Where numbers are short, factors are powers of 2: potentials stay on the
/// grid of thresholds, and meet them.
Attribute ModelMaker::makeParam(StringRef name) {
  bool isFactor = name.starts_with("decay") || name == "r" || name == "w_in";
  if (isFactor && !context.fullMantissa && !context.seconds)
    return context.getNumber(random.pick({0.5, 1.0}));
  const ParamRange &range =
      findRange(model.getAbstractAttribute().getName(), name);
  double unit = std::pow(context.seconds.value_or(1.0), range.stepPower);
  double low = range.low * unit, high = range.high * unit;
  if (isa<SigmaDeltaAttr>(model) && isa<IntegerType>(state))
    high = 8.0;
  return context.makeParam(shape, low, high);
}

Attribute ModelMaker::makeInteger(StringRef name, IntegerLIFAttr integer) {
  int64_t end = llvm::maxIntN(integer.getWidth());
  int64_t low = std::max<int64_t>(-5, -end), high = std::min<int64_t>(20, end);
  if (name.starts_with("decay")) {
    low = 0;
    high = int64_t(1) << integer.getBits();
  }
  if (random.chance(0.6))
    return context.getNumber(random.range(low, high));
  Tensor numbers(shape, ElementType::i32);
  for (int32_t &number : numbers.data<int32_t>())
    number = random.range(low, high);
  return ParamAttr::get(context.getContext(), context.addParameter(numbers));
}

/// What holds everything that a neuron emits.
SignalType ModelMaker::makeSignalType(Type emitted) {
  MLIRContext *mlir = context.getContext();
  if (emitted.isInteger(1))
    return SignalType::get(mlir, shape, AlphabetKind::binary);
  if (emitted.isInteger(8))
    return SignalType::get(mlir, shape, AlphabetKind::ternary);
  if (isa<FloatType>(emitted))
    return SignalType::getAnalogue(shape, emitted);
  if (!isa<SigmaDeltaAttr>(model))
    return SignalType::get(mlir, shape, AlphabetKind::count, kMostSpikes,
                           Type());
  return SignalType::get(mlir, shape, AlphabetKind::graded, 0,
                         IntegerType::get(mlir, 32, IntegerType::Signed));
}

RandomModel ModelMaker::make() {
  RandomModel result;
  result.model = model = makeStructure();
  result.states = result.model.getStates(nullptr);
  result.receptors = result.model.getReceptors(nullptr);
  result.signal = makeSignalType(model.getSpikeType(nullptr));
  auto integer = dyn_cast<IntegerLIFAttr>(model);
  for (StringRef name : model.getParamNames(nullptr))
    result.params.push_back(context.builder.getNamedAttr(
        name, integer ? makeInteger(name, integer) : makeParam(name)));
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
