//===- Compiler.cpp - the phases of a compilation -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Phases that belong to targets are empty pass pipelines for a target that
// needs nothing there.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/Compiler.h"
#include "LegalScheme.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "spikeformer/Dialect/PnR/IR/PnROps.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Process.h"
#include <chrono>
#include <ctime>

using namespace spikeformer;
using Clock = std::chrono::steady_clock;

//===----------------------------------------------------------------------===//
// import
//===----------------------------------------------------------------------===//

/// Reads the samples of the options. Both sets are read before preprocessing is
/// inserted, because their stored type becomes the type of the input.
llvm::Error Compiler::readSamples(func::FuncOp main) {
  auto read = [&](ArrayRef<std::string> files, StringRef labels,
                  std::optional<int64_t> limit,
                  std::optional<LabelledSamples> &samples) -> llvm::Error {
    if (files.empty())
      return llvm::Error::success();
    DataOptions how = options.import.data;
    how.fit.limit = limit;
    auto found = readData(main, files, labels, how, log, data);
    if (!found)
      return found.takeError();
    samples = std::move(*found);
    return llvm::Error::success();
  };
  if (llvm::Error error =
          read(options.convert.calibration, options.convert.calibrationLabels,
               options.convert.calibrationLimit, calibration))
    return error;
  return read(options.evaluation.data, options.evaluation.labels,
              options.evaluation.limit, evaluation);
}

llvm::Error Compiler::preprocess(func::FuncOp main) {
  const auto &preprocessing = options.import.data.preprocessing;
  if (!preprocessing)
    return llvm::Error::success();
  SmallVector<std::optional<ElementType>> types;
  if (calibration)
    types = calibration->getElementTypes();
  else if (evaluation)
    types = evaluation->getElementTypes();
  if (failed(insertPreprocessing(main, *preprocessing, types)))
    return makeReportedError();
  return llvm::Error::success();
}

/// Nothing of a network was imported, only what is to be placed.
bool Compiler::isMappingProblem() const {
  ModuleOp module = *model.module;
  return !module.getOps<pnr::MappingOp>().empty() &&
         !module.lookupSymbol<func::FuncOp>("main");
}

/// A mapping without a network has nothing that takes data.
Compiler::Outcome Compiler::importMapping() {
  if (options.convert.calibration.empty() && options.evaluation.data.empty())
    return "";
  return makeInputError(model.path,
                        "is a mapping problem without neurons, which takes no "
                        "data; leave --calibrate and --evaluate out");
}

Compiler::Outcome Compiler::importModel() {
  auto loaded =
      loadModel(options.import.input, context, log, options.import.data.import);
  if (!loaded)
    return loaded.takeError();
  model = std::move(*loaded);
  if (isMappingProblem())
    return importMapping();
  FailureOr<func::FuncOp> main = getMainFunction(getModule());
  if (failed(main))
    return makeReportedError();
  if (llvm::Error error = readSamples(*main))
    return std::move(error);
  if (llvm::Error error = preprocess(*main))
    return std::move(error);
  for (std::optional<LabelledSamples> *samples : {&calibration, &evaluation})
    if (*samples)
      if (llvm::Error error = convertData(*main, **samples))
        return std::move(error);
  return "";
}

//===----------------------------------------------------------------------===//
// normalize, convert
//===----------------------------------------------------------------------===//

/// The network that @main simulates; null for a float network.
static llvm::Expected<snn::SimulateOp> findSimulation(ModuleOp module) {
  auto simulation = getSimulation(module.lookupSymbol<func::FuncOp>("main"));
  if (failed(simulation))
    return makeReportedError();
  return *simulation;
}

Compiler::Outcome Compiler::normalize() {
  auto simulation = findSimulation(getModule());
  if (!simulation)
    return simulation.takeError();
  if (*simulation)
    return "a spiking network is in normal form";
  auto main = getModule().lookupSymbol<func::FuncOp>("main");
  if (failed(dequantize(main)) || failed(foldBatchNorm(main)))
    return makeReportedError();
  splitLeakyRelu(main);
  return "";
}

