//===- RequiredPlugins.h - plugins a module needs ---------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A module that uses a plugin's dialect says `snn.requires = ["demo@1"]`.
// Without the plugin such a module does not parse, and the parser cannot say
// why; so the requirement is read from the bytes before parsing.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINAPI_REQUIREDPLUGINS_H
#define SPIKEFORMER_PLUGINAPI_REQUIREDPLUGINS_H

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <string>
#include <vector>

namespace spikeformer {
class PluginRegistry;

/// One entry of `snn.requires`.
struct PluginRequirement {
  /// "ID" or "ID@VERSION".
  std::string text;
  /// Offset of the entry in a text; 0 in bytecode.
  size_t offset = 0;
};

/// The entries of every `snn.requires` in a module, in their order. Text and
/// bytecode are told apart by their first bytes. Bytes that are neither give
/// nothing: the parser will say what is wrong with them.
std::vector<PluginRequirement> findRequirements(llvm::MemoryBufferRef module);

/// Fails with one error for each plugin that the module needs and `registry`
/// lacks or has in an older version.
llvm::Error checkRequiredPlugins(llvm::MemoryBufferRef module,
                                 const PluginRegistry &registry);

} // namespace spikeformer

#endif // SPIKEFORMER_PLUGINAPI_REQUIREDPLUGINS_H
