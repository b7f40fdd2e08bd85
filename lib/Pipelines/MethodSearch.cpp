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
#include "MeanCorrection.h"
#include "QualityMeter.h"
#include "spikeformer/Pipelines/ErrorLog.h"
#include <cmath>

using namespace spikeformer;

namespace {
constexpr int64_t minTrialSamples = 128, maxTrialSamples = 1024;
constexpr int64_t maxTrialSteps = 8192;
constexpr unsigned firstRounds = 2, allRounds = 8;
/// Methods that get all rounds.
constexpr size_t numFinalists = 2;
/// Of the variance of the outputs: what is less is not worth a spike.
constexpr double negligibleError = 0.005;

/// One way to choose thresholds, with and without corrections.
struct Candidate {
  ThresholdMethod thresholds;
  std::unique_ptr<ConversionTrial> trial;
  std::unique_ptr<MeanCorrection> biases;
  /// Null unless it was tried.
  std::unique_ptr<MeanCorrection> starts;

  MeanCorrection &get(Correction correction) const {
    return correction == Correction::start ? *starts : *biases;
  }
};

/// A candidate as it was converted, or corrected.
struct Entry {
  const Candidate *candidate;
  Correction correction;
};

class MethodSearch {
public:
  MethodSearch(ModuleOp module, const SearchOptions &options)
      : module(module), options(options), convert(options.plan.convert) {}