Compiler::Outcome Compiler::setTimesteps(snn::SimulateOp simulation) {
  for (auto [index, asked] : llvm::enumerate(options.convert.scheme))
    if (asked)
      return makeInputError(
          model.path, "the network spikes already, and nothing is converted; "
                      "leave out --" +
                          getFlagName(static_cast<SchemePart>(index)));
  std::optional<int64_t> own = simulation.getSteps();
  std::optional<int64_t> asked = options.convert.timesteps;
  if (own && asked && *own != *asked) {
    simulation.emitError("the number of timesteps is part of the model: needs ")
        << *own << ", has --timesteps=" << *asked << "; leave the flag out";
    return makeReportedError();
  }
  if (!own && asked) {
    simulation.setSteps(*asked);
    return "";
  }
  return "the network spikes already";
}

Compiler::Outcome Compiler::convert() {
  auto simulation = findSimulation(getModule());
  if (!simulation)
    return simulation.takeError();
  if (*simulation)
    return setTimesteps(*simulation);
  if (!options.convert.timesteps)
    return makeInputError(model.path,
                          "the network is to spike, and only you know for how "
                          "many steps an input is presented; pass "
                          "--timesteps=T, such as --timesteps=32");
  if (evaluation && evaluation->labels) {
    auto measured = assess(*evaluation);
    if (!measured)
      return measured.takeError();
    floatAccuracy = std::move(*measured);
  }
  if (llvm::Error error = convertNetwork())
    return std::move(error);
  return "";
}

/// A line on a terminal, nothing in a pipe.
std::function<void(StringRef)> Compiler::makeSearchProgress() const {
  if (!llvm::sys::Process::StandardErrIsDisplayed())
    return nullptr;
  return [this](StringRef method) {
    log.getStream() << "\r\x1b[Ktrying " << method << " \r";
  };
}

ConversionPlan Compiler::makePlan() const {
  const std::optional<ConversionMethod> &asked = options.convert.method;
  ConversionPlan plan;
  ConvertOptions &convert = plan.convert;
  if (asked)
    convert.thresholds.method = asked->thresholds;
  convert.thresholds.calibration.percentile = options.convert.percentile;
  convert.thresholds.calibration.threads = options.threads;
  convert.network.timesteps = *options.convert.timesteps;
  convert.network.deltaBits = options.convert.deltaBits;
  convert.network.levels = options.convert.levels;
  plan.seed = options.mapping.seed;
  if (calibration)
    llvm::append_range(convert.samples, calibration->getValues());
  return plan;
}

/// Whether a network of `scheme` leaves free what is corrected.
static bool canCorrect(const ConversionScheme &scheme, Correction what) {
  bool isSpiking =
      scheme.getAs<NeuronKind>(SchemePart::neuron) == NeuronKind::IF;
  bool startsAtHalf =
      scheme.getAs<InitialPotential>(SchemePart::initialPotential) ==
      InitialPotential::Half;
  return what == Correction::none ||
         (isSpiking && (what == Correction::bias || startsAtHalf));
}

/// What the nearest legal scheme loses, as a clause.
std::string Compiler::measureLoss(ConversionPlan plan) const {
  if (!calibration)
    return "--calibrate=DATA measures what it loses";
  ConversionMethod tried = options.convert.method.value_or(ConversionMethod{});
  plan.convert.thresholds.method = tried.thresholds;
  OwningOpRef<ModuleOp> copy = getModule().clone();
  // What is legal may leave no choice of what was corrected.
  if (!canCorrect(plan.scheme, tried.correction))
    tried.correction = Correction::none;
  SearchOptions search;
  search.plan = std::move(plan);
  search.method = tried;
  search.canMoveBiases = canHave(target.getCapabilities().bias);
  search.threads = options.threads;
  auto found = searchMethods(*copy, search);
  if (!found)
    return llvm::toString(found.takeError());
  const MethodResult &result = found->methods.back();
  std::string text;
  llvm::raw_string_ostream(text)
      << "with --method=" << result.name << " its outputs differ by "
      << llvm::format("%.3g", 100 * result.error)
      << " % of their variance from the float network's, "
      << llvm::format("%.2f", 100 * result.agreement) << " % of "
      << found->samples << " samples have the same largest output, "
      << llvm::format("%.0f", result.spikesPerSample) << " spikes each";
  return text;
}

