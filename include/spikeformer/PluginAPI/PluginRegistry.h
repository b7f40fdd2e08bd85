//===- PluginRegistry.h - what plugins offer --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One ordered list for the process: core enters first, plugins follow in the
// order in which they were named, and everything that iterates sees that order.
// A plugin is first recorded and then, when all are known to be good, asked for
// what it offers; nothing it offers takes part before that.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINAPI_PLUGINREGISTRY_H
#define SPIKEFORMER_PLUGINAPI_PLUGINREGISTRY_H

#include "spikeformer/PluginAPI/Target.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/Support/VersionTuple.h"
#include <functional>
#include <map>

namespace mlir {
class DialectRegistry;
class MLIRContext;
template <typename OpTy>
class OwningOpRef;
} // namespace mlir

namespace spikeformer {
struct PluginEntry;

/// Who a plugin is.
struct PluginInfo {
  /// As its author spells it; compared without regard to case.
  std::string id;
  llvm::VersionTuple version;
  /// Absolute path of the shared object; empty if it is linked in.
  std::string path;

  /// "plugin 'Demo' (/path/Demo.so)", for messages.
  std::string describe() const;
};

/// A flag of an importer or exporter, `--name=value`.
struct TranslationOption {
  std::string name;
  std::string description;
};

/// The values that were given, by name.
using TranslationValues = std::map<std::string, std::string, std::less<>>;

/// Reads a model into a module.
struct Importer {
  /// NAME of `--import-NAME`.
  std::string name;
  std::string description;
  /// With the dot: ".onnx".
  std::vector<std::string> extensions;
  std::vector<TranslationOption> options;
  /// The identifier of the buffer is the path it came from. Returns null after
  /// it emitted errors in the context.
  std::function<mlir::OwningOpRef<mlir::ModuleOp>(
      llvm::MemoryBufferRef, mlir::MLIRContext &, const TranslationValues &)>
      run;
};

/// Writes a module into a file, whole or not at all.
struct Exporter {
  /// NAME of `--export-NAME`.
  std::string name;
  std::string description;
  std::vector<std::string> extensions;
  std::vector<TranslationOption> options;
  /// Fails after it emitted errors in the module's context.
  std::function<llvm::LogicalResult(mlir::ModuleOp, llvm::StringRef path,
                                    const TranslationValues &)>
      run;
};

/// How one software reads NIR, `--profile=NAME[@VERSION]`.
struct NIRProfile {
  std::string name;
  std::string version;
  std::string description;
  /// Data file; a relative name is looked up in the plugin's data directory.
  /// Empty if the profile is built into the importer.
  std::string file;
};

/// A value of `--method`.
struct Method {
  std::string name;
  std::string description;
};

/// Something registered, with the plugin that did it.
template <typename T>
struct Owned {
  T value;
  /// Index into PluginRegistry::getPlugins().
  size_t plugin;
};

/// Everything that core and plugins offer.
class PluginRegistry {
public:
  PluginRegistry();
  ~PluginRegistry();
  PluginRegistry(const PluginRegistry &) = delete;
  PluginRegistry &operator=(const PluginRegistry &) = delete;

  /// The list of the process.
  static PluginRegistry &get();

  //===--------------------------------------------------------------------===//
  // The two steps
  //===--------------------------------------------------------------------===//

  /// Records a plugin: it is loaded, but offers nothing yet. The error of a
  /// second plugin of the same id names both. `path` is empty for a plugin
  /// that is linked in.
  llvm::Error addPlugin(const PluginEntry &entry, llvm::StringRef path = "");

  /// Asks every plugin that was loaded since the last call for what it offers.
  /// All collisions are reported at once, each with both plugins.
  llvm::Error registerPlugins();

  //===--------------------------------------------------------------------===//
  // For plugins, within their entry
  //===--------------------------------------------------------------------===//

