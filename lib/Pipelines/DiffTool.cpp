//===- DiffTool.cpp - what sf-diff does -----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/DiffTool.h"
#include "ActivationDiff.h"
#include "DiffMatch.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Support/InputFile.h"
#include <cmath>

using namespace spikeformer;

namespace {
/// One call of the tool.
class DiffTool {
public:
  DiffTool(const DiffOptions &options, const DialectRegistry &dialects)
      : options(options), context(dialects), handler(&context, log),
        comparison(options.tolerance) {
    context.printOpOnDiagnostic(false);
  }

  ExitCode run();

private:
  llvm::Error execute();
  llvm::Error checkSamples() const;
  llvm::Error compareSides();
  llvm::Error compareParts(int64_t begin, int64_t end);
  llvm::Error explain();
  std::optional<double> getMargin(DiffSide &side, StringRef population,
                                  int64_t neuron, int64_t step, double spike,
                                  double &scale);

  const DiffOptions &options;
  ErrorLog log;
  MLIRContext context;
  ErrorLogHandler handler;

  std::unique_ptr<DiffSide> a, b;
  CommonSignals common;
  Comparison comparison;
  JsonValue report;
};
} // namespace

//===----------------------------------------------------------------------===//
// What is compared
//===----------------------------------------------------------------------===//

