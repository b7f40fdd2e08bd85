//===- LoadSamples.cpp - the samples of all inputs of a network -----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Digest.h"
#include "spikeformer/Support/FitSamples.h"
#include "spikeformer/Support/HDF5/SonataSpikes.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"

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

/// The spikes of a file as the only sample.
static llvm::Expected<FittedSamples>
loadSpikes(const DataArgument &argument, const InputDescription &input,
           std::vector<std::string> &notes) {
  if (input.hasSteps == false || !input.timesteps || !input.stepSeconds)
    return makeInputError(
        argument.file,
        "holds spikes with times, and input '" + input.name +
            "' needs a value for each of a known number of steps of known "
            "length; give it an array of steps (FILE.h5:/path for one in "
            "HDF5)");
  int64_t neurons = 1;
  for (int64_t extent : input.shape)
    neurons *= extent;
  auto trains = hdf5::readSonataSpikes(argument.file, argument.key, input.name);
  if (!trains)
    return trains.takeError();
  hdf5::LostSpikes lost;
  auto bits = hdf5::binSpikes(
      *trains, {neurons, *input.timesteps, *input.stepSeconds}, lost);
  if (!bits)
    return makeInputError(argument.file, llvm::toString(bits.takeError()));
  if (lost.late)
    notes.push_back(argument.file + ": " + std::to_string(lost.late) +
                    " spikes come after the last step and are left out");
  if (lost.foreign)
    notes.push_back(argument.file + ": " + std::to_string(lost.foreign) +
                    " spikes are of neurons that input '" + input.name +
                    "' does not have and are left out; it has " +
                    std::to_string(neurons));
  llvm::SmallVector<int64_t> shape = {1, *input.timesteps};
  llvm::append_range(shape, input.shape);
  return FittedSamples{bits->reshape(shape), /*hasSteps=*/true,
                       /*available=*/1};
}

static bool hasEventFiles(llvm::StringRef folder) {
  auto files = listEventFiles(folder);
  if (!files)
    llvm::consumeError(files.takeError());
  return static_cast<bool>(files);
}

/// Whether the argument names recordings of events: by its name, by what is in
/// the folder, or because it is given as such.
static bool isEventData(const DataArgument &argument,
                        const InputDescription &input,
                        const FitOptions &options) {
  if (!argument.key.empty())
    return false;
  llvm::StringRef file = argument.file;
  bool isDeclared = options.events || input.events;
  if (llvm::sys::fs::is_directory(file))
    return isDeclared || hasEventFiles(file);
  return isEventFile(file) || (isDeclared && file.ends_with(".npy"));
}

/// How the events of `input` are binned: as the flags say, which the network
/// must not contradict.
static llvm::Expected<EventBinning> chooseBinning(const DataArgument &argument,
                                                  const InputDescription &input,
                                                  const FitOptions &options) {
  std::optional<EventBinning> binning = options.events;
  if (!binning)
    binning = input.events;
  if (!binning)
    return makeInputError(argument.file,
                          "holds events; say how they become steps, such as "
                          "--event-bin=0.001 --event-origin=first "
                          "--event-value=count");
  if (input.shape.size() != 3 || input.hasSteps == false)
    return makeInputError(argument.file,
                          "holds events, and input '" + input.name +
                              "' needs polarity, rows and columns for each "
                              "step; has " +
                              formatShape(input.shape));
  if (input.timesteps && binning->steps && *input.timesteps != *binning->steps)
    return makeInputError(argument.file,
                          "--event-steps differs from the network's steps: "
                          "needs " +
                              llvm::Twine(*input.timesteps) + ", has " +
                              llvm::Twine(*binning->steps));
  if (!binning->steps)
    binning->steps = input.timesteps;
  if (!binning->steps)
    return makeInputError(argument.file,
                          "holds events, and the network leaves the number of "
                          "steps open; pass --event-steps=T");
  return *binning;
}

/// Recordings of events, one for each sample.
static llvm::Expected<FittedSamples>
loadEvents(const DataArgument &argument, const InputDescription &input,
           const FitOptions &options, std::vector<std::string> &notes) {
  auto binning = chooseBinning(argument, input, options);
  if (!binning)
    return binning.takeError();
  auto files = listEventFiles(argument.file);
  if (!files)
    return files.takeError();
  int64_t used =
      std::min<int64_t>(files->size(), options.limit.value_or(files->size()));
  llvm::SmallVector<int64_t> shape{used, *binning->steps};
  llvm::append_range(shape, input.shape);
  FittedSamples result{Tensor(shape, ElementType::f32), /*hasSteps=*/true,
                       static_cast<int64_t>(files->size())};
  llvm::MutableArrayRef<float> values = result.values.data<float>();
  int64_t late = 0;
  for (auto [sample, file] :
       llvm::enumerate(llvm::ArrayRef(*files).take_front(used))) {
    auto events = readEvents(file);
    if (!events)
      return events.takeError();
    int64_t dropped = 0;
    auto steps = binEvents(*events, *binning, *binning->steps, input.shape,
                           file, dropped);
    if (!steps)
      return steps.takeError();
    llvm::copy(steps->data<float>(),
               values.begin() + sample * steps->getNumElements());
    late += dropped;
  }
  if (late)
    notes.push_back(argument.file + ": " + std::to_string(late) +
                    " events come after the last step and are left out");
  return result;
}

/// Appends the samples of one input to `result`.
static llvm::Error add(const DataArgument &argument, FittedSamples samples,
                       const Tensor &labels, SampleSet &result) {
  if (!result.inputs.empty() && samples.available != result.getNumAvailable())
    return makeInputError(argument.file, argument.key,
                          "has " + llvm::Twine(samples.available) +
                              " samples, " + result.file + " has " +
                              llvm::Twine(result.getNumAvailable()) +
                              "; all inputs need as many");
  if (result.inputs.empty()) {
    result.file = argument.file;
    result.labels = labels;
  }
  result.inputs.push_back(std::move(samples));
  return llvm::Error::success();
}

llvm::Expected<SampleSet> spikeformer::loadSamples(
    llvm::ArrayRef<std::string> texts, llvm::ArrayRef<InputDescription> inputs,
    const FitOptions &options, std::vector<std::string> &notes) {
  auto arguments = assignArguments(texts, inputs);
  if (!arguments)
    return arguments.takeError();
  SampleSet result;
  for (auto [argument, input] : llvm::zip_equal(*arguments, inputs)) {
    bool isEvents = isEventData(argument, input, options);
    if (isEvents || isSpikeList(argument)) {
      auto samples = isEvents ? loadEvents(argument, input, options, notes)
                              : loadSpikes(argument, input, notes);
      if (!samples)
        return samples.takeError();
      if (llvm::Error error = add(argument, std::move(*samples), {}, result))
        return std::move(error);
      continue;
    }
    auto array = readDataArray(argument, options.csvLabel);
    if (!array)
      return array.takeError();
    auto samples = fitSamples(*array, input, options, notes);
    if (!samples)
      return samples.takeError();
    if (llvm::Error error =
            add(argument, std::move(*samples), array->labels, result))
      return std::move(error);
  }
  std::vector<Tensor> values;
  for (const FittedSamples &input : result.inputs)
    values.push_back(input.values);
  result.sha256 = sha256(values);
  return result;
}
