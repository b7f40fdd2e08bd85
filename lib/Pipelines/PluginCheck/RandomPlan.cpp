//===- RandomPlan.cpp - networks that a target promises to run ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers are such that neurons spike now and then. Capabilities say nothing of
// them; so most decays are 1 - 2^-k, which shifts can do.
//
//===----------------------------------------------------------------------===//

#include "RandomPlan.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::plugincheck;

/// Ends of the alphabets of inputs and populations.
static constexpr AlphabetWord alphabetWords[] = {
    {"binary", "binary", "binary", "ui8", ""},
    {"ternary", "ternary", "ternary", "i8", "spikes = signed"},
    {"count", "count<2147483647>", "count<3>", "i32", "spikes = many"},
    {"graded", "", "graded<ui8>", "ui8", ""},
};

ArrayRef<AlphabetWord> plugincheck::getAlphabetWords() { return alphabetWords; }

bool plugincheck::statesCapabilities(const Capabilities &capabilities) {
  return !capabilities.models.empty() || !capabilities.alphabets.empty();
}

static Capabilities makePlain() {
  Capabilities plain;
  plain.alphabets = {"binary"};
  plain.models = {"if", "lif"};
  plain.resets = {"subtract"};
  plain.fires = {"at_or_above"};
  plain.when = {"same_step"};
  plain.integrations = {"discrete"};
  plain.readouts = {"count"};
  plain.recurrence = true;
  return plain;
}

const Capabilities &plugincheck::getPlainCapabilities() {
  static const Capabilities plain = makePlain();
  return plain;
}

//===----------------------------------------------------------------------===//
// What core can spell
//===----------------------------------------------------------------------===//

llvm::Expected<Capabilities>
plugincheck::restrictToCore(Capabilities capabilities) {
  SmallVector<StringRef> sent;
  for (const AlphabetWord &word : alphabetWords)
    if (!word.ofPopulation.empty())
      sent.push_back(word.name);
  std::string missing;
  auto keep = [&](StringRef list, std::vector<std::string> &words,
                  ArrayRef<StringLiteral> known) {
    llvm::erase_if(words, [&](StringRef word) {
      return !llvm::is_contained(known, word);
    });
    if (words.empty() && missing.empty())
      missing = "no " + list.str() + " of core: " + llvm::join(known, ", ");
  };
  keep("model", capabilities.models, allModels);
  keep("reset", capabilities.resets, allResets);
  keep("spike test", capabilities.fires, allFires);
  keep("time of the reset", capabilities.when, allTimes);
  keep("readout of spikes", capabilities.readouts, allReadouts);
  if (llvm::none_of(sent, [&](StringRef word) {
        return llvm::is_contained(capabilities.alphabets, word);
      }))
    missing = "no alphabet that a model of core sends";
  bool needsIntegration = !llvm::is_contained(capabilities.models, "if");
  llvm::erase_if(capabilities.integrations, [](StringRef word) {
    return !llvm::is_contained(allIntegrations, word);
  });
  if (capabilities.integrations.empty()) {
    llvm::erase_if(capabilities.models,
                   [](StringRef model) { return model != "if"; });
    if (needsIntegration)
      missing = "no integration for its models";
  }
  if (!missing.empty())
    return llvm::createStringError("the target states " + missing);
  return capabilities;
}

//===----------------------------------------------------------------------===//
// Params
//===----------------------------------------------------------------------===//

/// Names of the params of `population`, in the order in which they are written.
static std::vector<std::string>
listParams(const PlannedPopulation &population) {
  std::vector<std::string> names;
  bool isDiscrete = population.integration == "discrete";
  if (population.model == "lif")
    names = isDiscrete ? std::vector<std::string>{"decay"}
                       : std::vector<std::string>{"tau", "v_leak"};
  if (population.model == "cuba_lif") {
    names = isDiscrete
                ? std::vector<std::string>{"decay_syn", "decay_mem"}
                : std::vector<std::string>{"tau_syn", "tau_mem", "v_leak"};
    names.push_back("w_in");
  }
  names.insert(names.end(), {"r", "v_threshold", "v_init"});
  if (population.reset == "to_value")
    names.push_back("v_reset");
  return names;
}

static double makeParam(StringRef name, const PlannedPopulation &population,
                        double dt, RandomSource &random) {
  double shift = std::ldexp(1.0, random.range(1, 6));
  if (name.starts_with("decay"))
    return random.chance(0.75) ? 1.0 - 1.0 / shift : random.uniform(0.0, 1.0);
  if (name.starts_with("tau"))
    return dt * (random.chance(0.75) ? shift : random.uniform(1.5, 20.0));
  if (name == "r")
    return random.pick({0.5, 1.0, 2.0}) / (population.model == "if" ? dt : 1.0);
  if (name == "w_in")
    return random.pick({0.5, 1.0});
  if (name == "v_threshold")
    return random.chance(0.5) ? 1.0 : random.uniform(0.25, 1.5);
  if (name == "v_reset")
    return random.uniform(-0.5, 0.2);
  return 0.0;
}

