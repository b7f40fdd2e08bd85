//===- BatchContext.h - MLIR contexts of a batch ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registering the operations of all dialects takes as long as compiling a small
// model, so that a worker uses a context again, but only where a model cannot
// tell: for one that the same importer of the core reads, with the same flags,
// after one that went well, and with no blob left whose name could change those
// of the next one.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_BATCHCONTEXT_H
#define LIB_PIPELINES_BATCHCONTEXT_H

#include "BatchManifest.h"
#include "mlir/IR/MLIRContext.h"

namespace spikeformer {

/// The context of one worker.
class BatchContext {
public:
  explicit BatchContext(const DialectRegistry &dialects) : dialects(dialects) {}

  /// A context without threads for `entry`: as good as new.
  MLIRContext &get(const BatchEntry &entry);
  /// Nothing in the context is used any more. What an error leaves in it is not
  /// known: it is not used again then.
  void release(bool hasFailed);

private:
  const DialectRegistry &dialects;
  std::unique_ptr<MLIRContext> context;
  /// What the models of `context` have in common.
  const Importer *importer = nullptr;
  FlagValues flags;
  /// Models that have used it.
  unsigned numUses = 0;
};

} // namespace spikeformer

#endif // LIB_PIPELINES_BATCHCONTEXT_H
