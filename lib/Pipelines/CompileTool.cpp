//===- CompileTool.cpp - what sf-compile does -----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/CompileTool.h"
#include "spikeformer/Pipelines/CpuTarget.h"
#include "spikeformer/Pipelines/Manifest.h"
#include "spikeformer/Pipelines/ModuleWriter.h"
#include "spikeformer/Pipelines/OutputPath.h"
#include "spikeformer/Pipelines/Pareto.h"
#include "spikeformer/Support/AtomicFile.h"
#include "spikeformer/Support/Version.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include <chrono>

using namespace spikeformer;
using Clock = std::chrono::steady_clock;

namespace {
/// One call of the tool.
class CompileTool {
public:
  CompileTool(const CompileToolOptions &options,
              const DialectRegistry &dialects)
      : options(options), context(dialects), handler(&context, log) {
    context.printOpOnDiagnostic(false);
  }

  ExitCode run();

private:
  llvm::Error execute();
  bool writesModule() const;
  llvm::Error writeArtefact();
  JsonValue makeReport() const;
  FailureOr<JsonValue> makeManifest(const EmitContext &emitted) const;
  void printPhases() const;

  const CompileToolOptions &options;
  ErrorLog log;
  MLIRContext context;
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

/// An artefact of ours has a manifest with a version.
static bool isOurs(StringRef path) {
  llvm::SmallString<256> manifest(path);
  llvm::sys::path::append(manifest, manifestFile);
  auto json = parseJsonFile(manifest);
  if (json)
    return json->find("format_version") != nullptr;
  llvm::consumeError(json.takeError());
  return false;
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

/// Sets every member of the object `own` in `object`.
static void setMembers(JsonValue &object, const JsonValue &own) {
  for (const JsonValue::Member &member : llvm::cantFail(own.getObject()))
    object.set(member.first, member.second);
}

FailureOr<JsonValue>
CompileTool::makeManifest(const EmitContext &emitted) const {
  JsonValue manifest = JsonValue::object();
  const Model &model = compiler->getModel();
  manifest.set("format_version", 1)
      .set("tool_version", getVersion())
      .set("target", target->getName())
      .set("machine", options.compile.mapping.machine)
      .set("phase", getPhaseName(options.compile.until))
      .set("source", JsonValue::object()
                         .set("name", llvm::sys::path::filename(model.path))
                         .set("sha256", model.sha256));
  if (failed(describeNetwork(compiler->getModule(), manifest)))
    return failure();
  setMembers(manifest, emitted.makeManifest());
  return manifest;
}

llvm::Error CompileTool::writeArtefact() {
  auto directory = AtomicDirectory::create(options.compile.emit.output, isOurs);
  if (!directory)
    return directory.takeError();
  EmitContext emitted(directory->path());
  if (llvm::Error error = target->emit(compiler->getModule(), emitted))
    return error;
  runsOn.assign(emitted.getRunsOn().begin(), emitted.getRunsOn().end());
  auto write = [&](StringRef name, const JsonValue &value) {
    llvm::SmallString<256> path(directory->path());
    llvm::sys::path::append(path, name);
    return writeFileAtomically(path, value.str());
  };
  FailureOr<JsonValue> manifest = makeManifest(emitted);
  if (failed(manifest))
    return makeReportedError();
  if (llvm::Error error = write(manifestFile, *manifest))
    return error;
  if (llvm::Error error = write("report.json", makeReport()))
    return error;
  return directory->commit();
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
    populations.push(JsonValue::object()
                         .set("name", made.name)
                         .set("neurons", made.neurons)
                         .set("min_threshold", made.minThreshold)
                         .set("max_threshold", made.maxThreshold));
  StringRef method = compiler->getMethod();
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
      .set("populations", std::move(populations))
      .set("float_accuracy", toJson(compiler->getFloatAccuracy()))
      .set("calibration_accuracy", toJson(compiler->getCalibrationAccuracy()))
      .set("accuracy", toJson(compiler->getAccuracy()))
      .set("errors", log.toJson())
      .set("runs_on", toJson(runsOn));
  setMembers(report, target->makeReport(compiler->getModule()));
  return report;
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
  compiler.emplace(context, options.compile, *target, log);
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
  return writeModule(compiler->getModule(), options.compile.emit.output);
}

ExitCode CompileTool::run() {
  llvm::Error error = execute();
  if (options.timing && compiler)
    printPhases();
  if (error) {
    ExitCode code = log.fail(std::move(error));
    if (options.report == ReportFormat::json)
      printReport(JsonValue::object()
                      .set("target", options.compile.target)
                      .set("errors", log.toJson()),
                  options.report, llvm::outs());
    return code;
  }
  if (options.pareto) {
    printReport(JsonValue::object()
                    .set("target", options.compile.target)
                    .set("pareto", front)
                    .set("errors", log.toJson()),
                options.report, llvm::outs());
    return exitDone;
  }
  // The module itself may be on standard output.
  printReport(makeReport(), options.report,
              options.compile.emit.output == "-" ? llvm::errs() : llvm::outs());
  return exitDone;
}

ExitCode spikeformer::compileModel(const CompileToolOptions &options,
                                   const DialectRegistry &dialects) {
  return CompileTool(options, dialects).run();
}
