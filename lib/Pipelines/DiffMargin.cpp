//===- DiffMargin.cpp - why two runs differ first -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two sides that computed the same sums in another order differ where a
// potential is within rounding of its threshold; anything else is a rule.
//
//===----------------------------------------------------------------------===//

#include "DiffMargin.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include <cmath>

using namespace spikeformer;

/// The population of that name, or the one that is the output of that name.
static snn::PopulationOp findPopulation(snn::NetworkOp network,
                                        StringRef name) {
  snn::PopulationOp found;
  auto outputs = network.getOutput().getValues();
  std::optional<unsigned> output = Probe{name.str(), ""}.getOutput();
  if (output && *output < outputs.size())
    found = outputs[*output].getDefiningOp<snn::PopulationOp>();
  network.walk([&](snn::PopulationOp op) {
    if (op.getName() == name)
      found = op;
  });
  return found;
}

/// How a model resets, and whether in the step of the spike; nothing for models
/// that do not say it.
static std::optional<std::pair<snn::ResetKind, snn::ResetTime>>
getReset(snn::NeuronModelAttrInterface model) {
  if (auto attribute = dyn_cast<snn::IFAttr>(model);
      attribute && attribute.isBasic())
    return std::make_pair(attribute.getReset(), attribute.getWhen());
  if (auto attribute = dyn_cast<snn::LIFAttr>(model);
      attribute && attribute.isBasic())
    return std::make_pair(attribute.getReset(), attribute.getWhen());
  if (auto attribute = dyn_cast<snn::CubaLIFAttr>(model);
      attribute && attribute.isBasic())
    return std::make_pair(attribute.getReset(), attribute.getWhen());
  return std::nullopt;
}

/// What has to be added to a recorded potential to get the one that was tested;
/// nothing where it is lost.
static std::optional<double> getResetStep(snn::NeuronModelAttrInterface model,
                                          double spike, double threshold) {
  if (spike == 0)
    return 0.0;
  auto reset = getReset(model);
  if (!reset || spike != 1)
    return std::nullopt;
  auto [kind, when] = *reset;
  if (when == snn::ResetTime::next_step || kind == snn::ResetKind::none)
    return 0.0;
  if (kind == snn::ResetKind::subtract)
    return threshold;
  return std::nullopt;
}

namespace {
/// A neuron of a side in the step in which it differs.
struct Place {
  DiffSide &side;
  StringRef signal;
  int64_t neuron, sample, step;
  /// What it emits.
  double spike;
};
} // namespace

/// The potential "v" after the step.
static std::optional<double> runPotential(const Place &place,
                                          snn::PopulationOp population) {
  std::string probe =
      (population.getName() + ".v[" + llvm::Twine(place.neuron) + ":" +
       llvm::Twine(place.neuron + 1) + "]")
          .str();
  if (llvm::Error error = place.side.prepare({probe})) {
    // The model has no potential of that name.
    llvm::consumeError(std::move(error));
    return std::nullopt;
  }
  auto part = place.side.run(place.sample, place.sample + 1);
  if (!part) {
    llvm::consumeError(part.takeError());
    return std::nullopt;
  }
  return part->recordings[0].getAsDouble(place.step);
}

static std::optional<double> getThreshold(snn::PopulationOp population,
                                          int64_t neuron) {
  Attribute param;
  for (StringRef name : {"v_threshold", "threshold"})
    if (!param)
      param = population.getParams().get(name);
  if (!param)
    return std::nullopt;
  auto numbers = snn::NumberView::createBroadcast(
      population, param, population.getSignalType().getShape());
  if (failed(numbers))
    return std::nullopt;
  return (*numbers)[neuron];
}

/// Potential at the spike test minus threshold. `scale` becomes the largest
/// magnitude that took part, times the number of sources.
static std::optional<double> getMargin(const Place &place, double &scale) {
  // The network of an artefact has no body.
  if (place.side.isRecording() || place.side.isArtefact() ||
      !place.side.isSpiking())
    return std::nullopt;
  snn::PopulationOp population =
      findPopulation(place.side.getNetwork(), place.signal);
  if (!population)
    return std::nullopt;
  std::optional<double> threshold = getThreshold(population, place.neuron);
  if (!threshold)
    return std::nullopt;
  auto step = getResetStep(population.getModel(), place.spike, *threshold);
  if (!step)
    return std::nullopt;
  std::optional<double> potential = runPotential(place, population);
  if (!potential)
    return std::nullopt;
  int64_t sources = 1;
  for (Value current : population.getInputs())
    if (auto project = current.getDefiningOp<snn::ProjectOp>())
      sources += project.getSourceType().getNumElements();
  scale = std::max(
      scale, sources * std::max(std::abs(*potential), std::abs(*threshold)));
  return *potential + *step - *threshold;
}

void spikeformer::explain(Divergence &first, const CommonSignal &signal,
                          DiffSide &a, DiffSide &b) {
  double scale = 0;
  Place placeA{a,          signal.nameA, first.neuron, first.sample,
               first.step, first.a};
  Place placeB{b,
               signal.nameB,
               first.neuron - signal.firstA + signal.firstB,
               first.sample,
               first.step + signal.alignment.shift,
               first.b};
  first.marginA = getMargin(placeA, scale);
  first.marginB = getMargin(placeB, scale);
  if (!first.marginA && !first.marginB)
    return;
  // Of one side alone: were the potential of the other on the other side of the
  // threshold, it would differ by at least this much.
  double difference = first.marginA.value_or(0) - first.marginB.value_or(0);
  constexpr double epsilon = 0x1p-24;
  first.cause = std::abs(difference) <= scale * epsilon ? "rounding" : "rule";
}
