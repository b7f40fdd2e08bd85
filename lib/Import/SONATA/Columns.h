//===- Columns.h - arrays of SONATA files -----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_SONATA_COLUMNS_H
#define LIB_IMPORT_SONATA_COLUMNS_H

#include "Problems.h"
#include "spikeformer/Support/HDF5/Tree.h"

namespace spikeformer::sonata {

/// Takes one-dimensional arrays out of groups of one file.
class Columns {
public:
  Columns(StringRef file, Problems &problems)
      : file(file), problems(problems) {}

  /// The integers of dataset `name`, all below `limit`. None after a problem:
  /// missing, of another kind, not `count` long.
  std::optional<std::vector<uint64_t>>
  getIntegers(const hdf5::Group &group, StringRef name,
              std::optional<size_t> count = std::nullopt,
              uint64_t limit = UINT64_MAX);
  /// The finite numbers of dataset `name`; empty if there is none, or after a
  /// problem.
  std::vector<double> getNumbers(const hdf5::Group &group, StringRef name);

private:
  const Tensor *find(const hdf5::Group &group, StringRef name, StringRef need);

  std::string file;
  Problems &problems;
};

} // namespace spikeformer::sonata

#endif // LIB_IMPORT_SONATA_COLUMNS_H
