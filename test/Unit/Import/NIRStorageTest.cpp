//===- NIRStorageTest.cpp - where arrays of NIR files lie -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReadNIRTest.h"

using namespace spikeformer;
using namespace spikeformer::nir;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(ReadNIRTest, virtualDataset) {
  EXPECT_THAT(findings([](Writer &writer) {
                hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
                hsize_t size = 2;
                hid_t space = H5Screate_simple(1, &size, nullptr);
                H5Pset_virtual(properties, space, "other.h5", "/w", space);
                writer.create(weightPath, H5T_IEEE_F32LE, {2}, properties);
              }),
              ElementsAre(HasSubstr("weight is a virtual dataset, its values "
                                    "lie in other files (refused")));
}

/// A chunked dataset of 8 floats with h5py's filter `number`, whose only chunk
/// is `chunk`.
static void writeFiltered(Writer &writer, H5Z_filter_t number,
                          StringRef chunk) {
  hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  hsize_t size = 8, origin = 0;
  H5Pset_chunk(properties, 1, &size);
  unsigned values[] = {4, 261, 32};
  H5Pset_filter(properties, number, H5Z_FLAG_OPTIONAL, 3, values);
  hid_t dataset = writer.create(weightPath, H5T_IEEE_F32LE, {8}, properties);
  H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, &origin, chunk.size(), chunk.data());
}

TEST_F(ReadNIRTest, lzf) {
  // Four bytes as they are (0.5), then 28 bytes from 4 bytes before.
  auto chunk = bytes("\x03\x00\x00\x00\x3f\xe0\x13\x03");
  Value value =
      readWeight([&](Writer &writer) { writeFiltered(writer, 32000, chunk); });
  EXPECT_THAT(elements(value.tensor), testing::Each(0.5));
  auto damaged = bytes("\x03\x00\x00\x00\x3f\xe0\x13\x04");
  EXPECT_THAT(
      findings([&](Writer &writer) { writeFiltered(writer, 32000, damaged); }),
      ElementsAre(HasSubstr("weight cannot be decompressed (chunk 0, lzf)")));
}

/// A large array with gzip, whose chunks do not divide it.
static void writeCompressed(Writer &writer, bool shuffle) {
  hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  hsize_t chunk[] = {3, 64, 50};
  H5Pset_chunk(properties, 3, chunk);
  if (shuffle)
    H5Pset_shuffle(properties);
  H5Pset_deflate(properties, 1);
  std::vector<float> elements(7 * 200 * 333);
  for (size_t i = 0; i < elements.size(); ++i)
    elements[i] = static_cast<float>(i);
  hid_t dataset =
      writer.create(weightPath, H5T_IEEE_F32LE, {7, 200, 333}, properties);
  H5Dwrite(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT,
           elements.data());
}

TEST_F(ReadNIRTest, largeCompressedArrays) {
  for (bool shuffle : {false, true}) {
    Value value =
        readWeight([&](Writer &writer) { writeCompressed(writer, shuffle); });
    ASSERT_THAT(shape(value.tensor), ElementsAre(7, 200, 333));
    int64_t wrong = 0;
    for (int64_t i = 0; i < value.tensor.getNumElements(); ++i)
      wrong += value.tensor.getAsDouble(i) != static_cast<double>(i);
    EXPECT_EQ(wrong, 0);
  }
  EXPECT_THAT(findings([](Writer &writer) {
                writeCompressed(writer, false);
                hid_t dataset = H5Dopen2(writer.file, weightPath, H5P_DEFAULT);
                hsize_t origin[] = {0, 64, 50};
                H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, origin, 4, "xxxx");
              }),
              ElementsAre("/node/nodes/fc/weight: weight cannot be "
                          "decompressed (chunk 8, deflate): inflate() failed; "
                          "the file is damaged"));
}

TEST_F(ReadNIRTest, unknownFilter) {
  EXPECT_THAT(
      findings([](Writer &writer) { writeFiltered(writer, 32015, "xxxx"); }),
      ElementsAre(
          "/node/nodes/fc/weight: weight is compressed by 'filter 32015' (HDF5 "
          "filter 32015), which cannot be read; write the file with gzip"));
}

TEST_F(ReadNIRTest, declaredSize) {
  EXPECT_THAT(
      findings([](Writer &writer) {
        hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
        hsize_t chunk[] = {64, 64};
        H5Pset_chunk(properties, 2, chunk);
        writer.create(weightPath, H5T_IEEE_F32LE, {100000, 100000}, properties);
      }),
      ElementsAre(HasSubstr("weight declares 100000 x 100000 float32 (37 GiB), "
                            "more than a file of ")));
  Limits limits;
  limits.worker.sharedBytes = 1 << 20;
  EXPECT_THAT(findings(
                  [](Writer &writer) {
                    writer.create(weightPath, H5T_IEEE_F32LE, {1 << 20});
                  },
                  limits),
              ElementsAre(HasSubstr("weight has 4 MiB, more than is left of "
                                    "the limit")));
}
