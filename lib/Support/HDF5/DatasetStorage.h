//===- DatasetStorage.h - where a dataset's bytes lie -----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_SUPPORT_HDF5_DATASETSTORAGE_H
#define LIB_SUPPORT_HDF5_DATASETSTORAGE_H

#include "spikeformer/Support/HDF5/HDF5.h"

namespace spikeformer::hdf5 {

/// Refuses values that lie in other files, and compression that is unknown.
llvm::Error checkStorage(hid_t dataset);

/// Why reading `dataset` failed: "cannot be decompressed (chunk 0, deflate):
/// ..."
std::string explainReadFailure(hid_t dataset);

} // namespace spikeformer::hdf5

#endif // LIB_SUPPORT_HDF5_DATASETSTORAGE_H
