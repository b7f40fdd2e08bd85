//===- CompileFlags.cpp - command line of sf-compile ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/CompileTool.h"
#include "spikeformer/Pipelines/CpuTarget.h"
#include "spikeformer/Pipelines/ModuleWriter.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;
namespace cl = llvm::cl;

static cl::cat inTool() { return cl::cat(getToolCategory()); }

CompileFlags::CompileFlags()
    : input(cl::Positional, cl::desc("<model>"), inTool()),
      target("target", cl::value_desc("NAME"), inTool(),
             cl::desc("What to compile for; see --list-targets")),
      output(
          "o", cl::value_desc("FILE|DIR"), inTool(),
          cl::desc("Where the module (.mlir, .mlirbc) or artefact goes; with "
                   "--manifest the directory of all")),
      timesteps("timesteps", cl::value_desc("T"), inTool(),
                cl::desc("Steps for which an input is presented")),
      method("method", cl::value_desc("NAME"), cl::init("auto"), inTool(),
             cl::desc("How thresholds are chosen; see --list-methods")),
      percentile("percentile", cl::value_desc("P"), cl::init(99.9), inTool(),
                 cl::desc("Of the methods by percentile (default 99.9)")),
      maxPool("max-pool", cl::value_desc("NAME"), inTool(),
              cl::desc("What maximum pools become: refuse (default), gate "
                       "(exact), winner, current, average")),
      neuron("neuron", cl::value_desc("NAME"), inTool(),
             cl::desc("What activations become: if (binary spikes), ternary, "
                      "burst, sigma-delta, graded; default: the first that "
                      "the target can run")),
      inputCoding("input-coding", cl::value_desc("NAME"), inTool(),
                  cl::desc("How inputs enter: current (as they are), rate, "
                           "poisson, latency, phase; default as --neuron")),
      initialPotential("initial-potential", cl::value_desc("NAME"), inTool(),
                       cl::desc("Where neurons start: half (the threshold), "
                                "spread (over the steps), zero; default as "
                                "--neuron")),
      averagePool("average-pool", cl::value_desc("NAME"), inTool(),
                  cl::desc("What average pools become: sums, weights (of what "
                           "follows); default as --neuron")),
      readout("readout", cl::value_desc("NAME"), inTool(),
              cl::desc("What is read: current_sum, membrane_last, count; "
                       "default as --neuron")),
      deltaBits("delta-bits", cl::value_desc("B"), cl::init(8), inTool(),
                cl::desc("Sigma-delta neurons send changes from threshold / "
                         "2^B on (default 8)")),
      levels("levels", cl::value_desc("L"), cl::init(15), inTool(),
             cl::desc("Graded neurons send 0 to L, which stands for the "
                      "threshold (default 15: 4 bits)")),
      calibrate("calibrate", cl::value_desc("[INPUT=]DATA"), inTool(),
                cl::desc("Samples from which thresholds are chosen")),
      calibrateLabels("calibrate-labels", cl::value_desc("LABELS"), inTool(),
                      cl::desc("Labels of the calibration samples")),
      calibrateLimit("calibrate-limit", cl::value_desc("N"), inTool(),
                     cl::desc("Calibrate with the first N samples")),
      evaluate("evaluate", cl::value_desc("[INPUT=]DATA"), inTool(),
               cl::desc("Samples on which the result is measured")),
      labels("labels", cl::value_desc("LABELS"), inTool(),
             cl::desc("Labels of the samples of --evaluate")),
      limit("limit", cl::value_desc("N"), inTool(),
            cl::desc("Measure on the first N samples")),
      engine("engine", cl::value_desc("jit|reference"), cl::init("jit"),
             inTool(), cl::desc("What measures (default jit)")),
      machine("machine", cl::value_desc("NAME|FILE"), inTool(),
              cl::desc("The machine; see --list-machines")),
      objective("objective", cl::value_desc("NAME"), inTool(),
                cl::desc("What the mapping makes small")),
      rates("rates", cl::value_desc("REPORT"), inTool(),
            cl::desc("How often neurons send, for the mapping: a JSON report "
                     "of sf-run")),
      pins("pin", cl::value_desc("POP=LOCATION"), inTool(),
           cl::desc("Where a population is to lie")),
      effort("effort", cl::value_desc("N"), cl::init(1), inTool(),
             cl::desc("Work to put into search, 0 least")),
      timeLimit("time-limit", cl::value_desc("S"), inTool(),
                cl::desc("Seconds after which search takes what it has")),
      seed("seed", cl::value_desc("N"), cl::init(0), inTool(),
           cl::desc("Seed of search")),
      compileTo("compile-to", cl::value_desc("PHASE"), inTool(),
                cl::desc("Stop behind that phase and write the module")),
      manifest("manifest", cl::value_desc("FILE"), inTool(),
               cl::desc("Compile the models that this JSON file names")),
      cache("cache", cl::value_desc("DIR"), inTool(),
            cl::desc("With --manifest: keep results there and take those of "
                     "the same input and options from there")),
      checkOnly("check-only", inTool(),
                cl::desc("Run all phases, write nothing")),
      pareto("pareto", inTool(),
             cl::desc("Map with several objectives, write nothing, print those "
                      "mappings that no other beats")),
      timing("timing", inTool(), cl::desc("Print the seconds of each phase")),
      report("report", inTool(), cl::desc("How the report is printed"),
             cl::values(clEnumValN(ReportFormat::text, "text",
                                   "a line for each value (default)"),
                        clEnumValN(ReportFormat::json, "json", "JSON"))) {}

