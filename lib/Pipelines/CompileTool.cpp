//===- CompileTool.cpp - what sf-compile does -----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/CompileTool.h"
#include "spikeformer/Pipelines/ArtefactWriter.h"
#include "spikeformer/Pipelines/CpuTarget.h"
#include "spikeformer/Pipelines/ModuleWriter.h"
#include "spikeformer/Pipelines/OutputPath.h"
#include "spikeformer/Pipelines/Pareto.h"
#include "spikeformer/Support/Version.h"
#include "llvm/Support/Format.h"
#include <chrono>

using namespace spikeformer;
using Clock = std::chrono::steady_clock;

namespace {
/// One call of the tool.
class CompileTool {
public:
  CompileTool(const CompileToolOptions &options, MLIRContext &context,
              ErrorLog &log, DataStore *data = nullptr)
      : options(options), log(log), data(data), context(context),
        handler(&context, log) {
    context.printOpOnDiagnostic(false);
  }

  CompileResult run();

private:
  llvm::Error execute();
  bool writesModule() const;
  llvm::Error writeArtefact();
  JsonValue makeReport() const;
  void printPhases() const;

  const CompileToolOptions &options;
  ErrorLog &log;
  DataStore *data;
  MLIRContext &context;
  ErrorLogHandler handler;

  const Target *target = nullptr;
  std::optional<Compiler> compiler;
  std::vector<RunsOn> runsOn;
  JsonValue front;
  Clock::time_point begin = Clock::now();
};
} // namespace

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

/// Whether the result is a module and not a directory.
bool CompileTool::writesModule() const {
  return target->getName() == cpuTargetName ||
         options.compile.until != Phase::emit;
}

static JsonValue toJson(ArrayRef<RunsOn> rows) {
  JsonValue result = JsonValue::array();
  for (const RunsOn &row : rows)
    result.push(JsonValue::object()
                    .set("software", row.software)
                    .set("version", row.version)
                    .set("level", getRunsOnLevelName(row.level))
                    .set("lacks", row.lacks));
  return result;
}

llvm::Error CompileTool::writeArtefact() {
  return spikeformer::writeArtefact(*compiler, options.compile, *target,
                                    [&](ArrayRef<RunsOn> rows) {
                                      runsOn.assign(rows.begin(), rows.end());
                                      return makeReport();
                                    });
}

//===----------------------------------------------------------------------===//
// Report
//===----------------------------------------------------------------------===//

static JsonValue toJson(const std::optional<Assessment> &assessment) {
  return assessment ? assessment->toJson() : JsonValue();
}

JsonValue CompileTool::makeReport() const {
  const CompileOptions &compile = options.compile;
  JsonValue phases = JsonValue::array();
  for (const PhaseRecord &record : compiler->getPhases())
    phases.push(JsonValue::object()
                    .set("name", getPhaseName(record.phase))
                    .set("applies", record.skipped.empty())
                    .set("seconds", record.seconds)
                    .set("cpu_seconds", record.cpuSeconds)
                    .set("reason", record.skipped.empty()
                                       ? JsonValue()
                                       : JsonValue(record.skipped)));
  JsonValue populations = JsonValue::array();
  for (const ConvertedPopulation &made : compiler->getConversion().populations)
    populations.push(
        JsonValue::object()
            .set("name", made.name)
            .set("neurons", made.neurons)
            .set("min_threshold", *llvm::min_element(made.thresholds))
            .set("max_threshold", *llvm::max_element(made.thresholds)));
  StringRef method = compiler->getMethod();
  JsonValue methods = JsonValue::array();
  for (const MethodResult &result : compiler->getMethods())
    methods.push(result.toJson());
  const std::optional<ConversionQuality> &quality = compiler->getQuality();
  JsonValue report = JsonValue::object();
  report.set("target", compile.target)
      .set("machine", compile.mapping.machine.empty()
                          ? JsonValue()
                          : JsonValue(compile.mapping.machine))
      .set("phase", getPhaseName(compiler->getPhases().back().phase))
      .set("phases", std::move(phases))
      .set("seconds",
           std::chrono::duration<double>(Clock::now() - begin).count())
      .set("cores_used", JsonValue())
      .set("chips_used", JsonValue())
      .set("resources", JsonValue::array())
      .set("metrics", JsonValue::object())
      .set("method", method.empty() ? JsonValue() : JsonValue(method))
      .set("methods",
           compiler->getMethods().empty() ? JsonValue() : std::move(methods))
      .set("scheme",
           method.empty() ? JsonValue() : compiler->getScheme().toJson())
      .set("conversion", quality ? quality->toJson() : JsonValue())
      .set("populations", std::move(populations))
      .set("float_accuracy", toJson(compiler->getFloatAccuracy()))
      .set("calibration_accuracy", toJson(compiler->getCalibrationAccuracy()))
      .set("accuracy", toJson(compiler->getAccuracy()))
      .set("errors", log.toJson())
      .set("runs_on", toJson(runsOn));
  return report.setMembers(target->makeReport(compiler->getModule()));
}

