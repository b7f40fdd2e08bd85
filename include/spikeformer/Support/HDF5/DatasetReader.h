//===- DatasetReader.h - datasets to values ---------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decides which datasets of HDF5 can be parameters, and how large they may be.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_HDF5_DATASETREADER_H
#define SPIKEFORMER_SUPPORT_HDF5_DATASETREADER_H

#include "spikeformer/Support/HDF5/HDF5.h"
#include "spikeformer/Support/HDF5/ReadFile.h"
#include "spikeformer/Support/HDF5/Value.h"

namespace spikeformer::hdf5 {

/// Reads datasets into blocks of the worker's output.
class DatasetReader {
public:
  DatasetReader(const Limits &limits, uint64_t fileBytes, WorkerOutput &output)
      : output(output), fileBytes(fileBytes),
        budget(limits.freeDeclaredBytes +
               limits.declaredPerFileByte * fileBytes) {}

  /// The dataset's contents. None: it has a null dataspace, which stands for no
  /// value. Errors: plain ones that say what is wrong with its storage; a type
  /// that no parameter can have is a value of kind `other`.
  llvm::Expected<std::optional<Value>> read(hid_t dataset);

private:
  /// Counts the bytes that the dataset declares. Errors: they are too many.
  llvm::Error charge(hid_t type, ArrayRef<int64_t> shape,
                     StringRef description);
  llvm::Expected<Value> readNumbers(hid_t dataset, ElementType type,
                                    ArrayRef<int64_t> shape);
  llvm::Expected<Value> readTexts(hid_t dataset, hid_t type,
                                  ArrayRef<int64_t> shape);
  llvm::Error readVariableTexts(hid_t dataset, hid_t type, Value &value);
  llvm::Error readFixedTexts(hid_t dataset, hid_t type, Value &value);

  WorkerOutput &output;
  uint64_t fileBytes, budget;
};

} // namespace spikeformer::hdf5

#endif // SPIKEFORMER_SUPPORT_HDF5_DATASETREADER_H
