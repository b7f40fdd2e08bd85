//===- FitSamples.cpp - from stored arrays to samples of an input ---------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reading gives each stored axis a letter. All readings that the flags allow
// are listed, those that fit the shape are kept, and those that give the same
// samples count once.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/FitSamples.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/TensorOps.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace spikeformer;

/// All letters, in the order in which networks have their axes.
static constexpr llvm::StringLiteral axisOrder("STCHWN");

llvm::Expected<ImageLayout>
spikeformer::parseImageLayout(llvm::StringRef text) {
  auto layout = llvm::StringSwitch<std::optional<ImageLayout>>(text)
                    .Case("CHW", ImageLayout::CHW)
                    .Case("HWC", ImageLayout::HWC)
                    .Default(std::nullopt);
  if (layout)
    return *layout;
  return llvm::createStringError("--input-layout needs CHW or HWC, has '" +
                                 text + "'");
}

namespace {
/// One way to read the stored axes.
struct Reading {
  /// A letter for each axis, after `flat` is expanded.
  std::string letters;
  llvm::SmallVector<int64_t, 6> shape;
  /// The letters that are one stored axis, if an image is stored flattened.
  std::string flat;

  bool has(char letter) const { return letters.find(letter) != letters.npos; }
  int64_t extent(char letter) const { return shape[letters.find(letter)]; }

  /// "SCHW", or "S(CHW)" for flattened images.
  std::string str() const {
    std::string text = letters;
    if (!flat.empty())
      text.replace(text.find(flat), flat.size(), "(" + flat + ")");
    return text;
  }
  /// The flag that asks for this reading.
  std::string flag() const {
    return flat.empty() ? "--axes=" + letters : "--input-layout=" + flat;
  }
  /// The permutation into the order of the network.
  llvm::SmallVector<int64_t, 6> axes() const {
    llvm::SmallVector<int64_t, 6> result;
    for (char letter : axisOrder)
      if (has(letter))
        result.push_back(letters.find(letter));
    return result;
  }
  /// Readings with equal signature give equal samples: the same axes are
  /// samples and steps, and the elements of a sample have the same order.
  std::string signature() const {
    std::string result;
    for (char letter : axisOrder) {
      if (!has(letter))
        continue;
      if (letter == 'T')
        result += "steps";
      if (extent(letter) == 1)
        continue;
      result += letter == 'S' || letter == 'T' ? letter : '.';
      auto before = llvm::ArrayRef(shape).take_front(letters.find(letter));
      result += std::to_string(before.size() - llvm::count(before, 1));
    }
    return result;
  }
};

/// Finds the reading of one array.
class Fitter {
public:
  Fitter(const DataArray &array, const InputDescription &input,
         const FitOptions &options)
      : array(array), input(input), options(options),
        stored(array.values.getShape()) {}

  llvm::Expected<Reading> find();
  /// What the reading does beyond renaming axes.
  void addNotes(const Reading &reading, std::vector<std::string> &notes) const;

private:
  llvm::Error checkAxes() const;
  bool isOneRow(llvm::StringRef lead, llvm::StringRef body) const;
  void tryAll();
  void tryFlat(llvm::StringRef letters);
  void tryReading(llvm::StringRef letters, llvm::StringRef flat);
  bool fits(const Reading &reading) const;
  bool fitsBody(const Reading &reading) const;
  bool fitsChannelBehind(const Reading &reading) const;
  bool layoutAllows(llvm::StringRef body) const;
  llvm::Error makeNoneError() const;
  llvm::Error makeAmbiguousError() const;
  std::string describe() const {
    return "array " + formatShape(stored) + ", input '" + input.name + "' " +
           formatShape(input.shape);
  }

  const DataArray &array;
  const InputDescription &input;
  const FitOptions &options;
  llvm::ArrayRef<int64_t> stored;
  llvm::SmallVector<Reading, 2> readings;
};
} // namespace

/// `letters` without those of samples and steps.
static std::string dropLeading(std::string letters) {
  llvm::erase_if(letters, [](char c) { return c == 'S' || c == 'T'; });
  return letters;
}

static int64_t product(llvm::ArrayRef<int64_t> shape) {
  int64_t result = 1;
  for (int64_t extent : shape)
    result *= extent;
  return result;
}

/// Letters of the axes of an input, by its rank.
static llvm::StringRef getBody(const InputDescription &input) {
  static constexpr llvm::StringRef bodies[] = {"", "N", "CN", "CHW"};
  return bodies[input.shape.size()];
}

/// The channel is first in CHW and last in HWC.
bool Fitter::layoutAllows(llvm::StringRef body) const {
  if (!options.layout || !body.contains('C'))
    return true;
  return *options.layout == ImageLayout::CHW ? body.front() == 'C'
                                             : body.back() == 'C';
}

/// Whether `reading` is images with at most one channel, and the input has its
/// one channel behind rows and columns, as some frameworks do.
bool Fitter::fitsChannelBehind(const Reading &reading) const {
  return input.shape.size() == 3 && input.shape.back() == 1 &&
         reading.has('H') && reading.has('W') && !reading.has('N') &&
         reading.extent('H') == input.shape[0] &&
         reading.extent('W') == input.shape[1] &&
         (!reading.has('C') || reading.extent('C') == 1);
}