void plugincheck::completeParams(PlannedPopulation &population,
                                 std::optional<double> dt,
                                 RandomSource &random) {
  std::vector<std::pair<std::string, Numbers>> params;
  for (const std::string &name : listParams(population)) {
    auto known = llvm::find_if(population.params, [&](const auto &param) {
      return param.first == name;
    });
    Numbers values{makeParam(name, population, dt.value_or(1.0), random)};
    if (known != population.params.end())
      values = known->second;
    params.emplace_back(name, std::move(values));
  }
  population.params = std::move(params);
}

//===----------------------------------------------------------------------===//
// Networks
//===----------------------------------------------------------------------===//

namespace {
/// Draws one plan.
class PlanMaker {
public:
  PlanMaker(const Capabilities &capabilities, uint64_t seed)
      : capabilities(capabilities), random(seed),
        fullMantissa(random.chance(0.65)) {}

  NetworkPlan make();

private:
  /// Between `low` and `high`; in part of the networks a multiple of 1/8, so
  /// that potentials meet thresholds.
  double number(double low, double high);
  Numbers numbers(ArrayRef<int64_t> shape, double low, double high);
  void addInput();
  void addPopulation();
  void setRule(PlannedPopulation &population);
  void setNumbers(PlannedPopulation &population);
  void setOnset(size_t population);
  /// Adds a projection and returns its index.
  void addProjection(size_t source, size_t target, int64_t leastDelay);
  bool makeConvolution(size_t source, PlannedProjection &projection,
                       SmallVector<int64_t> &target);
  void connect(PlannedProjection &projection);
  void connectSparsely(PlannedProjection &projection);
  void setWeights(PlannedProjection &projection, int64_t fanIn);
  void setDelays(PlannedProjection &projection, int64_t least);
  void addOutputs();

  const Capabilities &capabilities;
  RandomSource random;
  bool fullMantissa;
  NetworkPlan plan;
};
} // namespace

double PlanMaker::number(double low, double high) {
  double value = random.uniform(low, high);
  return fullMantissa ? value : std::nearbyint(value * 8) / 8;
}

Numbers PlanMaker::numbers(ArrayRef<int64_t> shape, double low, double high) {
  Numbers values(random.chance(0.7) ? 1 : countElements(shape));
  std::generate(values.begin(), values.end(),
                [&] { return number(low, high); });
  return values;
}

void PlanMaker::addInput() {
  PlannedInput input;
  if (random.chance(0.35))
    input.shape = {random.range(1, 2), random.range(4, 6), random.range(4, 6)};
  else
    input.shape = {random.range(4, 20)};
  input.perStep = random.chance(0.7);
  std::vector<const AlphabetWord *> words;
  for (const AlphabetWord &word : alphabetWords)
    if (llvm::is_contained(capabilities.alphabets, word.name))
      words.push_back(&word);
  const AlphabetWord &word = *random.pick(words);
  input.alphabet = word.ofInput;
  input.element = word.element;
  bool fitsByte = capabilities.payloadMinimum.value_or(0) <= 0 &&
                  capabilities.payloadMaximum.value_or(255) >= 255;
  if (word.name == "graded" && !fitsByte) {
    input.alphabet = "binary";
  } else if (capabilities.analogueInput && random.chance(0.3)) {
    input.alphabet = "analogue<f32>";
    input.element = "f32";
  }
  plan.inputs.push_back(std::move(input));
}

//===----------------------------------------------------------------------===//
// Populations
//===----------------------------------------------------------------------===//

void PlanMaker::setRule(PlannedPopulation &population) {
  population.model = random.pick(capabilities.models);
  population.reset = random.pick(capabilities.resets);
  population.fires = random.pick(capabilities.fires);
  population.when = random.pick(capabilities.when);
  if (population.model != "if")
    population.integration = random.pick(capabilities.integrations);
  std::vector<const AlphabetWord *> words;
  for (const AlphabetWord &word : alphabetWords)
    if (!word.ofPopulation.empty() &&
        llvm::is_contained(capabilities.alphabets, word.name))
      words.push_back(&word);
  const AlphabetWord &word = *random.pick(words);
  population.alphabet = word.ofPopulation;
  population.option = word.option;
}

