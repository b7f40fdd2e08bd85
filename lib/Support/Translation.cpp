//===- Translation.cpp - importers of translation tools -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Translation.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "spikeformer/Support/Diagnostics.h"
#include "spikeformer/Support/SourceFile.h"
#include "spikeformer/Support/Version.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace spikeformer;

/// Whether modules are written as bytecode. A translation function sees only
/// its stream, not the name of the file: the driver says it here.
static bool writesBytecode = false;

static LogicalResult writeModule(ModuleOp module, llvm::raw_ostream &os) {
  if (writesBytecode)
    return writeBytecodeToFile(module, os);
  module->print(os, OpPrintingFlags().enableDebugInfo());
  return success();
}

void spikeformer::registerImporter(StringRef name, StringRef description,
                                   ImportFunction import) {
  TranslateRegistration registration(
      name, description,
      [import](const std::shared_ptr<llvm::SourceMgr> &sources,
               llvm::raw_ostream &os, MLIRContext *context) {
        const llvm::MemoryBuffer &input =
            *sources->getMemoryBuffer(sources->getMainFileID());
        OwningOpRef<ModuleOp> module =
            import(input.getMemBufferRef(), *context);
        if (!module || failed(verify(*module)))
          return failure();
        return writeModule(*module, os);
      });
}

/// By description, which is all that a translation says of itself.
static llvm::StringMap<ExportFunction> &getExporters() {
  static llvm::StringMap<ExportFunction> exporters;
  return exporters;
}

void spikeformer::registerExporter(StringRef name, StringRef description,
                                   ExportFunction write) {
  getExporters()[description] = std::move(write);
  // The driver calls `write`: a translation has no name of its output.
  TranslateRegistration registration(
      name, description,
      [](const std::shared_ptr<llvm::SourceMgr> &, llvm::raw_ostream &,
         MLIRContext *) { return failure(); });
}

namespace {

enum ExitCode { Done = 0, Refused = 1, CannotRun = 2 };

/// The translation failed and has said why.
class RefusedError : public llvm::ErrorInfo<RefusedError> {
public:
  static char ID;
  void log(llvm::raw_ostream &os) const override { os << "refused"; }
  std::error_code convertToErrorCode() const override {
    return llvm::inconvertibleErrorCode();
  }
};

} // namespace

char RefusedError::ID = 0;

static ExitCode cannotRun(StringRef file, StringRef reason) {
  llvm::errs() << file << ": error: " << reason << '\n';
  return CannotRun;
}

static ExitCode translate(const Translation &translation, StringRef input,
                          StringRef output) {
  auto buffer = readInput(input);
  if (!buffer)
    return cannotRun(input,
                     "cannot read the input: " + buffer.getError().message());
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(std::move(*buffer), llvm::SMLoc());

  MLIRContext context(MLIRContext::Threading::DISABLED);
  SourceMgrDiagnosticHandler lines(*sources, &context);
  PartDiagnosticHandler parts(&context);
  llvm::Error error =
      llvm::writeToOutput(output, [&](llvm::raw_ostream &os) -> llvm::Error {
        if (failed(translation(sources, os, &context)))
          return llvm::make_error<RefusedError>();
        return llvm::Error::success();
      });
  if (error.isA<RefusedError>()) {
    llvm::consumeError(std::move(error));
    return Refused;
  }
  if (error)
    return cannotRun(output, "cannot write the output: " +
                                 llvm::toString(std::move(error)));
  return Done;
}

int spikeformer::translateMain(int argc, char **argv, StringRef overview) {
  llvm::InitLLVM initLLVM(argc, argv);
  llvm::cl::SetVersionPrinter(printVersion);
  llvm::cl::opt<std::string> input(llvm::cl::Positional,
                                   llvm::cl::desc("<input file>"),
                                   llvm::cl::init("-"));
  llvm::cl::opt<std::string> output(
      "o", llvm::cl::desc("Output file; bytecode if it ends in .mlirbc"),
      llvm::cl::value_desc("filename"), llvm::cl::init("-"));
  llvm::cl::opt<const Translation *, false, TranslationParser> translation(
      "", llvm::cl::desc("Translations (one is required):"),
      llvm::cl::Required);
  registerAsmPrinterCLOptions();
  if (!llvm::cl::ParseCommandLineOptions(argc, argv, overview, &llvm::errs()))
    return CannotRun;
  if (auto write = getExporters().find((*translation).getDescription());
      write != getExporters().end()) {
    if (output == "-")
      return cannotRun(input, "needs -o FILE to export to");
    return write->second(input, output);
  }
  writesBytecode = llvm::sys::path::extension(output) == ".mlirbc";
  return translate(*translation, input, output);
}
