//===- Value.h - what a dataset of HDF5 holds -------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers are arrays, strings are lists, and what is neither is kept as a
// description of what it is. Nothing here needs the HDF5 library.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_HDF5_VALUE_H
#define SPIKEFORMER_SUPPORT_HDF5_VALUE_H

#include "spikeformer/Support/LLVM.h"
#include "spikeformer/Support/Tensor.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"
#include <optional>
#include <string>
#include <vector>

namespace spikeformer::hdf5 {

/// A map that keeps the file's order, which for groups of HDF5 is alphabetical.
template <typename T>
using NameMap = llvm::MapVector<std::string, T, llvm::StringMap<unsigned>>;

/// What a dataset holds.
struct Value {
  enum class Kind : uint8_t {
    /// `tensor`; a scalar has rank 0.
    number,
    /// `texts` in the shape `textShape`, valid UTF-8.
    text,
    /// Something else; `description` is "a compound type" or the like. An empty
    /// description: reading failed and has been reported.
    other
  };
  Kind kind = Kind::other;
  Tensor tensor;
  SmallVector<int64_t, 2> textShape;
  std::vector<std::string> texts;
  std::string description;

  /// The string, if it is a single one.
  std::optional<StringRef> getText() const;
  /// True if reading failed and has been reported.
  bool isReported() const;
  /// What it is, for messages: "float32 [3, 4]", "a string", "a compound type".
  std::string describe() const;
};

} // namespace spikeformer::hdf5

#endif // SPIKEFORMER_SUPPORT_HDF5_VALUE_H
