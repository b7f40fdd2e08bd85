//===- ErrorLog.cpp - the errors of one tool run --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/ErrorLog.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Location.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace spikeformer;

char ReportedError::ID = 0;
char RefusedError::ID = 0;

std::error_code ReportedError::convertToErrorCode() const {
  return llvm::inconvertibleErrorCode();
}

std::error_code RefusedError::convertToErrorCode() const {
  return llvm::inconvertibleErrorCode();
}

llvm::Error spikeformer::makeReportedError(ExitCode code) {
  return llvm::make_error<ReportedError>(code);
}

llvm::Error spikeformer::makeRefusedError(const llvm::Twine &message) {
  return llvm::make_error<RefusedError>(message);
}

//===----------------------------------------------------------------------===//
// ErrorEntry
//===----------------------------------------------------------------------===//

void ErrorEntry::print(llvm::raw_ostream &os, StringRef severity) const {
  os << file;
  if (!location.empty())
    os << (llvm::isDigit(location[0]) ? ":" : ": ") << location;
  if (!file.empty())
    os << ": ";
  if (!node.empty())
    os << "node '" << node << "': ";
  os << severity << ": " << message << '\n';
}

static JsonValue orNull(StringRef text) {
  return text.empty() ? JsonValue() : JsonValue(text);
}

JsonValue ErrorEntry::toJson() const {
  auto [body, after] = StringRef(message).split("; ");
  StringRef rule = body, need, have;
  for (auto [needs, has] : {std::make_pair(": needs ", ", has "),
                            std::make_pair(": needs ", ", got "),
                            std::make_pair(": need ", ", have "),
                            std::make_pair(" (need ", ", have ")}) {
    auto [before, values] = body.split(needs);
    if (!values.contains(has))
      continue;
    rule = before;
    std::tie(need, have) = values.split(has);
    if (StringRef(needs).starts_with(" ("))
      have.consume_back(")");
    break;
  }
  return JsonValue::object()
      .set("file", orNull(file))
      .set("location", orNull(location))
      .set("node", orNull(node))
      .set("rule", orNull(rule))
      .set("need", orNull(need))
      .set("have", orNull(have))
      .set("next", orNull(next.empty() ? after : StringRef(next)));
}

//===----------------------------------------------------------------------===//
// ErrorLog
//===----------------------------------------------------------------------===//

ErrorLog::ErrorLog(bool quiet) : stream(quiet ? llvm::nulls() : llvm::errs()) {}

void ErrorLog::add(ErrorEntry entry) {
  std::lock_guard<std::mutex> lock(mutex);
  entry.print(getStream());
  entries.push_back(std::move(entry));
}

void ErrorLog::note(const llvm::Twine &text) {
  getStream() << "note: " << text << '\n';
}

void ErrorLog::warn(const llvm::Twine &text) {
  getStream() << "warning: " << text << '\n';
}

/// Whether the file itself, not what is in it, is the trouble.
static bool cannotOpen(StringRef file) {
  llvm::sys::fs::file_status status;
  return llvm::sys::fs::status(file, status) ||
         status.type() == llvm::sys::fs::file_type::directory_file ||
         llvm::sys::fs::access(file, llvm::sys::fs::AccessMode::Exist) ||
         !llvm::MemoryBuffer::getFile(file, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
}

ExitCode ErrorLog::fail(llvm::Error error, ExitCode unlocated) {
  ExitCode worst = exitDone;
  auto raise = [&](ExitCode code) { worst = std::max(worst, code); };
  llvm::handleAllErrors(
      std::move(error),
      [&](const ReportedError &reported) { raise(reported.getCode()); },
      [&](const RefusedError &refused) {
        add({"", "", "", refused.getMessage(), ""});
        raise(exitRefused);
      },
      [&](const InputError &input) {
        add({input.getFile().str(), input.getLocation().str(), "",
             input.getMessage().str(), ""});
        raise(cannotOpen(input.getFile()) ? exitCannotRun : exitRefused);
      },
      [&](const llvm::ErrorInfoBase &other) {
        add({"", "", "", other.message(), ""});
        raise(unlocated);
      });
  return worst;
}

JsonValue ErrorLog::toJson() const {
  JsonValue result = JsonValue::array();
  for (const ErrorEntry &entry : entries)
    result.push(entry.toJson());
  return result;
}

//===----------------------------------------------------------------------===//
// Diagnostics
//===----------------------------------------------------------------------===//

/// Fills the place of `entry` from the first location with a file inside
/// `location`. A line is more precise than a name, a name stands for a part of
/// a file without lines.
static void setPlace(ErrorEntry &entry, LocationAttr location) {
  location.walk([&](Location inner) {
    if (auto name = dyn_cast<NameLoc>(inner);
        name && entry.node.empty() && entry.location.empty())
      (name.getName().strref().starts_with("/") ? entry.location : entry.node) =
          name.getName().str();
    auto file = dyn_cast<FileLineColLoc>(inner);
    if (!file)
      return WalkResult::advance();
    entry.file = file.getFilename().str();
    if (file.getLine() != 0) {
      entry.location = std::to_string(file.getLine()) + ":" +
                       std::to_string(file.getColumn());
      entry.node.clear();
    }
    return WalkResult::interrupt();
  });
}

static ErrorEntry makeEntry(Diagnostic &diagnostic) {
  ErrorEntry entry;
  setPlace(entry, LocationAttr(diagnostic.getLocation()));
  entry.message = diagnostic.str();
  return entry;
}

ErrorLogHandler::ErrorLogHandler(MLIRContext *context, ErrorLog &log)
    : ScopedDiagnosticHandler(context) {
  setHandler([&log](Diagnostic &diagnostic) {
    ErrorEntry entry = makeEntry(diagnostic);
    for (Diagnostic &note : diagnostic.getNotes())
      entry.next += (entry.next.empty() ? "" : "; ") + note.str();
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      log.add(std::move(entry));
    else
      entry.print(log.getStream(),
                  diagnostic.getSeverity() == DiagnosticSeverity::Warning
                      ? "warning"
                      : "remark");
    for (Diagnostic &note : diagnostic.getNotes())
      makeEntry(note).print(log.getStream(), "note");
    return success();
  });
}