void PlanMaker::setNumbers(PlannedPopulation &population) {
  completeParams(population, plan.dt, random);
  for (auto &[name, values] : population.params) {
    if (name == "v_threshold" && random.chance(0.3)) {
      values.resize(countElements(population.shape));
      std::generate(values.begin(), values.end(),
                    [&] { return 0.5 + number(0.0, 1.0); });
    }
    if (name == "v_init" && capabilities.initialPotential && random.chance(0.6))
      values = numbers(population.shape, -0.5, 1.0);
  }
  if (capabilities.bias && random.chance(0.4))
    population.bias = numbers(population.shape, -0.25, 0.5);
}

/// Mostly the step in which the first spike can arrive.
void PlanMaker::setOnset(size_t index) {
  PlannedPopulation &population = plan.populations[index];
  if (!capabilities.gatedOnset)
    return;
  if (random.chance(0.3)) {
    population.onset = random.below(4);
    return;
  }
  for (const PlannedProjection &projection : plan.projections) {
    if (projection.target != index ||
        projection.source >= plan.inputs.size() + index)
      continue;
    int64_t before =
        projection.source < plan.inputs.size()
            ? 0
            : plan.populations[projection.source - plan.inputs.size()].onset;
    int64_t arrival = before + *llvm::min_element(projection.delays);
    population.onset = std::max(population.onset, arrival);
  }
}

void PlanMaker::addPopulation() {
  size_t index = plan.populations.size();
  size_t source = plan.inputs.size() + index - 1;
  if (index == 0 || random.chance(0.2))
    source = random.below(plan.inputs.size() + index);
  PlannedPopulation population;
  setRule(population);
  PlannedProjection first;
  first.source = source;
  first.target = index;
  bool isConvolution =
      random.chance(0.6) && makeConvolution(source, first, population.shape);
  if (!isConvolution)
    population.shape = random.chance(0.25)
                           ? llvm::to_vector(plan.getShape(source))
                           : SmallVector<int64_t>{random.range(4, 24)};
  setNumbers(population);
  plan.populations.push_back(std::move(population));
  if (!isConvolution)
    connect(first);
  setDelays(first, capabilities.delayMinimum);
  plan.projections.push_back(std::move(first));
  while (random.chance(0.3))
    addProjection(random.below(plan.inputs.size() + index), index,
                  capabilities.delayMinimum);
  setOnset(index);
}

//===----------------------------------------------------------------------===//
// Projections
//===----------------------------------------------------------------------===//

/// 3x3 or smaller, over images of channels; false for other sources.
bool PlanMaker::makeConvolution(size_t source, PlannedProjection &projection,
                                SmallVector<int64_t> &target) {
  ArrayRef<int64_t> from = plan.getShape(source);
  if (from.size() != 3)
    return false;
  int64_t kernel = random.range(1, std::min<int64_t>({3, from[1], from[2]}));
  int64_t stride = random.range(1, 2), pad = random.below(kernel);
  int64_t channels = random.range(1, 2);
  auto extent = [&](int64_t size) {
    return (size + 2 * pad - kernel) / stride + 1;
  };
  target = {channels, extent(from[1]), extent(from[2])};
  auto pair = [](int64_t n) {
    return "[" + std::to_string(n) + ", " + std::to_string(n) + "]";
  };
  std::string border = std::to_string(pad);
  projection.connectivity = "#snn.conv2d<kernel = " + pair(kernel) +
                            ", stride = " + pair(stride) + ", pad = [" +
                            border + ", " + border + ", " + border + ", " +
                            border + "], dilation = [1, 1], groups = 1>";
  projection.weightShape = {channels, from[0], kernel, kernel};
  setWeights(projection, from[0] * kernel * kernel);
  return true;
}

/// Rows of drawn targets, by source.
void PlanMaker::connectSparsely(PlannedProjection &projection) {
  int64_t sources = countElements(plan.getShape(projection.source));
  int64_t targets = countElements(plan.populations[projection.target].shape);
  std::vector<int64_t> rows{0}, columns;
  for (int64_t s = 0; s < sources; ++s) {
    for (int64_t t = 0; t < targets; ++t)
      if (random.chance(0.3) || (s + t == 0))
        columns.push_back(t);
    rows.push_back(columns.size());
  }
  std::string suffix = std::to_string(plan.projections.size());
  int64_t synapses = columns.size();
  projection.connectivity =
      "#snn.csr<rows = @r" + suffix + ", columns = @c" + suffix + ">";
  projection.tables = {{"r" + suffix, std::move(rows)},
                       {"c" + suffix, std::move(columns)}};
  projection.weightShape = {synapses};
  setWeights(projection, synapses / targets + 1);
}

