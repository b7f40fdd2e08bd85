//===- FitNeuron.cpp - parameters for the factors of a step ---------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every factor is a rounded function of a parameter, so the parameter is near
// its exact inverse: neighbouring floats are tried until the factor comes out.
// Where one time constant decides about two factors, it is tried for both.
//
//===----------------------------------------------------------------------===//

#include "FitNeuron.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::nir;

/// How many floats on each side of an inverse are tried.
static constexpr int numNeighbours = 64;

//===----------------------------------------------------------------------===//
// Floats
//===----------------------------------------------------------------------===//

/// Floats in order as integers.
static int64_t getOrdinal(float value) {
  auto bits = llvm::bit_cast<int32_t>(value);
  return bits >= 0 ? bits : -int64_t(bits & INT32_MAX);
}

/// Floats between two values.
static uint32_t getDistance(float a, float b) {
  if (!std::isfinite(a) || !std::isfinite(b))
    return a == b ? 0 : UINT32_MAX;
  int64_t distance = std::abs(getOrdinal(a) - getOrdinal(b));
  return static_cast<uint32_t>(std::min<int64_t>(distance, UINT32_MAX));
}

static float getNeighbour(float value, int steps) {
  float to = steps > 0 ? INFINITY : -INFINITY;
  for (int i = std::abs(steps); i > 0; --i)
    value = std::nextafterf(value, to);
  return value;
}

namespace {
/// The best argument found so far.
struct Best {
  float argument = 0;
  uint32_t distance = UINT32_MAX;

  void offer(float candidate, uint32_t itsDistance) {
    if (itsDistance < distance) {
      argument = candidate;
      distance = itsDistance;
    }
  }
};
} // namespace

/// The float near `start` that makes `rate` least.
static Best search(double start, llvm::function_ref<uint32_t(float)> rate,
                   int neighbours = numNeighbours) {
  Best best;
  auto first = static_cast<float>(start);
  if (!std::isfinite(first))
    return best;
  for (int step = 0; step <= neighbours && best.distance != 0; ++step)
    for (int sign : {1, -1})
      if (float candidate = getNeighbour(first, sign * step);
          std::isfinite(candidate))
        best.offer(candidate, rate(candidate));
  return best;
}

/// The factor x with fl(scale x) = product.
static Best divide(float product, float scale) {
  if (scale == 0)
    return {0, getDistance(product, 0)};
  return search(
      double(product) / scale,
      [&](float x) { return getDistance(scale * x, product); }, 4);
}

//===----------------------------------------------------------------------===//
// One element
//===----------------------------------------------------------------------===//

namespace {
/// Parameters of one element by their places in the table of the type.
using Element = llvm::SmallDenseMap<StringRef, float, 8>;

/// Inverts one rule.
class Inverter {
public:
  Inverter(NodeType type, const Rule &rule, float dt)
      : type(type), rule(rule), dt(dt) {}

  /// Fits `factors`; says by how much it fails.
  Element invert(const Factors &factors);

  /// Of all elements so far.
  uint32_t distance = 0;
  std::string farthest;

private:
  bool hasSynapse() const {
    return type == NodeType::CubaLIF || type == NodeType::CubaLI;
  }
  bool hasLeak() const { return type != NodeType::IF && type != NodeType::I; }
  float getDecay(float k) const {
    return rule.decay == Decay::exp ? std::exp(-k) : 1.0f - k;
  }
  /// Time constants near which those with this factor lie.
  SmallVector<double, 2> guess(float decay, std::optional<float> step) const;
  void note(StringRef factor, uint32_t itsDistance) {
    if (itsDistance > distance) {
      distance = itsDistance;
      farthest = factor.str();
    }
  }
  uint32_t rateGain(const Factors &factors, float k) const;
  void addMembrane(const Factors &factors, Element &element);
  void addSynapse(const Factors &factors, Element &element);

  NodeType type;
  const Rule &rule;
  float dt;
};
} // namespace

/// A decay of 1 needs a step that vanishes beside it.
static constexpr double vanishing = 1.0 / (1 << 30);
/// And one of 0, by an exponential, a step beyond all floats.
static constexpr double overwhelming = 128;

