//===- Payloads.h - tensor data left in the file ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Most bytes of a model are weights, which libprotobuf would copy. The wire
// format is walked once: the structure is handed on, without the raw data of
// tensors, which stay where they are in the file.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_ONNX_PAYLOADS_H
#define LIB_IMPORT_ONNX_PAYLOADS_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace spikeformer::onnximport {

/// Copies the ModelProto `file` to `structure`. Instead of its `raw_data` every
/// tensor has 8 bytes: the little-endian index of its data in `payloads`. False
/// if the bytes are no well-formed message.
bool separatePayloads(llvm::StringRef file, std::string &structure,
                      std::vector<llvm::StringRef> &payloads);

/// Tells the system that these bytes of a mapped file will not be read again.
void forgetPages(llvm::StringRef bytes);

} // namespace spikeformer::onnximport

#endif // LIB_IMPORT_ONNX_PAYLOADS_H
