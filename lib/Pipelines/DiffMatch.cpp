//===- DiffMatch.cpp - which signals of two sides are the same ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DiffMatch.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace spikeformer;

/// The common neurons of `a` and `b`, which come from the same population.
static std::optional<CommonSignal> intersect(const NamedSignal &a,
                                             const NamedSignal &b) {
  int64_t begin = std::max(a.origin.first, b.origin.first);
  int64_t end = std::min(a.origin.first + a.getNumNeurons(),
                         b.origin.first + b.getNumNeurons());
  bool isWhole = a.getNumNeurons() == b.getNumNeurons() &&
                 a.origin.first == b.origin.first;
  if (begin >= end && !isWhole)
    return std::nullopt;
  CommonSignal common;
  common.nameA = common.probeA = a.name;
  common.nameB = common.probeB = b.name;
  common.firstA = begin - a.origin.first;
  common.firstB = begin - b.origin.first;
  common.alignment.firstNeuron = common.firstA;
  common.alignment.factor = b.origin.scale / a.origin.scale;
  // Onsets say the same, unless a target cannot hold its neurons back.
  common.alignment.shift =
      a.origin.steps || b.origin.steps
          ? b.origin.steps.value_or(0) - a.origin.steps.value_or(0)
          : b.onset - a.onset;
  if (isWhole)
    return common;
  auto select = [&](std::string &probe, int64_t first) {
    probe += '[' + std::to_string(first) + ':' +
             std::to_string(first + end - begin) + ']';
  };
  select(common.probeA, common.firstA);
  select(common.probeB, common.firstB);
  return common;
}

static std::vector<CommonSignal>
intersectAll(const std::vector<NamedSignal> &a,
             const std::vector<NamedSignal> &b) {
  llvm::StringMap<std::vector<const NamedSignal *>> byOrigin;
  for (const NamedSignal &signal : b)
    byOrigin[signal.origin.population].push_back(&signal);
  std::vector<CommonSignal> result;
  for (const NamedSignal &signal : a)
    for (const NamedSignal *other : byOrigin.lookup(signal.origin.population))
      if (std::optional<CommonSignal> common = intersect(signal, *other)) {
        common->alignment.order = result.size();
        result.push_back(std::move(*common));
      }
  return result;
}

/// Whether the name of an array can be that of a signal: POP, POP.STATE, either
/// of some neurons, or an output.
static bool isNameOf(StringRef name, ArrayRef<NamedSignal> signals,
                     unsigned numOutputs) {
  std::optional<unsigned> output = Probe{name.str(), ""}.getOutput();
  if (output && *output < numOutputs)
    return true;
  name = name.split('[').first;
  name.consume_back(".init");
  return llvm::any_of(signals, [&](const NamedSignal &signal) {
    return name == signal.name || name.rsplit('.').first == signal.name;
  });
}

/// The arrays of a recording are probes of the model.
static llvm::Expected<CommonSignals> matchArrays(const DiffSide &recording,
                                                 const DiffSide &model) {
  CommonSignals common;
  std::vector<NamedSignal> arrays = *recording.getSignals();
  auto signals = model.getSignals();
  if (failed(signals))
    return makeReportedError();
  unsigned numOutputs = model.getNumOutputs();
  for (const NamedSignal &array : arrays) {
    if (!isNameOf(array.name, *signals, numOutputs)) {
      common.ignored.push_back(array.name);
      continue;
    }
    CommonSignal &signal = common.signals.emplace_back();
    signal.nameA = signal.nameB = signal.probeA = signal.probeB = array.name;
    signal.alignment.order = common.signals.size() - 1;
  }
  if (!common.signals.empty())
    return common;
  std::string names;
  for (const NamedSignal &signal : *signals)
    names += ", '" + signal.name + "'";
  for (unsigned index = 0; index < numOutputs; ++index)
    names += ", '" + getOutputName(index) + "'";
  return makeInputError(
      recording.getPath(),
      "has no array of a signal of the model: needs one of " +
          StringRef(names).drop_front(2) + ", has '" +
          llvm::join(common.ignored, "', '") +
          "'; --recorded=SIGNAL=KEY says which array is what");
}

llvm::Expected<CommonSignals> spikeformer::matchSignals(const DiffSide &a,
                                                        const DiffSide &b) {
  CommonSignals common;
  if (a.isRecording() != b.isRecording())
    return a.isRecording() ? matchArrays(a, b) : matchArrays(b, a);
  // What happened before the ways of the sides parted concerns both. An
  // artefact has been traced all the way already.
  bool haveRelations = !a.isRecording() && !a.isArtefact() && !b.isArtefact();
  size_t skip = haveRelations
                    ? snn::countCommonRelations(a.getModule(), b.getModule())
                    : 0;
  auto signalsA = a.getSignals(skip), signalsB = b.getSignals(skip);
  if (failed(signalsA) || failed(signalsB))
    return makeReportedError();
  common.signals = intersectAll(*signalsA, *signalsB);
  if (common.signals.empty() && (a.isRecording() || a.isSpiking()))
    return llvm::createStringError(a.getPath() + " and " + b.getPath() +
                                   " have no population in common");
  if (!haveRelations)
    return common;
  common.relation = snn::RelationKind::identical;
  for (const DiffSide *side : {&a, &b})
    common.relation = std::max(
        *common.relation,
        snn::RelationChain::create(side->getModule(), skip)->getKind());
  return common;
}