SmallVector<double, 2> Inverter::guess(float decay,
                                       std::optional<float> step) const {
  SmallVector<double, 2> steps;
  if (step && *step > 0)
    steps.push_back(*step);
  if (rule.decay == Decay::euler)
    steps.push_back(1.0 - decay);
  else if (decay > 0)
    steps.push_back(-std::log(double(decay)));
  else if (decay == 0)
    steps.push_back(overwhelming);
  for (double &k : steps)
    k = dt / (k > 0 ? k : vanishing);
  return steps;
}

/// How far the gain is off with a step of k, at best.
uint32_t Inverter::rateGain(const Factors &factors, float k) const {
  switch (rule.gain) {
  case Gain::nir:
    return divide(factors.gain, k).distance;
  case Gain::k:
    return getDistance(k, factors.gain);
  case Gain::one:
    return getDistance(1, factors.gain);
  case Gain::norm:
    return getDistance(1.0f - (hasLeak() ? getDecay(k) : 1), factors.gain);
  }
  llvm_unreachable("unknown gain");
}

void Inverter::addMembrane(const Factors &factors, Element &element) {
  float k = dt;
  if (hasLeak()) {
    std::optional<float> step;
    if (rule.gain == Gain::k)
      step = factors.gain;
    Best tau;
    for (double start : guess(factors.decay, step)) {
      Best found = search(start, [&](float candidate) -> uint32_t {
        float step = dt / candidate;
        if (!(candidate > 0) || !std::isfinite(step))
          return UINT32_MAX;
        uint32_t own = getDistance(getDecay(step), factors.decay);
        // The decay comes first: the gain may have its own parameter.
        return std::max(own, rateGain(factors, step));
      });
      tau.offer(found.argument, found.distance);
    }
    element[hasSynapse() ? "tau_mem" : "tau"] = tau.argument;
    k = dt / tau.argument;
    note("decay", getDistance(getDecay(k), factors.decay));
    float rest = 1.0f - getDecay(k);
    // Where the potential starts at v_leak, that is known.
    Best leak = rule.initial == Initial::leak
                    ? Best{factors.potential,
                           getDistance(rest * factors.potential, factors.leak)}
                    : divide(factors.leak, rest);
    element["v_leak"] = leak.argument;
    note("leak", leak.distance);
  }
  note("gain", rateGain(factors, k));
  // What a rule ignores is written as what makes the gain 1; software that
  // counts steps wants 1 itself.
  bool usesGain = rule.gain == Gain::nir;
  element["r"] = !usesGain && dt == 1
                     ? 1
                     : divide(usesGain ? factors.gain : 1, k).argument;
}

void Inverter::addSynapse(const Factors &factors, Element &element) {
  bool jumps = rule.synapse == Synapse::jump;
  auto rate = [&](float k) {
    uint32_t own = getDistance(jumps ? k : getDecay(k), factors.decaySyn);
    uint32_t gain = rule.synapseGain == SynapseGain::nir
                        ? divide(factors.gainSyn, k).distance
                        : getDistance(1, factors.gainSyn);
    uint32_t leak = 0;
    if (rule.synapseLeak)
      leak = getDistance(k * element.lookup("v_leak"), factors.leakSyn);
    return std::max({own, gain, leak});
  };
  Best tau;
  float decay = jumps ? 1 - factors.decaySyn : factors.decaySyn;
  std::optional<float> step;
  if (jumps)
    step = factors.decaySyn;
  for (double start : guess(decay, step)) {
    Best found = search(start, [&](float candidate) -> uint32_t {
      float k = dt / candidate;
      return candidate > 0 && std::isfinite(k) ? rate(k) : UINT32_MAX;
    });
    tau.offer(found.argument, found.distance);
  }
  element["tau_syn"] = tau.argument;
  float k = dt / tau.argument;
  note("synaptic decay", rate(k));
  bool usesGain = rule.synapseGain == SynapseGain::nir;
  element["w_in"] = divide(usesGain ? factors.gainSyn : 1, k).argument;
}

Element Inverter::invert(const Factors &factors) {
  Element element;
  addMembrane(factors, element);
  if (hasSynapse())
    addSynapse(factors, element);
  if (!isSpiking(type))
    return element;
  element["v_threshold"] = factors.threshold;
  element["v_reset"] = rule.initial == Initial::reset ? factors.potential
                       : rule.reset == Reset::value   ? factors.reset
                                                      : 0;
  return element;
}

//===----------------------------------------------------------------------===//
// Structure
//===----------------------------------------------------------------------===//

