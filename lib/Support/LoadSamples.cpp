//===- LoadSamples.cpp - the samples of all inputs of a network -----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Digest.h"
#include "spikeformer/Support/FitSamples.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;

static std::string listNames(llvm::ArrayRef<InputDescription> inputs) {
  return "'" +
         llvm::join(llvm::map_range(
                        inputs, [](const auto &input) { return input.name; }),
                    "', '") +
         "'";
}

/// The position in `inputs` of the one that `argument` is for.
static llvm::Expected<size_t>
findInput(const DataArgument &argument,
          llvm::ArrayRef<InputDescription> inputs) {
  if (argument.input.empty() && inputs.size() == 1)
    return 0;
  if (argument.input.empty())
    return makeInputError(argument.file,
                          "the network has the inputs " + listNames(inputs) +
                              "; say which this is for, such as " +
                              inputs.front().name + "=" + argument.file);
  auto *found = llvm::find_if(inputs, [&](const InputDescription &input) {
    return input.name == argument.input;
  });
  if (found != inputs.end())
    return found - inputs.begin();
  return makeInputError(argument.file, "the network has no input '" +
                                           argument.input + "'; it has " +
                                           listNames(inputs));
}

/// The arguments in the order of the inputs they are for.
static llvm::Expected<std::vector<DataArgument>>
assignArguments(llvm::ArrayRef<std::string> texts,
                llvm::ArrayRef<InputDescription> inputs) {
  std::vector<DataArgument> result(inputs.size());
  for (llvm::StringRef text : texts) {
    auto argument = parseDataArgument(text);
    if (!argument)
      return argument.takeError();
    auto index = findInput(*argument, inputs);
    if (!index)
      return index.takeError();
    if (!result[*index].file.empty())
      return makeInputError(argument->file, "input '" + inputs[*index].name +
                                                "' has data already, " +
                                                result[*index].file);
    result[*index] = std::move(*argument);
  }
  for (auto [argument, input] : llvm::zip_equal(result, inputs))
    if (argument.file.empty())
      return llvm::createStringError(
          "input '" + input.name + "' has no data; pass --data=" + input.name +
          "=FILE");
  return result;
}

llvm::Expected<SampleSet> spikeformer::loadSamples(
    llvm::ArrayRef<std::string> texts, llvm::ArrayRef<InputDescription> inputs,
    const FitOptions &options, std::vector<std::string> &notes) {
  auto arguments = assignArguments(texts, inputs);
  if (!arguments)
    return arguments.takeError();
  SampleSet result;
  std::vector<Tensor> values;
  for (auto [argument, input] : llvm::zip_equal(*arguments, inputs)) {
    auto array = readDataArray(argument, options.csvLabel);
    if (!array)
      return array.takeError();
    auto samples = fitSamples(*array, input, options, notes);
    if (!samples)
      return samples.takeError();
    if (!result.inputs.empty() &&
        samples->available != result.getNumAvailable())
      return array->makeError("has " + llvm::Twine(samples->available) +
                              " samples, " + result.file + " has " +
                              llvm::Twine(result.getNumAvailable()) +
                              "; all inputs need as many");
    if (result.inputs.empty()) {
      result.file = argument.file;
      result.labels = array->labels;
    }
    values.push_back(samples->values);
    result.inputs.push_back(std::move(*samples));
  }
  result.sha256 = sha256(values);
  return result;
}
