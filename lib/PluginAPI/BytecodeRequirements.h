//===- BytecodeRequirements.h - snn.requires in bytecode --------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Internal to RequiredPlugins.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_PLUGINAPI_BYTECODEREQUIREMENTS_H
#define SPIKEFORMER_LIB_PLUGINAPI_BYTECODEREQUIREMENTS_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace spikeformer {

/// The strings in every array that MLIR bytecode names `snn.requires`; empty if
/// the bytes are not understood.
std::vector<std::string> findBytecodeRequirements(llvm::StringRef bytes);

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_PLUGINAPI_BYTECODEREQUIREMENTS_H
