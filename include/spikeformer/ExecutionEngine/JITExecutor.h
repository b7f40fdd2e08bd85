//===- JITExecutor.h - networks as machine code -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The fast engine: neuron updates are kernels compiled for the host, everything
// else is the runtime's, and a table of calls says what happens in a step. It
// gives the bits that the reference interpreter gives (docs/Semantics.md).
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_EXECUTIONENGINE_JITEXECUTOR_H
#define SPIKEFORMER_EXECUTIONENGINE_JITEXECUTOR_H

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/ExecutionEngine/KernelCodegen.h"
#include "spikeformer/Support/Executor.h"

namespace spikeformer {

/// How kernels are compiled; the results do not depend on it.
using JITOptions = KernelCompilerOptions;

/// The engine "jit" for `network`, which is verified and whose context outlives
/// it. All data are read and packed here; the error names the operation whose
/// data are wrong, a diagnostic says more. Runs do not depend on
/// `RunRequest::threads`; samples run in parallel where each is reset.
llvm::Expected<std::unique_ptr<Executor>>
createJITExecutor(snn::NetworkOp network, const JITOptions &options = {});

} // namespace spikeformer

#endif // SPIKEFORMER_EXECUTIONENGINE_JITEXECUTOR_H
