//===- PluginCheckTool.cpp - what sf-plugin-check does --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/PluginCheckTool.h"
#include "PluginCheck/TargetChecker.h"
#include "spikeformer/PluginAPI/PluginLoader.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace spikeformer;
using namespace spikeformer::plugincheck;

namespace {
/// One call of the tool.
class PluginCheckTool {
public:
  PluginCheckTool(PluginCheckOptions options, DialectRegistry &dialects)
      : options(std::move(options)), dialects(dialects) {}

  ExitCode run();

private:
  llvm::Error execute();
  llvm::Error load();
  llvm::Error prepareKeep();
  llvm::Error checkTargets();

  PluginCheckOptions options;
  DialectRegistry &dialects;
  ErrorLog log;
  const PluginInfo *plugin = nullptr;
  std::vector<const Target *> targets;
  JsonValue rows = JsonValue::array();
  bool hasFailed = false;
};
} // namespace

/// Finds the plugin among those that are loaded, or loads it.
llvm::Error PluginCheckTool::load() {
  PluginRegistry &registry = PluginRegistry::get();
  auto files = findPlugins({options.plugin});
  if (!files)
    return files.takeError();
  if (files->size() != 1)
    return llvm::createStringError("'" + options.plugin +
                                   "': needs one plugin, has " +
                                   llvm::Twine(files->size()));
  auto find = [&] {
    return llvm::find_if(registry.getPlugins(), [&](const PluginInfo &info) {
      return info.path == files->front();
    });
  };
  if (find() == registry.getPlugins().end()) {
    if (llvm::Error error = loadPlugins(*files, registry))
      return error;
    if (llvm::Error error = registry.registerPlugins())
      return error;
    registry.appendDialects(dialects);
  }
  plugin = find();
  size_t index = plugin - registry.getPlugins().begin();
  for (const auto &[target, owner] : registry.getTargets())
    if (owner == index &&
        (options.target.empty() || target->getName() == options.target))
      targets.push_back(target.get());
  if (targets.empty() && !options.target.empty())
    return llvm::createStringError(plugin->describe() + " has no target '" +
                                   options.target + "'");
  return llvm::Error::success();
}

/// Checks change the working directory.
llvm::Error PluginCheckTool::prepareKeep() {
  if (options.keep.empty())
    return llvm::Error::success();
  llvm::SmallString<256> path(options.keep);
  std::error_code code = llvm::sys::fs::make_absolute(path);
  if (!code)
    code = llvm::sys::fs::create_directories(path);
  if (code)
    return llvm::createFileError(options.keep, code);
  options.keep = path.str().str();
  return llvm::Error::success();
}

llvm::Error PluginCheckTool::checkTargets() {
  auto sandbox = Sandbox::create();
  if (!sandbox)
    return sandbox.takeError();
  llvm::CrashRecoveryContext::Enable();
  for (const Target *target : targets) {
    TargetChecker checker(*target, options, dialects, **sandbox);
    if (llvm::Error error = checker.run())
      return error;
    checker.getLog().appendTo(rows);
    hasFailed |= checker.getLog().hasFailed();
  }
  return llvm::Error::success();
}

llvm::Error PluginCheckTool::execute() {
  if (llvm::Error error = load())
    return error;
  if (llvm::Error error = prepareKeep())
    return error;
  return checkTargets();
}

ExitCode PluginCheckTool::run() {
  if (llvm::Error error = execute())
    return log.fail(std::move(error));
  JsonValue report = JsonValue::object();
  report.set("plugin", plugin->id)
      .set("version", plugin->version.getAsString())
      .set("seed", options.seed)
      .set("passed", !hasFailed)
      .set("targets", static_cast<int64_t>(targets.size()))
      .set("checks", std::move(rows));
  printReport(report, options.report, llvm::outs());
  return hasFailed ? exitRefused : exitDone;
}

ExitCode spikeformer::checkPlugin(const PluginCheckOptions &options,
                                  DialectRegistry &dialects) {
  return PluginCheckTool(options, dialects).run();
}
