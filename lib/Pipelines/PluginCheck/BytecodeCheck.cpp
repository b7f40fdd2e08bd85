//===- BytecodeCheck.cpp - whether a module survives as bytecode ----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MLIR writes an attribute without an encoding as text inside the bytecode,
// which no version can be told for; it reads back well, so the bytes are
// searched for it.
//
//===----------------------------------------------------------------------===//

#include "TargetChecker.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace spikeformer;
using namespace spikeformer::plugincheck;

/// Of resources, which are used where they lie.
static constexpr size_t bytecodeAlignment = 64;

static std::string print(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  module.print(os, mlir::OpPrintingFlags().enableDebugInfo());
  return text;
}

/// The first attribute or type of a dialect of ours that `bytes` has as text.
static std::string findText(ModuleOp module, StringRef bytes) {
  for (mlir::Dialect *dialect : module.getContext()->getLoadedDialects())
    for (StringRef prefix : {"#", "!"})
      for (StringRef separator : {".", "<"}) {
        std::string start =
            (prefix + dialect->getNamespace() + separator).str();
        size_t found = dialect->getNamespace().empty() ? StringRef::npos
                                                       : bytes.find(start);
        if (found != StringRef::npos)
          return bytes.substr(found)
              .take_until(
                  [](char c) { return c == '\0' || c == '<' || c == ' '; })
              .str();
      }
  return "";
}

std::string plugincheck::checkBytecode(ModuleOp module,
                                       const DialectRegistry &dialects) {
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  if (failed(mlir::writeBytecodeToFile(module, os)))
    return "the module cannot be written as bytecode";
  if (std::string text = findText(module, bytes); !text.empty())
    return "'" + text + "' has no bytecode encoding";
  auto buffer = llvm::WritableMemoryBuffer::getNewUninitMemBuffer(
      bytes.size(), "bytecode", llvm::Align(bytecodeAlignment));
  llvm::copy(bytes, buffer->getBufferStart());
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  MLIRContext context(dialects, MLIRContext::Threading::DISABLED);
  mlir::ScopedDiagnosticHandler quiet(&context, [](mlir::Diagnostic &) {});
  auto again = mlir::parseSourceFile<ModuleOp>(sources, &context);
  if (!again)
    return "the bytecode cannot be read back";
  return print(*again) == print(module)
             ? ""
             : "the module that is read back prints differently";
}
