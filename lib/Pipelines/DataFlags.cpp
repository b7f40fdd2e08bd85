//===- DataFlags.cpp - flags about data -----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/DataFlags.h"
#include "DataStore.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/TensorAttr.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;
namespace cl = llvm::cl;

//===----------------------------------------------------------------------===//
// Samples
//===----------------------------------------------------------------------===//

std::optional<int64_t> LabelledSamples::getSteps() const {
  for (const FittedSamples &input : samples.inputs)
    if (input.hasSteps)
      return input.values.getShape()[1];
  return std::nullopt;
}

SmallVector<std::optional<ElementType>>
LabelledSamples::getElementTypes() const {
  SmallVector<std::optional<ElementType>> types;
  for (const FittedSamples &input : samples.inputs)
    types.push_back(input.values.getElementType());
  return types;
}

std::vector<Tensor> LabelledSamples::getValues() const {
  std::vector<Tensor> values;
  for (const FittedSamples &input : samples.inputs)
    values.push_back(input.values);
  return values;
}

/// The labels of `file`, or those of the table that the samples came from.
static llvm::Expected<std::optional<Labels>>
readLabels(StringRef file, const SampleSet &samples) {
  int64_t used = samples.getNumSamples(), available = samples.getNumAvailable();
  if (file.empty() && !samples.labels)
    return std::nullopt;
  if (!file.empty() && samples.labels)
    return llvm::createStringError("--labels=" + file +
                                   " and --csv-label both give labels; pass "
                                   "one of them");
  auto labels =
      file.empty()
          ? fitLabels({samples.file, "label column", samples.labels, {}},
                      available, used)
          : loadLabels(file, available, used);
  if (!labels)
    return labels.takeError();
  return *labels;
}

/// Samples and labels for `inputs`, read from files.
static llvm::Expected<StoredData> loadData(ArrayRef<InputDescription> inputs,
                                           ArrayRef<std::string> data,
                                           StringRef labels,
                                           const FitOptions &fit,
                                           std::vector<std::string> &notes) {
  auto samples = loadSamples(data, inputs, fit, notes);
  if (!samples)
    return samples.takeError();
  auto known = readLabels(labels, *samples);
  if (!known)
    return known.takeError();
  std::string file = labels.empty() ? samples->file : labels.str();
  return StoredData{{std::move(*samples), std::move(*known), std::move(file)},
                    notes};
}

llvm::Expected<LabelledSamples>
spikeformer::readData(func::FuncOp main, ArrayRef<std::string> data,
                      StringRef labels, const DataOptions &options,
                      ErrorLog &log, DataStore *store) {
  auto inputs = describeInputs(main);
  if (failed(inputs))
    return makeReportedError();
  if (inputs->empty())
    return makeRefusedError("the network has no input, but data are given; "
                            "leave out --data");
  FitOptions fit = options.fit;
  fit.preprocessed = options.preprocessing.has_value();
  for (unsigned index = 0; index < inputs->size(); ++index)
    fit.preprocessed |= takesStoredNumbers(main, index);
  std::vector<std::string> notes;
  auto load = [&] { return loadData(*inputs, data, labels, fit, notes); };
  auto read = store ? store->get(describeRead(data, labels, fit, *inputs), load)
                    : load();
  for (const std::string &note : read ? read->notes : notes)
    log.note(note);
  if (!read)
    return read.takeError();
  if (fit.events)
    for (auto [index, input] : llvm::enumerate(*inputs))
      if (input.shape.size() == 3 && input.hasSteps != false)
        setEventBinning(main, index, *fit.events);
  return std::move(read->data);
}