llvm::Error Compiler::chooseScheme(ConversionPlan &plan) {
  auto chosen = chooseLegalScheme(
      getModule(), plan, options.convert.scheme, target,
      [&](const ConversionPlan &nearest) { return measureLoss(nearest); });
  if (!chosen)
    return chosen.takeError();
  plan.scheme = scheme = *chosen;
  for (size_t index = 0; index < numSchemeParts; ++index) {
    auto part = static_cast<SchemePart>(index);
    if (scheme.get(part) != options.convert.scheme[index].value_or(0))
      log.note("target '" + target.getName() + "' needs --" +
               getFlagName(part) + "=" +
               getChoiceNames(part)[scheme.get(part)] +
               ", which the conversion takes");
  }
  return llvm::Error::success();
}

llvm::Error Compiler::convertNetwork() {
  const std::optional<ConversionMethod> &asked = options.convert.method;
  ConversionPlan plan = makePlan();
  if (!calibration)
    log.note("no --calibrate=DATA: the model has to state its thresholds");
  context.loadDialect<snn::SNNDialect>();
  if (llvm::Error error = chooseScheme(plan))
    return error;
  if (!calibration || (asked && asked->correction == Correction::none)) {
    if (failed(convertByPlan(getModule(), plan, conversion)))
      return makeReportedError();
    method = calibration ? asked->getName() : "stated";
    return llvm::Error::success();
  }
  return searchNetwork(std::move(plan));
}

/// What a correction that was asked for needs of the scheme, which the user or
/// the target chose.
llvm::Error Compiler::checkCorrection(const ConversionScheme &scheme) const {
  const std::optional<ConversionMethod> &asked = options.convert.method;
  if (!asked)
    return llvm::Error::success();
  std::string name = asked->getName();
  if (asked->correction == Correction::bias &&
      !canHave(target.getCapabilities().bias))
    return makeInputError(
        model.path, "--method=" + name +
                        " needs neurons with a constant input, which target '" +
                        target.getName() + "' has not; pass --method=" +
                        StringRef(name).split('+').first);
  if (canCorrect(scheme, asked->correction))
    return llvm::Error::success();
  bool isSpiking =
      scheme.getAs<NeuronKind>(SchemePart::neuron) == NeuronKind::IF;
  SchemePart part =
      isSpiking ? SchemePart::initialPotential : SchemePart::neuron;
  StringRef need = isSpiking ? "neurons that may start anywhere, half"
                             : "neurons whose binary spikes it counts, if";
  return makeInputError(
      model.path,
      "--method=" + name + " needs " + need + ", has --" + getFlagName(part) +
          "=" + getChoiceNames(part)[scheme.get(part)] + "; pass --method=" +
          StringRef(name).split('+').first + (isSpiking ? "+bias" : ""));
}

/// Whether the target has something, or is not asked.
bool Compiler::canHave(bool stated) const {
  return stated || target.getCapabilities().alphabets.empty();
}

