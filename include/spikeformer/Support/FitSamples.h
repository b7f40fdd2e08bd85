//===- FitSamples.h - from stored arrays to samples -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A stored array has axes in some order; the input of a network has a shape.
// This decides which stored axis is which, and refuses where two readings are
// possible and no flag says which is meant.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_FITSAMPLES_H
#define SPIKEFORMER_SUPPORT_FITSAMPLES_H

#include "spikeformer/Support/DataSource.h"
#include "spikeformer/Support/Events.h"
#include <optional>
#include <vector>

namespace spikeformer {

/// What a network declares about one of its inputs.
struct InputDescription {
  std::string name;
  /// Of one sample at one step: [N], [C, N] or [C, H, W].
  llvm::SmallVector<int64_t, 4> shape;
  ElementType type = ElementType::f32;
  /// Whether the input has a value for each step (true) or one for the whole
  /// run (false); nothing if the network takes either.
  std::optional<bool> hasSteps = false;
  /// How many steps, if the network says.
  std::optional<int64_t> timesteps;
  /// Length of a step in seconds, if the network says.
  std::optional<double> stepSeconds = std::nullopt;
  /// How events become its values, if the network says.
  std::optional<EventBinning> events = std::nullopt;
};

/// Where stored images have their channels.
enum class ImageLayout { CHW, HWC };
/// Reads "CHW" or "HWC".
llvm::Expected<ImageLayout> parseImageLayout(llvm::StringRef text);

/// The flags that say how arrays are to be read.
struct FitOptions {
  /// --input-layout
  std::optional<ImageLayout> layout;
  /// --axes: a letter for each stored axis, or empty. S sample, T step, N
  /// neuron (of a flattened image: all of it), C channel, H row, W column.
  std::string axes;
  /// --limit: at most this many samples are used; at least 1.
  std::optional<int64_t> limit;
  /// --csv-label
  CsvLabel csvLabel = CsvLabel::none;
  /// --event-bin and what goes with it.
  std::optional<EventBinning> events;
  /// Whether the preprocessing of the input is declared. Without it integer
  /// data do not fit a float input.
  bool preprocessed = false;
};

/// Samples as a network takes them, in the stored element type.
struct FittedSamples {
  /// [sample, ...shape] or [sample, step, ...shape].
  Tensor values;
  bool hasSteps = false;
  /// Samples in the file, of which `limit` may have dropped some.
  int64_t available = 0;
};

/// Fits `array` to `input`. What was added or reordered without being asked for
/// is said in `notes`. Errors: no reading fits or two do, bad --axes, integer
/// data without declared preprocessing, no samples.
llvm::Expected<FittedSamples> fitSamples(const DataArray &array,
                                         const InputDescription &input,
                                         const FitOptions &options,
                                         std::vector<std::string> &notes);

/// The samples of all inputs of a network.
struct SampleSet {
  /// In the order of the network's inputs; all have as many samples.
  std::vector<FittedSamples> inputs;
  /// The label column of a table; the default-constructed tensor if none.
  Tensor labels;
  /// Of the values of all inputs, in their order (`samples_sha256`).
  std::string sha256;
  /// File of the first input, for messages.
  std::string file;

  int64_t getNumSamples() const {
    return inputs.front().values.getShape().front();
  }
  int64_t getNumAvailable() const { return inputs.front().available; }
};

/// Reads the DATA arguments and fits them to `inputs`. A network with one input
/// needs no INPUT=. A file of SONATA spikes is binned to the input's steps, as
/// one sample, and so are recordings of events, one sample each. Errors: also,
/// an input without data or with two, an unknown input, or inputs that differ
/// in their number of samples.
llvm::Expected<SampleSet> loadSamples(llvm::ArrayRef<std::string> arguments,
                                      llvm::ArrayRef<InputDescription> inputs,
                                      const FitOptions &options,
                                      std::vector<std::string> &notes);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_FITSAMPLES_H
