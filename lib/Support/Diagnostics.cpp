//===- Diagnostics.cpp - how errors are spelled ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Diagnostics.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Location.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace spikeformer;

Location spikeformer::getPartLocation(MLIRContext *context, StringRef file,
                                      StringRef part) {
  Location location = FileLineColLoc::get(
      context, llvm::sys::path::filename(file), /*line=*/0, /*column=*/0);
  if (part.empty())
    return location;
  return NameLoc::get(StringAttr::get(context, part), location);
}

static StringRef getSeverity(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Error:
    return "error";
  case DiagnosticSeverity::Warning:
    return "warning";
  case DiagnosticSeverity::Remark:
    return "remark";
  case DiagnosticSeverity::Note:
    return "note";
  }
  return "error";
}

/// Prints `diagnostic` without its notes; fails at a location with a line.
static LogicalResult print(Diagnostic &diagnostic, llvm::raw_ostream &os) {
  LocationAttr location = diagnostic.getLocation();
  StringRef part;
  if (auto name = dyn_cast<NameLoc>(location)) {
    part = name.getName();
    location = name.getChildLoc();
  }
  auto file = dyn_cast<FileLineColLoc>(location);
  if (!file || file.getLine() != 0)
    return failure();
  os << file.getFilename().getValue() << ": ";
  // The files that have nodes and the files that have paths are different ones.
  if (part.starts_with("/"))
    os << part << ": ";
  else if (!part.empty())
    os << "node '" << part << "': ";
  os << getSeverity(diagnostic.getSeverity()) << ": " << diagnostic << '\n';
  return success();
}

PartDiagnosticHandler::PartDiagnosticHandler(MLIRContext *context)
    : ScopedDiagnosticHandler(context) {
  setHandler([](Diagnostic &diagnostic) {
    if (failed(print(diagnostic, llvm::errs())))
      return failure();
    for (Diagnostic &note : diagnostic.getNotes())
      if (failed(print(note, llvm::errs())))
        llvm::errs() << note.getLocation() << ": note: " << note << '\n';
    return success();
  });
}
