//===- PlanViolation.cpp - networks that a target has to refuse -----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PlanViolation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"

using namespace spikeformer;
using namespace spikeformer::plugincheck;

std::vector<unsigned> PlanPlace::getLines(const NetworkPlan &plan,
                                          const PlanLines &lines) const {
  switch (kind) {
  case population:
    return {lines.populations[index]};
  case projection:
    return {lines.projections[index],
            lines.populations[plan.projections[index].target]};
  case output:
    return {lines.output, lines.simulate,
            lines.populations[plan.outputs[index].population]};
  case network:
    return {lines.network};
  case input:
    break;
  }
  std::vector<unsigned> found{lines.network, lines.simulate};
  for (auto [number, line] : llvm::enumerate(lines.projections))
    if (plan.projections[number].source == index)
      found.push_back(line);
  return found;
}

namespace {
/// Breaks one plan in one way.
class Breaker {
public:
  Breaker(NetworkPlan &plan, const Capabilities &capabilities,
          RandomSource &random)
      : plan(plan), capabilities(capabilities), random(random) {}

  std::optional<PlanViolation> lowerDelay();
  std::optional<PlanViolation> raiseDelay();
  std::optional<PlanViolation> changeReset();
  std::optional<PlanViolation> changeFires();
  std::optional<PlanViolation> changeTime();
  std::optional<PlanViolation> changeIntegration();
  std::optional<PlanViolation> changeModel();
  std::optional<PlanViolation> changeInputAlphabet();
  std::optional<PlanViolation> changeSpikes();
  std::optional<PlanViolation> changeReadout();
  std::optional<PlanViolation> giveNumbers();
  std::optional<PlanViolation> addBias();
  std::optional<PlanViolation> addInitialPotential();
  std::optional<PlanViolation> addOnset();
  std::optional<PlanViolation> addRecurrence();
  std::optional<PlanViolation> dropSeconds();

private:
  /// A population, and its place.
  std::pair<PlannedPopulation &, PlanPlace> pickPopulation();
  /// A word of `all` that is not in `have`; empty if there is none.
  StringRef pickForbidden(ArrayRef<StringLiteral> all,
                          const std::vector<std::string> &have);
  /// Sets `field` of a population to a forbidden word.
  std::optional<PlanViolation> changeWord(StringRef what,
                                          std::string PlannedPopulation::*field,
                                          ArrayRef<StringLiteral> all,
                                          const std::vector<std::string> &have);

  NetworkPlan &plan;
  const Capabilities &capabilities;
  RandomSource &random;
};
} // namespace

std::pair<PlannedPopulation &, PlanPlace> Breaker::pickPopulation() {
  size_t index = random.below(plan.populations.size());
  return {plan.populations[index], {PlanPlace::population, index}};
}

StringRef Breaker::pickForbidden(ArrayRef<StringLiteral> all,
                                 const std::vector<std::string> &have) {
  SmallVector<StringRef> forbidden;
  for (StringRef word : all)
    if (!llvm::is_contained(have, word))
      forbidden.push_back(word);
  return forbidden.empty() ? StringRef() : random.pick(forbidden);
}

//===----------------------------------------------------------------------===//
// Projections
//===----------------------------------------------------------------------===//

std::optional<PlanViolation> Breaker::lowerDelay() {
  if (capabilities.delayMinimum < 1)
    return std::nullopt;
  size_t index = random.below(plan.projections.size());
  PlannedProjection &projection = plan.projections[index];
  int64_t delay = capabilities.delayMinimum - 1;
  // Without a delay only what comes from outside is no cycle for certain.
  if (delay == 0 && projection.source >= plan.inputs.size())
    return std::nullopt;
  projection.delays = {delay};
  return PlanViolation{"delay " + std::to_string(delay) + " below the range",
                       {PlanPlace::projection, index},
                       /*mayBeRetimed=*/true};
}

