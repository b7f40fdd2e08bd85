//===- ReadNIRTest.h - files for tests of the reader ------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes NIR files by the HDF5 library, and reads them by the importer.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_UNIT_IMPORT_READNIRTEST_H
#define SPIKEFORMER_TEST_UNIT_IMPORT_READNIRTEST_H

#include "../Support/TestFiles.h"
#include "spikeformer/Import/NIR/ReadNIR.h"
#include <hdf5.h>

namespace spikeformer::nir {

/// Writes HDF5 files. Identifiers are closed with the file.
class Writer {
public:
  explicit Writer(const std::string &path) {
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access);
    links = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links, 1);
  }
  ~Writer() { H5Fclose(file); }

  void group(const char *path) {
    H5Gcreate2(file, path, links, H5P_DEFAULT, H5P_DEFAULT);
  }

  /// An array whose elements nobody has written.
  hid_t create(const char *path, hid_t type, std::vector<hsize_t> shape,
               hid_t properties = H5P_DEFAULT) {
    hid_t space = H5Screate_simple(shape.size(), shape.data(), nullptr);
    return H5Dcreate2(file, path, type, space, links, properties, H5P_DEFAULT);
  }

  /// Floats stored as `type`.
  void numbers(const char *path, std::vector<hsize_t> shape,
               std::vector<float> elements, hid_t type = H5T_IEEE_F32LE) {
    hid_t dataset = create(path, type, std::move(shape));
    H5Dwrite(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT,
             elements.data());
  }

  void texts(const char *path, std::vector<hsize_t> shape,
             std::vector<const char *> strings) {
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    hid_t dataset = create(path, type, std::move(shape));
    H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, strings.data());
  }

  /// A string of fixed length, filled with `pad`.
  void fixedText(const char *path, StringRef string, size_t size, char fill,
                 H5T_str_t pad) {
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, size);
    H5Tset_strpad(type, pad);
    std::string bytes = string.str();
    bytes.resize(size, fill);
    H5Dwrite(create(path, type, {}), type, H5S_ALL, H5S_ALL, H5P_DEFAULT,
             bytes.data());
  }

  hid_t file, links;
};

/// A test with a file net.nir.
class ReadNIRTest : public FileTest {
protected:
  /// A file with in -> fc -> out, whose fc has no weight yet.
  std::string write(llvm::function_ref<void(Writer &)> add) {
    Writer writer(path("net.nir"));
    writer.texts("/version", {}, {"1.0.8"});
    writer.texts("/node/type", {}, {"NIRGraph"});
    writer.texts("/node/edges", {2, 2}, {"in", "fc", "fc", "out"});
    writer.texts("/node/nodes/in/type", {}, {"Input"});
    writer.numbers("/node/nodes/in/shape", {1}, {2}, H5T_STD_I64LE);
    writer.texts("/node/nodes/out/type", {}, {"Output"});
    writer.numbers("/node/nodes/out/shape", {1}, {1}, H5T_STD_I64LE);
    writer.texts("/node/nodes/fc/type", {}, {"Linear"});
    add(writer);
    return path("net.nir");
  }

  Model read(const Limits &limits = {}) {
    auto model = readFile(path("net.nir"), limits);
    if (model)
      return std::move(*model);
    ADD_FAILURE() << message(model.takeError());
    return Model();
  }

  /// The weight of fc.
  Value readWeight(llvm::function_ref<void(Writer &)> add) {
    write(add);
    Model model = read();
    if (!model.graph)
      return Value();
    const Value *weight = model.graph->nodes["fc"].find("weight");
    return weight ? *weight : Value();
  }

  /// "location: message" of every finding.
  std::vector<std::string> findings(llvm::function_ref<void(Writer &)> add,
                                    const Limits &limits = {}) {
    write(add);
    std::vector<std::string> texts;
    Model model = read(limits);
    for (const Finding &finding : model.findings.get())
      texts.push_back(finding.location + ": " + finding.message);
    return texts;
  }
};

constexpr const char *weightPath = "/node/nodes/fc/weight";

} // namespace spikeformer::nir

#endif // SPIKEFORMER_TEST_UNIT_IMPORT_READNIRTEST_H
