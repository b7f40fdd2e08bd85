//===- Neuron.cpp - what a population computes, as a rule -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Neuron.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/OperationSupport.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "llvm/ADT/StringSwitch.h"

using namespace spikeformer;
using namespace spikeformer::nir;
using namespace spikeformer::snn;

bool Factors::operator==(const Factors &other) const {
  auto tie = [](const Factors &f) {
    return std::tie(f.decay, f.gain, f.leak, f.threshold, f.reset, f.lowerBound,
                    f.decaySyn, f.gainSyn, f.leakSyn, f.potential, f.current);
  };
  return tie(*this) == tie(other);
}

//===----------------------------------------------------------------------===//
// Rules
//===----------------------------------------------------------------------===//

NeuronReader::NeuronReader(ModuleOp module, ArrayRef<Profile> known)
    : scratch(ModuleOp::create(UnknownLoc::get(module.getContext()))) {
  module.getContext()->loadDialect<arith::ArithDialect, math::MathDialect>();
  for (const NodeInfo &info : getNodeTypes()) {
    if (info.nodeClass != NodeClass::neuron)
      continue;
    for (const Profile &profile : known)
      for (bool isRecurrent : {false, true})
        addCandidate(info.type, profile.getRule(info, isRecurrent));
  }
  OpBuilder builder = OpBuilder::atBlockEnd(scratch->getBody());
  threshold = buildThreshold(builder, scratch->getLoc(), "threshold");
}

NeuronReader::~NeuronReader() = default;

static bool isSameStep(ModelOp a, ModelOp b) {
  return a.getStates().size() == b.getStates().size() &&
         a.getReceptors().size() == b.getReceptors().size() &&
         a.getParams().size() == b.getParams().size() &&
         OperationEquivalence::isRegionEquivalentTo(
             &a.getBody(), &b.getBody(), OperationEquivalence::IgnoreLocations);
}

void NeuronReader::addCandidate(NodeType type, const Rule &rule) {
  OpBuilder builder = OpBuilder::atBlockEnd(scratch->getBody());
  ModelOp model =
      buildModel(builder, scratch->getLoc(), "candidate", type, rule);
  if (llvm::any_of(candidates, [&](const Candidate &other) {
        return other.type == type && isSameStep(other.model, model);
      }))
    return model.erase();
  candidates.push_back({type, rule, model});
}