bool Fitter::fitsBody(const Reading &reading) const {
  if (fitsChannelBehind(reading))
    return true;
  llvm::StringRef body = getBody(input);
  std::string letters = dropLeading(reading.letters);
  if (body == "N" && letters != "N") {
    // An image for an input without image shape is flattened.
    bool image = llvm::StringRef(letters).contains('H') &&
                 llvm::StringRef(letters).contains('W') &&
                 !llvm::StringRef(letters).contains('N');
    int64_t size = 1;
    for (char letter : letters)
      size *= reading.extent(letter);
    return image && size == input.shape.front();
  }
  for (auto [letter, extent] : llvm::zip_equal(body, input.shape)) {
    bool missing = !reading.has(letter);
    if (missing ? letter != 'C' || extent != 1
                : reading.extent(letter) != extent)
      return false;
  }
  return llvm::all_of(letters, [&](char c) { return body.contains(c); });
}

bool Fitter::fits(const Reading &reading) const {
  if (reading.has('T')) {
    if (input.hasSteps == false)
      return false;
    if (input.timesteps && reading.extent('T') != *input.timesteps)
      return false;
  } else if (input.hasSteps == true) {
    return false;
  }
  return fitsBody(reading);
}

void Fitter::tryReading(llvm::StringRef letters, llvm::StringRef flat) {
  Reading reading;
  reading.letters = letters.str();
  reading.shape.assign(stored.begin(), stored.end());
  if (!flat.empty()) {
    size_t at = letters.find('N');
    if (stored[at] != product(input.shape))
      return;
    reading.flat = flat.str();
    reading.letters.replace(at, 1, flat.str());
    reading.shape.erase(reading.shape.begin() + at);
    for (char letter : llvm::reverse(flat))
      reading.shape.insert(reading.shape.begin() + at,
                           input.shape[getBody(input).find(letter)]);
  }
  auto same = [&](const Reading &other) {
    return other.signature() == reading.signature();
  };
  if (fits(reading) && llvm::none_of(readings, same))
    readings.push_back(std::move(reading));
}

/// `letters` have one for each stored axis; an N for an image is all of it.
void Fitter::tryFlat(llvm::StringRef letters) {
  if (letters.size() != stored.size())
    return;
  if (getBody(input) != "CHW" || !letters.contains('N')) {
    tryReading(letters, "");
    return;
  }
  if (letters.find_first_of("CHW") != llvm::StringRef::npos)
    return;
  for (llvm::StringRef flat : {"CHW", "HWC"})
    if (layoutAllows(flat))
      tryReading(letters, flat);
}

/// An input [N] does not say whether [S, 1, 28, 28] has one channel or one row.
/// Images with one channel are stored so; those of one row need a flag.
bool Fitter::isOneRow(llvm::StringRef lead, llvm::StringRef body) const {
  return getBody(input) == "N" && body == "HWC" && !options.layout &&
         stored.size() == lead.size() + 3 && stored[lead.size()] == 1;
}

void Fitter::tryAll() {
  static constexpr llvm::StringRef leads[] = {"S", "ST", "TS", "T"};
  static constexpr llvm::StringRef bodies[] = {"N",  "CN",  "NC",
                                               "HW", "CHW", "HWC"};
  for (llvm::StringRef lead : leads)
    for (llvm::StringRef body : bodies)
      if (layoutAllows(body) && !isOneRow(lead, body))
        tryFlat((lead + body).str());
}

llvm::Error Fitter::checkAxes() const {
  llvm::StringRef axes = options.axes;
  for (auto [index, letter] : llvm::enumerate(axes)) {
    if (!axisOrder.contains(letter))
      return llvm::createStringError("--axes=" + axes + ": unknown letter '" +
                                     llvm::Twine(letter) +
                                     "'; known are S, T, N, C, H and W");
    if (axes.find(letter, index + 1) != llvm::StringRef::npos)
      return llvm::createStringError("--axes=" + axes + ": letter '" +
                                     llvm::Twine(letter) + "' is given twice");
  }
  if (axes.size() != stored.size())
    return array.makeError("--axes=" + axes + " names " +
                           llvm::Twine(axes.size()) + " axes, the array has " +
                           llvm::Twine(stored.size()) + ": " +
                           formatShape(stored));
  if (!layoutAllows(dropLeading(options.axes)))
    return array.makeError("--axes=" + axes +
                           " and --input-layout put the channels at different "
                           "ends; pass one of them");
  if (input.hasSteps == false && axes.contains('T'))
    return array.makeError("--axes=" + axes + " has steps, but input '" +
                           input.name + "' takes one value for all steps");
  if (input.hasSteps == true && !axes.contains('T'))
    return array.makeError("--axes=" + axes + " has no T, but input '" +
                           input.name + "' takes a value for each step");
  return llvm::Error::success();
}

