//===- LegalizePopulation.cpp - check populations against the chip --------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rules of one population: its model, its numbers and its synapses.
//
//===----------------------------------------------------------------------===//

#include "IR/TemplateDialect.h"
#include "TargetModel/Capabilities.h"
#include "TargetModel/Chip.h"
#include "Transforms/Legalizer.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::templ;
using snn::PopulationOp;

std::string templ::nameRule(StringRef rule, PopulationOp population) {
  return (rule + " of \"" + population.getName() + "\"").str();
}

void Legalizer::checkFloatRule(PopulationOp population, const FloatRule &rule) {
  const Capabilities &has = getCapabilities();
  checkChoice(population, nameRule("reset", population),
              stringifyResetKind(rule.reset), has.resets,
              "reset = subtract is the nearest");
  checkChoice(population, nameRule("spike test", population),
              stringifyFiresKind(rule.fires), has.fires,
              "the two differ only where a potential equals its threshold");
  checkChoice(population, nameRule("time of the reset", population),
              stringifyResetTime(rule.when), has.when,
              "use when = same_step and compare the two with sf-diff");
  checkChoice(population, nameRule("refractory period", population),
              stringifyRefractoryKind(rule.refractory), {"none"},
              "use refractory = none and compare the two with sf-diff");
  if (rule.integration)
    checkChoice(population, nameRule("integration", population),
                stringifyIntegration(*rule.integration), has.integrations,
                "state the decay per step as the param 'decay'");
}

void Legalizer::checkFloatNumbers(PopulationOp population) {
  FailureOr<FloatNeuron> neuron = FloatNeuron::create(population);
  ok &= succeeded(neuron);
  if (failed(neuron))
    return;
  auto isTooLow = [](double value) { return !(value > 0); };
  auto gain = llvm::find_if(neuron->gain, isTooLow);
  if (gain != neuron->gain.end()) {
    violate(population.getLoc())
        << nameRule("gain r", population) << ": needs " << *gain
        << ", has numbers above 0 on target 'template'; change the sign of "
           "the weights instead";
    return;
  }
  auto low = llvm::find_if(neuron->threshold, isTooLow);
  if (low != neuron->threshold.end())
    violate(population.getLoc())
        << nameRule("threshold", population) << ": needs " << *low
        << ", has numbers above 0 on target 'template'; shift the potential "
           "so that it starts below the threshold";
  double decay = neuron->decay.front();
  if (!llvm::all_equal(neuron->decay))
    violate(population.getLoc())
        << nameRule("decay", population)
        << ": needs several values, has one for all its neurons on target "
           "'template'; make a population for each decay";
  else if (!findLeak(decay))
    violate(population.getLoc())
        << nameRule("decay", population) << ": needs " << decay
        << ", has 1 - 2^-k with k from 1 to " << leakRange.high
        << " on target 'template'; the nearest is " << getNearestDecay(decay);
}

void Legalizer::checkIntegers(PopulationOp population) {
  FailureOr<snn::PopulationNumbers> numbers =
      snn::PopulationNumbers::create(population);
  ok &= succeeded(numbers);
  if (succeeded(numbers))
    for (snn::Scalar bias : numbers->biases.front().values)
      if (!potentialRange.contains(bias.integer)) {
        violate(population.getLoc())
            << nameRule("bias", population) << ": needs " << bias.integer
            << ", has " << potentialRange.low << " to " << potentialRange.high
            << " on target 'template'; scale the population down";
        break;
      }
  for (Value current : population.getInputs()) {
    auto project = current.getDefiningOp<snn::ProjectOp>();
    ArrayRef<Synapse> synapses = getSynapses(project);
    auto wrong = llvm::find_if(synapses, [](const Synapse &synapse) {
      return !weightRange.contains(synapse.weight) ||
             synapse.weight != std::trunc(synapse.weight);
    });
    if (wrong != synapses.end())
      violate(project.getLoc())
          << nameRule("weights", population) << ": needs " << wrong->weight
          << ", has integers from " << weightRange.low << " to "
          << weightRange.high
          << " on target 'template'; let template-quantize make them of a "
             "float population";
  }
}

void Legalizer::checkFanIn(PopulationOp population) {
  std::vector<int64_t> fanIn(population.getSignalType().getNumElements());
  SmallVector<std::pair<Operation *, std::vector<int64_t>>> parts;
  for (Value current : population.getInputs()) {
    auto project = current.getDefiningOp<snn::ProjectOp>();
    std::vector<int64_t> part(fanIn.size());
    for (const Synapse &synapse : getSynapses(project)) {
      ++part[synapse.target];
      ++fanIn[synapse.target];
    }
    parts.emplace_back(project, std::move(part));
  }
  auto worst = llvm::max_element(fanIn);
  if (*worst <= maxFanIn)
    return;
  int64_t neuron = worst - fanIn.begin();
  auto diagnostic =
      violate(population.getLoc())
      << nameRule("fan-in", population) << ": needs " << *worst
      << " synapses for neuron " << neuron << ", has " << maxFanIn
      << " on target 'template'; leave out synapses or insert a population "
         "that adds up a part of the inputs";
  for (auto &[project, part] : parts)
    diagnostic.attachNote(project->getLoc())
        << part[neuron] << " of them come from this projection";
}

void Legalizer::checkPopulation(PopulationOp population) {
  std::optional<FloatRule> rule = getFloatRule(population.getModel());
  if (!population.getStates().empty())
    violate(population.getLoc())
        << nameRule("exposed states", population) << ": needs "
        << population.getStates().size()
        << ", has 0 on target 'template'; probe the functional model instead";
  if (rule) {
    checkFloatRule(population, *rule);
    if (!rule->integration || *rule->integration == snn::Integration::discrete)
      checkFloatNumbers(population);
  } else if (isa<AccumulateAttr>(population.getModel())) {
    checkIntegers(population);
  } else {
    violate(population.getLoc())
        << nameRule("neuron model", population) << ": needs "
        << population.getModel() << ", has "
        << llvm::join(getCapabilities().models, " or ")
        << " on target 'template'; convert to one of them";
  }
  checkFanIn(population);
}