llvm::Error CompileFlags::getScheme(AskedScheme &scheme) const {
  const cl::opt<std::string> *flags[numSchemeParts] = {
      &neuron,           &maxPool, &inputCoding,
      &initialPotential, &readout, &averagePool};
  for (auto [index, flag] : llvm::enumerate(flags)) {
    if (flag->getNumOccurrences() == 0)
      continue;
    ArrayRef<StringRef> names = getChoiceNames(static_cast<SchemePart>(index));
    const StringRef *found = llvm::find(names, StringRef(*flag));
    if (found == names.end())
      return llvm::createStringError("--" + flag->ArgStr + " has no '" +
                                     StringRef(*flag) + "'; there are " +
                                     llvm::join(names, ", "));
    scheme[index] = found - names.begin();
  }
  return llvm::Error::success();
}

llvm::Error CompileFlags::getConvert(ConvertPhaseOptions &options) const {
  if (method != autoMethodName) {
    auto found = parseConversionMethod(method);
    if (!found)
      return found.takeError();
    options.method = *found;
  }
  if (!(percentile >= 0 && percentile <= 100))
    return llvm::createStringError("--percentile needs a number from 0 to 100");
  options.percentile = percentile;
  if (llvm::Error error = getScheme(options.scheme))
    return error;
  if (deltaBits < 0 || deltaBits > 24)
    return llvm::createStringError("--delta-bits needs a number from 0 to 24");
  options.deltaBits = deltaBits;
  if (levels < 1 || levels > maxLevels)
    return llvm::createStringError("--levels needs a number from 1 to " +
                                   llvm::Twine(maxLevels));
  options.levels = levels;
  options.calibration.assign(calibrate.begin(), calibrate.end());
  options.calibrationLabels = calibrateLabels;
  if (calibrate.empty() && options.method &&
      options.method->correction != Correction::none)
    return llvm::createStringError("--method=" + method +
                                   " runs on samples; pass --calibrate=DATA");
  if (calibrate.empty() && !calibrateLabels.empty())
    return llvm::createStringError("--calibrate-labels needs --calibrate");
  for (auto [flag, field] :
       {std::make_pair(&timesteps, &options.timesteps),
        std::make_pair(&calibrateLimit, &options.calibrationLimit)}) {
    auto count = getCount(*flag);
    if (!count)
      return count.takeError();
    *field = *count;
  }
  return llvm::Error::success();
}