llvm::Error Fitter::makeNoneError() const {
  std::string sizes;
  for (int64_t extent : input.shape)
    sizes += ", " + std::to_string(extent);
  std::string steps =
      input.timesteps ? std::to_string(*input.timesteps) : std::string("T");
  std::string needs;
  if (input.hasSteps != true)
    needs = "[S" + sizes + "]";
  if (input.hasSteps != false)
    needs += (needs.empty() ? "[S, " : " or [S, ") + steps + sizes + "]";
  std::string flags;
  if (!options.axes.empty())
    flags = " by --axes=" + options.axes;
  else if (options.layout)
    flags = *options.layout == ImageLayout::CHW ? " by --input-layout=CHW"
                                                : " by --input-layout=HWC";
  return array.makeError("array does not fit input '" + input.name + "'" +
                         flags + ": needs " + needs + ", has " +
                         formatShape(stored) +
                         "; where its axes are others, name them by --axes");
}

llvm::Error Fitter::makeAmbiguousError() const {
  auto describeReading = [](const Reading &reading) {
    std::string text = reading.str() + " (";
    for (size_t axis = 0; axis < reading.shape.size(); ++axis)
      text += (axis ? ", " : "") + std::string(1, reading.letters[axis]) + "=" +
              std::to_string(reading.shape[axis]);
    return text + ")";
  };
  std::string ways =
      llvm::join(llvm::map_range(readings, describeReading), " or ");
  std::string flags = llvm::join(
      llvm::map_range(readings, [](const Reading &r) { return r.flag(); }),
      " or ");
  return array.makeError(describe() + ": can be read as " + ways + "; pass " +
                         flags);
}

llvm::Expected<Reading> Fitter::find() {
  if (input.shape.empty() || input.shape.size() > 3)
    return array.makeError("input '" + input.name + "' has the shape " +
                           formatShape(input.shape) +
                           "; data are fitted to [N], [C, N] and [C, H, W]");
  if (options.axes.empty()) {
    tryAll();
  } else {
    if (llvm::Error error = checkAxes())
      return std::move(error);
    tryFlat(options.axes);
  }
  if (readings.empty())
    return makeNoneError();
  if (readings.size() > 1)
    return makeAmbiguousError();
  return readings.front();
}

void Fitter::addNotes(const Reading &reading,
                      std::vector<std::string> &notes) const {
  if (!options.axes.empty())
    return;
  std::string body = getBody(input).str();
  std::string what;
  if (!reading.flat.empty())
    what = "flattened images, read as " + reading.str();
  else if (body == "N" && reading.has('H'))
    what = "images, flattened row by row";
  else if (llvm::StringRef(body).contains('C') && !reading.has('C'))
    what = std::string("no channel axis, one of extent 1 is added") +
           (fitsChannelBehind(reading) ? " behind" : "");
  else if (reading.letters.back() == 'C')
    what = "channels last, moved to the front";
  if (!what.empty())
    notes.push_back(describe() + ": " + what);
  if (!reading.has('S'))
    notes.push_back(describe() + ": no sample axis, read as one sample of " +
                    std::to_string(reading.extent('T')) + " steps");
}

/// The samples that `reading` finds in `values`, with the axes of the network.
static Tensor arrange(const Tensor &values, const Reading &reading,
                      const InputDescription &input,
                      std::optional<int64_t> limit) {
  Tensor result = permute(values.reshape(reading.shape), reading.axes());
  llvm::SmallVector<int64_t, 6> shape;
  shape.push_back(reading.has('S') ? reading.extent('S') : 1);
  if (reading.has('T'))
    shape.push_back(reading.extent('T'));
  shape.append(input.shape.begin(), input.shape.end());
  result = result.reshape(shape);
  return limit && *limit < shape.front() ? result.slice(0, *limit) : result;
}

llvm::Expected<FittedSamples>
spikeformer::fitSamples(const DataArray &array, const InputDescription &input,
                        const FitOptions &options,
                        std::vector<std::string> &notes) {
  Fitter fitter(array, input, options);
  auto reading = fitter.find();
  if (!reading)
    return reading.takeError();
  ElementType type = array.values.getElementType();
  if (!isFloat(type) && type != ElementType::boolean && isFloat(input.type) &&
      !options.preprocessed)
    return array.makeError("holds " + getElementTypeName(type) + ", input '" +
                           input.name + "' takes " +
                           getElementTypeName(input.type) +
                           "; say how to scale it, such as "
                           "--input-scale=1/255, or --input-scale=none for "
                           "the numbers as they are");
  FittedSamples result;
  result.hasSteps = reading->has('T');
  result.available = reading->has('S') ? reading->extent('S') : 1;
  if (result.available == 0)
    return array.makeError("holds no samples: its shape is " +
                           formatShape(array.values.getShape()));
  // Cutting first spares reordering what is dropped.
  Tensor values = array.values;
  if (options.limit && reading->letters.front() == 'S' &&
      *options.limit < result.available) {
    values = values.slice(0, *options.limit);
    reading->shape.front() = *options.limit;
  }
  result.values = arrange(values, *reading, input, options.limit);
  fitter.addNotes(*reading, notes);
  return result;
}