namespace {
/// Says in what a neuron is not what a rule does.
class RuleMatch {
public:
  RuleMatch(const Neuron &neuron, NodeType type, const Rule &rule)
      : neuron(neuron), type(type), rule(rule) {}

  std::vector<std::string> compare();

private:
  bool all(llvm::function_ref<bool(const Factors &)> holds) const {
    return llvm::all_of(neuron.factors, holds);
  }
  void expect(bool holds, const llvm::Twine &difference) {
    if (!holds)
      differences.push_back(difference.str());
  }
  void compareSpikes();
  void compareResets();
  void compareSynapses();
  void compareStart();

  const Neuron &neuron;
  NodeType type;
  const Rule &rule;
  std::vector<std::string> differences;
};
} // namespace

static StringRef describe(Fires fires) {
  switch (fires) {
  case Fires::above:
    return "fires above the threshold";
  case Fires::at_or_above:
    return "fires once at or above the threshold";
  case Fires::many:
    return "fires several times in a step";
  }
  llvm_unreachable("unknown spike test");
}

static StringRef describe(Reset reset) {
  switch (reset) {
  case Reset::subtract:
    return "subtracts the threshold";
  case Reset::zero:
    return "resets to 0";
  case Reset::value:
    return "resets to a value";
  case Reset::none:
    return "does not reset";
  }
  llvm_unreachable("unknown reset");
}

static StringRef describe(When when) {
  switch (when) {
  case When::same_step:
    return "in the step of the spike";
  case When::next_step:
    return "one step later";
  case When::once:
    return "in the step of the spike and, unless it did, in the next";
  }
  llvm_unreachable("unknown time");
}

static StringRef describe(Synapse synapse) {
  switch (synapse) {
  case Synapse::current:
    return "moves the current before the potential";
  case Synapse::lagged:
    return "moves the potential before the current";
  case Synapse::add_decay:
    return "decays the input with the current";
  case Synapse::jump:
    return "decays the current after its use";
  }
  llvm_unreachable("unknown synapse");
}

void RuleMatch::compareSpikes() {
  expect(neuron.rule.fires == rule.fires,
         describe(neuron.rule.fires) + " (there: " + describe(rule.fires) +
             ")");
  bool bounds = neuron.rule.lowerBound || neuron.rule.boundedByThreshold;
  if (rule.boundedByThreshold)
    expect(bounds && all([](const Factors &f) {
             return f.lowerBound == -f.threshold;
           }),
           "has no lower bound at -v_threshold");
  else if (rule.lowerBound)
    expect(bounds && all([&](const Factors &f) {
             return f.lowerBound == static_cast<float>(*rule.lowerBound);
           }),
           "has no lower bound at " +
               llvm::Twine(static_cast<int64_t>(*rule.lowerBound)));
  else
    expect(!bounds, "has a lower bound of the potential");
}

void RuleMatch::compareResets() {
  Reset from = neuron.rule.reset, to = rule.reset;
  // A reset to a value that is 0 is one to 0; only in the step of the spike
  // does a rule know a value.
  bool isZero = from == Reset::zero ||
                (from == Reset::value &&
                 all([](const Factors &f) { return f.reset == 0; }));
  bool atOnce = rule.when != When::next_step;
  bool toZero = to == Reset::zero || (to == Reset::value && !atOnce);
  bool same = from == to || (isZero && (toZero || to == Reset::value));
  if (from == Reset::value && !isZero && !atOnce)
    same = false;
  expect(same, describe(from) + " (there: " + describe(to) + ")");
  if (from == Reset::none || to == Reset::none)
    return;
  expect(neuron.rule.when == rule.when, "resets " + describe(neuron.rule.when) +
                                            " (there: " + describe(rule.when) +
                                            ")");
  if (neuron.rule.when != When::same_step && rule.when != When::same_step)
    expect(neuron.rule.place == rule.place,
           neuron.rule.place == Place::after
               ? "resets after the update (there: before it)"
               : "resets before the update (there: after it)");
}

void RuleMatch::compareSynapses() {
  expect(neuron.rule.synapse == rule.synapse,
         describe(neuron.rule.synapse) + " (there: " + describe(rule.synapse) +
             ")");
  expect(rule.synapseLeak ||
             all([](const Factors &f) { return f.leakSyn == 0; }),
         "has a leak of the synaptic current");
  if (!rule.synapseLeak)
    expect(all([](const Factors &f) { return f.current == 0; }),
           "has a synaptic current that does not start at 0");
}

