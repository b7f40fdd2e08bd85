//===- PluginNote.h - reading a plugin's note -------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything a host wants to know of a plugin before it runs any of the
// plugin's code is read here from the file: is it a shared object for this
// machine, what was it built for, and does it have the entry function that its
// note promises.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINAPI_PLUGINNOTE_H
#define SPIKEFORMER_PLUGINAPI_PLUGINNOTE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace spikeformer {

/// The identity and the requirements that a plugin states.
struct PluginStatement {
  uint32_t apiVersion = 0;
  std::string llvmVersion;
  std::string headerHash;
  std::string id;
  std::string version;
};

/// What this program has; a plugin must state the same.
PluginStatement getHostStatement();

/// Reads what the plugin at `path` states, without loading it. Fails if the
/// file is not a plugin for this machine or contradicts itself; whether the
/// statement fits the host is for checkStatement.
llvm::Expected<PluginStatement> readPluginStatement(llvm::StringRef path);

/// One message for each requirement of `plugin` that `host` does not meet.
std::vector<std::string> checkStatement(const PluginStatement &plugin,
                                        const PluginStatement &host);

/// Name of the entry function of a plugin for this host's API.
std::string getEntryName(llvm::StringRef id);

} // namespace spikeformer

#endif // SPIKEFORMER_PLUGINAPI_PLUGINNOTE_H
