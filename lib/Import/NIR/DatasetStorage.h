//===- DatasetStorage.h - where a dataset's bytes lie -----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_NIR_DATASETSTORAGE_H
#define LIB_IMPORT_NIR_DATASETSTORAGE_H

#include "HDF5.h"

namespace spikeformer::nir {

/// Refuses values that lie in other files, and compression that is unknown.
llvm::Error checkStorage(hid_t dataset);

/// Why reading `dataset` failed: "cannot be decompressed (chunk 0, deflate):
/// ..."
std::string explainReadFailure(hid_t dataset);

} // namespace spikeformer::nir

#endif // LIB_IMPORT_NIR_DATASETSTORAGE_H
