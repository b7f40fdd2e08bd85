//===- DataSource.h - arrays that a command line names ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What DATA and LABELS arguments mean, and how the array behind one is read,
// whatever its format.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_DATASOURCE_H
#define SPIKEFORMER_SUPPORT_DATASOURCE_H

#include "spikeformer/Support/Csv.h"
#include "spikeformer/Support/Tensor.h"
#include "llvm/Support/Error.h"
#include <string>

namespace spikeformer {

/// A parsed DATA argument: [INPUT=]FILE, [INPUT=]FILE.npz:KEY or
/// [INPUT=]FILE.h5:KEY.
struct DataArgument {
  /// Empty if no input or array of an archive was named.
  std::string input, file, key;
};

/// INPUT is what precedes the first '='; a text that begins with '.' or '/' is
/// a path as a whole, so that a path may hold '='. Errors: an empty part.
llvm::Expected<DataArgument> parseDataArgument(llvm::StringRef text);

/// An array and where it came from.
struct DataArray {
  std::string file, key;
  Tensor values;
  /// The label column of a table, if it has one.
  Tensor labels;

  /// An InputError about this array.
  llvm::Error makeError(const llvm::Twine &message) const;
};

/// Whether the argument names a file of spikes: HDF5 by its name (.h5, .hdf5)
/// or first bytes, without a path in it.
bool isSpikeList(const DataArgument &argument);

/// Reads the array. The format is known by the name (.npy, .npz, .csv, .gz,
/// .idx, ...-ubyte, .h5 or .hdf5), else by the first bytes. Errors: those of
/// the reader, an unknown format, a KEY for a file that is no archive, or no
/// path (FILE.h5:/path) for an HDF5 file.
llvm::Expected<DataArray> readDataArray(const DataArgument &argument,
                                        CsvLabel label);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_DATASOURCE_H
