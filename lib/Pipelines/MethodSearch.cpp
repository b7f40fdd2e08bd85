//===- MethodSearch.cpp - conversion by trial -----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Corrections take most of the time, so every method gets a few rounds and only
// the best ones get all.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/MethodSearch.h"
#include "BiasCorrection.h"
#include "spikeformer/Pipelines/ErrorLog.h"

using namespace spikeformer;

namespace {
constexpr int64_t maxTrialSamples = 1024;
constexpr unsigned firstRounds = 2, allRounds = 8;
/// Methods that get all rounds.
constexpr size_t numFinalists = 2;

/// One way to choose thresholds, with and without corrections.
struct Candidate {
  ThresholdMethod thresholds;
  std::unique_ptr<ConversionTrial> trial;
  std::unique_ptr<BiasCorrection> correction;
};

class MethodSearch {
public:
  MethodSearch(ModuleOp module, const ConvertOptions &options, unsigned threads)
      : module(module), options(options), threads(threads) {}

  llvm::Expected<SearchResult> run(std::optional<ConversionMethod> method);

private:
  llvm::Error prepare();
  llvm::Error addCandidate(ThresholdMethod method);
  llvm::Error correct(bool isSearch);
  SearchResult choose(std::optional<ConversionMethod> method);

  ModuleOp module;
  const ConvertOptions &options;
  unsigned threads;
  FloatReference reference;
  std::vector<Candidate> candidates;
};
} // namespace

JsonValue MethodResult::toJson() const {
  return JsonValue::object()
      .set("method", name)
      .set("error", error)
      .set("agreement", agreement)
      .set("spikes_per_sample", spikesPerSample)
      .set("chosen", chosen);
}

llvm::Error MethodSearch::prepare() {
  auto main = module.lookupSymbol<func::FuncOp>(options.function);
  if (!main || failed(checkSamples(main, options.samples)))
    return makeReportedError();
  for (const Tensor &tensor : options.samples)
    reference.samples.push_back(
        tensor.slice(0, std::min(tensor.getShape().front(), maxTrialSamples)));
  reference.threads = threads;
  if (llvm::Error error = reference.measure(main))
    return error;
  if (options.network.maxPool == MaxPool::Refuse)
    return llvm::Error::success();
  // Means are those of the activations that become neurons; the outputs that
  // count are those of the network as it was trained.
  Tensor outputs = reference.outputs;
  arrangeMaxPools(main, options.network.maxPool);
  if (llvm::Error error = reference.measure(main))
    return error;
  reference.outputs = outputs;
  return llvm::Error::success();
}

llvm::Error MethodSearch::addCandidate(ThresholdMethod method) {
  ConvertOptions how = options;
  how.thresholds.method = method;
  auto trial = ConversionTrial::create(module, how);
  if (!trial)
    return trial.takeError();
  for (const Candidate &other : candidates)
    if (trial->hasThresholdsOf(*other.trial))
      return llvm::Error::success();
  Candidate candidate{
      method, std::make_unique<ConversionTrial>(std::move(*trial)), nullptr};
  candidate.correction =
      std::make_unique<BiasCorrection>(*candidate.trial, reference);
  candidates.push_back(std::move(candidate));
  return llvm::Error::success();
}

llvm::Error MethodSearch::correct(bool isSearch) {
  // By error; of equal ones, the first.
  std::vector<std::pair<double, size_t>> order;
  for (auto [index, candidate] : llvm::enumerate(candidates)) {
    if (llvm::Error error =
            candidate.correction->run(isSearch ? firstRounds : allRounds))
      return error;
    order.emplace_back(candidate.correction->getBest().error, index);
  }
  llvm::sort(order);
  for (auto [error, index] : ArrayRef(order).take_front(numFinalists))
    if (llvm::Error error = candidates[index].correction->run(allRounds))
      return error;
  return llvm::Error::success();
}

/// Spikes are what a network costs: a method may send a tenth more of them if
/// its error is a tenth less.
static size_t findBest(ArrayRef<MethodResult> results) {
  auto getCost = [](const MethodResult &result) {
    return result.error * result.spikesPerSample;
  };
  size_t best = 0;
  for (auto [index, result] : llvm::enumerate(results))
    if (getCost(result) < getCost(results[best]))
      best = index;
  return best;
}

SearchResult MethodSearch::choose(std::optional<ConversionMethod> method) {
  SearchResult result;
  result.samples = reference.getNumSamples();
  for (const Candidate &candidate : candidates)
    for (bool corrects : {false, true}) {
      const TrialRun &run = corrects ? candidate.correction->getBest()
                                     : candidate.correction->getFirst();
      std::string name =
          ConversionMethod{candidate.thresholds, corrects}.getName();
      result.methods.push_back(
          {name, run.error, run.agreement, run.spikesPerSample});
    }
  size_t best = method ? 1 : findBest(result.methods);
  result.methods[best].chosen = true;
  result.method = result.methods[best].name;
  Candidate &chosen = candidates[best / 2];
  if (best % 2 != 0)
    chosen.correction->apply();
  else
    chosen.correction->undo();
  result.conversion = chosen.trial->getReport();
  result.module = chosen.trial->takeModule();
  return result;
}

llvm::Expected<SearchResult>
MethodSearch::run(std::optional<ConversionMethod> method) {
  if (llvm::Error error = prepare())
    return std::move(error);
  SmallVector<ThresholdMethod> tried{
      ThresholdMethod::Percentile, ThresholdMethod::PercentileChannel,
      ThresholdMethod::Local, ThresholdMethod::LeastSquares};
  if (method)
    tried = {method->thresholds};
  for (ThresholdMethod thresholds : tried)
    if (llvm::Error error = addCandidate(thresholds))
      return std::move(error);
  if (llvm::Error error = correct(/*isSearch=*/!method))
    return std::move(error);
  return choose(method);
}

llvm::Expected<SearchResult>
spikeformer::searchMethods(ModuleOp module, const ConvertOptions &options,
                           std::optional<ConversionMethod> method,
                           unsigned threads) {
  return MethodSearch(module, options, threads).run(method);
}
