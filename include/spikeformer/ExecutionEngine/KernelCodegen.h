//===- KernelCodegen.h - object code from kernels in LLVM IR ----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The target machine and the optimisation pipelines. Nothing is vectorised or
// contracted and no library function is recognised at any level: every level
// gives the same results, the levels differ in time only. (Which of several
// NaNs an operation returns is the exception; LLVM leaves that open.)
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_EXECUTIONENGINE_KERNELCODEGEN_H
#define SPIKEFORMER_EXECUTIONENGINE_KERNELCODEGEN_H

#include "spikeformer/Support/LLVM.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>

namespace llvm {
class MemoryBuffer;
class Module;
class TargetMachine;
} // namespace llvm

namespace spikeformer {

struct KernelCompilerOptions {
  /// 0: as written; 1: a short fixed list of passes, enough for kernels; 2 and
  /// 3: LLVM's pipelines of that level without its vectorisers.
  unsigned optLevel = 1;
  /// An LLVM CPU name, such as "x86-64-v3"; empty for the host with all it has.
  std::string cpu;
};

/// Optimises and emits; not for concurrent use.
class KernelCodegen {
public:
  static llvm::Expected<std::unique_ptr<KernelCodegen>>
  create(const KernelCompilerOptions &options);
  ~KernelCodegen();

  /// Gives `module` the target, hides all its functions but `entry`, optimises.
  void optimize(llvm::Module &module, StringRef entry);
  /// A relocatable object.
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
  emit(llvm::Module &module);

  unsigned getPreferredLanes() const { return lanes; }
  StringRef getCPU() const;
  /// All that decides about the code apart from the module: options, CPU,
  /// features, version of LLVM.
  StringRef getFingerprint() const { return fingerprint; }

private:
  KernelCodegen(unsigned optLevel, std::unique_ptr<llvm::TargetMachine> target);

  unsigned optLevel;
  std::unique_ptr<llvm::TargetMachine> target;
  unsigned lanes;
  std::string fingerprint;
};

} // namespace spikeformer

#endif // SPIKEFORMER_EXECUTIONENGINE_KERNELCODEGEN_H