void RuleMatch::compareStart() {
  if (rule.initial == Initial::zero)
    expect(all([](const Factors &f) { return f.potential == 0; }),
           "has an initial potential that is not 0 (spread it as a bias over "
           "the steps)");
  if (rule.initial == Initial::reset)
    expect(rule.reset != Reset::value ||
               all([](const Factors &f) { return f.potential == f.reset; }),
           "has an initial potential that is not v_reset");
}

std::vector<std::string> RuleMatch::compare() {
  if (isSpiking(type)) {
    compareSpikes();
    compareResets();
  }
  if (type == NodeType::CubaLIF || type == NodeType::CubaLI)
    compareSynapses();
  compareStart();
  return std::move(differences);
}

//===----------------------------------------------------------------------===//
// All elements
//===----------------------------------------------------------------------===//

/// Types that compute the same, that of the neuron first.
static SmallVector<NodeType> listTypes(const Neuron &neuron) {
  SmallVector<NodeType> types{neuron.type};
  bool leaks = llvm::any_of(neuron.factors, [](const Factors &f) {
    return f.decay != 1 || f.leak != 0;
  });
  static constexpr std::pair<NodeType, NodeType> pairs[] = {
      {NodeType::IF, NodeType::LIF}, {NodeType::I, NodeType::LI}};
  for (auto [plain, leaky] : pairs) {
    if (neuron.type == plain)
      types.push_back(leaky);
    if (neuron.type == leaky && !leaks)
      types.push_back(plain);
  }
  return types;
}

static FittedNeuron invertAll(const Neuron &neuron, NodeType type,
                              const Rule &rule, double dt,
                              ArrayRef<int64_t> shape) {
  Inverter inverter(type, rule, static_cast<float>(dt));
  FittedNeuron fitted;
  fitted.type = type;
  const NodeInfo &info = *llvm::find_if(
      getNodeTypes(), [&](const NodeInfo &info) { return info.type == type; });
  for (const ParameterInfo &parameter : info.parameters) {
    nir::Value value;
    value.kind = nir::Value::Kind::number;
    value.tensor = Tensor(shape, ElementType::f32);
    fitted.parameters.insert({parameter.name.str(), value});
  }
  int64_t count = llvm::product_of(shape);
  Element element;
  for (int64_t k = 0; k < count; ++k) {
    size_t index = neuron.factors.size() == 1 ? 0 : k;
    // Neighbours are often alike.
    if (k == 0 ||
        (index != 0 && !(neuron.factors[index] == neuron.factors[index - 1])))
      element = inverter.invert(neuron.factors[index]);
    for (auto &[name, value] : fitted.parameters)
      value.tensor.data<float>()[k] = element.lookup(name);
  }
  fitted.distance = inverter.distance;
  fitted.farthest = inverter.farthest;
  return fitted;
}

llvm::Expected<FittedNeuron> nir::fitNeuron(const Neuron &neuron,
                                            const Profile &profile,
                                            bool isRecurrent, double dt,
                                            ArrayRef<int64_t> shape) {
  std::string reasons;
  std::optional<FittedNeuron> nearest;
  for (NodeType type : listTypes(neuron)) {
    const NodeInfo &info =
        *llvm::find_if(getNodeTypes(), [&](const NodeInfo &candidate) {
          return candidate.type == type;
        });
    const Rule &rule = profile.getRule(info, isRecurrent);
    std::vector<std::string> differences =
        RuleMatch(neuron, type, rule).compare();
    if (!profile.canRead(type))
      differences.insert(differences.begin(), "needs " + info.name.str() +
                                                  ", which it does not read");
    if (!differences.empty()) {
      reasons += (reasons.empty() ? "" : "; or as " + info.name.str() + " ") +
                 llvm::join(differences, ", ");
      continue;
    }
    FittedNeuron fitted = invertAll(neuron, type, rule, dt, shape);
    if (fitted.distance == 0)
      return fitted;
    if (!nearest || fitted.distance < nearest->distance)
      nearest = std::move(fitted);
  }
  if (nearest)
    return std::move(*nearest);
  return llvm::createStringError(reasons);
}