void CompileTool::printPhases() const {
  for (const PhaseRecord &record : compiler->getPhases()) {
    llvm::errs() << llvm::format("%-10s", getPhaseName(record.phase).data());
    if (record.skipped.empty())
      llvm::errs() << llvm::format(" %.3f s\n", record.seconds);
    else
      llvm::errs() << " does not apply: " << record.skipped << '\n';
  }
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

llvm::Error CompileTool::execute() {
  auto found = PluginRegistry::get().getTarget(options.compile.target);
  if (!found)
    return found.takeError();
  target = *found;
  if (options.pareto) {
    auto found = findParetoFront(context, options.compile, *target, log);
    if (!found)
      return found.takeError();
    front = std::move(*found);
    return llvm::Error::success();
  }
  if (writesModule())
    if (llvm::Error error = checkOutputFile(options.compile.emit.output))
      return error;
  compiler.emplace(context, options.compile, *target, log, data);
  if (llvm::Error error = compiler->run())
    return error;
  if (llvm::Error error = compiler->measure())
    return error;
  if (options.checkOnly)
    return llvm::Error::success();
  if (!writesModule())
    return writeArtefact();
  runsOn.push_back(
      {"SpikeFormer", getVersion().str(), RunsOnLevel::executed, ""});
  return writeModule(compiler->getModule(), options.compile.emit.output,
                     options.compile.emit.durability);
}

CompileResult CompileTool::run() {
  llvm::Error error = execute();
  if (options.timing && compiler)
    printPhases();
  JsonValue report = JsonValue::object();
  report.set("target", options.compile.target);
  if (error) {
    ExitCode code = log.fail(std::move(error));
    return {code, report.set("errors", log.toJson())};
  }
  if (options.pareto)
    return {exitDone, report.set("pareto", front).set("errors", log.toJson())};
  return {exitDone, makeReport()};
}

CompileResult spikeformer::compileModel(const CompileToolOptions &options,
                                        MLIRContext &context, ErrorLog &log,
                                        DataStore *data) {
  return CompileTool(options, context, log, data).run();
}

ExitCode spikeformer::compileModel(const CompileToolOptions &options,
                                   const DialectRegistry &dialects) {
  MLIRContext context(dialects, options.compile.threads == 1
                                    ? MLIRContext::Threading::DISABLED
                                    : MLIRContext::Threading::ENABLED);
  ErrorLog log;
  CompileResult result = CompileTool(options, context, log).run();
  bool isDone = result.code == exitDone;
  // The module itself may be on standard output.
  if (isDone || options.report == ReportFormat::json)
    printReport(result.report, options.report,
                isDone && options.compile.emit.output == "-" ? llvm::errs()
                                                             : llvm::outs());
  return result.code;
}
