//===- DatasetStorage.cpp - where a dataset's bytes lie -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DatasetStorage.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;
using namespace spikeformer::hdf5;

/// No more chunks than this are tried one by one to find a damaged one.
static constexpr hsize_t maxProbedChunks = 4096;

static llvm::Error checkExternalFiles(hid_t properties) {
  if (H5Pget_layout(properties) == H5D_VIRTUAL)
    return llvm::createStringError(
        "is a virtual dataset, its values lie in other files (refused: a model "
        "is one file); store the data in this file");
  if (H5Pget_external_count(properties) <= 0)
    return llvm::Error::success();
  char name[256] = {};
  off_t offset = 0;
  hsize_t size = 0;
  H5Pget_external(properties, 0, sizeof(name) - 1, name, &offset, &size);
  return llvm::createStringError(
      "is stored in the external file '" + std::string(name) +
      "' (refused: a model is one file); store the data in this file");
}

/// Name of filter `index`, "filter 32015" if the file gives none.
static std::string getFilterName(hid_t properties, unsigned index,
                                 H5Z_filter_t &filter) {
  char name[64] = {};
  unsigned flags = 0, config = 0;
  size_t valueCount = 0;
  filter = H5Pget_filter2(properties, index, &flags, &valueCount, nullptr,
                          sizeof(name) - 1, name, &config);
  return name[0] ? name : "filter " + std::to_string(filter);
}

static llvm::Error checkFilters(hid_t properties) {
  int count = H5Pget_nfilters(properties);
  for (int i = 0; i < count; ++i) {
    H5Z_filter_t filter;
    std::string name = getFilterName(properties, i, filter);
    if (H5Zfilter_avail(filter) <= 0)
      return llvm::createStringError(
          "is compressed by '" + name + "' (HDF5 filter " +
          std::to_string(filter) +
          "), which cannot be read; write the file with gzip");
  }
  return llvm::Error::success();
}

llvm::Error hdf5::checkStorage(hid_t dataset) {
  Handle properties(H5Dget_create_plist(dataset));
  if (!properties.isValid())
    return llvm::createStringError("cannot be read: " + takeHDF5Error());
  if (llvm::Error error = checkExternalFiles(properties))
    return error;
  return checkFilters(properties);
}

/// The first chunk that cannot be read, none if they all can or are too many.
static std::optional<hsize_t> findDamagedChunk(hid_t dataset, hid_t properties,
                                               hid_t type) {
  hsize_t count = 0, extents[H5S_MAX_RANK], offset[H5S_MAX_RANK], size = 0;
  Handle space(H5Dget_space(dataset));
  int rank = H5Pget_chunk(properties, H5S_MAX_RANK, extents);
  if (rank <= 0 || H5Dget_num_chunks(dataset, space, &count) < 0)
    return std::nullopt;
  std::vector<char> element(H5Tget_size(type));
  Handle one(H5Screate(H5S_SCALAR));
  for (hsize_t i = 0; i < std::min(count, maxProbedChunks); ++i) {
    if (H5Dget_chunk_info(dataset, space, i, offset, nullptr, nullptr, &size) <
            0 ||
        H5Sselect_elements(space, H5S_SELECT_SET, 1, offset) < 0 ||
        H5Dread(dataset, type, one, space, H5P_DEFAULT, element.data()) < 0)
      return i;
  }
  return std::nullopt;
}

std::string hdf5::explainReadFailure(hid_t dataset) {
  std::string reason = takeHDF5Error();
  Handle properties(H5Dget_create_plist(dataset)), type(H5Dget_type(dataset));
  int filterCount = H5Pget_nfilters(properties);
  if (filterCount <= 0)
    return "cannot be read: " + reason + "; the file is damaged";
  std::vector<std::string> names;
  for (int i = 0; i < filterCount; ++i) {
    H5Z_filter_t filter;
    names.push_back(getFilterName(properties, i, filter));
  }
  std::string where = llvm::join(names, ", ");
  // Strings of variable length lie outside the chunks.
  if (H5Tis_variable_str(type) <= 0)
    if (auto chunk = findDamagedChunk(dataset, properties, type))
      where = "chunk " + std::to_string(*chunk) + ", " + where;
  return "cannot be decompressed (" + where + "): " + reason +
         "; the file is damaged";
}