llvm::Error Compiler::searchNetwork(ConversionPlan plan) {
  if (llvm::Error error = checkCorrection(plan.scheme))
    return error;
  const Capabilities &has = target.getCapabilities();
  SearchOptions search;
  search.plan = std::move(plan);
  search.method = options.convert.method;
  search.canMoveBiases = canHave(has.bias);
  search.canMoveStarts = canHave(has.initialPotential);
  search.threads = options.threads;
  search.progress = makeSearchProgress();
  auto found = searchMethods(getModule(), search);
  if (!found)
    return found.takeError();
  model.module = std::move(found->module);
  conversion = std::move(found->conversion);
  method = std::move(found->method);
  methods = std::move(found->methods);
  quality = std::move(found->quality);
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Phases of targets
//===----------------------------------------------------------------------===//

Compiler::Outcome Compiler::runTargetPasses(Phase phase) {
  mlir::PassManager passes(&context, ModuleOp::getOperationName());
  target.addPasses(phase, passes, options.mapping);
  if (passes.empty())
    return ("target '" + target.getName() + "' needs nothing here").str();
  if (failed(passes.run(getModule())))
    return makeReportedError();
  return "";
}

Compiler::Outcome Compiler::runPhase(Phase phase) {
  bool ofNetwork = phase > Phase::import && phase < Phase::place;
  if (ofNetwork && isMappingProblem())
    return "a mapping problem has no network";
  switch (phase) {
  case Phase::import:
    return importModel();
  case Phase::normalize:
    return normalize();
  case Phase::convert:
    return convert();
  case Phase::emit:
    return "";
  default:
    return runTargetPasses(phase);
  }
}

/// Seconds that the processor has spent on the process, or on this thread.
static double getProcessorSeconds(bool ofThread) {
  timespec time;
  clock_gettime(ofThread ? CLOCK_THREAD_CPUTIME_ID : CLOCK_PROCESS_CPUTIME_ID,
                &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * time.tv_nsec;
}

llvm::Error Compiler::run(const Observer &observe) {
  // With one thread this is all that works on the model; other threads of the
  // process work on others.
  bool ofThread = options.threads == 1;
  for (Phase phase : spikeformer::getPhases()) {
    Clock::time_point begin = Clock::now();
    double processorBegin = getProcessorSeconds(ofThread);
    Outcome outcome = runPhase(phase);
    if (!outcome)
      return outcome.takeError();
    if (outcome->empty() && failed(verify(getModule())))
      return makeReportedError(exitCannotRun);
    phases.push_back(
        {phase, *outcome,
         std::chrono::duration<double>(Clock::now() - begin).count(),
         getProcessorSeconds(ofThread) - processorBegin});
    if (observe && outcome->empty())
      if (llvm::Error error = observe(phase, getModule()))
        return error;
    if (phase == options.until)
      return llvm::Error::success();
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Measurements
//===----------------------------------------------------------------------===//

JsonValue Assessment::toJson() const {
  JsonValue value = JsonValue::object();
  auto orNull = [](std::optional<double> number) {
    return number ? JsonValue(*number) : JsonValue();
  };
  if (evaluation.correct)
    value.set("value", evaluation.getAccuracy(samples))
        .set("correct", *evaluation.correct);
  else
    value.set("rmse", orNull(evaluation.rmse))
        .set("mae", orNull(evaluation.mae))
        .set("r2", orNull(evaluation.r2));
  return value.set("samples", samples).set("sha256", sha256);
}

llvm::Expected<Assessment> Compiler::assess(const LabelledSamples &data) {
  RunnerOptions how;
  how.engine = options.evaluation.engine;
  how.threads = options.threads;
  auto runner = ModelRunner::create(getModule(), how, data.getSteps());
  if (!runner)
    return runner.takeError();
  auto run = (*runner)->run(data.getValues(), data.samples.getNumSamples());
  if (!run)
    return run.takeError();
  auto compared =
      evaluate(*run, predict(run->results[0], (*runner)->isSmallestBest()),
               *data.labels, data.labelsFile);
  if (!compared)
    return compared.takeError();
  return Assessment{std::move(*compared), run->samples, data.samples.sha256};
}

llvm::Error Compiler::measure() {
  auto measureOn = [&](const std::optional<LabelledSamples> &data,
                       std::optional<Assessment> &result) -> llvm::Error {
    if (!data || !data->labels)
      return llvm::Error::success();
    auto measured = assess(*data);
    if (!measured)
      return measured.takeError();
    result = std::move(*measured);
    return llvm::Error::success();
  };
  if (calibration && evaluation &&
      calibration->samples.sha256 == evaluation->samples.sha256)
    log.warn("--calibrate and --evaluate give the same samples: this accuracy "
             "says little about others");
  if (llvm::Error error = measureOn(calibration, calibrationAccuracy))
    return error;
  return measureOn(evaluation, accuracy);
}
