//===- KernelCompiler.h - machine code from modules of kernels --*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel is one public function on pointers and sizes: the code of a neuron
// model, an encoder or an epilogue for one set of types and widths. This is the
// only way from IR to machine code in the process. It decides what kernels may
// hold (KernelLowering.h), how they are optimised (KernelCodegen.h), and that
// equal kernels are compiled once per process (KernelStore.h).
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_EXECUTIONENGINE_KERNELCOMPILER_H
#define SPIKEFORMER_EXECUTIONENGINE_KERNELCOMPILER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "spikeformer/ExecutionEngine/KernelCodegen.h"
#include "spikeformer/Support/LLVM.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <mutex>

namespace llvm {
class MemoryBuffer;
} // namespace llvm

namespace spikeformer {

/// Where compile time went, in seconds, and how many kernels it bought.
struct KernelTimings {
  double build = 0;     ///< the caller's builder, verification and hashing
  double lower = 0;     ///< to the LLVM dialect
  double translate = 0; ///< to LLVM IR
  double optimize = 0;
  double codegen = 0;
  double link = 0;
  unsigned compiled = 0; ///< kernels that went all the way
  unsigned reused = 0;   ///< requests that found a compiled kernel

  double total() const {
    return build + lower + translate + optimize + codegen + link;
  }
};

/// A compiled kernel: `get()` is the address of its function. The code lives as
/// long as a copy of this.
using Kernel = std::shared_ptr<void>;

/// Compiles kernels of one MLIR context. Calls from several threads are safe
/// and follow each other; compilers of different contexts work in parallel.
class KernelCompiler {
public:
  /// Loads the dialects that kernels use into `context`, so that no other
  /// thread may be using `context` meanwhile. Fails for an unknown CPU or
  /// level.
  static llvm::Expected<std::unique_ptr<KernelCompiler>>
  create(MLIRContext &context, const KernelCompilerOptions &options = {});

  /// The kernel that `build` makes: it fills an empty module
  /// with one public function and what that function needs, of the dialects
  /// func, arith, scf, cf, vector and llvm. The function's name does not
  /// matter. `key` stands for the outcome of `build`, which is not called again
  /// for a key of this compiler; kernels that turn out equal under different
  /// keys, compilers or contexts share one address. `build` must not call
  /// `compile`. Fails if `build` emits an error, or for what `checkKernel`
  /// refuses.
  llvm::Expected<Kernel> compile(StringRef key,
                                 llvm::function_ref<void(ModuleOp)> build);

  /// f32 lanes of the widest vector register kernels should use.
  unsigned getPreferredLanes() const { return codegen->getPreferredLanes(); }
  /// The CPU code is made for, as LLVM calls it.
  StringRef getCPU() const { return codegen->getCPU(); }

  /// Sums over the calls so far.
  KernelTimings getTimings() const;

private:
  KernelCompiler(MLIRContext &context, std::unique_ptr<KernelCodegen> codegen)
      : context(context), codegen(std::move(codegen)) {}

  llvm::Expected<Kernel> compileUncached(StringRef key,
                                         llvm::function_ref<void(ModuleOp)>);
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
  compileModule(ModuleOp module, StringRef symbol);

  MLIRContext &context;
  std::unique_ptr<KernelCodegen> codegen;
  llvm::StringMap<Kernel> kernels;
  KernelTimings timings;
  mutable std::mutex mutex;
};

} // namespace spikeformer

#endif // SPIKEFORMER_EXECUTIONENGINE_KERNELCOMPILER_H