llvm::Error CompileFlags::getMapping(TargetOptions &options) const {
  options.machine = machine;
  options.objective = objective;
  options.rates = rates;
  options.pins.assign(pins.begin(), pins.end());
  options.threads = getThreads();
  if (timeLimit.getNumOccurrences() != 0)
    options.timeLimit = timeLimit;
  for (const cl::opt<long> *flag : {&effort, &seed}) {
    auto count = getCount(*flag, /*minimum=*/0);
    if (!count)
      return count.takeError();
  }
  options.effort = effort;
  options.seed = seed;
  return llvm::Error::success();
}

/// Whether the output fits what the phases will give.
static llvm::Error checkOutput(const CompileToolOptions &options) {
  const CompileOptions &compile = options.compile;
  StringRef output = compile.emit.output;
  if (options.pareto && !compile.mapping.objective.empty())
    return llvm::createStringError("--pareto tries objectives of its own; "
                                   "leave out --objective");
  if (options.checkOnly || options.pareto)
    return output.empty()
               ? llvm::Error::success()
               : llvm::createStringError(
                     StringRef(options.pareto ? "--pareto" : "--check-only") +
                     " writes nothing; leave out -o");
  if (output.empty())
    return llvm::createStringError("-o says where the result goes; it is "
                                   "needed, or --check-only");
  bool isModule =
      compile.target == cpuTargetName || compile.until != Phase::emit;
  if (isModule && !isModuleFileName(output) && output != "-")
    return llvm::createStringError("-o needs a name that ends in .mlir or "
                                   ".mlirbc, has '" +
                                   output + "'");
  return llvm::Error::success();
}

/// What every model needs, though a batch need not say it by flags.
llvm::Error CompileFlags::checkNeeded() const {
  if (input.empty())
    return llvm::createStringError("no model is named; sf-compile MODEL "
                                   "compiles one, --manifest=FILE many");
  if (target.empty())
    return llvm::createStringError("--target=NAME says what to compile for; "
                                   "see --list-targets");
  if (!isBatch() && !cache.empty())
    return llvm::createStringError("--cache needs --manifest");
  return llvm::Error::success();
}

llvm::Expected<CompileToolOptions> CompileFlags::get() const {
  CompileToolOptions options;
  CompileOptions &compile = options.compile;
  if (llvm::Error error = checkNeeded())
    return std::move(error);
  auto data = dataFlags.get();
  if (!data)
    return data.takeError();
  compile.import = {input, std::move(*data)};
  compile.target = target;
  compile.emit.output = output;
  compile.threads = getThreads();
  if (llvm::Error error = getConvert(compile.convert))
    return std::move(error);
  if (llvm::Error error = getMapping(compile.mapping))
    return std::move(error);
  EvaluationOptions &evaluation = compile.evaluation;
  evaluation.data.assign(evaluate.begin(), evaluate.end());
  evaluation.labels = labels;
  evaluation.engine = engine;
  auto count = getCount(limit);
  if (!count)
    return count.takeError();
  evaluation.limit = *count;
  if (evaluate.empty() != labels.empty() && dataFlags.hasNoLabelColumn())
    return llvm::createStringError("--evaluate and --labels need each other");
  if (llvm::Error error = checkEngineName(engine))
    return std::move(error);
  if (!compileTo.empty()) {
    auto phase = parsePhase(compileTo);
    if (!phase)
      return phase.takeError();
    compile.until = *phase;
  }
  options.checkOnly = checkOnly;
  options.pareto = pareto;
  options.timing = timing;
  options.report = report;
  if (llvm::Error error = checkOutput(options))
    return std::move(error);
  return options;
}

llvm::Expected<BatchToolOptions> CompileFlags::getBatch() const {
  if (!input.empty())
    return llvm::createStringError("--manifest names the models; leave out '" +
                                   input + "'");
  for (const cl::opt<bool> *flag : {&checkOnly, &pareto, &timing})
    if (*flag)
      return llvm::createStringError("--" + flag->ArgStr +
                                     " is for one model; leave out --manifest");
  if (output.empty())
    return llvm::createStringError("--manifest needs -o DIR, where the results "
                                   "go");
  return BatchToolOptions{manifest, output, cache, getThreads(), report};
}

llvm::Expected<CompileToolOptions> CompileFlags::getModel(StringRef model,
                                                          StringRef result) {
  input = model.str();
  output = result.str();
  return get();
}