std::optional<Attribute> NeuronReader::readThreshold(PopulationOp population) {
  auto custom = dyn_cast<CustomAttr>(population.getModel());
  if (!custom)
    return std::nullopt;
  auto model = SymbolTable::lookupNearestSymbolFrom<ModelOp>(
      population->getParentOfType<NetworkOp>(), custom.getModel());
  if (!isSameStep(model, threshold))
    return std::nullopt;
  auto name = cast<StringAttr>(model.getParams()[0]);
  return population.getParams().get(name);
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

namespace {
/// The params of a population by name, each for all elements.
class ParamNumbers {
public:
  /// False after a diagnostic.
  bool read(PopulationOp population);
  bool isShared() const { return shared; }
  double get(StringRef name, size_t element) const {
    return views.find(name)->second[element];
  }

private:
  llvm::StringMap<NumberView> views;
  bool shared = true;
};
} // namespace

bool ParamNumbers::read(PopulationOp population) {
  for (NamedAttribute param : population.getParams()) {
    FailureOr<NumberView> view = NumberView::createBroadcast(
        population, param.getValue(), population.getSignalType().getShape());
    if (failed(view))
      return false;
    shared &= view->isShared();
    views.try_emplace(param.getName(), *view);
  }
  return true;
}

/// The member of `factors` that the param `name` of a rule's model is.
static float *findFactor(Factors &factors, StringRef name) {
  return llvm::StringSwitch<float *>(name)
      .Case("decay", &factors.decay)
      .Case("gain", &factors.gain)
      .Case("leak", &factors.leak)
      .Case("threshold", &factors.threshold)
      .Case("v_reset", &factors.reset)
      .Case("lower_bound", &factors.lowerBound)
      .Cases({"decay_syn", "step_syn"}, &factors.decaySyn)
      .Case("gain_syn", &factors.gainSyn)
      .Case("leak_syn", &factors.leakSyn)
      .Case("v", &factors.potential)
      .Case("i", &factors.current)
      .Default(nullptr);
}

/// Factors of all elements, or of one if they share their params.
static std::optional<std::vector<Factors>>
readFactors(PopulationOp population,
            llvm::function_ref<Factors(const ParamNumbers &, size_t)> rule) {
  ParamNumbers numbers;
  if (!numbers.read(population))
    return std::nullopt;
  size_t count =
      numbers.isShared() ? 1 : population.getSignalType().getNumElements();
  std::vector<Factors> factors;
  for (size_t element = 0; element < count; ++element)
    factors.push_back(rule(numbers, element));
  return factors;
}

std::optional<Neuron> NeuronReader::readCustom(PopulationOp population,
                                               ModelOp model) {
  auto found = llvm::find_if(candidates, [&](const Candidate &candidate) {
    return isSameStep(candidate.model, model);
  });
  if (found == candidates.end()) {
    population.emitOpError("has the model @")
        << model.getSymName()
        << ", which is no rule of any profile; needs a built-in model or one "
           "that --import-nir makes";
    return std::nullopt;
  }
  auto factors = readFactors(population, [&](const ParamNumbers &numbers,
                                             size_t element) {
    Factors result;
    auto put = [&](StringRef role, StringRef param) {
      *findFactor(result, role) =
          static_cast<float>(numbers.get(param, element));
    };
    for (auto [role, name] :
         llvm::zip_equal(found->model.getParams().getAsValueRange<StringAttr>(),
                         model.getParams().getAsValueRange<StringAttr>()))
      put(role, name);
    for (auto [role, name] :
         llvm::zip_equal(found->model.getStates().getAsValueRange<StringAttr>(),
                         model.getStates().getAsValueRange<StringAttr>()))
      put(role, (name + "_init").str());
    return result;
  });
  if (!factors)
    return std::nullopt;
  return Neuron{found->type, found->rule, std::move(*factors)};
}

//===----------------------------------------------------------------------===//
// Built-in models
//===----------------------------------------------------------------------===//

/// Whether a model of the IF family has only options that a rule of NIR has.
template <typename T>
static bool hasKnownOptions(T model) {
  bool countsAtThreshold = model.getSpikes() == SpikeKind::many &&
                           model.getFires() == FiresKind::at_or_above;
  return model.getState().isF32() &&
         model.getRefractory() == RefractoryKind::none &&
         model.getTested() == TestTime::after &&
         model.getBound() == BoundKind::none &&
         model.getWhen() != ResetTime::once &&
         (model.getSpikes() == SpikeKind::one || countsAtThreshold);
}

template <typename T>
static Rule makeRule(T model) {
  ResetKind reset = model.getReset();
  FiresKind fires = model.getFires();
  ResetTime when = model.getWhen();
  Rule rule;
  rule.fires = fires == FiresKind::above ? Fires::above : Fires::at_or_above;
  rule.when = when == ResetTime::same_step ? When::same_step : When::next_step;
  if (model.getSpikes() == SpikeKind::many)
    rule.fires = Fires::many;
  switch (reset) {
  case ResetKind::subtract:
    rule.reset = Reset::subtract;
    break;
  case ResetKind::to_value:
    rule.reset = Reset::value;
    break;
  case ResetKind::none:
    rule.reset = Reset::none;
    break;
  }
  return rule;
}

/// Coefficients of one element, rounded as the engines round them.
static SmallVector<float> getCoefficients(PopulationOp population,
                                          const ParamNumbers &numbers,
                                          size_t element) {
  NeuronModelAttrInterface model = population.getModel();
  SmallVector<double> params;
  for (StringRef name : model.getParamNames(population))
    params.push_back(numbers.get(name, element));
  SmallVector<double> coefficients(model.getCoefficients(population).size());
  // The verifier has found params that are out of range.
  (void)model.computeCoefficients(
      [&] { return population.emitOpError(); }, population, params,
      population->getParentOfType<NetworkOp>().getStepLength(), coefficients);
  return SmallVector<float>(coefficients.begin(), coefficients.end());
}

static Factors getIF(ArrayRef<float> c, bool resets) {
  Factors factors;
  factors.gain = c[0];
  factors.threshold = c[1];
  factors.reset = resets ? c[2] : 0;
  return factors;
}

static Factors getLIF(Integration integration, ArrayRef<float> c, bool resets) {
  Factors factors;
  unsigned own = 3;
  if (integration == Integration::discrete) {
    own = 2;
    factors.decay = c[0];
    factors.gain = c[1];
  } else {
    bool isEuler = integration == Integration::euler;
    float step = isEuler ? c[0] : 1 - c[0];
    factors.decay = isEuler ? 1 - c[0] : c[0];
    factors.gain = step * c[2];
    factors.leak = step * c[1];
  }
  factors.threshold = c[own];
  factors.reset = resets ? c[own + 1] : 0;
  return factors;
}

static Factors getCubaLIF(Integration integration, SynapseOrder order,
                          ArrayRef<float> c, bool resets) {
  Factors factors;
  factors.gain = c[2];
  factors.gainSyn = c[3];
  factors.decaySyn = c[0];
  factors.decay = c[1];
  if (integration == Integration::euler) {
    factors.decaySyn = 1 - c[0];
    factors.gainSyn = c[0] * c[3];
    factors.decay = 1 - c[1];
    factors.gain = c[1] * c[2];
    factors.leak = c[1] * c[4];
  } else if (integration == Integration::exact) {
    factors.leak = (1 - c[1]) * c[4];
    if (order == SynapseOrder::synapse_first)
      factors.decaySyn = 1 - c[0];
  }
  factors.threshold = c[5];
  factors.reset = resets ? c[6] : 0;
  return factors;
}

/// The neuron but for its factors, and how coefficients become factors.
static std::optional<Neuron>
readBuiltin(PopulationOp population,
            std::function<Factors(ArrayRef<float>)> &rule) {
  Attribute model = population.getModel();
  auto make = [](NodeType type, const Rule &structure, bool roundsOtherwise) {
    return Neuron{type, structure, {}, roundsOtherwise};
  };
  if (auto own = dyn_cast<IFAttr>(model); own && hasKnownOptions(own)) {
    bool resets = own.getReset() == ResetKind::to_value;
    rule = [=](ArrayRef<float> c) { return getIF(c, resets); };
    return make(NodeType::IF, makeRule(own), false);
  }
  if (auto own = dyn_cast<LIFAttr>(model);
      own && hasKnownOptions(own) && own.getInput() == InputKind::held &&
      own.getIntegration() != Integration::exponential_euler) {
    bool resets = own.getReset() == ResetKind::to_value;
    Integration integration = own.getIntegration();
    rule = [=](ArrayRef<float> c) { return getLIF(integration, c, resets); };
    return make(NodeType::LIF, makeRule(own),
                integration != Integration::discrete);
  }
  auto own = dyn_cast<CubaLIFAttr>(model);
  if (!own || !hasKnownOptions(own) || own.getInput() != InputKind::impulse ||
      own.getIntegration() == Integration::exponential_euler)
    return std::nullopt;
  SynapseOrder order = own.getOrder();
  Integration integration = own.getIntegration();
  if (order == SynapseOrder::add_decay || order == SynapseOrder::jump)
    return std::nullopt;
  bool resets = own.getReset() == ResetKind::to_value;
  rule = [=](ArrayRef<float> c) {
    return getCubaLIF(integration, order, c, resets);
  };
  Neuron neuron = make(NodeType::CubaLIF, makeRule(own),
                       integration != Integration::discrete);
  if (order == SynapseOrder::membrane_first)
    neuron.rule.synapse = Synapse::lagged;
  else if (integration == Integration::exact)
    neuron.rule.synapse = Synapse::jump;
  return neuron;
}

std::optional<Neuron> NeuronReader::read(PopulationOp population) {
  if (auto custom = dyn_cast<CustomAttr>(population.getModel()))
    return readCustom(population, SymbolTable::lookupNearestSymbolFrom<ModelOp>(
                                      population->getParentOfType<NetworkOp>(),
                                      custom.getModel()));
  std::function<Factors(ArrayRef<float>)> rule;
  std::optional<Neuron> neuron = readBuiltin(population, rule);
  if (!neuron) {
    population.emitOpError("has the model ")
        << population.getModel()
        << ", which NIR cannot say: it has IF, LIF and CubaLIF in f32 without "
           "a refractory period or a bound";
    return std::nullopt;
  }
  auto factors =
      readFactors(population, [&](const ParamNumbers &numbers, size_t element) {
        Factors result = rule(getCoefficients(population, numbers, element));
        result.potential = static_cast<float>(numbers.get("v_init", element));
        return result;
      });
  if (!factors)
    return std::nullopt;
  neuron->factors = std::move(*factors);
  return neuron;
}
