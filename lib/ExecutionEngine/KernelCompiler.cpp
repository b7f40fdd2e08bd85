//===- KernelCompiler.cpp - machine code from modules of kernels ----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The steps in order, and what makes two kernels equal.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/ExecutionEngine/KernelCompiler.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "spikeformer/ExecutionEngine/KernelLowering.h"
#include "spikeformer/ExecutionEngine/KernelStore.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <thread>

using namespace spikeformer;

namespace {
/// Adds its life time to a sum.
class Stopwatch {
public:
  explicit Stopwatch(double &seconds)
      : seconds(seconds), start(std::chrono::steady_clock::now()) {}
  ~Stopwatch() {
    std::chrono::duration<double> passed =
        std::chrono::steady_clock::now() - start;
    seconds += passed.count();
  }

private:
  double &seconds;
  std::chrono::steady_clock::time_point start;
};

/// Collects this thread's error diagnostics; other threads keep theirs.
class ErrorCollector {
public:
  explicit ErrorCollector(MLIRContext &context)
      : thread(std::this_thread::get_id()),
        handler(&context, [this](Diagnostic &d) {
          if (std::this_thread::get_id() != thread ||
              d.getSeverity() != DiagnosticSeverity::Error)
            return failure();
          if (!text.empty())
            text += "; ";
          text += d.str();
          return success();
        }) {}
  bool hasErrors() const { return !text.empty(); }
  StringRef getText() const { return text; }

private:
  std::string text;
  std::thread::id thread;
  ScopedDiagnosticHandler handler;
};

constexpr StringLiteral entryName = "kernel";

/// Locations say where a kernel comes from, not what it is.
void dropLocations(ModuleOp module) {
  Location unknown = UnknownLoc::get(module.getContext());
  module.walk([&](Operation *op) {
    op->setLoc(unknown);
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (BlockArgument argument : block.getArguments())
          argument.setLoc(unknown);
  });
}

/// SHA-256 of the module and `fingerprint`, in hexadecimal digits.
llvm::Expected<std::string> hashKernel(ModuleOp module, StringRef fingerprint) {
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  if (failed(writeBytecodeToFile(module, os)))
    return llvm::createStringError("the module cannot be written as bytecode");
  llvm::SHA256 hash;
  hash.update(bytes);
  hash.update(fingerprint);
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

LogicalResult buildChecked(ModuleOp module,
                           llvm::function_ref<void(ModuleOp)> build,
                           const ErrorCollector &errors) {
  build(module);
  if (errors.hasErrors() || failed(verify(module)) ||
      failed(checkKernel(module)))
    return failure();
  FunctionOpInterface entry = getKernelEntry(module);
  if (!entry)
    return failure();
  entry.setName(entryName);
  dropLocations(module);
  return success();
}
} // namespace

llvm::Expected<std::unique_ptr<KernelCompiler>>
KernelCompiler::create(MLIRContext &context,
                       const KernelCompilerOptions &options) {
  auto codegen = KernelCodegen::create(options);
  if (!codegen)
    return codegen.takeError();
  loadKernelDialects(context);
  return std::unique_ptr<KernelCompiler>(
      new KernelCompiler(context, std::move(*codegen)));
}

llvm::Expected<Kernel>
KernelCompiler::compile(StringRef key,
                        llvm::function_ref<void(ModuleOp)> build) {
  std::lock_guard<std::mutex> lock(mutex);
  auto known = kernels.find(key);
  if (known != kernels.end()) {
    ++timings.reused;
    return known->second;
  }
  llvm::Expected<Kernel> kernel = compileUncached(key, build);
  if (kernel)
    kernels[key] = *kernel;
  return kernel;
}

llvm::Expected<Kernel>
KernelCompiler::compileUncached(StringRef key,
                                llvm::function_ref<void(ModuleOp)> build) {
  llvm::Expected<KernelStore *> store = KernelStore::get();
  if (!store)
    return store.takeError();
  ErrorCollector errors(context);
  auto fail = [&](llvm::Error error) -> llvm::Error {
    std::string text = errors.getText().str();
    if (error)
      text += (text.empty() ? "" : "; ") + llvm::toString(std::move(error));
    return llvm::createStringError("kernel '" + key + "': " + text);
  };

  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  std::string hash;
  {
    Stopwatch watch(timings.build);
    if (failed(buildChecked(*module, build, errors)))
      return fail(llvm::Error::success());
    llvm::Expected<std::string> hashed =
        hashKernel(*module, codegen->getFingerprint());
    if (!hashed)
      return fail(hashed.takeError());
    hash = std::move(*hashed);
  }

  std::shared_ptr<KernelStore::Entry> entry = (*store)->lookup(hash);
  std::lock_guard<std::mutex> lock(entry->mutex);
  if (entry->address) {
    ++timings.reused;
    return Kernel(entry, entry->address);
  }
  std::string symbol = "spikeformer_kernel_" + hash;
  auto object = compileModule(*module, symbol);
  if (!object)
    return fail(object.takeError());
  Stopwatch watch(timings.link);
  if (llvm::Error error = (*store)->link(*entry, std::move(*object), symbol))
    return fail(std::move(error));
  ++timings.compiled;
  return Kernel(entry, entry->address);
}

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
KernelCompiler::compileModule(ModuleOp module, StringRef symbol) {
  {
    Stopwatch watch(timings.lower);
    if (failed(lowerKernelToLLVM(module)))
      return llvm::createStringError("it cannot be lowered to LLVM IR");
  }
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> llvmModule;
  {
    Stopwatch watch(timings.translate);
    llvmModule = translateModuleToLLVMIR(module, llvmContext);
    if (!llvmModule)
      return llvm::createStringError("it cannot be translated to LLVM IR");
    llvmModule->getFunction(entryName)->setName(symbol);
  }
  {
    Stopwatch watch(timings.optimize);
    codegen->optimize(*llvmModule, symbol);
  }
  Stopwatch watch(timings.codegen);
  return codegen->emit(*llvmModule);
}

KernelTimings KernelCompiler::getTimings() const {
  std::lock_guard<std::mutex> lock(mutex);
  return timings;
}