std::optional<PlanViolation> Breaker::raiseDelay() {
  if (!capabilities.delayMaximum)
    return std::nullopt;
  size_t index = random.below(plan.projections.size());
  int64_t delay = *capabilities.delayMaximum + random.range(1, 5);
  plan.projections[index].delays = {delay};
  return PlanViolation{"delay " + std::to_string(delay) + " above the range",
                       {PlanPlace::projection, index},
                       /*mayBeRetimed=*/true};
}

std::optional<PlanViolation> Breaker::addRecurrence() {
  if (capabilities.recurrence)
    return std::nullopt;
  auto [population, place] = pickPopulation();
  PlannedProjection projection;
  projection.source = plan.inputs.size() + place.index;
  projection.target = place.index;
  projection.connectivity = "#snn.one_to_one";
  projection.weightShape = population.shape;
  projection.weights = {-0.25};
  projection.delays = {std::max<int64_t>(1, capabilities.delayMinimum)};
  plan.projections.push_back(std::move(projection));
  return PlanViolation{"a projection of \"p" + std::to_string(place.index) +
                           "\" to itself",
                       {PlanPlace::projection, plan.projections.size() - 1}};
}

//===----------------------------------------------------------------------===//
// Populations
//===----------------------------------------------------------------------===//

std::optional<PlanViolation>
Breaker::changeWord(StringRef what, std::string PlannedPopulation::*field,
                    ArrayRef<StringLiteral> all,
                    const std::vector<std::string> &have) {
  StringRef word = pickForbidden(all, have);
  auto [population, place] = pickPopulation();
  // Neurons that send more than one spike have rules of their own.
  if (word.empty() || !population.option.empty())
    return std::nullopt;
  population.*field = word.str();
  completeParams(population, plan.dt, random);
  return PlanViolation{(what + " " + word).str(), place};
}

std::optional<PlanViolation> Breaker::changeReset() {
  return changeWord("reset", &PlannedPopulation::reset, allResets,
                    capabilities.resets);
}

std::optional<PlanViolation> Breaker::changeFires() {
  return changeWord("spike test", &PlannedPopulation::fires, allFires,
                    capabilities.fires);
}

std::optional<PlanViolation> Breaker::changeTime() {
  return changeWord("time of the reset", &PlannedPopulation::when, allTimes,
                    capabilities.when);
}

std::optional<PlanViolation> Breaker::changeIntegration() {
  if (!llvm::is_contained(capabilities.models, "lif"))
    return std::nullopt;
  auto broken = changeWord("integration", &PlannedPopulation::integration,
                           allIntegrations, capabilities.integrations);
  if (!broken)
    return std::nullopt;
  PlannedPopulation &population = plan.populations[broken->place.index];
  population.model = "lif";
  completeParams(population, plan.dt, random);
  return broken;
}

std::optional<PlanViolation> Breaker::changeModel() {
  auto broken = changeWord("model", &PlannedPopulation::model, allModels,
                           capabilities.models);
  if (!broken)
    return std::nullopt;
  PlannedPopulation &population = plan.populations[broken->place.index];
  // A model of another family has no use for these.
  population.integration = population.model == "if" ? "" : "euler";
  population.params.clear();
  completeParams(population, plan.dt, random);
  return broken;
}

std::optional<PlanViolation> Breaker::changeSpikes() {
  auto [population, place] = pickPopulation();
  const AlphabetWord &word = random.pick(getAlphabetWords());
  if (word.ofPopulation.empty() ||
      llvm::is_contained(capabilities.alphabets, word.name) ||
      population.when != "same_step")
    return std::nullopt;
  for (const PlannedOutput &output : plan.outputs)
    if (output.population == place.index &&
        output.readout == "population_vector")
      return std::nullopt;
  population.alphabet = word.ofPopulation;
  population.option = word.option;
  return PlanViolation{("alphabet " + word.name).str() + " of a population",
                       place};
}

std::optional<PlanViolation> Breaker::addBias() {
  if (capabilities.bias)
    return std::nullopt;
  auto [population, place] = pickPopulation();
  population.bias = {0.25};
  return PlanViolation{"a bias", place};
}

