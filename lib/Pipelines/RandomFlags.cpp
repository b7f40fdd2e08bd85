//===- RandomFlags.cpp - the command line of sf-random --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/ModuleWriter.h"
#include "spikeformer/Pipelines/RandomTool.h"

using namespace spikeformer;
namespace cl = llvm::cl;

static cl::cat inTool() { return cl::cat(getToolCategory()); }

RandomFlags::RandomFlags()
    : model(cl::Positional, cl::desc("[<model>]"), inTool()),
      seed("seed", cl::value_desc("N"), inTool(),
           cl::desc("Seed of the network and of its inputs")),
      first("first", cl::value_desc("N"), inTool(),
            cl::desc("First seed of --compare (default 0)")),
      kind("kind", cl::init("any"), cl::value_desc("NAME"), inTool(),
           cl::desc("any (by the seed), feedforward, convolutional, recurrent, "
                    "custom, wide or nir")),
      populations("populations", cl::value_desc("N"), inTool(),
                  cl::desc("Number of populations (default: drawn)")),
      steps("timesteps", cl::value_desc("T"), inTool(),
            cl::desc("Number of steps (default: drawn)")),
      neurons("neurons", cl::value_desc("N"), inTool(),
              cl::desc("Most elements of an input and of a population")),
      output("o", cl::init("-"), cl::value_desc("FILE"), inTool(),
             cl::desc("Where the module goes (default: standard output)")),
      inputs("inputs", cl::value_desc("FILE.npz"), inTool(),
             cl::desc("Write random inputs for the network, or for <model>, as "
                      "sf-run and sf-diff take them")),
      samples("samples", cl::init(3), cl::value_desc("N"), inTool(),
              cl::desc("Number of samples of --inputs (default 3)")),
      compare("compare", inTool(),
              cl::desc("Run both engines on random networks, or on <model>; "
                       "exit code 1 says that they differ")),
      count("count", cl::init(1), cl::value_desc("N"), inTool(),
            cl::desc("Number of seeds of --compare (default 1)")),
      shrinkTo("shrink-to", cl::value_desc("FILE"), inTool(),
               cl::desc("Shrink the first network on which the engines differ "
                        "and write it")),
      shrink("shrink", cl::value_desc("COMMAND"), inTool(),
             cl::desc("Shrink <model> as long as COMMAND, with the name of a "
                      "file appended, exits with 0")),
      report("report", inTool(),
             cl::desc("How the report of --compare is printed"),
             cl::values(clEnumValN(ReportFormat::text, "text",
                                   "a line for each value (default)"),
                        clEnumValN(ReportFormat::json, "json", "JSON"))) {}

static llvm::Error checkFiles(const RandomToolOptions &options) {
  if (!options.inputs.empty() && !StringRef(options.inputs).ends_with(".npz"))
    return llvm::createStringError("--inputs needs a name that ends in .npz, "
                                   "has '" +
                                   options.inputs + "'");
  for (auto [flag, path] : {std::make_pair("-o", &options.output),
                            std::make_pair("--shrink-to", &options.shrinkTo)})
    if (!path->empty() && *path != "-" && !isModuleFileName(*path))
      return llvm::createStringError(llvm::Twine(flag) +
                                     " needs a name that ends in .mlir or "
                                     ".mlirbc, has '" +
                                     *path + "'");
  return llvm::Error::success();
}

/// The errors of flags that do not go together.
static llvm::Error checkUsage(const RandomToolOptions &options) {
  bool shrinks = !options.shrink.empty(), hasModel = !options.model.empty();
  if (shrinks + options.compare + !options.inputs.empty() > 1)
    return llvm::createStringError("--compare, --shrink and --inputs exclude "
                                   "each other; pass one of them");
  if (shrinks && !hasModel)
    return llvm::createStringError("--shrink needs a model to shrink");
  if (hasModel && !shrinks && !options.compare && options.inputs.empty())
    return llvm::createStringError("a model needs --compare, --shrink or "
                                   "--inputs: what to do with it");
  if (!options.compare && !options.shrinkTo.empty())
    return llvm::createStringError("--shrink-to needs --compare; "
                                   "--shrink=COMMAND shrinks what a command "
                                   "finds interesting");
  return checkFiles(options);
}

llvm::Expected<RandomToolOptions> RandomFlags::get() const {
  RandomToolOptions options;
  std::optional<RandomKind> parsed = parseRandomKind(kind);
  if (!parsed)
    return llvm::createStringError("--kind=" + kind +
                                   ": there is no such kind; there are any, "
                                   "feedforward, convolutional, recurrent, "
                                   "custom, wide and nir");
  options.network.kind = *parsed;
  for (auto [flag, field] :
       {std::make_pair(&populations, &options.network.populations),
        std::make_pair(&steps, &options.network.steps),
        std::make_pair(&neurons, &options.network.neurons)}) {
    auto number = getCount(*flag);
    if (!number)
      return number.takeError();
    *field = *number;
  }
  for (auto [flag, field] : {std::make_pair(&samples, &options.samples),
                             std::make_pair(&count, &options.count)}) {
    auto number = getCount(*flag);
    if (!number)
      return number.takeError();
    *field = *flag;
  }
  bool hasSeed = seed.getNumOccurrences() != 0;
  if (hasSeed && first.getNumOccurrences() != 0)
    return llvm::createStringError("--seed and --first exclude each other");
  if (model.empty() && !compare && !hasSeed)
    return llvm::createStringError("--seed=N is needed: the same seed gives "
                                   "the same network");
  options.model = model;
  options.seed = hasSeed ? seed : first;
  options.output = output;
  options.inputs = inputs;
  options.compare = compare;
  options.shrinkTo = shrinkTo;
  options.shrink = shrink;
  options.report = report;
  if (llvm::Error error = checkUsage(options))
    return std::move(error);
  return options;
}
