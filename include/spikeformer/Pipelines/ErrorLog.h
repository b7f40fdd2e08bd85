//===- ErrorLog.h - the errors of one tool run ------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Errors come as llvm::Error and as diagnostics of MLIR; users see one form of
// them on standard error and one array in a JSON report. This is also where an
// error becomes an exit code.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_ERRORLOG_H
#define SPIKEFORMER_PIPELINES_ERRORLOG_H

#include "mlir/IR/Diagnostics.h"
#include "spikeformer/Pipelines/ToolMain.h"
#include "spikeformer/Support/Json.h"
#include <mutex>

namespace spikeformer {

/// Where something is wrong and what.
struct ErrorEntry {
  std::string file;
  /// "LINE:COLUMN" or a path inside the file.
  std::string location;
  /// Node or population.
  std::string node;
  std::string message;
  /// What to do about it, where the message does not say it.
  std::string next;

  /// `file:line:col: error: message` or `file: node 'x': error: message`.
  void print(llvm::raw_ostream &os, llvm::StringRef severity = "error") const;
  /// {file, location, node, rule, need, have, next}; what an error of the form
  /// "rule: needs X, has Y; next", "rule: need X, have Y; next" or "rule (need
  /// X, have Y); next" does not say is null.
  JsonValue toJson() const;
};

/// Prints errors on standard error as they come and keeps them.
class ErrorLog {
public:
  /// A quiet one prints nothing.
  explicit ErrorLog(bool quiet = false);
  /// Prints on `stream`, which outlives it.
  explicit ErrorLog(llvm::raw_ostream &stream) : stream(stream) {}

  /// Logs every error in `error`. Returns the worst code: an input that cannot
  /// be opened is `exitCannotRun`, other errors in inputs are `exitRefused`,
  /// errors without a file `unlocated`.
  ExitCode fail(llvm::Error error, ExitCode unlocated = exitCannotRun);
  /// Logs an error about `file`, which may be empty.
  void add(ErrorEntry entry);
  /// Prints a line that is no error.
  void note(const llvm::Twine &text);
  void warn(const llvm::Twine &text);

  /// Where messages are printed.
  llvm::raw_ostream &getStream() const { return stream; }
  llvm::ArrayRef<ErrorEntry> getEntries() const { return entries; }
  bool empty() const { return entries.empty(); }
  /// The array `errors` of a report.
  JsonValue toJson() const;

private:
  llvm::raw_ostream &stream;
  mutable std::mutex mutex;
  std::vector<ErrorEntry> entries;
};

/// While alive, diagnostics of `context` go to a log.
class ErrorLogHandler : public ScopedDiagnosticHandler {
public:
  ErrorLogHandler(MLIRContext *context, ErrorLog &log);
};

/// A diagnostic has been emitted already.
class ReportedError : public llvm::ErrorInfo<ReportedError> {
public:
  static char ID;

  explicit ReportedError(ExitCode code = exitRefused) : code(code) {}
  ExitCode getCode() const { return code; }
  void log(llvm::raw_ostream &os) const override { os << "reported"; }
  std::error_code convertToErrorCode() const override;

private:
  ExitCode code;
};

/// A ReportedError; for functions that call into MLIR.
llvm::Error makeReportedError(ExitCode code = exitRefused);

/// Something that the user asked for is refused, though no file is wrong.
class RefusedError : public llvm::ErrorInfo<RefusedError> {
public:
  static char ID;

  explicit RefusedError(const llvm::Twine &message) : text(message.str()) {}
  const std::string &getMessage() const { return text; }
  void log(llvm::raw_ostream &os) const override { os << text; }
  std::error_code convertToErrorCode() const override;

private:
  std::string text;
};

llvm::Error makeRefusedError(const llvm::Twine &message);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_ERRORLOG_H
