//===- ImportONNX.h - ONNX models as TOSA -----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads a trained network from an ONNX file. The result is one function in the
// TOSA dialect that computes one sample: a dynamic batch axis becomes 1. The
// function keeps ONNX's element order (N, C, H, W) at its borders and wherever
// a tensor is flattened; convolutions and pools run on N, H, W, C inside.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_IMPORT_ONNX_IMPORTONNX_H
#define SPIKEFORMER_IMPORT_ONNX_IMPORTONNX_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "spikeformer/Support/LLVM.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <string>

namespace spikeformer {

struct ImportONNXOptions {
  /// Name of the function that is made.
  std::string functionName = "main";
  /// Larger files are refused. Weights in the file do not count against what
  /// protobuf can read, 2 GiB.
  uint64_t maxFileBytes = uint64_t(1) << 40;
};

/// Imports the model in the file `path`. On failure returns null after one
/// diagnostic per node at fault; a node's location is
/// `loc("node"("model.onnx":0:0))`. Weights stored outside the file are looked
/// for beside it and nowhere else.
OwningOpRef<ModuleOp> importONNX(StringRef path, MLIRContext &context,
                                 const ImportONNXOptions &options = {});

/// The same for a model that is in memory; the buffer's identifier is the path
/// it came from.
OwningOpRef<ModuleOp> importONNX(llvm::MemoryBufferRef buffer,
                                 MLIRContext &context,
                                 const ImportONNXOptions &options = {});

} // namespace spikeformer

#endif // SPIKEFORMER_IMPORT_ONNX_IMPORTONNX_H
