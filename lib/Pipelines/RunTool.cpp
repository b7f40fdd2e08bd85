//===- RunTool.cpp - what sf-run does -------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/RunTool.h"
#include "spikeformer/Pipelines/EarlyExit.h"
#include "spikeformer/Pipelines/Evaluation.h"
#include "spikeformer/Pipelines/OutputPath.h"
#include "spikeformer/Pipelines/StimulusWriter.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/Npy.h"
#include "llvm/Support/Process.h"
#include <chrono>
#include <sys/resource.h>

using namespace spikeformer;
using Clock = std::chrono::steady_clock;

static double getSeconds(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

static int64_t getPeakBytes() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return int64_t(usage.ru_maxrss) * 1024;
}

namespace {
/// One call of the tool.
class RunTool {
public:
  RunTool(const RunOptions &options, const DialectRegistry &dialects)
      : options(options), context(dialects), handler(&context, log) {
    context.printOpOnDiagnostic(false);
  }

  ExitCode run();

private:
  llvm::Error execute();
  llvm::Error load();
  llvm::Error loadData();
  llvm::Error compile();
  bool endsInPredictions() const;
  llvm::Error runSamples();
  llvm::Error checkEarlyExit();
  llvm::Error writeOutput() const;
  llvm::Error writeRecording();
  llvm::Error writeStimulus() const;
  llvm::Error writeSonata(ArrayRef<NamedTensor> initial) const;
  ModelRunner::Progress makeProgress() const;

  JsonValue makeReport() const;
  void reportResults(JsonValue &report) const;
  void reportActivity(JsonValue &report) const;
  void reportEffort(JsonValue &report) const;

  const RunOptions &options;
  ErrorLog log;
  MLIRContext context;
  ErrorLogHandler handler;

  Model model;
  std::optional<LabelledSamples> data;
  std::unique_ptr<ModelRunner> runner;
  std::optional<Recorder> recorder;
  double loadSeconds = 0, dataSeconds = 0, compileSeconds = 0, seconds = 0;
  ModelRun result;
  Predictions predictions;
  std::optional<Evaluation> evaluation;
  std::optional<EarlyExit> earlyExit;
};
} // namespace

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

llvm::Error RunTool::load() {
  for (const std::string &path : {options.output, options.record})
    if (llvm::Error error = checkOutputFile(path))
      return error;
  Clock::time_point begin = Clock::now();
  auto loaded = loadModel(options.model, context, log, options.input.import);
  if (!loaded)
    return loaded.takeError();
  model = std::move(*loaded);
  if (!options.stimulus.empty() && !model.artefact)
    return makeRefusedError("--emit-stimulus is for what a target's own "
                            "software runs: needs an artefact, has '" +
                            options.model +
                            "'; compile it with sf-compile --target=NAME");
  loadSeconds = getSeconds(begin);
  return llvm::Error::success();
}

llvm::Error RunTool::loadData() {
  Clock::time_point begin = Clock::now();
  FailureOr<func::FuncOp> main = getMainFunction(*model.module);
  if (failed(main))
    return makeReportedError();
  if (options.data.empty() && main->getNumArguments() == 0)
    return llvm::Error::success();
  auto read = readData(*main, options.data, options.labels, options.input, log);
  if (!read)
    return read.takeError();
  data = std::move(*read);
  if (options.input.preprocessing &&
      failed(insertPreprocessing(*main, *options.input.preprocessing,
                                 data->getElementTypes())))
    return makeReportedError();
  llvm::Error error = convertData(*main, *data);
  dataSeconds = getSeconds(begin);
  return error;
}

llvm::Error RunTool::compile() {
  Clock::time_point begin = Clock::now();
  auto made = ModelRunner::create(*model.module, options.runner,
                                  data ? data->getSteps() : std::nullopt,
                                  model.artefact ? &*model.artefact : nullptr);
  if (!made)
    return made.takeError();
  runner = std::move(*made);
  compileSeconds = getSeconds(begin);
  return options.earlyExit ? checkEarlyExit() : llvm::Error::success();
}

llvm::Error RunTool::checkEarlyExit() {
  if (llvm::Error error = runner->checkEarlyExit())
    return error;
  if (data && data->labels && !data->labels->areClasses())
    return makeInputError(data->labelsFile,
                          "--early-exit needs labels that are classes, has "
                          "float targets");
  return llvm::Error::success();
}

