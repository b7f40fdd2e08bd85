//===- Tree.h - the groups of an HDF5 file ----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For formats whose groups have names that only the file knows: everything
// that the caller asks for, read in one worker.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_HDF5_TREE_H
#define SPIKEFORMER_SUPPORT_HDF5_TREE_H

#include "spikeformer/Support/HDF5/Findings.h"
#include "spikeformer/Support/HDF5/ReadFile.h"
#include "spikeformer/Support/HDF5/Value.h"

namespace spikeformer::hdf5 {

/// A group and what is in it, in alphabetical order.
struct Group {
  /// "/nodes/v1", empty for the root.
  std::string path;
  /// Not in the vector: a group that was not asked for.
  std::vector<Group> groups;
  NameMap<Value> datasets;
  /// Attributes of this group ("units") and of its datasets
  /// ("timestamps@units") that are one string.
  NameMap<Value> texts;

  /// The last component of the path.
  StringRef getName() const { return StringRef(path).rsplit('/').second; }
  const Group *findGroup(StringRef name) const;
  const Value *findDataset(StringRef name) const;
  /// The string attribute of that name.
  std::optional<StringRef> findText(StringRef name) const;
  /// "PATH/NAME".
  std::string getPath(StringRef name) const { return path + "/" + name.str(); }
};

/// A file.
struct Tree {
  Group root;
  /// What was wrong in places. What could not be read is in the tree as a value
  /// that `isReported`.
  Findings findings;
};

/// Reads the groups and datasets whose path `wants` accepts; a group that it
/// denies is not entered. `need` and the errors are those of `readInWorker`.
llvm::Expected<Tree> readTree(StringRef path, StringRef need,
                              llvm::function_ref<bool(StringRef path)> wants,
                              const Limits &limits = {});

} // namespace spikeformer::hdf5

#endif // SPIKEFORMER_SUPPORT_HDF5_TREE_H
