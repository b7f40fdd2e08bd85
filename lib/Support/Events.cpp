//===- Events.cpp - recordings of event cameras ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Events.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/Npy.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <cmath>

using namespace spikeformer;

/// Bytes of an event in a .bs2 file.
static constexpr size_t kEventBytes = 5;

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

llvm::StringRef spikeformer::stringify(EventBinning::Origin origin) {
  return origin == EventBinning::Origin::zero ? "zero" : "first";
}

llvm::StringRef spikeformer::stringify(EventBinning::Value value) {
  return value == EventBinning::Value::count ? "count" : "binary";
}

template <typename E>
static llvm::Expected<E> parseWord(llvm::StringRef flag, llvm::StringRef text,
                                   E first, E second) {
  for (E word : {first, second})
    if (stringify(word) == text)
      return word;
  return llvm::createStringError("--" + flag + "=" + text + ": there are '" +
                                 stringify(first) + "' and '" +
                                 stringify(second) + "'");
}

llvm::Expected<EventBinning::Origin>
spikeformer::parseEventOrigin(llvm::StringRef text) {
  return parseWord("event-origin", text, EventBinning::Origin::zero,
                   EventBinning::Origin::first);
}

llvm::Expected<EventBinning::Value>
spikeformer::parseEventValue(llvm::StringRef text) {
  return parseWord("event-value", text, EventBinning::Value::count,
                   EventBinning::Value::binary);
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

bool spikeformer::isEventFile(llvm::StringRef path) {
  return path.ends_with(".bs2");
}

static llvm::Expected<std::vector<std::string>>
listDirectory(llvm::StringRef path) {
  std::vector<std::string> files;
  std::error_code code;
  for (llvm::sys::fs::directory_iterator it(path, code), end;
       it != end && !code; it.increment(code))
    if (isEventFile(it->path()))
      files.push_back(it->path());
  if (code)
    return makeInputError(path, code.message());
  if (files.empty())
    return makeInputError(path, "is a directory without recordings of events; "
                                "needs .bs2 files in it");
  llvm::sort(files);
  return files;
}

llvm::Expected<std::vector<std::string>>
spikeformer::listEventFiles(llvm::StringRef path) {
  if (llvm::sys::fs::is_directory(path))
    return listDirectory(path);
  if (llvm::sys::fs::exists(path))
    return std::vector<std::string>{path.str()};
  llvm::SmallVector<llvm::StringRef> parts;
  path.split(parts, ',');
  return std::vector<std::string>(parts.begin(), parts.end());
}

static llvm::Expected<std::vector<Event>> readPacked(llvm::StringRef file) {
  auto buffer = readInputFile(file);
  if (!buffer)
    return buffer.takeError();
  llvm::StringRef bytes = (*buffer)->getBuffer();
  if (bytes.empty() || bytes.size() % kEventBytes != 0)
    return makeInputError(file, "is no recording of events: needs 5 bytes for "
                                "each, has " +
                                    llvm::Twine(bytes.size()) + " bytes");
  std::vector<Event> events;
  events.reserve(bytes.size() / kEventBytes);
  for (; !bytes.empty(); bytes = bytes.drop_front(kEventBytes)) {
    auto byte = [&](size_t k) { return int64_t(uint8_t(bytes[k])); };
    int64_t word = byte(2) << 16 | byte(3) << 8 | byte(4);
    events.push_back({byte(0), byte(1), word >> 23, word & 0x7fffff});
  }
  return events;
}

llvm::Expected<std::vector<Event>>
spikeformer::readEvents(llvm::StringRef file) {
  if (isEventFile(file))
    return readPacked(file);
  auto array = readNpyFile(file);
  if (!array)
    return array.takeError();
  if (isFloat(array->getElementType()) || array->getRank() != 2 ||
      array->getShape()[1] != 4 || array->getShape()[0] == 0)
    return makeInputError(file, "is no recording of events: needs integers "
                                "[event, 4] of x, y, microseconds, polarity, "
                                "has " +
                                    formatShape(array->getShape()));
  std::vector<Event> events(array->getShape()[0]);
  for (size_t row = 0; row < events.size(); ++row) {
    auto column = [&](size_t k) {
      return static_cast<int64_t>(array->getAsDouble(4 * row + k));
    };
    events[row] = {column(0), column(1), column(3), column(2)};
  }
  return events;
}

//===----------------------------------------------------------------------===//
// Binning
//===----------------------------------------------------------------------===//

static llvm::Error checkEvent(const Event &event, size_t index,
                              llvm::ArrayRef<int64_t> shape, int64_t begin,
                              llvm::StringRef file) {
  auto inside = [](int64_t value, int64_t extent) {
    return value >= 0 && value < extent;
  };
  if (!inside(event.polarity, shape[0]) || !inside(event.y, shape[1]) ||
      !inside(event.x, shape[2]))
    return makeInputError(file,
                          "event " + llvm::Twine(index) +
                              " is outside of the input: needs "
                              "polarity, y, x below " +
                              formatShape(shape) + ", has " +
                              formatShape({event.polarity, event.y, event.x}));
  if (event.time < begin)
    return makeInputError(file, "event " + llvm::Twine(index) +
                                    " is before the first step: needs " +
                                    llvm::Twine(begin) + " us or later, has " +
                                    llvm::Twine(event.time));
  return llvm::Error::success();
}

llvm::Expected<Tensor> spikeformer::binEvents(
    llvm::ArrayRef<Event> events, const EventBinning &binning, int64_t steps,
    llvm::ArrayRef<int64_t> shape, llvm::StringRef file, int64_t &late) {
  llvm::SmallVector<int64_t> full{steps};
  llvm::append_range(full, shape);
  Tensor result(full, ElementType::f32);
  llvm::MutableArrayRef<float> values = result.data<float>();
  int64_t begin =
      binning.origin == EventBinning::Origin::first ? events.front().time : 0;
  late = 0;
  for (auto [index, event] : llvm::enumerate(events)) {
    if (llvm::Error error = checkEvent(event, index, shape, begin, file))
      return std::move(error);
    // Times are whole microseconds: a bin of a whole number of them is exact.
    double step = std::floor((event.time - begin) / (binning.bin * 1e6));
    if (step >= steps) {
      ++late;
      continue;
    }
    int64_t pixel = (event.polarity * shape[1] + event.y) * shape[2] + event.x;
    float &value =
        values[static_cast<int64_t>(step) * shape[0] * shape[1] * shape[2] +
               pixel];
    value = binning.value == EventBinning::Value::binary ? 1 : value + 1;
  }
  return result;
}