llvm::Error DiffTool::checkSamples() const {
  if (a->getNumSamples() != b->getNumSamples())
    return makeRefusedError(
        "the numbers of samples differ: needs " +
        llvm::Twine(a->getNumSamples()) + ", has " +
        llvm::Twine(b->getNumSamples()) +
        "; a recording is compared on the data that it was made of, see "
        "--limit");
  if (a->isRecording() || b->isRecording() || !a->isSpiking())
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

//===----------------------------------------------------------------------===//
// Comparing
//===----------------------------------------------------------------------===//

llvm::Error DiffTool::compareParts(int64_t begin, int64_t end) {
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

llvm::Error DiffTool::compareSides() {
  auto matched = matchSignals(*a, *b);
  if (!matched)
    return matched.takeError();
  common = std::move(*matched);
  std::vector<std::string> probesA, probesB;
  for (const CommonSignal &signal : common.signals) {
    probesA.push_back(signal.probeA);
    probesB.push_back(signal.probeB);
  }
  if (llvm::Error error = a->prepare(std::move(probesA)))
    return error;
  if (llvm::Error error = b->prepare(std::move(probesB)))
    return error;
  if (llvm::Error error = checkSamples())
    return error;
  int64_t samples = a->getNumSamples();
  int64_t size = std::min(a->getBatchSize(), b->getBatchSize());
  for (int64_t begin = 0; begin < samples; begin += size)
    if (llvm::Error error =
            compareParts(begin, std::min(samples, begin + size)))
      return error;
  if (llvm::Error error = explain())
    return error;
  report = comparison.toJson();
  bool haveLatency = !a->isRecording() && !b->isRecording();
  report
      .set("latency_shift", haveLatency
                                ? JsonValue(b->getRunner().getLatency() -
                                            a->getRunner().getLatency())
                                : JsonValue())
      .set("relation",
           common.relation
               ? JsonValue(snn::stringifyRelationKind(*common.relation))
               : JsonValue())
      .set("populations", static_cast<int64_t>(common.signals.size()))
      .set("samples", samples);
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Explaining the first difference
//===----------------------------------------------------------------------===//

static snn::PopulationOp findPopulation(snn::NetworkOp network,
                                        StringRef name) {
  snn::PopulationOp found;
  network.walk([&](snn::PopulationOp op) {
    if (op.getName() == name)
      found = op;
  });
  return found;
}

/// How a model resets, and whether in the step of the spike.
static std::optional<std::pair<snn::ResetKind, snn::ResetTime>>
getReset(snn::NeuronModelAttrInterface model) {
  if (auto attribute = dyn_cast<snn::IFAttr>(model))
    return std::make_pair(attribute.getReset(), attribute.getWhen());
  if (auto attribute = dyn_cast<snn::LIFAttr>(model))
    return std::make_pair(attribute.getReset(), attribute.getWhen());
  if (auto attribute = dyn_cast<snn::CubaLIFAttr>(model))
    return std::make_pair(attribute.getReset(), attribute.getWhen());
  return std::nullopt;
}

/// Potential before the spike test minus threshold in the sample of the first
/// difference, computed back from the recorded potential after the reset.
/// `scale` becomes the largest magnitude that took part, times the number of
/// sources.
std::optional<double> DiffTool::getMargin(DiffSide &side, StringRef name,
                                          int64_t neuron, int64_t step,
                                          double spike, double &scale) {
  int64_t sample = comparison.getFirst()->sample;
  snn::PopulationOp population = findPopulation(side.getNetwork(), name);
  if (!population)
    return std::nullopt;
  auto reset = getReset(population.getModel());
  if (!reset)
    return std::nullopt;
  auto [kind, when] = *reset;
  bool isReset = spike != 0 && when == snn::ResetTime::same_step;
  if (isReset && kind == snn::ResetKind::to_value)
    return std::nullopt;
  ArrayRef<int64_t> shape = population.getSignalType().getShape();
  auto theta = snn::NumberView::createBroadcast(
      population, population.getParams().get("v_threshold"), shape);
  std::string range =
      "[" + std::to_string(neuron) + ":" + std::to_string(neuron + 1) + "]";
  if (failed(theta) || side.prepare({(name + ".v" + range).str()}))
    return std::nullopt;
  auto part = side.run(sample, sample + 1);
  if (!part) {
    llvm::consumeError(part.takeError());
    return std::nullopt;
  }
  double potential = part->recordings[0].getAsDouble(step);
  double threshold = (*theta)[neuron];
  bool subtracted = isReset && kind == snn::ResetKind::subtract;
  int64_t sources = 1;
  for (Value current : population.getInputs())
    if (auto project = current.getDefiningOp<snn::ProjectOp>())
      sources += project.getSourceType().getNumElements();
  scale = std::max(
      scale, sources * std::max(std::abs(potential), std::abs(threshold)));
  return subtracted ? potential : potential - threshold;
}

llvm::Error DiffTool::explain() {
  std::optional<Divergence> &first = comparison.getFirst();
  if (!first || a->isRecording() || b->isRecording() || !a->isSpiking())
    return llvm::Error::success();
  // The latencies are reported later, so the runners must stay.
  const CommonSignal &signal = common.signals[first->order];
  int64_t neuron = first->neuron - signal.firstA;
  double scale = 0;
  first->marginA =
      getMargin(*a, signal.nameA, first->neuron, first->step, first->a, scale);
  first->marginB =
      getMargin(*b, signal.nameB, signal.firstB + neuron,
                first->step + signal.alignment.shift, first->b, scale);
  if (!first->marginA || !first->marginB)
    return llvm::Error::success();
  constexpr double epsilon = 0x1p-24;
  bool isRounding =
      std::abs(*first->marginA - *first->marginB) <= scale * epsilon;
  first->cause = isRounding ? "rounding" : "rule";
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// The tool
//===----------------------------------------------------------------------===//

llvm::Error DiffTool::execute() {
  for (auto [side, path, engine] :
       {std::make_tuple(&a, &options.a, &options.engineA),
        std::make_tuple(&b, &options.b, &options.engineB)}) {
    auto opened = DiffSide::open(*path, *engine, options, context, log);
    if (!opened)
      return opened.takeError();
    *side = std::move(*opened);
  }
  bool models = !a->isRecording() && !b->isRecording();
  if (!models || a->isSpiking() == b->isSpiking())
    return compareSides();
  auto compared = a->isSpiking()
                      ? compareActivations(*b, *a, options.activationTolerance)
                      : compareActivations(*a, *b, options.activationTolerance);
  if (!compared)
    return compared.takeError();
  report = std::move(*compared);
  return llvm::Error::success();
}

ExitCode DiffTool::run() {
  if (llvm::Error error = execute()) {
    // 1 says "different", and nothing was compared.
    log.fail(std::move(error));
    if (options.report == ReportFormat::json)
      printReport(JsonValue::object().set("errors", log.toJson()),
                  options.report, llvm::outs());
    return exitCannotRun;
  }
  printReport(report, options.report, llvm::outs());
  auto equal = report.find("equal")->getBool();
  return equal && *equal ? exitDone : exitRefused;
}

ExitCode spikeformer::diffModels(const DiffOptions &options,
                                 const DialectRegistry &dialects) {
  return DiffTool(options, dialects).run();
}
