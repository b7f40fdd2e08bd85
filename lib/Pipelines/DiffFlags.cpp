//===- DiffFlags.cpp - command line of sf-diff ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DiffRecording.h"
#include "spikeformer/Pipelines/DiffTool.h"
#include "spikeformer/Pipelines/ModelRunner.h"

using namespace spikeformer;
namespace cl = llvm::cl;

static cl::cat inTool() { return cl::cat(getToolCategory()); }

DiffFlags::DiffFlags()
    : inputs(cl::Positional, cl::OneOrMore, cl::desc("<A> [<B>]"), inTool()),
      data("data", cl::value_desc("[INPUT=]DATA"), inTool(),
           cl::desc("Samples that both run")),
      recorded("recorded", cl::value_desc("SIGNAL=KEY"), inTool(),
               cl::desc("The array KEY of a recording is of SIGNAL: a "
                        "population, POP.STATE, output, output1, ...")),
      engines("engine", cl::value_desc("A,B"), inTool(),
              cl::desc("Engines of A and B, such as jit,reference")),
      timesteps("timesteps", cl::value_desc("T"), inTool(),
                cl::desc("Number of steps, where the models leave it open")),
      limit("limit", cl::value_desc("N"), inTool(),
            cl::desc("Compare on the first N samples")),
      shift("shift", cl::value_desc("N"), cl::init(0), inTool(),
            cl::desc("The recording is N steps later than the model")),
      atol("atol", cl::value_desc("X"), cl::init(0), inTool(),
           cl::desc("Analogue values are equal if |a - b| <= X + Y |b|")),
      rtol("rtol", cl::value_desc("Y"), cl::init(0), inTool(),
           cl::desc("See --atol")),
      tolerance("tolerance", cl::value_desc("X"), cl::init(0.05), inTool(),
                cl::desc("Float network against its spiking one: largest mean "
                         "error of an activation, in units of its threshold "
                         "(default 0.05)")),
      report("report", inTool(), cl::desc("How the report is printed"),
             cl::values(clEnumValN(ReportFormat::text, "text",
                                   "a line for each value (default)"),
                        clEnumValN(ReportFormat::json, "json", "JSON"))) {}

/// Reads ENGINE or ENGINE,ENGINE.
static llvm::Error parseEngines(StringRef text, DiffOptions &options) {
  auto [a, b] = text.split(',');
  for (StringRef name : {a, b.empty() ? a : b})
    if (llvm::Error error = checkEngineName(name))
      return error;
  options.engineA = a.str();
  options.engineB = (b.empty() ? a : b).str();
  return llvm::Error::success();
}

/// Reads SIGNAL=KEY.
static llvm::Error addRecorded(StringRef text, DiffOptions &options) {
  auto [name, key] = text.split('=');
  if (name.empty() || key.empty())
    return llvm::createStringError("--recorded=" + text +
                                   ": needs SIGNAL=KEY, such as "
                                   "output=out_spikes");
  for (const RecordedSignal &other : options.recorded)
    if (other.name == name)
      return llvm::createStringError("--recorded=" + text + ": '" + name +
                                     "' is given twice");
  options.recorded.push_back({name.str(), key.str()});
  return llvm::Error::success();
}

llvm::Expected<DiffOptions> DiffFlags::get() const {
  DiffOptions options;
  auto input = dataFlags.get();
  if (!input)
    return input.takeError();
  options.input = std::move(*input);
  if (inputs.size() > 2)
    return llvm::createStringError("needs two models or recordings, has " +
                                   llvm::Twine(inputs.size()));
  options.a = inputs.front();
  options.b = inputs[inputs.size() - 1];
  if (!engines.empty())
    if (llvm::Error error = parseEngines(engines, options))
      return std::move(error);
  if (inputs.size() == 1 && options.engineA == options.engineB)
    return llvm::createStringError("one model is compared with itself; give a "
                                   "second one, or two engines, such as "
                                   "--engine=jit,reference");
  options.data.assign(data.begin(), data.end());
  for (const std::string &text : recorded)
    if (llvm::Error error = addRecorded(text, options))
      return std::move(error);
  for (auto [flag, field] :
       {std::make_pair(&timesteps, &options.timesteps),
        std::make_pair(&limit, &options.input.fit.limit)}) {
    auto count = getCount(*flag);
    if (!count)
      return count.takeError();
    *field = *count;
  }
  for (const cl::opt<double> *flag : {&atol, &rtol, &tolerance})
    if (!(*flag >= 0))
      return llvm::createStringError("--" + flag->ArgStr +
                                     " needs a number from 0 on");
  options.shift = shift;
  if (shift != 0 && isRecording(options.a) == isRecording(options.b))
    return llvm::createStringError("--shift=" + llvm::Twine(shift) +
                                   " needs a model and a recording of it");
  options.threads = getThreads();
  options.tolerance = {atol, rtol};
  options.activationTolerance = tolerance;
  options.report = report;
  return options;
}
