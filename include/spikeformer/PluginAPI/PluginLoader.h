//===- PluginLoader.h - loading plugins -------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All plugins are found first, then the notes of all are read, then all are
// loaded, then all are registered. Each step ends with every error it found,
// and no later step begins after an error: with one wrong plugin none runs any
// code.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINAPI_PLUGINLOADER_H
#define SPIKEFORMER_PLUGINAPI_PLUGINLOADER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace spikeformer {
class PluginRegistry;

/// Takes every `--load-plugin=PATH` and `--load-plugin PATH` before `--` out of
/// the command line and returns the paths in their order. Runs before the
/// command line is parsed, because the passes of a plugin are flags of it.
llvm::Expected<std::vector<std::string>> takePluginFlags(int &argc,
                                                         char **argv);

/// Splits SPIKEFORMER_PLUGIN_PATH, a list of files and directories with ':'.
std::vector<std::string> getPluginPathEntries();

/// Absolute paths of the plugins behind `entries`: a file stands for itself, a
/// directory for the *.so in it, sorted by name. A file that is named twice is
/// listed once. Entries that do not exist are an error.
llvm::Expected<std::vector<std::string>>
findPlugins(llvm::ArrayRef<std::string> entries);

/// Checks the notes of all files, loads all and records them in `registry`;
/// PluginRegistry::registerPlugins is left to the caller. Nothing is loaded if
/// one note is wrong; all errors are in the result.
llvm::Error loadPlugins(llvm::ArrayRef<std::string> paths,
                        PluginRegistry &registry);

} // namespace spikeformer

#endif // SPIKEFORMER_PLUGINAPI_PLUGINLOADER_H
