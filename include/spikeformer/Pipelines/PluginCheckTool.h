//===- PluginCheckTool.h - what sf-plugin-check does ------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The conformance kit: it holds every target of a plugin against what the
// plugin interface asks of all (docs/Plugins/Conformance.md).
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_PLUGINCHECKTOOL_H
#define SPIKEFORMER_PIPELINES_PLUGINCHECKTOOL_H

#include "spikeformer/Pipelines/Report.h"
#include "spikeformer/Pipelines/ToolMain.h"

namespace spikeformer {

/// What a user asked for.
struct PluginCheckOptions {
  std::string plugin;
  /// Of the targets of the plugin; empty for all.
  std::string target;
  /// Of the first network; the next ones have the next seeds.
  uint64_t seed = 0;
  /// Networks that the target has to run, and to refuse.
  int64_t legal = 200, illegal = 200;
  /// Directory for the networks that fail a check; empty for none.
  std::string keep;
  ReportFormat report = ReportFormat::text;
};

/// The command line of sf-plugin-check, declared while it lives.
class PluginCheckFlags {
public:
  PluginCheckFlags();
  /// Errors: bad usage.
  llvm::Expected<PluginCheckOptions> get() const;

private:
  llvm::cl::opt<std::string> plugin, target;
  llvm::cl::opt<uint64_t> seed;
  llvm::cl::opt<long> legal, illegal;
  llvm::cl::opt<std::string> keep;
  llvm::cl::opt<ReportFormat> report;
};

/// Loads the plugin, unless it is, and checks it; the report goes to standard
/// output. exitRefused: a check failed. `dialects` are those of core.
ExitCode checkPlugin(const PluginCheckOptions &options,
                     DialectRegistry &dialects);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_PLUGINCHECKTOOL_H
