//===- BufferizableOpInterfaceImpl.h - snn on buffers -----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `--one-shot-bufferize` needs to know of `snn.simulate`: it reads its
// operands, and each result is a new buffer, which the caller frees.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_TRANSFORMS_BUFFERIZABLEOPINTERFACEIMPL_H
#define SPIKEFORMER_DIALECT_SNN_TRANSFORMS_BUFFERIZABLEOPINTERFACEIMPL_H

#include "spikeformer/Support/LLVM.h"

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace spikeformer::snn {

/// To be called before the dialect is loaded.
void registerBufferizableOpInterfaceExternalModels(
    mlir::DialectRegistry &registry);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_TRANSFORMS_BUFFERIZABLEOPINTERFACEIMPL_H
