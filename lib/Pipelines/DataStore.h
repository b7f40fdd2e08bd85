//===- DataStore.h - samples that models share ------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Many models of a batch are calibrated on the same samples; these are read,
// decoded and fitted once. What is kept is never written to: whoever converts
// the values makes new ones.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_DATASTORE_H
#define LIB_PIPELINES_DATASTORE_H

#include "spikeformer/Pipelines/DataFlags.h"
#include <map>
#include <mutex>

namespace spikeformer {

/// What reading data gave: the samples, and what was reordered.
struct StoredData {
  LabelledSamples data;
  std::vector<std::string> notes;
};

/// Samples by everything that reading them depends on. Any thread may ask.
class DataStore {
public:
  using Load = llvm::function_ref<llvm::Expected<StoredData>()>;

  /// What `load` gave for `key`, which it is asked once while others wait. What
  /// failed is tried again, so that everyone is told.
  llvm::Expected<StoredData> get(const std::string &key, Load load);

private:
  struct Slot {
    std::mutex mutex;
    std::optional<StoredData> stored;
  };

  std::mutex mutex;
  std::map<std::string, Slot> slots;
};

/// A text that differs where two reads can give different samples.
std::string describeRead(ArrayRef<std::string> data, StringRef labels,
                         const FitOptions &options,
                         ArrayRef<InputDescription> inputs);

} // namespace spikeformer

#endif // LIB_PIPELINES_DATASTORE_H
