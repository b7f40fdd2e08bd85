//===- DiffPair.cpp - two sides, compared ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DiffPair.h"
#include "DiffMargin.h"
#include "spikeformer/Support/InputFile.h"

using namespace spikeformer;

llvm::Expected<std::unique_ptr<DiffPair>>
DiffPair::open(const DiffOptions &options, MLIRContext &context,
               ErrorLog &log) {
  std::unique_ptr<DiffPair> pair(new DiffPair(options));
  for (auto [side, path, engine] :
       {std::make_tuple(&pair->a, &options.a, &options.engineA),
        std::make_tuple(&pair->b, &options.b, &options.engineB)}) {
    auto opened = DiffSide::open(*path, *engine, options, context, log);
    if (!opened)
      return opened.takeError();
    *side = std::move(*opened);
  }
  return pair;
}

llvm::Error DiffPair::checkSamples() const {
  if (a->getNumSamples() != b->getNumSamples())
    return makeRefusedError(
        "the numbers of samples differ: needs " +
        llvm::Twine(a->getNumSamples()) + ", has " +
        llvm::Twine(b->getNumSamples()) +
        "; a recording is compared on the data that it was made of, see "
        "--limit");
  if (hasRecording() || !a->isSpiking())
    return llvm::Error::success();
  int64_t stepsA = a->getRunner().getTimesteps();
  int64_t stepsB = b->getRunner().getTimesteps();
  if (stepsA != stepsB)
    return makeRefusedError("the numbers of timesteps differ: needs " +
                            llvm::Twine(stepsA) + ", has " +
                            llvm::Twine(stepsB) +
                            "; compile both with the same --timesteps");
  return llvm::Error::success();
}

llvm::Error DiffPair::compareParts(int64_t begin, int64_t end) {
  auto partA = a->run(begin, end);
  if (!partA)
    return partA.takeError();
  auto partB = b->run(begin, end);
  if (!partB)
    return partB.takeError();
  for (auto [i, signal] : llvm::enumerate(common.signals))
    if (llvm::Error error = comparison.compare(signal.nameA, signal.alignment,
                                               partA->recordings[i],
                                               partB->recordings[i], begin))
      return makeRefusedError(llvm::toString(std::move(error)));
  if (!common.signals.empty())
    return llvm::Error::success();
  for (size_t i = 0; i < std::min(partA->results.size(), partB->results.size());
       ++i)
    if (llvm::Error error = comparison.compareResults(
            "result" + std::to_string(i), i, partA->results[i],
            partB->results[i], begin))
      return makeRefusedError(llvm::toString(std::move(error)));
  return llvm::Error::success();
}

llvm::Error DiffPair::prepareSides() {
  std::vector<std::string> probesA, probesB;
  for (const CommonSignal &signal : common.signals) {
    probesA.push_back(signal.probeA);
    probesB.push_back(signal.probeB);
  }
  if (llvm::Error error = a->prepare(std::move(probesA)))
    return error;
  if (llvm::Error error = b->prepare(std::move(probesB)))
    return error;
  if (a->isRecording() == b->isRecording())
    return llvm::Error::success();
  auto [recording, model] =
      a->isRecording() ? std::make_pair(&*a, &*b) : std::make_pair(&*b, &*a);
  return recording->fit(model->getRunner().getProbes());
}

llvm::Error DiffPair::compare(ErrorLog &log) {
  auto matched = matchSignals(*a, *b);
  if (!matched)
    return matched.takeError();
  common = std::move(*matched);
  for (CommonSignal &signal : common.signals)
    signal.alignment.shift += a->isRecording() ? -shift : shift;
  for (const std::string &name : common.ignored)
    log.note("the array '" + name +
             "' is not compared: the model has no such "
             "signal; --recorded=SIGNAL=" +
             name + " says what it is");
  if (llvm::Error error = prepareSides())
    return error;
  if (llvm::Error error = checkSamples())
    return error;
  int64_t samples = a->getNumSamples();
  int64_t size = std::min(a->getBatchSize(), b->getBatchSize());
  for (int64_t begin = 0; begin < samples; begin += size)
    if (llvm::Error error =
            compareParts(begin, std::min(samples, begin + size)))
      return error;
  if (std::optional<Divergence> &first = comparison.getFirst();
      first && !common.signals.empty())
    explain(*first, common.signals[first->order], *a, *b);
  return llvm::Error::success();
}

JsonValue DiffPair::toJson() {
  JsonValue latency, relation;
  if (!hasRecording())
    latency = b->getRunner().getLatency() - a->getRunner().getLatency();
  if (common.relation)
    relation = snn::stringifyRelationKind(*common.relation);
  return comparison.toJson()
      .set("latency_shift", std::move(latency))
      .set("relation", std::move(relation))
      .set("populations", static_cast<int64_t>(common.signals.size()))
      .set("samples", a->getNumSamples());
}
