//===- TestCompile.cpp - one compilation of a check -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestCompile.h"
#include "spikeformer/Pipelines/ArtefactWriter.h"
#include "llvm/Support/Path.h"

using namespace spikeformer;
using namespace spikeformer::plugincheck;

static CompileOptions makeOptions(const Target &target, std::string source,
                                  std::string output, unsigned threads) {
  CompileOptions options;
  options.target = target.getName().str();
  options.import.input = std::move(source);
  options.emit.output = std::move(output);
  options.threads = options.mapping.threads = threads;
  return options;
}

TestCompile::TestCompile(const DialectRegistry &dialects, const Target &target,
                         std::string source, std::string output,
                         llvm::ThreadPoolInterface *pool)
    : target(target),
      options(makeOptions(target, std::move(source), std::move(output),
                          pool ? pool->getMaxConcurrency() : 1)),
      log(/*quiet=*/true), context(dialects, MLIRContext::Threading::DISABLED),
      handler(&context, log), compiler(context, options, target, log) {
  context.printOpOnDiagnostic(false);
  if (pool)
    context.setThreadPool(*pool);
}

ExitCode TestCompile::run(const Compiler::Observer &observe) {
  if (llvm::Error error = compiler.run(observe))
    return log.fail(std::move(error));
  if (options.emit.output.empty())
    return exitDone;
  // The driver's report has times in it.
  llvm::Error error =
      writeArtefact(compiler, options, target, [&](ArrayRef<RunsOn>) {
        return target.makeReport(compiler.getModule());
      });
  return log.fail(std::move(error));
}

std::string TestCompile::getFirstError() const {
  if (log.empty())
    return "no error";
  ErrorEntry first = log.getEntries().front();
  first.file = llvm::sys::path::filename(first.file).str();
  std::string text;
  llvm::raw_string_ostream os(text);
  first.print(os);
  return StringRef(text).rtrim().str();
}

bool plugincheck::isLocated(const ErrorEntry &error) {
  return !error.file.empty() && getLine(error) != 0;
}

unsigned plugincheck::getLine(const ErrorEntry &error) {
  unsigned line = 0;
  StringRef(error.location).split(':').first.getAsInteger(10, line);
  return line;
}
