//===- TestCompile.h - one compilation of a check ------------- -*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What sf-compile does, in this process and without a word on standard error.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_TESTCOMPILE_H
#define SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_TESTCOMPILE_H

#include "spikeformer/Pipelines/Compiler.h"
#include "llvm/Support/ThreadPool.h"

namespace spikeformer::plugincheck {

/// One network and its way through the phases. Attributes live as long as
/// their context, so each has its own.
class TestCompile {
public:
  /// `pool` runs passes of the compilation; null for a single thread.
  TestCompile(const DialectRegistry &dialects, const Target &target,
              std::string source, std::string output,
              llvm::ThreadPoolInterface *pool = nullptr);

  /// Runs all phases, and writes the artefact if there is an output; the code
  /// is that of sf-compile.
  ExitCode run(const Compiler::Observer &observe = nullptr);

  MLIRContext &getContext() { return context; }
  ModuleOp getModule() const { return compiler.getModule(); }
  ArrayRef<ErrorEntry> getErrors() const { return log.getEntries(); }
  /// The first error as it is printed, without the directory.
  std::string getFirstError() const;

private:
  const Target &target;
  CompileOptions options;
  ErrorLog log;
  MLIRContext context;
  ErrorLogHandler handler;
  Compiler compiler;
};

/// Whether `error` is at a place in a file.
bool isLocated(const ErrorEntry &error);
/// Line of `error`; 0 without one.
unsigned getLine(const ErrorEntry &error);

} // namespace spikeformer::plugincheck

#endif // SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_TESTCOMPILE_H
