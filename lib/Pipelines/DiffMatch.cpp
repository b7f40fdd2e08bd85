//===- DiffMatch.cpp - which signals of two sides are the same ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DiffMatch.h"
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

/// The names in a recording need not be those of populations.
static std::vector<CommonSignal> useProbes(const DiffSide &recording) {
  std::vector<CommonSignal> result;
  std::vector<NamedSignal> signals = *recording.getSignals();
  for (const NamedSignal &signal : signals) {
    CommonSignal &common = result.emplace_back();
    common.nameA = common.nameB = common.probeA = common.probeB = signal.name;
    common.alignment.order = result.size() - 1;
  }
  return result;
}

llvm::Expected<CommonSignals> spikeformer::matchSignals(const DiffSide &a,
                                                        const DiffSide &b) {
  CommonSignals common;
  if (a.isRecording() != b.isRecording()) {
    common.signals = useProbes(a.isRecording() ? a : b);
    return common;
  }
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
