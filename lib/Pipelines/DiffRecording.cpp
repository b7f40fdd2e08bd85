//===- DiffRecording.cpp - recordings to compare with ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Recordings of sf-run have an axis of samples and name their signals; those of
// other software may do neither.
//
//===----------------------------------------------------------------------===//

#include "DiffRecording.h"
#include "spikeformer/Support/DataSource.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/Npy.h"

using namespace spikeformer;

bool spikeformer::isRecording(StringRef path) {
  return path.ends_with(".npz") || path.ends_with(".npy") ||
         path.contains(".npz:");
}

/// The dense form of the events in `events`, [event, 3].
static llvm::Expected<Tensor> expandEvents(StringRef file, StringRef name,
                                           const Tensor &events,
                                           const Tensor &shape,
                                           const Tensor &values) {
  auto bad = [&](const llvm::Twine &why) {
    return makeInputError(file, name, "is no recording of events: " + why);
  };
  bool good = events.getElementType() == ElementType::i64 &&
              shape.getElementType() == ElementType::i64 &&
              events.getRank() == 2 && events.getShape()[1] == 3 &&
              shape.getRank() == 1 && shape.getNumElements() >= 2 &&
              (!values || (values.getElementType() == ElementType::f64 &&
                           values.getNumElements() == events.getShape()[0]));
  if (!good)
    return bad("needs int64 [event, 3] and its shape");
  ArrayRef<int64_t> extents = shape.data<int64_t>();
  int64_t neurons = 1;
  for (int64_t extent : extents.drop_front(2))
    neurons *= extent;
  if (llvm::any_of(extents, [](int64_t extent) { return extent < 0; }) ||
      extents[0] * extents[1] * neurons > (int64_t(1) << 32))
    return bad("its shape is too large");
  Tensor dense(extents, values ? ElementType::f64 : ElementType::u8);
  ArrayRef<int64_t> rows = events.data<int64_t>();
  for (int64_t i = 0; i < events.getShape()[0]; ++i) {
    int64_t sample = rows[3 * i], step = rows[3 * i + 1];
    int64_t neuron = rows[3 * i + 2];
    if (sample < 0 || sample >= extents[0] || step < 0 || step >= extents[1] ||
        neuron < 0 || neuron >= neurons)
      return bad("event " + llvm::Twine(i) + " is outside of the shape");
    int64_t at = (sample * extents[1] + step) * neurons + neuron;
    if (values)
      dense.data<double>()[at] = values.data<double>()[i];
    else
      dense.data<uint8_t>()[at] = 1;
  }
  return dense;
}

/// Reads one array of an archive, which may be a list of events.
static llvm::Expected<Tensor> readArray(const NpzFile &archive, StringRef path,
                                        StringRef key) {
  auto array = archive.read(key);
  std::vector<std::string> keys = archive.getKeys();
  if (!array || !llvm::is_contained(keys, (key + ".shape").str()))
    return array;
  auto shape = archive.read((key + ".shape").str());
  if (!shape)
    return shape.takeError();
  Tensor values;
  if (llvm::is_contained(keys, (key + ".value").str())) {
    auto read = archive.read((key + ".value").str());
    if (!read)
      return read.takeError();
    values = *read;
  }
  return expandEvents(path, key, *array, *shape, values);
}

static llvm::Expected<std::vector<NamedTensor>> readAll(StringRef path) {
  auto archive = NpzFile::open(path);
  if (!archive)
    return archive.takeError();
  std::vector<NamedTensor> arrays;
  std::vector<std::string> keys = archive->getKeys();
  for (const std::string &key : keys) {
    StringRef base = key;
    if ((base.consume_back(".shape") || base.consume_back(".value")) &&
        llvm::is_contained(keys, (base + ".shape").str()))
      continue;
    auto array = readArray(*archive, path, key);
    if (!array)
      return array.takeError();
    if (array->getRank() >= 2)
      arrays.push_back({key, *array});
  }
  if (arrays.empty())
    return makeInputError(path, "holds no recording: needs arrays [sample, "
                                "step, ...]");
  return arrays;
}

static llvm::Expected<std::vector<NamedTensor>>
readNamed(StringRef path, ArrayRef<RecordedSignal> recorded) {
  auto archive = NpzFile::open(path);
  if (!archive)
    return archive.takeError();
  std::vector<NamedTensor> arrays;
  for (const RecordedSignal &signal : recorded) {
    auto array = readArray(*archive, path, signal.key);
    if (!array)
      return array.takeError();
    arrays.push_back({signal.name, *array});
  }
  return arrays;
}

llvm::Expected<std::vector<NamedTensor>>
spikeformer::readRecording(StringRef path, ArrayRef<RecordedSignal> recorded) {
  if (path.ends_with(".npz"))
    return recorded.empty() ? readAll(path) : readNamed(path, recorded);
  if (!recorded.empty())
    return makeInputError(path, "holds one array, which is of the output; "
                                "--recorded is for archives");
  auto argument = parseDataArgument(path);
  if (!argument)
    return argument.takeError();
  if (!argument->key.empty())
    return readNamed(argument->file, {{"output", argument->key}});
  auto array = readNpyFile(path);
  if (!array)
    return array.takeError();
  return std::vector<NamedTensor>{{"output", *array}};
}

llvm::Error spikeformer::fitRecording(StringRef path, NamedTensor &recording,
                                      const ProbeRequest &probe) {
  SmallVector<int64_t> shape(ArrayRef<int64_t>(probe.shape));
  if (probe.neurons)
    shape = {probe.getNumNeurons()};
  ArrayRef<int64_t> have = recording.second.getShape();
  if (have.size() == shape.size() + 1 && have.drop_front() == ArrayRef(shape)) {
    SmallVector<int64_t> full{1};
    llvm::append_range(full, have);
    recording.second = recording.second.reshape(full);
    return llvm::Error::success();
  }
  if (have.size() == shape.size() + 2 && have.drop_front(2) == ArrayRef(shape))
    return llvm::Error::success();
  return makeInputError(path, recording.first,
                        "is no recording of '" + probe.text +
                            "': needs [sample, step, ...] or [step, ...] of " +
                            formatShape(shape) + ", has " + formatShape(have));
}