std::optional<PlanViolation> Breaker::addInitialPotential() {
  if (capabilities.initialPotential)
    return std::nullopt;
  auto [population, place] = pickPopulation();
  for (auto &[name, values] : population.params)
    if (name == "v_init")
      values = {0.5};
  return PlanViolation{"an initial potential", place};
}

std::optional<PlanViolation> Breaker::addOnset() {
  if (capabilities.gatedOnset)
    return std::nullopt;
  auto [population, place] = pickPopulation();
  population.onset = random.range(1, 4);
  return PlanViolation{"onset " + std::to_string(population.onset), place};
}

//===----------------------------------------------------------------------===//
// Inputs, outputs, the network
//===----------------------------------------------------------------------===//

std::optional<PlanViolation> Breaker::changeInputAlphabet() {
  const AlphabetWord &word = random.pick(getAlphabetWords());
  if (llvm::is_contained(capabilities.alphabets, word.name))
    return std::nullopt;
  size_t index = random.below(plan.inputs.size());
  plan.inputs[index].alphabet = word.ofInput;
  plan.inputs[index].element = word.element;
  return PlanViolation{("alphabet " + word.name).str() + " of an input",
                       {PlanPlace::input, index}};
}

std::optional<PlanViolation> Breaker::giveNumbers() {
  if (capabilities.analogueInput ||
      llvm::is_contained(capabilities.alphabets, "analogue"))
    return std::nullopt;
  size_t index = random.below(plan.inputs.size());
  plan.inputs[index].alphabet = "analogue<f32>";
  plan.inputs[index].element = "f32";
  return PlanViolation{"an analogue input", {PlanPlace::input, index}};
}

std::optional<PlanViolation> Breaker::changeReadout() {
  StringRef word = pickForbidden(allReadouts, capabilities.readouts);
  size_t index = random.below(plan.outputs.size());
  PlannedOutput &output = plan.outputs[index];
  const PlannedPopulation &population = plan.populations[output.population];
  bool isVector =
      population.shape.back() > 1 && population.alphabet != "ternary";
  if (word.empty() || (word == "population_vector" && !isVector))
    return std::nullopt;
  output.readout = word.str();
  return PlanViolation{("readout " + word).str(), {PlanPlace::output, index}};
}

std::optional<PlanViolation> Breaker::dropSeconds() {
  if (!capabilities.needsSeconds)
    return std::nullopt;
  plan.dt = std::nullopt;
  return PlanViolation{"a network that counts in steps", {PlanPlace::network}};
}

//===----------------------------------------------------------------------===//
// Choosing
//===----------------------------------------------------------------------===//

using Way = std::optional<PlanViolation> (Breaker::*)();

static constexpr Way ways[] = {
    &Breaker::lowerDelay,          &Breaker::raiseDelay,
    &Breaker::changeReset,         &Breaker::changeFires,
    &Breaker::changeTime,          &Breaker::changeIntegration,
    &Breaker::changeModel,         &Breaker::changeInputAlphabet,
    &Breaker::changeSpikes,        &Breaker::changeReadout,
    &Breaker::giveNumbers,         &Breaker::addBias,
    &Breaker::addInitialPotential, &Breaker::addOnset,
    &Breaker::addRecurrence,       &Breaker::dropSeconds,
};

std::optional<PlanViolation>
plugincheck::violate(NetworkPlan &plan, const Capabilities &capabilities,
                     RandomSource &random) {
  NetworkPlan broken = plan;
  Breaker breaker(broken, capabilities, random);
  auto violation = (breaker.*random.pick(ways))();
  if (violation)
    plan = std::move(broken);
  return violation;
}

bool plugincheck::canViolate(const Capabilities &capabilities) {
  NetworkPlan plan = makeRandomPlan(capabilities, 0);
  RandomSource random(0);
  return llvm::any_of(llvm::seq<int>(0, 20 * std::size(ways)), [&](int) {
    NetworkPlan copy = plan;
    return violate(copy, capabilities, random).has_value();
  });
}
