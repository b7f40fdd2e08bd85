//===- DataStore.cpp - samples that models share --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DataStore.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace spikeformer;

llvm::Expected<StoredData> DataStore::get(const std::string &key, Load load) {
  Slot *slot;
  {
    std::lock_guard<std::mutex> lock(mutex);
    slot = &slots[key];
  }
  std::lock_guard<std::mutex> lock(slot->mutex);
  if (!slot->stored) {
    auto loaded = load();
    if (!loaded)
      return loaded.takeError();
    slot->stored = std::move(*loaded);
  }
  return *slot->stored;
}

namespace {
/// Writes fields that cannot run into each other.
class KeyWriter {
public:
  KeyWriter &add(StringRef value) {
    os << value.size() << ':' << value;
    return *this;
  }
  KeyWriter &add(double value) {
    os << llvm::format_hex(llvm::bit_cast<uint64_t>(value), 18) << ';';
    return *this;
  }
  KeyWriter &add(int64_t value) {
    os << value << ';';
    return *this;
  }
  KeyWriter &add(const EventBinning &value) {
    return add(value.bin)
        .add(static_cast<int64_t>(value.origin))
        .add(static_cast<int64_t>(value.value))
        .add(value.steps);
  }
  template <typename T>
  KeyWriter &add(const std::optional<T> &value) {
    os << (value ? '+' : '-');
    return value ? add(*value) : *this;
  }

  std::string text;

private:
  llvm::raw_string_ostream os{text};
};
} // namespace

std::string spikeformer::describeRead(ArrayRef<std::string> data,
                                      StringRef labels,
                                      const FitOptions &options,
                                      ArrayRef<InputDescription> inputs) {
  KeyWriter key;
  key.add(static_cast<int64_t>(data.size()));
  for (const std::string &argument : data)
    key.add(StringRef(argument));
  key.add(labels)
      .add(options.layout ? static_cast<int64_t>(*options.layout) : -1)
      .add(StringRef(options.axes))
      .add(options.limit)
      .add(static_cast<int64_t>(options.csvLabel))
      .add(options.events)
      .add(static_cast<int64_t>(options.preprocessed));
  for (const InputDescription &input : inputs) {
    key.add(StringRef(input.name))
        .add(static_cast<int64_t>(input.shape.size()));
    for (int64_t extent : input.shape)
      key.add(extent);
    key.add(static_cast<int64_t>(input.type))
        .add(input.hasSteps ? static_cast<int64_t>(*input.hasSteps) : -1)
        .add(input.timesteps)
        .add(input.stepSeconds)
        .add(input.events);
  }
  return std::move(key.text);
}
