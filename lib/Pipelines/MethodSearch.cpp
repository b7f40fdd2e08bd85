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
#include "QualityMeter.h"
#include "spikeformer/Pipelines/ErrorLog.h"

using namespace spikeformer;

namespace {
constexpr int64_t minTrialSamples = 128, maxTrialSamples = 1024;
constexpr int64_t maxTrialSteps = 8192;
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
  MethodSearch(ModuleOp module, const SearchOptions &options)
      : module(module), options(options), convert(options.convert) {}

  llvm::Expected<SearchResult> run();

private:
  void tell(const ConversionMethod &method) const {
    if (options.progress)
      options.progress(method.getName());
  }
  llvm::Error measureFloat();
  llvm::Error prepare();
  llvm::Error addCandidate(ThresholdMethod method);
  llvm::Error correct();
  llvm::Expected<SearchResult> choose();

  ModuleOp module;
  const SearchOptions &options;
  const ConvertOptions &convert;
  /// What is compared with.
  OwningOpRef<ModuleOp> floatModule;
  func::FuncOp floatMain;
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

/// Measures the module as it is, but for trained levels, to which counting does
/// not round.
llvm::Error MethodSearch::measureFloat() {
  floatModule = module.clone();
  floatMain = floatModule->lookupSymbol<func::FuncOp>(convert.function);
  dropTrainedLevels(floatMain);
  return reference.measure(floatMain);
}

llvm::Error MethodSearch::prepare() {
  auto main = module.lookupSymbol<func::FuncOp>(convert.function);
  if (!main) {
    module.emitError() << "there is no function @" << convert.function;
    return makeReportedError();
  }
  if (failed(checkSamples(main, convert.samples)))
    return makeReportedError();
  int64_t affordable = std::clamp(maxTrialSteps / convert.network.timesteps,
                                  minTrialSamples, maxTrialSamples);
  for (const Tensor &tensor : convert.samples)
    reference.samples.push_back(
        tensor.slice(0, std::min(tensor.getShape().front(), affordable)));
  reference.threads = options.threads;
  if (llvm::Error error = measureFloat())
    return error;
  if (convert.network.maxPool == MaxPool::Refuse)
    return llvm::Error::success();
  // Means are those of the activations that become neurons; the outputs that
  // count are those of the network as it was trained.
  Tensor outputs = reference.outputs;
  // In the module, so that no trial has to say again what it changed.
  arrangeMaxPools(main, convert.network.maxPool);
  if (llvm::Error error = measureFloat())
    return error;
  reference.outputs = outputs;
  return llvm::Error::success();
}

llvm::Error MethodSearch::addCandidate(ThresholdMethod method) {
  tell(ConversionMethod{method, false});
  ConvertOptions how = convert;
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

llvm::Error MethodSearch::correct() {
  // By error; of equal ones, the first.
  std::vector<std::pair<double, size_t>> order;
  for (auto [index, candidate] : llvm::enumerate(candidates)) {
    tell(ConversionMethod{candidate.thresholds, true});
    if (llvm::Error error =
            candidate.correction->run(options.method ? allRounds : firstRounds))
      return error;
    order.emplace_back(candidate.correction->getBest().error, index);
  }
  llvm::sort(order);
  for (auto [error, index] : ArrayRef(order).take_front(numFinalists)) {
    tell(ConversionMethod{candidates[index].thresholds, true});
    if (llvm::Error error = candidates[index].correction->run(allRounds))
      return error;
  }
  return llvm::Error::success();
}

/// The result of the least error; of equal ones the first.
static size_t findBest(ArrayRef<MethodResult> results) {
  size_t best = 0;
  for (auto [index, result] : llvm::enumerate(results))
    if (result.error < results[best].error)
      best = index;
  return best;
}

llvm::Expected<SearchResult> MethodSearch::choose() {
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
  size_t best = options.method ? 1 : findBest(result.methods);
  result.methods[best].chosen = true;
  result.method = result.methods[best].name;
  Candidate &chosen = candidates[best / 2];
  if (best % 2 != 0)
    chosen.correction->apply();
  else
    chosen.correction->undo();
  auto quality = measureQuality(*chosen.trial, floatMain, reference);
  if (!quality)
    return quality.takeError();
  result.quality = std::move(*quality);
  result.conversion = chosen.trial->getReport();
  result.module = chosen.trial->takeModule();
  return result;
}

llvm::Expected<SearchResult> MethodSearch::run() {
  if (llvm::Error error = prepare())
    return std::move(error);
  SmallVector<ThresholdMethod> tried{
      ThresholdMethod::Percentile, ThresholdMethod::PercentileChannel,
      ThresholdMethod::Local, ThresholdMethod::LeastSquares};
  if (options.method)
    tried = {options.method->thresholds};
  for (ThresholdMethod thresholds : tried)
    if (llvm::Error error = addCandidate(thresholds))
      return std::move(error);
  if (llvm::Error error = correct())
    return std::move(error);
  return choose();
}

llvm::Expected<SearchResult>
spikeformer::searchMethods(ModuleOp module, const SearchOptions &options) {
  return MethodSearch(module, options).run();
}
