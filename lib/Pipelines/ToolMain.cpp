//===- ToolMain.cpp - what all tools share --------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The flags that are handled before the command line is parsed are declared to
// the parser as well, so that --help shows them.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/ToolMain.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "spikeformer/Pipelines/Core.h"
#include "spikeformer/PluginAPI/PluginLoader.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/Version.h"
#include "llvm/Support/Threading.h"
#include "llvm/Support/raw_ostream.h"

using namespace spikeformer;
using llvm::Error;
using llvm::StringRef;

llvm::cl::OptionCategory &spikeformer::getToolCategory() {
  static llvm::cl::OptionCategory category("SpikeFormer options");
  return category;
}

void spikeformer::reportErrors(Error error, llvm::raw_ostream &os) {
  llvm::handleAllErrors(
      std::move(error),
      [&](const InputError &input) {
        input.log(os);
        os << "\n";
      },
      [&](const llvm::ErrorInfoBase &other) {
        os << "error: " << other.message() << "\n";
      });
}

static llvm::cl::opt<unsigned> &getThreadsFlag() {
  static llvm::cl::opt<unsigned> flag(
      "threads", llvm::cl::value_desc("N"), llvm::cl::cat(getToolCategory()),
      llvm::cl::desc("Worker threads, by default one per core; results do not "
                     "depend on it"));
  return flag;
}

unsigned spikeformer::getThreads() {
  if (getThreadsFlag().getNumOccurrences() != 0)
    return getThreadsFlag();
  return llvm::hardware_concurrency().compute_thread_count();
}

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

/// One line of a list; what core offers has no plugin behind it.
static void printRow(llvm::raw_ostream &os, const PluginRegistry &registry,
                     const llvm::Twine &name, const llvm::Twine &text,
                     size_t plugin) {
  os << name << " - " << text;
  if (plugin != 0) {
    const PluginInfo &info = registry.getPlugins()[plugin];
    os << " [plugin " << info.id << " " << info.version.getAsString() << "]";
  }
  os << "\n";
}

static void listTargets(llvm::raw_ostream &os, const PluginRegistry &registry) {
  for (const auto &[target, plugin] : registry.getTargets())
    printRow(os, registry, target->getName(),
             target->getDescription() + "; " + target->getState(), plugin);
}

static void listMachines(llvm::raw_ostream &os,
                         const PluginRegistry &registry) {
  for (const auto &[machine, plugin] : registry.getMachines())
    printRow(os, registry, machine.name,
             machine.description + "; target " + machine.target, plugin);
}

static void listProfiles(llvm::raw_ostream &os,
                         const PluginRegistry &registry) {
  for (const auto &[profile, plugin] : registry.getNIRProfiles())
    printRow(os, registry, profile.name + "@" + profile.version,
             profile.description, plugin);
}

static void listMethods(llvm::raw_ostream &os, const PluginRegistry &registry) {
  for (const auto &[method, plugin] : registry.getMethods())
    printRow(os, registry, method.name, method.description, plugin);
}

namespace {
struct ListFlag {
  StringRef name;
  const char *description;
  void (*print)(llvm::raw_ostream &, const PluginRegistry &);
};
} // namespace

static const ListFlag listFlags[] = {
    {"list-targets", "List the targets and how far each is checked",
     listTargets},
    {"list-machines", "List the machines that have a name", listMachines},
    {"list-profiles", "List the profiles under which NIR can be read",
     listProfiles},
    {"list-methods", "List the values of --method", listMethods},
};

/// Answers the first list flag on the command line.
static bool answerLists(int argc, char **argv, const PluginRegistry &registry) {
  for (int i = 1; i < argc && StringRef(argv[i]) != "--"; ++i) {
    StringRef argument = argv[i];
    if (!argument.consume_front("--") && !argument.consume_front("-"))
      continue;
    for (const ListFlag &flag : listFlags)
      if (argument == flag.name) {
        flag.print(llvm::outs(), registry);
        return true;
      }
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Start
//===----------------------------------------------------------------------===//

Error spikeformer::initialisePlugins(llvm::ArrayRef<std::string> paths,
                                     PluginRegistry &registry) {
  if (Error error = registry.addPlugin(getCorePlugin()))
    return error;
  auto files = findPlugins(paths);
  if (!files)
    return files.takeError();
  if (Error error = loadPlugins(*files, registry))
    return error;
  return registry.registerPlugins();
}

/// Takes the options of libLLVM, thousands of which appear with the library,
/// off the command line: they bury the tool's own and occupy names such as
/// threads.
static void removeForeignFlags() {
  llvm::SmallVector<llvm::cl::Option *> foreign;
  for (auto &[name, option] : llvm::cl::getRegisteredOptions())
    if (llvm::none_of(option->Categories, [](auto *category) {
          return category->getName() == "Generic Options" ||
                 category->getName() == "Color Options";
        }))
      foreign.push_back(option);
  for (llvm::cl::Option *option : foreign)
    option->removeArgument();
}

/// Declares what is handled before parsing. A --load-plugin that the parser
/// still sees stood in a response file, too late to be loaded.
static void declareCommonFlags() {
  using namespace llvm::cl;
  static list<std::string> loadPlugin(
      "load-plugin", value_desc("PATH"), cat(getToolCategory()),
      desc("Load a plugin, or all plugins of a directory; those of "
           "SPIKEFORMER_PLUGIN_PATH come first"),
      callback([](const std::string &path) {
        llvm::errs() << "error: --load-plugin=" << path
                     << " cannot stand in a response file\n";
        exit(exitCannotRun);
      }));
  getThreadsFlag();
  static std::vector<std::unique_ptr<opt<bool>>> lists;
  for (const ListFlag &flag : listFlags)
    lists.push_back(std::make_unique<opt<bool>>(
        flag.name, desc(flag.description), cat(getToolCategory())));
}

static Error start(int &argc, char **argv, PluginRegistry &registry) {
  auto flags = takePluginFlags(argc, argv);
  if (!flags)
    return flags.takeError();
  std::vector<std::string> paths = getPluginPathEntries();
  paths.insert(paths.end(), flags->begin(), flags->end());
  return initialisePlugins(paths, registry);
}

std::optional<ExitCode> spikeformer::initialiseTool(int &argc, char **argv,
                                                    const ToolInfo &tool,
                                                    DialectRegistry &dialects) {
  PluginRegistry &registry = PluginRegistry::get();
  if (Error error = start(argc, argv, registry)) {
    reportErrors(std::move(error), llvm::errs());
    return exitCannotRun;
  }
  if (answerLists(argc, argv, registry))
    return exitDone;
  removeForeignFlags();
  declareCommonFlags();
  llvm::cl::SetVersionPrinter(printVersion);
  mlir::registerAllDialects(dialects);
  mlir::registerAllExtensions(dialects);
  registry.appendDialects(dialects);
  if (tool.passFlags)
    registry.registerPasses();
  return std::nullopt;
}

std::optional<ExitCode> spikeformer::parseCommandLine(int argc, char **argv,
                                                      const ToolInfo &tool) {
  if (!tool.passFlags)
    llvm::cl::HideUnrelatedOptions(getToolCategory());
  if (!llvm::cl::ParseCommandLineOptions(argc, argv, tool.overview,
                                         &llvm::errs()))
    return exitCannotRun;
  if (getThreads() == 0) {
    llvm::errs() << "error: --threads=0: at least one thread is needed\n";
    return exitCannotRun;
  }
  return std::nullopt;
}