  /// Adds dialects, and extensions that attach interfaces to other dialects.
  void addDialects(std::function<void(mlir::DialectRegistry &)> add);
  /// Registers passes and pipelines with MLIR.
  void addPasses(std::function<void()> add);
  void addImporter(Importer importer);
  void addExporter(Exporter exporter);
  void addTarget(std::unique_ptr<Target> target);
  /// Adds a machine of a target that may be another plugin's.
  void addMachine(Machine machine);
  void addNIRProfile(NIRProfile profile);
  void addMethod(Method method);

  /// Directory of the data files of the plugin being registered: DIR/Id where
  /// the plugin is DIR/Id.so. Empty for a plugin that is linked in.
  std::string getDataDirectory() const;

  //===--------------------------------------------------------------------===//
  // For tools, after registerPlugins()
  //===--------------------------------------------------------------------===//

  /// In the order of loading.
  llvm::ArrayRef<PluginInfo> getPlugins() const { return plugins; }
  /// Null if there is none of that id.
  const PluginInfo *lookupPlugin(llvm::StringRef id) const;

  /// Puts all dialects into `registry`.
  void appendDialects(mlir::DialectRegistry &registry) const;
  /// Registers all passes with MLIR; each one once per process.
  void registerPasses();

  llvm::ArrayRef<Owned<std::unique_ptr<Target>>> getTargets() const {
    return targets;
  }
  /// The error lists the targets there are and how to load more.
  llvm::Expected<const Target *> getTarget(llvm::StringRef name) const;

  llvm::ArrayRef<Owned<Machine>> getMachines() const { return machines; }
  /// The machine graph that `name` says: NAME[:key=value,...] of a machine of
  /// any target, or FILE.json in our format or in that of a target. The error
  /// lists the names there are.
  llvm::Expected<MachineGraph> makeMachine(llvm::StringRef name) const;
  /// What the target of that machine charges for slices; null if it does not
  /// say. Of a file: the first target that says.
  const SliceCosts *lookupSliceCosts(llvm::StringRef machine) const;
  llvm::ArrayRef<Owned<NIRProfile>> getNIRProfiles() const { return profiles; }
  llvm::ArrayRef<Owned<Method>> getMethods() const { return methods; }
  llvm::ArrayRef<Owned<Importer>> getImporters() const { return importers; }
  llvm::ArrayRef<Owned<Exporter>> getExporters() const { return exporters; }

  /// The importer that claims the longest extension of `path`; null if none
  /// does.
  const Importer *lookupImporterOf(llvm::StringRef path) const;
  const Exporter *lookupExporterOf(llvm::StringRef path) const;

private:
  /// Appends `value` under its name, unless the name is taken.
  template <typename T>
  void add(llvm::StringRef kind, std::vector<Owned<T>> &list, T value);
  void fail(const llvm::Twine &message);
  llvm::Expected<MachineGraph> readMachine(llvm::StringRef path) const;

  std::vector<PluginInfo> plugins;
  /// Parallel to `plugins`: the functions that fill the registry.
  std::vector<void (*)(PluginRegistry &)> entries;
  /// Plugins before this index are registered.
  size_t registered = 0;
  /// The plugin whose entry runs.
  size_t current = 0;
  /// What is wrong with what plugins offered since the last report.
  std::vector<std::string> problems;

  std::vector<std::function<void(mlir::DialectRegistry &)>> dialects;
  std::vector<std::function<void()>> passes;
  size_t registeredPasses = 0;
  std::vector<Owned<std::unique_ptr<Target>>> targets;
  std::vector<Owned<Machine>> machines;
  std::vector<Owned<NIRProfile>> profiles;
  std::vector<Owned<Method>> methods;
  std::vector<Owned<Importer>> importers;
  std::vector<Owned<Exporter>> exporters;
};

} // namespace spikeformer

#endif // SPIKEFORMER_PLUGINAPI_PLUGINREGISTRY_H
