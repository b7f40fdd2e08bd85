//===- HDF5.h - the HDF5 library, tamed -------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Handles that close themselves, links that lead nowhere outside the file, and
// the library's errors as text. Only the worker process calls anything here.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_HDF5_HDF5_H
#define SPIKEFORMER_SUPPORT_HDF5_HDF5_H

#include "spikeformer/Support/LLVM.h"
#include "llvm/Support/Error.h"
#include <hdf5.h>
#include <string>
#include <vector>

namespace spikeformer::hdf5 {

/// An identifier of HDF5, closed at the end.
class Handle {
public:
  explicit Handle(hid_t id = -1) : id(id) {}
  Handle(Handle &&other) noexcept : id(other.id) { other.id = -1; }
  Handle &operator=(Handle &&other) noexcept {
    std::swap(id, other.id);
    return *this;
  }
  ~Handle() {
    if (id >= 0)
      H5Idec_ref(id);
  }

  operator hid_t() const { return id; } // NOLINT: as the C functions take it.
  bool isValid() const { return id >= 0; }

private:
  hid_t id;
};

/// The innermost message of the library's last failure, such as
/// "inflate() failed", in lower case. Clears it.
std::string takeHDF5Error();

/// Silences the library, forbids plugins and registers LZF.
void initializeHDF5();

/// The file, read-only. On failure an invalid handle.
Handle openFile(const std::string &path);

/// Object `name` of `group`. Links are followed inside the file only. Errors:
/// plain ones that say what is wrong with the link: "is an external link
/// (refused: a model is one file)".
llvm::Expected<Handle> openObject(hid_t group, const std::string &name);

/// Names of the links in `group`, sorted; `complete` is false if there are more
/// than `most`, or the group cannot be read.
std::vector<std::string> listNames(hid_t group, size_t most, bool &complete);

/// Registers h5py's filter 32000 for reading.
void registerLzf();

} // namespace spikeformer::hdf5

#endif // SPIKEFORMER_SUPPORT_HDF5_HDF5_H
