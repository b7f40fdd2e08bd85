//===- DiffTool.cpp - what sf-diff does -----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/DiffTool.h"
#include "ActivationDiff.h"
#include "DiffPair.h"
#include "ProfileRanking.h"

using namespace spikeformer;

/// Compares what the options name; the report.
static llvm::Expected<JsonValue> compare(const DiffOptions &options,
                                         MLIRContext &context, ErrorLog &log) {
  auto pair = DiffPair::open(options, context, log);
  if (!pair)
    return pair.takeError();
  DiffSide &a = (*pair)->getA(), &b = (*pair)->getB();
  if (!(*pair)->hasRecording() && a.isSpiking() != b.isSpiking())
    return a.isSpiking()
               ? compareActivations(b, a, options.activationTolerance)
               : compareActivations(a, b, options.activationTolerance);
  if (llvm::Error error = (*pair)->compare(log))
    return std::move(error);
  return (*pair)->toJson();
}

static llvm::Expected<JsonValue> execute(const DiffOptions &options,
                                         const DialectRegistry &dialects,
                                         ErrorLog &log) {
  auto profile = options.input.import.find("profile");
  if (profile != options.input.import.end() && profile->second == "all")
    return rankProfiles(options, dialects, log);
  MLIRContext context(dialects);
  context.printOpOnDiagnostic(false);
  ErrorLogHandler handler(&context, log);
  return compare(options, context, log);
}

ExitCode spikeformer::diffModels(const DiffOptions &options,
                                 const DialectRegistry &dialects) {
  ErrorLog log;
  auto report = execute(options, dialects, log);
  if (!report) {
    // 1 says "different", and nothing was compared.
    log.fail(report.takeError());
    if (options.report == ReportFormat::json)
      printReport(JsonValue::object().set("errors", log.toJson()),
                  options.report, llvm::outs());
    return exitCannotRun;
  }
  printReport(*report, options.report, llvm::outs());
  auto equal = report->find("equal")->getBool();
  return equal && *equal ? exitDone : exitRefused;
}