/// A counter on a terminal, nothing in a pipe.
ModelRunner::Progress RunTool::makeProgress() const {
  if (!llvm::sys::Process::StandardErrIsDisplayed())
    return nullptr;
  int64_t samples = data ? data->samples.getNumSamples() : 1;
  return [samples](int64_t done) {
    llvm::errs() << "\r" << done << "/" << samples << " samples"
                 << (done == samples ? "\n" : "");
  };
}

/// Whether the classes of the last step are those of the result: what @main
/// computes behind the network may choose among classes or name them anew.
bool RunTool::endsInPredictions() const {
  auto byStep = result.predictionByStep.data<int32_t>();
  auto classes = predictions.classes.data<int32_t>();
  int64_t steps = result.predictionByStep.getShape()[1];
  for (auto [sample, answer] : llvm::enumerate(classes))
    if (byStep[(sample + 1) * steps - 1] != answer)
      return false;
  return true;
}

llvm::Error RunTool::runSamples() {
  int64_t samples = data ? data->samples.getNumSamples() : 1;
  recorder.emplace(runner->getProbes(), options.recordFormat, samples);
  auto record = [&](ArrayRef<Tensor> batch) { return recorder->take(batch); };
  Clock::time_point begin = Clock::now();
  auto run = runner->run(data ? data->getValues() : std::vector<Tensor>(),
                         samples, record, makeProgress());
  if (!run)
    return run.takeError();
  seconds = getSeconds(begin);
  result = std::move(*run);
  if (!result.results.empty())
    predictions = predict(result.results[0], runner->isSmallestBest());
  if (options.earlyExit)
    earlyExit = findEarlyExit(result, *options.earlyExit,
                              data && data->labels && endsInPredictions()
                                  ? &data->labels->values
                                  : nullptr);
  if (!data || !data->labels)
    return llvm::Error::success();
  auto compared =
      evaluate(result, predictions, *data->labels, data->labelsFile);
  if (!compared)
    return compared.takeError();
  evaluation = std::move(*compared);
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

llvm::Error RunTool::writeOutput() const {
  if (options.output.empty())
    return llvm::Error::success();
  if (result.results.empty())
    return makeRefusedError("the model gives no result to write");
  if (StringRef(options.output).ends_with(".npy"))
    return writeNpyFile(options.output, result.results[0]);
  std::vector<NamedTensor> arrays;
  for (auto [index, tensor] : llvm::enumerate(result.results))
    arrays.push_back({getOutputName(index), tensor});
  arrays.push_back({"prediction", predictions.classes});
  return writeNpzFile(options.output, arrays);
}

llvm::Error RunTool::writeRecording() {
  if (options.record.empty())
    return llvm::Error::success();
  std::vector<NamedTensor> initial;
  for (const ProbeRequest &probe : runner->getProbes()) {
    if (!probe.initial)
      continue;
    FailureOr<Tensor> values = getInitialState(probe, runner->getNetwork());
    if (failed(values))
      return makeReportedError();
    initial.push_back({probe.text, *values});
  }
  if (options.recordFormat == RecordFormat::sonata)
    return writeSonata(initial);
  return writeNpzFile(options.record, recorder->finish(initial));
}

llvm::Error RunTool::writeSonata(ArrayRef<NamedTensor> initial) const {
  if (!initial.empty())
    return makeRefusedError("a SONATA file has spikes and no initial states; "
                            "record '" +
                            initial.front().first +
                            "' with --record-format=dense");
  snn::NetworkOp network = runner->getNetwork();
  auto dt = network ? network->getAttrOfType<FloatAttr>("dt") : FloatAttr();
  if (!dt)
    return makeRefusedError("a SONATA file has times, and nothing says how "
                            "long a step of this network is: needs dt in "
                            "seconds; record with --record-format=events");
  return hdf5::writeSonataSpikes(options.record,
                                 recorder->finishSpikes(dt.getValueAsDouble()));
}

llvm::Error RunTool::writeStimulus() const {
  if (options.stimulus.empty())
    return llvm::Error::success();
  auto target = PluginRegistry::get().getTarget(model.artefact->target);
  if (!target)
    return target.takeError();
  func::FuncOp main = *getMainFunction(*model.module);
  auto inputs = describeInputs(main);
  if (failed(inputs))
    return makeReportedError();
  Stimulus stimulus;
  stimulus.artefact = options.model;
  stimulus.timesteps = runner->getTimesteps();
  stimulus.resetPerSample =
      getSimulation(main)->getResetKind() == snn::SampleReset::per_sample;
  std::vector<Tensor> values = data ? data->getValues() : std::vector<Tensor>();
  for (auto [input, tensor] : llvm::zip_equal(*inputs, values))
    stimulus.inputs.emplace_back(
        input.name,
        presentEachStep(tensor, input.shape.size(), runner->getTimesteps()));
  return spikeformer::writeStimulus(options.stimulus, **target, stimulus,
                                    result.results);
}

//===----------------------------------------------------------------------===//
// Report
//===----------------------------------------------------------------------===//

static JsonValue orNull(std::optional<double> value) {
  return value ? JsonValue(*value) : JsonValue();
}

void RunTool::reportResults(JsonValue &report) const {
  report.set("ties", predictions.ties);
  if (!evaluation)
    return;
  if (!evaluation->correct) {
    report.set("rmse", orNull(evaluation->rmse))
        .set("mae", orNull(evaluation->mae))
        .set("r2", orNull(evaluation->r2));
    return;
  }
  report.set("correct", *evaluation->correct)
      .set("accuracy", evaluation->getAccuracy(result.samples));
  if (!runner->isSpiking())
    return;
  JsonValue byStep = JsonValue::array();
  for (int64_t correct : evaluation->correctByStep)
    byStep.push(static_cast<double>(correct) / result.samples);
  report.set("accuracy_by_step", std::move(byStep));
}

void RunTool::reportActivity(JsonValue &report) const {
  int64_t neurons = 0, spikes = 0;
  JsonValue rates = JsonValue::object();
  for (const auto &[name, statistics] : result.populations) {
    neurons += statistics.neurons;
    spikes += statistics.spikes;
    double updates = static_cast<double>(statistics.neurons) * result.samples *
                     runner->getTimesteps();
    rates.set(name, statistics.spikes / updates);
  }
  report.set("timesteps", runner->getTimesteps())
      .set("latency", runner->getLatency())
      .set("neurons", neurons)
      .set("spikes", spikes)
      .set("input_spikes", result.inputEvents)
      .set("spikes_per_sample", static_cast<double>(spikes) / result.samples)
      .set("synaptic_events", result.synapticEvents)
      .set("rates", std::move(rates));
}

void RunTool::reportEffort(JsonValue &report) const {
  report.set("seconds", seconds)
      .set("samples_per_second", result.samples / seconds)
      .set("load_seconds", loadSeconds)
      .set("data_seconds", dataSeconds)
      .set("compile_seconds", compileSeconds)
      .set("threads", options.runner.threads)
      .set("peak_rss_bytes", getPeakBytes());
}

JsonValue RunTool::makeReport() const {
  JsonValue report = JsonValue::object();
  report.set("engine", runner->getEngine()).set("samples", result.samples);
  if (data)
    report.set("samples_sha256", data->samples.sha256);
  reportResults(report);
  if (earlyExit)
    report.set("early_exit", earlyExit->toJson());
  if (runner->isSpiking())
    reportActivity(report);
  reportEffort(report);
  return report;
}

llvm::Error RunTool::execute() {
  if (llvm::Error error = load())
    return error;
  if (llvm::Error error = loadData())
    return error;
  if (llvm::Error error = compile())
    return error;
  if (llvm::Error error = runSamples())
    return error;
  if (llvm::Error error = writeOutput())
    return error;
  if (llvm::Error error = writeRecording())
    return error;
  return writeStimulus();
}

ExitCode RunTool::run() {
  if (llvm::Error error = execute()) {
    ExitCode code = log.fail(std::move(error));
    if (options.report == ReportFormat::json)
      printReport(JsonValue::object().set("errors", log.toJson()),
                  options.report, llvm::outs());
    return code;
  }
  printReport(makeReport(), options.report, llvm::outs());
  return exitDone;
}

ExitCode spikeformer::runModel(const RunOptions &options,
                               const DialectRegistry &dialects) {
  return RunTool(options, dialects).run();
}
