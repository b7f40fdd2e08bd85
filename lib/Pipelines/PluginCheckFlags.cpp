//===- PluginCheckFlags.cpp - the command line of sf-plugin-check ---------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/PluginCheckTool.h"

using namespace spikeformer;
namespace cl = llvm::cl;

PluginCheckFlags::PluginCheckFlags()
    : plugin(cl::Positional, cl::Required, cl::desc("<plugin.so>"),
             cl::cat(getToolCategory())),
      target("target", cl::value_desc("NAME"), cl::cat(getToolCategory()),
             cl::desc("Check this target of the plugin only")),
      seed("seed", cl::value_desc("N"), cl::init(0), cl::cat(getToolCategory()),
           cl::desc("Seed of the first network, 0 by default")),
      legal("legal", cl::value_desc("N"), cl::init(200),
            cl::cat(getToolCategory()),
            cl::desc("Networks that the target has to run (default 200)")),
      illegal("illegal", cl::value_desc("N"), cl::init(200),
              cl::cat(getToolCategory()),
              cl::desc("Networks that the target has to refuse (default 200)")),
      keep("keep", cl::value_desc("DIR"), cl::cat(getToolCategory()),
           cl::desc("Write the first network that fails each check to DIR")),
      report("report", cl::cat(getToolCategory()),
             cl::desc("How the report is printed"),
             cl::values(clEnumValN(ReportFormat::text, "text",
                                   "a table of checks (default)"),
                        clEnumValN(ReportFormat::json, "json", "JSON"))) {}

llvm::Expected<PluginCheckOptions> PluginCheckFlags::get() const {
  if (legal < 0 || illegal < 0)
    return llvm::createStringError(
        "--legal and --illegal need a number of networks, at least 0");
  PluginCheckOptions options;
  options.plugin = plugin;
  options.target = target;
  options.seed = seed;
  options.legal = legal;
  options.illegal = illegal;
  options.keep = keep;
  options.report = report;
  return options;
}
