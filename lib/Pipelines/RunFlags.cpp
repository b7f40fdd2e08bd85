//===- RunFlags.cpp - command line of sf-run ------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/RunTool.h"
#include <cmath>

using namespace spikeformer;
namespace cl = llvm::cl;

RunFlags::RunFlags()
    : model(cl::Positional, cl::Required, cl::desc("<model>"),
            cl::cat(getToolCategory())),
      data("data", cl::value_desc("[INPUT=]DATA"), cl::cat(getToolCategory()),
           cl::desc(
               "Samples: .npy, .npz[:KEY], IDX (also .gz), .csv, .h5:/PATH or "
               "SONATA spikes; once for each input")),
      labels("labels", cl::value_desc("LABELS"), cl::cat(getToolCategory()),
             cl::desc("Class indices or float targets, one for each sample")),
      timesteps("timesteps", cl::value_desc("T"), cl::cat(getToolCategory()),
                cl::desc("Number of steps, where the model leaves it open")),
      limit("limit", cl::value_desc("N"), cl::cat(getToolCategory()),
            cl::desc("Run the first N samples")),
      batch("batch", cl::value_desc("N"), cl::cat(getToolCategory()),
            cl::desc("Samples that run together (default: by memory); results "
                     "are the same")),
      earlyExit("early-exit", cl::value_desc("MARGIN"),
                cl::cat(getToolCategory()),
                cl::desc("Report what answers cost and are worth that are "
                         "taken once the best class is ahead by MARGIN")),
      engine("engine", cl::value_desc("jit|reference"), cl::init("jit"),
             cl::cat(getToolCategory()),
             cl::desc("What executes the network (default jit)")),
      output("output", cl::value_desc("FILE.npy|FILE.npz"),
             cl::cat(getToolCategory()),
             cl::desc("Write what the model gives; .npz also has predictions")),
      probes("probe", cl::value_desc("POP[.STATE][I:J],..."),
             cl::CommaSeparated, cl::cat(getToolCategory()),
             cl::desc("Record the spikes or a state of a population")),
      record("record", cl::value_desc("FILE.npz|FILE.h5"),
             cl::cat(getToolCategory()),
             cl::desc("Write what the probes recorded")),
      recordFormat("record-format", cl::cat(getToolCategory()),
                   cl::desc("How spikes are recorded"),
                   cl::values(clEnumValN(RecordFormat::dense, "dense",
                                         "[sample, step, ...shape] (default)"),
                              clEnumValN(RecordFormat::events, "events",
                                         "sample, step and neuron of each"),
                              clEnumValN(RecordFormat::sonata, "sonata",
                                         "a SONATA file of spikes, .h5"))),
      stimulus("emit-stimulus", cl::value_desc("DIR"),
               cl::cat(getToolCategory()),
               cl::desc("Write the data as the software of the artefact's "
                        "target takes them, and expected.npy")),
      report("report", cl::cat(getToolCategory()),
             cl::desc("How the report is printed"),
             cl::values(clEnumValN(ReportFormat::text, "text",
                                   "a line for each value (default)"),
                        clEnumValN(ReportFormat::json, "json", "JSON"))) {}

/// The errors of flags that do not go together.
static llvm::Error checkUsage(const RunOptions &options) {
  StringRef output = options.output;
  if (!output.empty() && !output.ends_with(".npy") && !output.ends_with(".npz"))
    return llvm::createStringError("--output needs a name that ends in .npy or "
                                   ".npz, has '" +
                                   output + "'");
  bool isSonata = options.recordFormat == RecordFormat::sonata;
  StringRef extension = isSonata ? ".h5" : ".npz";
  if (!options.record.empty() &&
      !StringRef(options.record).ends_with(extension))
    return llvm::createStringError("--record needs a name that ends in " +
                                   extension + ", has '" + options.record +
                                   "'");
  if (options.record.empty() != options.runner.probes.empty())
    return llvm::createStringError("--probe and --record need each other: what "
                                   "to record, and the file for it");
  if (options.earlyExit &&
      !(*options.earlyExit >= 0 && std::isfinite(*options.earlyExit)))
    return llvm::createStringError("--early-exit needs a number of at least 0");
  if (options.data.empty() && !options.labels.empty())
    return llvm::createStringError("--labels needs --data");
  return llvm::Error::success();
}

llvm::Expected<RunOptions> RunFlags::get() const {
  RunOptions options;
  auto input = dataFlags.get();
  if (!input)
    return input.takeError();
  options.input = *input;
  options.model = model;
  options.data.assign(data.begin(), data.end());
  options.labels = labels;
  options.runner.engine = engine;
  options.runner.probes.assign(probes.begin(), probes.end());
  if (earlyExit.getNumOccurrences() != 0)
    options.earlyExit = earlyExit;
  options.output = output;
  options.record = record;
  options.recordFormat = recordFormat;
  options.stimulus = stimulus;
  options.report = report;
  for (auto [flag, field] :
       {std::make_pair(&timesteps, &options.runner.timesteps),
        std::make_pair(&limit, &options.input.fit.limit)}) {
    auto count = getCount(*flag);
    if (!count)
      return count.takeError();
    *field = *count;
  }
  auto batchSize = getCount(batch);
  if (!batchSize)
    return batchSize.takeError();
  options.runner.batch = batchSize->value_or(0);
  options.runner.threads = getThreads();
  if (llvm::Error error = checkEngineName(engine))
    return std::move(error);
  if (llvm::Error error = checkUsage(options))
    return std::move(error);
  return options;
}
