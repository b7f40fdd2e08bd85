//===- Coding.h - values as bytes -------------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How values go from a worker to its parent: numbers as 8 bytes, strings and
// lists with their length before them, tensors as places in the shared memory.
// Worker and parent are one program, so the form has no version. The parent
// does not trust it: every length is compared with what is left.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_HDF5_CODING_H
#define SPIKEFORMER_SUPPORT_HDF5_CODING_H

#include "spikeformer/Support/HDF5/Findings.h"
#include "spikeformer/Support/HDF5/Value.h"
#include "spikeformer/Support/WorkerProcess.h"

namespace spikeformer::hdf5 {

/// The worker's side. Tensors lie in blocks of its output.
class Encoder {
public:
  explicit Encoder(const WorkerOutput &output) : output(output) {}

  void put(uint64_t number);
  void put(StringRef text);
  void put(const std::string &text) { put(StringRef(text)); }
  void put(ArrayRef<int64_t> shape);
  void encode(const Value &value);
  void encode(const NameMap<Value> &values);
  void encode(const Findings &findings);

  /// Everything so far.
  std::string take() { return std::move(bytes); }

private:
  const WorkerOutput &output;
  std::string bytes;
};

/// The parent's side. Every function gives 0 or something empty once `failed`.
class Decoder {
public:
  explicit Decoder(const WorkerResult &result)
      : result(result), rest(result.message) {}

  uint64_t getNumber();
  /// A number of things that follow, of at least 8 bytes each.
  uint64_t getCount();
  std::string getText();
  SmallVector<int64_t> getShape();
  Value getValue();
  NameMap<Value> getValues();
  void getFindings(Findings &findings);

  /// Whether all bytes were what they should be.
  bool isComplete() const { return !failed && rest.empty(); }

protected:
  bool failed = false;

private:
  Tensor getTensor();

  const WorkerResult &result;
  StringRef rest;
};

} // namespace spikeformer::hdf5

#endif // SPIKEFORMER_SUPPORT_HDF5_CODING_H
