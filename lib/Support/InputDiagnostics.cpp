//===- InputDiagnostics.cpp - errors in files as diagnostics --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/InputDiagnostics.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;

static Location locate(const InputError &error, MLIRContext &context) {
  StringRef place = error.getLocation();
  unsigned line = 0, column = 0;
  auto [lineText, columnText] = place.split(':');
  if (llvm::to_integer(lineText, line) && llvm::to_integer(columnText, column))
    return FileLineColLoc::get(&context, error.getFile(), line, column);
  Location file = FileLineColLoc::get(&context, error.getFile(), 0, 0);
  return place.empty() ? file
                       : NameLoc::get(StringAttr::get(&context, place), file);
}

LogicalResult spikeformer::emitErrors(llvm::Error errors,
                                      MLIRContext &context) {
  LogicalResult result = success();
  llvm::handleAllErrors(
      std::move(errors),
      [&](const InputError &error) {
        result = emitError(locate(error, context)) << error.getMessage();
      },
      [&](const llvm::ErrorInfoBase &error) {
        result = emitError(UnknownLoc::get(&context)) << error.message();
      });
  return result;
}