  llvm::Expected<SearchResult> run();

private:
  void tell(const ConversionMethod &method) const {
    if (options.progress)
      options.progress(method.getName());
  }
  /// Whether spikes are counted, which corrections need.
  bool countsSpikes() const {
    return options.plan.scheme.getAs<NeuronKind>(SchemePart::neuron) ==
           NeuronKind::IF;
  }
  bool canMoveBiases() const { return countsSpikes() && options.canMoveBiases; }
  /// Whether neurons may start anywhere.
  bool canMoveStarts() const {
    return options.canMoveStarts &&
           options.plan.scheme.getAs<InitialPotential>(
               SchemePart::initialPotential) == InitialPotential::Half;
  }
  MaxPool getMaxPool() const {
    return options.plan.scheme.getAs<MaxPool>(SchemePart::maxPool);
  }
  llvm::Error measureFloat();
  llvm::Error prepare();
  llvm::Error addCandidate(ThresholdMethod method);
  llvm::Error correctAsAsked();
  llvm::Error correct();
  llvm::Error correctStarts(Candidate &candidate);
  SmallVector<Entry> getEntries() const;
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
  if (getMaxPool() == MaxPool::Refuse)
    return llvm::Error::success();
  // Means are those of the activations that become neurons; the outputs that
  // count are those of the network as it was trained.
  Tensor outputs = reference.outputs;
  // In the module, so that no trial has to say again what it changed.
  arrangeMaxPools(main, getMaxPool());
  if (llvm::Error error = measureFloat())
    return error;
  reference.outputs = outputs;
  return llvm::Error::success();
}

llvm::Error MethodSearch::addCandidate(ThresholdMethod method) {
  tell(ConversionMethod{method});
  ConversionPlan how = options.plan;
  how.convert.thresholds.method = method;
  auto trial = ConversionTrial::create(module, how);
  if (!trial)
    return trial.takeError();
  for (const Candidate &other : candidates)
    if (trial->hasThresholdsOf(*other.trial))
      return llvm::Error::success();
  Candidate candidate{method,
                      std::make_unique<ConversionTrial>(std::move(*trial)),
                      nullptr, nullptr};
  candidate.biases = std::make_unique<MeanCorrection>(
      *candidate.trial, reference, Correction::bias);
  candidates.push_back(std::move(candidate));
  return llvm::Error::success();
}

llvm::Error MethodSearch::correctStarts(Candidate &candidate) {
  tell(ConversionMethod{candidate.thresholds, Correction::start});
  candidate.starts = std::make_unique<MeanCorrection>(
      *candidate.trial, reference, Correction::start);
  return candidate.starts->run(allRounds);
}

llvm::Error MethodSearch::correctAsAsked() {
  Candidate &candidate = candidates.front();
  Correction asked = options.method->correction;
  if (llvm::Error error =
          candidate.biases->run(asked == Correction::bias ? allRounds : 0))
    return error;
  return asked == Correction::start ? correctStarts(candidate)
                                    : llvm::Error::success();
}

llvm::Error MethodSearch::correct() {
  // By error; of equal ones, the first.
  std::vector<std::pair<double, size_t>> order;
  for (auto [index, candidate] : llvm::enumerate(candidates)) {
    tell(ConversionMethod{candidate.thresholds, Correction::bias});
    if (llvm::Error error =
            candidate.biases->run(canMoveBiases() ? firstRounds : 0))
      return error;
    order.emplace_back(candidate.biases->getBest().error, index);
  }
  if (!countsSpikes())
    return llvm::Error::success();
  llvm::sort(order);
  size_t finalists = canMoveBiases() ? numFinalists : 0;
  for (auto [error, index] : ArrayRef(order).take_front(finalists)) {
    tell(ConversionMethod{candidates[index].thresholds, Correction::bias});
    if (llvm::Error error = candidates[index].biases->run(allRounds))
      return error;
  }
  return canMoveStarts() ? correctStarts(candidates[order.front().second])
                         : llvm::Error::success();
}

SmallVector<Entry> MethodSearch::getEntries() const {
  SmallVector<Entry> entries;
  for (const Candidate &candidate : candidates) {
    entries.push_back({&candidate, Correction::none});
    if (canMoveBiases() &&
        (!options.method || options.method->correction == Correction::bias))
      entries.push_back({&candidate, Correction::bias});
    if (candidate.starts)
      entries.push_back({&candidate, Correction::start});
  }
  return entries;
}

/// The result of the least error; what is no number is worse than any.
static const MethodResult &findClosest(ArrayRef<MethodResult> results) {
  return *llvm::min_element(results, [](const auto &a, const auto &b) {
    return a.error < b.error || (std::isnan(b.error) && !std::isnan(a.error));
  });
}

/// The result of the least error, or, of those whose error is negligible and
/// that agree as often as it does, the one of the fewest spikes; where they
/// differ by less than a hundredth, the first, which is the simplest. An error
/// is negligible for classes only.
static size_t findBest(ArrayRef<MethodResult> results, bool hasClasses) {
  const MethodResult &closest = findClosest(results);
  size_t best = &closest - results.begin();
  if (!hasClasses)
    return best;
  bool isFirst = true;
  for (auto [index, result] : llvm::enumerate(results)) {
    if (!(result.error <= negligibleError) ||
        result.agreement < closest.agreement)
      continue;
    if (isFirst ||
        result.spikesPerSample < 0.99 * results[best].spikesPerSample)
      best = index;
    isFirst = false;
  }
  return best;
}

llvm::Expected<SearchResult> MethodSearch::choose() {
  SearchResult result;
  result.samples = reference.getNumSamples();
  SmallVector<Entry> entries = getEntries();
  for (auto [candidate, correction] : entries) {
    const TrialRun &run = correction == Correction::none
                              ? candidate->biases->getFirst()
                              : candidate->get(correction).getBest();
    std::string name =
        ConversionMethod{candidate->thresholds, correction}.getName();
    result.methods.push_back(
        {name, run.error, run.agreement, run.spikesPerSample});
  }
  bool hasClasses = reference.outputs.getNumElements() > result.samples;
  size_t best = options.method ? entries.size() - 1
                               : findBest(result.methods, hasClasses);
  result.methods[best].chosen = true;
  result.method = result.methods[best].name;
  auto [chosen, correction] = entries[best];
  if (correction == Correction::none)
    chosen->biases->undo();
  else
    chosen->get(correction).apply();
  auto quality = measureQuality(*chosen->trial, floatMain, reference);
  if (!quality)
    return quality.takeError();
  result.quality = std::move(*quality);
  result.conversion = chosen->trial->getReport();
  result.module = chosen->trial->takeModule();
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
  if (llvm::Error error = options.method ? correctAsAsked() : correct())
    return std::move(error);
  return choose();
}

llvm::Expected<SearchResult>
spikeformer::searchMethods(ModuleOp module, const SearchOptions &options) {
  return MethodSearch(module, options).run();
}
