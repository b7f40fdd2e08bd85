//===- ModuleWriter.cpp - writing modules ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/ModuleWriter.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace spikeformer;

bool spikeformer::isModuleFileName(StringRef path) {
  return path.ends_with(".mlir") || path.ends_with(".mlirbc");
}

void spikeformer::dropDirectories(ModuleOp module) {
  AttrTypeReplacer replacer;
  replacer.addReplacement([](FileLineColLoc location) -> Attribute {
    return FileLineColLoc::get(
        location.getContext(),
        llvm::sys::path::filename(location.getFilename().getValue()),
        location.getLine(), location.getColumn());
  });
  replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/false,
                                        /*replaceLocs=*/true);
}

static bool hasLocations(ModuleOp module) {
  return module
      .walk([](Operation *op) {
        return isa<UnknownLoc>(op->getLoc()) ? WalkResult::advance()
                                             : WalkResult::interrupt();
      })
      .wasInterrupted();
}

static llvm::Error print(ModuleOp module, StringRef path,
                         llvm::raw_ostream &os) {
  if (!path.ends_with(".mlirbc")) {
    module->print(os, OpPrintingFlags().enableDebugInfo(hasLocations(module)));
    return llvm::Error::success();
  }
  if (succeeded(writeBytecodeToFile(module, os)))
    return llvm::Error::success();
  return llvm::createStringError("the module cannot be written as bytecode");
}

llvm::Error spikeformer::writeModule(ModuleOp module, StringRef path,
                                     Durability durability) {
  dropDirectories(module);
  if (path == "-")
    return print(module, path, llvm::outs());
  return writeFileAtomically(
      path, [&](llvm::raw_ostream &os) { return print(module, path, os); },
      durability);
}