llvm::Error spikeformer::convertData(func::FuncOp main, LabelledSamples &data) {
  for (auto [input, type] :
       llvm::zip_equal(data.samples.inputs, main.getArgumentTypes())) {
    Type element = cast<ShapedType>(type).getElementType();
    auto converted = convertElements(input.values, *getElementType(element));
    if (!converted)
      return makeInputError(data.samples.file,
                            llvm::toString(converted.takeError()));
    input.values = std::move(*converted);
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Flags
//===----------------------------------------------------------------------===//

DataFlags::DataFlags()
    : scale(
          "input-scale", cl::value_desc("S"), cl::cat(getToolCategory()),
          cl::desc("Preprocess stored numbers: x = (value * S - M) / D; 'none' "
                   "takes the numbers as they are")),
      mean("input-mean", cl::value_desc("M,..."), cl::cat(getToolCategory()),
           cl::desc("M of the preprocessing, one or one per channel")),
      stddev("input-std", cl::value_desc("D,..."), cl::cat(getToolCategory()),
             cl::desc("D of the preprocessing, one or one per channel")),
      layout("input-layout", cl::value_desc("CHW|HWC"),
             cl::cat(getToolCategory()),
             cl::desc("Where stored images have their channels")),
      axes("axes", cl::value_desc("LETTERS"), cl::cat(getToolCategory()),
           cl::desc("The stored axes: S sample, T step, N neuron, C, H, W")),
      csvLabel("csv-label", cl::value_desc("first|last|none"),
               cl::cat(getToolCategory()),
               cl::desc("The column of a .csv file that holds the label")),
      eventBin("event-bin", cl::value_desc("SECONDS"),
               cl::cat(getToolCategory()),
               cl::desc("Length of a step into which events are added up")),
      eventOrigin("event-origin", cl::value_desc("zero|first"),
                  cl::cat(getToolCategory()),
                  cl::desc("The first step begins at time 0 (default) or at "
                           "the first event")),
      eventValue("event-value", cl::value_desc("count|binary"),
                 cl::cat(getToolCategory()),
                 cl::desc("What a pixel with several events in a step has: "
                          "how many (default), or 1")),
      eventSteps("event-steps", cl::value_desc("T"), cl::cat(getToolCategory()),
                 cl::desc("Number of steps of recordings of events")),
      profile("profile", cl::value_desc("[NODE=]NAME"),
              cl::cat(getToolCategory()),
              cl::desc("What a step of a NIR model is, of all nodes or of one; "
                       "see --list-profiles")),
      dt("dt", cl::value_desc("STEP"), cl::cat(getToolCategory()),
         cl::desc("Length of a step in the unit of a NIR model's time "
                  "constants (default: the profile's)")) {}

llvm::Error DataFlags::readEvents(FitOptions &options) const {
  bool isGiven = false;
  for (const cl::Option *flag : {static_cast<const cl::Option *>(&eventOrigin),
                                 static_cast<const cl::Option *>(&eventValue),
                                 static_cast<const cl::Option *>(&eventSteps)})
    isGiven |= flag->getNumOccurrences() != 0;
  if (eventBin.getNumOccurrences() == 0) {
    if (isGiven)
      return llvm::createStringError("--event-origin, --event-value and "
                                     "--event-steps need --event-bin=SECONDS");
    return llvm::Error::success();
  }
  EventBinning binning;
  auto bin = parseFraction(eventBin);
  if (!bin)
    return bin.takeError();
  if (!(*bin > 0))
    return llvm::createStringError("--event-bin=" + eventBin +
                                   " needs a number of seconds above 0");
  binning.bin = *bin;
  if (!eventOrigin.empty()) {
    auto origin = parseEventOrigin(eventOrigin);
    if (!origin)
      return origin.takeError();
    binning.origin = *origin;
  }
  if (!eventValue.empty()) {
    auto value = parseEventValue(eventValue);
    if (!value)
      return value.takeError();
    binning.value = *value;
  }
  auto steps = getCount(eventSteps);
  if (!steps)
    return steps.takeError();
  binning.steps = *steps;
  options.events = binning;
  return llvm::Error::success();
}

llvm::Expected<DataOptions> DataFlags::get() const {
  DataOptions options;
  auto preprocessing = parseInputPreprocessing(scale, mean, stddev);
  if (!preprocessing)
    return preprocessing.takeError();
  options.preprocessing = *preprocessing;
  options.fit.axes = axes;
  if (!layout.empty()) {
    auto parsed = parseImageLayout(layout);
    if (!parsed)
      return parsed.takeError();
    options.fit.layout = *parsed;
  }
  if (!csvLabel.empty()) {
    auto parsed = parseCsvLabel(csvLabel);
    if (!parsed)
      return parsed.takeError();
    options.fit.csvLabel = *parsed;
  }
  if (llvm::Error error = readEvents(options.fit))
    return std::move(error);
  if (!profile.empty())
    options.import["profile"] =
        llvm::join(profile.begin(), profile.end(), "\n");
  if (dt.getNumOccurrences() != 0)
    options.import["dt"] = dt;
  return options;
}

llvm::Expected<std::optional<int64_t>>
spikeformer::getCount(const cl::opt<long> &option, int64_t minimum) {
  if (option.getNumOccurrences() == 0)
    return std::nullopt;
  if (option < minimum)
    return llvm::createStringError("--" + option.ArgStr + " needs at least " +
                                   llvm::Twine(minimum) + ", has " +
                                   llvm::Twine(option.getValue()));
  return option.getValue();
}
