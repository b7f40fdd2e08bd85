//===- ToolMain.h - what all tools share ------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The start of every tool: plugins before anything else, because their passes
// and importers are flags; then the lists that need no input; then the command
// line, whose errors are exit code 2 in all tools.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_TOOLMAIN_H
#define SPIKEFORMER_PIPELINES_TOOLMAIN_H

#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "spikeformer/Support/LLVM.h"
#include "llvm/Support/CommandLine.h"
#include <optional>

namespace spikeformer {

/// Exit codes of all tools.
enum ExitCode : int {
  /// Done, or equal.
  exitDone = 0,
  /// The input is refused, or different.
  exitRefused = 1,
  /// Bad usage, missing file, internal error.
  exitCannotRun = 2
};

/// A tool's own part of its command line.
struct ToolInfo {
  /// Text of --help above the options; ends with an example.
  llvm::StringRef overview;
  /// Every registered pass is a flag. Otherwise --help shows the options of
  /// getToolCategory() only.
  bool passFlags = false;
};

/// The category in which tools declare their options.
llvm::cl::OptionCategory &getToolCategory();

/// Worker threads that --threads asks for, by default one per core.
unsigned getThreads();

/// Adds core, the plugins of SPIKEFORMER_PLUGIN_PATH and those of
/// --load-plugin, which is taken out of `argv`, to PluginRegistry::get(); fills
/// `dialects` with MLIR's, core's and the plugins' dialects; answers
/// --list-targets and its kind. Returns the exit code if the tool is to end
/// now; whatever is wrong has been printed.
std::optional<ExitCode> initialiseTool(int &argc, char **argv,
                                       const ToolInfo &tool,
                                       DialectRegistry &dialects);

/// Parses the command line into the options declared so far. Returns the exit
/// code if it cannot be parsed.
std::optional<ExitCode> parseCommandLine(int argc, char **argv,
                                         const ToolInfo &tool);

/// Prints every error in `error` on a line of its own: an InputError with its
/// place before `error:`, others behind it.
void reportErrors(llvm::Error error, llvm::raw_ostream &os);

/// Loads the plugins at `paths`, files or directories, and registers core and
/// them in `registry`. For hosts that are not one of our tools.
llvm::Error initialisePlugins(llvm::ArrayRef<std::string> paths,
                              PluginRegistry &registry);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_TOOLMAIN_H