void PlanMaker::connect(PlannedProjection &projection) {
  ArrayRef<int64_t> source = plan.getShape(projection.source);
  ArrayRef<int64_t> target = plan.populations[projection.target].shape;
  if (source == target && random.chance(0.7)) {
    projection.connectivity = "#snn.one_to_one";
    projection.weightShape = llvm::to_vector(target);
    return setWeights(projection, 1);
  }
  if (random.chance(0.3))
    return connectSparsely(projection);
  projection.connectivity = "#snn.dense";
  projection.weightShape = {countElements(target), countElements(source)};
  setWeights(projection, countElements(source));
}

void PlanMaker::setWeights(PlannedProjection &projection, int64_t fanIn) {
  double high = 2.0 / std::sqrt(static_cast<double>(fanIn));
  bool isShared = random.chance(0.15);
  bool hasZeros = random.chance(0.2);
  projection.weights.resize(isShared ? 1
                                     : countElements(projection.weightShape));
  for (double &weight : projection.weights)
    weight = hasZeros && !isShared && random.chance(0.3)
                 ? 0.0
                 : number(-0.6 * high, high);
  if (isShared && projection.weights.front() == 0.0)
    projection.weights.front() = high / 2;
}

void PlanMaker::setDelays(PlannedProjection &projection, int64_t least) {
  int64_t most = least + 4;
  if (capabilities.delayMaximum)
    most = std::min(most, *capabilities.delayMaximum);
  if (capabilities.delayMaximum && *capabilities.delayMaximum < 64 &&
      random.chance(0.2))
    least = most = *capabilities.delayMaximum;
  projection.delays = {random.chance(0.4) ? least : random.range(least, most)};
  if (projection.weights.size() > 1 && random.chance(0.1)) {
    // Delays of single synapses begin at 1.
    projection.delays.resize(projection.weights.size());
    std::generate(projection.delays.begin(), projection.delays.end(), [&] {
      return random.range(std::max<int64_t>(least, 1),
                          std::max<int64_t>(most, 1));
    });
  }
}

void PlanMaker::addProjection(size_t source, size_t target,
                              int64_t leastDelay) {
  PlannedProjection projection;
  projection.source = source;
  projection.target = target;
  connect(projection);
  setDelays(projection, leastDelay);
  plan.projections.push_back(std::move(projection));
}

//===----------------------------------------------------------------------===//
// The network
//===----------------------------------------------------------------------===//

void PlanMaker::addOutputs() {
  size_t last = plan.populations.size() - 1;
  plan.outputs.push_back({last, random.pick(capabilities.readouts)});
  if (random.chance(0.3))
    plan.outputs.push_back(
        {static_cast<size_t>(random.below(plan.populations.size())),
         random.pick(capabilities.readouts)});
  for (PlannedOutput &output : plan.outputs)
    if (output.readout == "population_vector" &&
        (plan.populations[output.population].shape.back() < 2 ||
         plan.populations[output.population].alphabet == "ternary"))
      output.readout = capabilities.readouts.front();
}

NetworkPlan PlanMaker::make() {
  if (capabilities.needsSeconds || random.chance(0.3))
    plan.dt = 1e-3;
  plan.timesteps = random.range(4, 16);
  plan.resetPerSample = random.chance(0.85);
  for (int64_t k = random.chance(0.8) ? 1 : 2; k > 0; --k)
    addInput();
  for (int64_t k = random.range(1, 4); k > 0; --k)
    addPopulation();
  if (capabilities.recurrence)
    while (random.chance(0.35)) {
      size_t target = random.below(plan.populations.size());
      size_t source = random.range(target, plan.populations.size() - 1);
      addProjection(plan.inputs.size() + source, target,
                    std::max<int64_t>(1, capabilities.delayMinimum));
    }
  addOutputs();
  return std::move(plan);
}

NetworkPlan plugincheck::makeRandomPlan(const Capabilities &capabilities,
                                        uint64_t seed) {
  return PlanMaker(capabilities, seed).make();
}

NetworkPlan plugincheck::makeWidePlan(const Capabilities &capabilities,
                                      int64_t neurons) {
  NetworkPlan plan = makeRandomPlan(capabilities, 0);
  PlannedPopulation population = plan.populations.front();
  population.bias = {0.0};
  for (auto &[name, values] : population.params)
    values.resize(1);
  PlannedProjection projection;
  projection.connectivity = "#snn.one_to_one";
  projection.weights = {1.0};
  projection.delays = {std::max<int64_t>(1, capabilities.delayMinimum)};
  plan.inputs.resize(1);
  plan.inputs.front().shape = population.shape =
      projection.weightShape = {neurons};
  plan.populations = {std::move(population)};
  plan.projections = {std::move(projection)};
  plan.outputs = {{0, capabilities.readouts.front()}};
  return plan;
}
