//===- Executor.cpp - what all engines check ------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same request is refused by every engine with the same words.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Executor.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace spikeformer;

std::optional<unsigned> Probe::getOutput() const {
  llvm::StringRef number = population;
  unsigned index = 0;
  if (!state.empty() || !number.consume_front("output"))
    return std::nullopt;
  if (number.empty())
    return 0;
  if (number.getAsInteger(10, index) || getOutputName(index) != population)
    return std::nullopt;
  return index;
}

std::string spikeformer::getOutputName(unsigned index) {
  return index == 0 ? "output" : "output" + std::to_string(index);
}

llvm::Error
spikeformer::checkRequest(const RunRequest &request,
                          llvm::ArrayRef<llvm::SmallVector<int64_t>> shapes) {
  if (request.timesteps < 1 || request.samples < 0)
    return llvm::createStringError(
        llvm::formatv("a run needs at least 1 timestep and 0 samples, got {0} "
                      "and {1}",
                      request.timesteps, request.samples));
  if (request.inputs.size() != shapes.size())
    return llvm::createStringError(
        llvm::formatv("the network needs {0} inputs, got {1}", shapes.size(),
                      request.inputs.size()));
  for (auto [index, shape] : llvm::enumerate(shapes)) {
    llvm::SmallVector<int64_t> held{request.samples};
    llvm::append_range(held, shape);
    llvm::SmallVector<int64_t> stepped = held;
    stepped.insert(stepped.begin() + 1, request.timesteps);
    llvm::ArrayRef<int64_t> have = request.inputs[index].getShape();
    if (have != llvm::ArrayRef(held) && have != llvm::ArrayRef(stepped))
      return llvm::createStringError(llvm::formatv(
          "input {0} needs the shape {1} (held) or {2} (one value per step), "
          "got {3}",
          index, formatShape(held), formatShape(stepped), formatShape(have)));
  }
  return llvm::Error::success();
}

llvm::Error
spikeformer::makeUnknownProbeError(const Probe &probe,
                                   llvm::ArrayRef<std::string> known) {
  return llvm::createStringError(
      llvm::formatv("there is nothing to record as '{0}'; the network has {1}",
                    probe.getKey(), llvm::join(known, ", ")));
}
