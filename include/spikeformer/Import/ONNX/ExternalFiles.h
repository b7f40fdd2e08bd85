//===- ExternalFiles.h - files beside a model -------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which files an ONNX model consists of, found without importing it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_IMPORT_ONNX_EXTERNALFILES_H
#define SPIKEFORMER_IMPORT_ONNX_EXTERNALFILES_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace spikeformer {

/// Names of the files beside a model that hold weights of it, in the order of
/// the names; `model` are its bytes. As much of them as is well formed is read.
std::vector<std::string> listExternalFiles(llvm::StringRef model);

} // namespace spikeformer

#endif // SPIKEFORMER_IMPORT_ONNX_EXTERNALFILES_H
