//===- ReadNIRTest.cpp - reading NIR files --------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/NIR/ReadNIR.h"
#include "../Support/TestFiles.h"
#include <hdf5.h>
#include <sys/stat.h>

using namespace spikeformer;
using namespace spikeformer::nir;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {
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
} // namespace

static const char *const weightPath = "/node/nodes/fc/weight";

TEST_F(ReadNIRTest, wholeFile) {
  write([](Writer &writer) {
    writer.numbers(weightPath, {1, 2}, {0.5, -3});
    writer.texts("/node/nodes/fc/metadata/made/by", {}, {"hand"});
    writer.numbers("/node/nodes/fc/metadata/count", {}, {7}, H5T_STD_I64LE);
  });
  Model model = read();
  EXPECT_EQ(model.version, "1.0.8");
  EXPECT_THAT(model.findings.get(), IsEmpty());
  ASSERT_TRUE(model.graph);
  ASSERT_EQ(model.graph->edges.size(), 2u);
  EXPECT_EQ(model.graph->edges[1].source, "fc");
  EXPECT_EQ(model.graph->edges[1].target, "out");
  EXPECT_EQ(model.graph->edges[1].path, "/node/edges");
  const Node &fc = model.graph->nodes["fc"];
  EXPECT_TRUE(fc.is(NodeType::Linear));
  EXPECT_EQ(fc.path, "/node/nodes/fc");
  EXPECT_THAT(shape(*fc.findTensor("weight")), ElementsAre(1, 2));
  EXPECT_THAT(elements(*fc.findTensor("weight")), ElementsAre(0.5, -3));
  EXPECT_EQ(fc.metadata.lookup("made/by").texts.front(), "hand");
  EXPECT_EQ(fc.metadata.lookup("count").tensor.getAsDouble(0), 7);
}

TEST_F(ReadNIRTest, tensorsOutliveTheModel) {
  Tensor weight = readWeight([](Writer &writer) {
                    writer.numbers(weightPath, {1, 2}, {0.5, -3});
                  }).tensor;
  EXPECT_EQ(reinterpret_cast<uintptr_t>(weight.getBytes()) % 64, 0u);
  EXPECT_THAT(elements(weight), ElementsAre(0.5, -3));
}

TEST_F(ReadNIRTest, numberTypes) {
  auto check = [&](hid_t type, ElementType expected) {
    Value value = readWeight([&](Writer &writer) {
      writer.numbers(weightPath, {1, 2}, {5, 3}, type);
    });
    EXPECT_EQ(value.kind, Value::Kind::number);
    EXPECT_EQ(value.tensor.getElementType(), expected);
    EXPECT_THAT(elements(value.tensor), ElementsAre(5, 3));
  };
  check(H5T_IEEE_F32LE, ElementType::f32);
  check(H5T_IEEE_F32BE, ElementType::f32);
  check(H5T_IEEE_F64BE, ElementType::f64);
  check(H5T_STD_I8LE, ElementType::i8);
  check(H5T_STD_U16BE, ElementType::u16);
  check(H5T_STD_I64LE, ElementType::i64);
  hid_t half = H5Tcopy(H5T_IEEE_F32LE);
  H5Tset_fields(half, 15, 10, 5, 0, 10);
  H5Tset_size(half, 2);
  H5Tset_ebias(half, 15);
  check(half, ElementType::f32);
}

TEST_F(ReadNIRTest, otherTypes) {
  auto describe = [&](hid_t type) {
    return readWeight(
               [&](Writer &writer) { writer.create(weightPath, type, {2}); })
        .describe();
  };
  EXPECT_EQ(describe(H5T_NATIVE_LDOUBLE), "floats of 16 bytes");
  EXPECT_EQ(describe(H5T_STD_REF_OBJ), "object references");
  EXPECT_EQ(describe(H5Tvlen_create(H5T_NATIVE_INT)),
            "lists of variable length");
  EXPECT_EQ(describe(H5Tcreate(H5T_OPAQUE, 3)), "an opaque type");
  hid_t enumeration = H5Tenum_create(H5T_NATIVE_INT8);
  int8_t no = 0;
  H5Tenum_insert(enumeration, "FALSE", &no);
  EXPECT_EQ(describe(enumeration), "an enumeration (as h5py stores booleans)");
  EXPECT_EQ(
      readWeight([](Writer &writer) { writer.group(weightPath); }).describe(),
      "a group");
}

TEST_F(ReadNIRTest, strings) {
  auto read = [&](StringRef string, size_t size, char fill, H5T_str_t pad) {
    Value value = readWeight([&](Writer &writer) {
      writer.fixedText(weightPath, string, size, fill, pad);
    });
    auto text = value.getText();
    return text ? text->str() : value.describe();
  };
  EXPECT_EQ(read("same", 8, ' ', H5T_STR_SPACEPAD), "same");
  EXPECT_EQ(read("same", 8, '\0', H5T_STR_NULLPAD), "same");
  EXPECT_EQ(read("same", 4, '\0', H5T_STR_NULLPAD), "same");
  EXPECT_EQ(read("sa\xc3\xa9", 9, '\0', H5T_STR_NULLTERM), "sa\xc3\xa9");
  EXPECT_EQ(read("sa\xc3", 9, '\0', H5T_STR_NULLTERM),
            "not valid UTF-8 (byte 0xc3 at 2)");
}

TEST_F(ReadNIRTest, nullDataspaceIsNoValue) {
  write([](Writer &writer) {
    H5Dcreate2(writer.file, weightPath, H5T_IEEE_F32LE, H5Screate(H5S_NULL),
               H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  });
  Model model = read();
  EXPECT_EQ(model.graph->nodes["fc"].find("weight"), nullptr);
  EXPECT_THAT(model.findings.get(), IsEmpty());
}

TEST_F(ReadNIRTest, linksInsideTheFile) {
  Value value = readWeight([](Writer &writer) {
    writer.numbers("/node/nodes/fc/metadata/w", {1, 2}, {1, 2});
    H5Lcreate_soft("/node/nodes/fc/metadata/w", writer.file, weightPath,
                   H5P_DEFAULT, H5P_DEFAULT);
  });
  EXPECT_THAT(elements(value.tensor), ElementsAre(1, 2));
  EXPECT_THAT(findings([](Writer &writer) {
                H5Lcreate_soft("/nowhere", writer.file, weightPath, H5P_DEFAULT,
                               H5P_DEFAULT);
              }),
              ElementsAre("/node/nodes/fc/weight: weight is a soft link to "
                          "'/nowhere', which leads to no object in this file"));
}

TEST_F(ReadNIRTest, softLinkThroughAnExternalOne) {
  {
    Writer(path("other.h5")).numbers("/w", {1}, {1});
  }
  EXPECT_THAT(findings([&](Writer &writer) {
                H5Lcreate_external(path("other.h5").c_str(), "/", writer.file,
                                   "/elsewhere", H5P_DEFAULT, H5P_DEFAULT);
                H5Lcreate_soft("/elsewhere/w", writer.file, weightPath,
                               H5P_DEFAULT, H5P_DEFAULT);
              }),
              ElementsAre(HasSubstr("which leads to no object in this file")));
}

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

TEST_F(ReadNIRTest, limitsOfNestingAndObjects) {
  auto nest = [](Writer &writer) {
    writer.texts("/node/nodes/a/type", {}, {"NIRGraph"});
    writer.texts("/node/nodes/a/edges", {0, 2}, {});
    writer.texts("/node/nodes/a/nodes/b/type", {}, {"NIRGraph"});
  };
  Limits limits;
  limits.maxDepth = 2;
  EXPECT_THAT(findings(nest, limits),
              ElementsAre("/node/nodes/a/nodes/b: sub-graphs nest deeper than "
                          "the limit (2 levels)"));
  limits.maxDepth = 3;
  EXPECT_THAT(findings(nest, limits), testing::SizeIs(2));
  Limits few;
  few.maxObjects = 6;
  EXPECT_THAT(findings([](Writer &) {}, few),
              testing::Contains(HasSubstr("more than 6 groups and datasets")));
}

TEST_F(ReadNIRTest, hardLinksMayShareButNotCycle) {
  EXPECT_THAT(findings([](Writer &writer) {
                writer.numbers(weightPath, {1, 2}, {1, 2});
                H5Lcreate_hard(writer.file, "/node/nodes/fc", writer.file,
                               "/node/nodes/twin", H5P_DEFAULT, H5P_DEFAULT);
              }),
              IsEmpty());
  EXPECT_THAT(findings([](Writer &writer) {
                H5Lcreate_hard(writer.file, "/node", writer.file,
                               "/node/nodes/self", H5P_DEFAULT, H5P_DEFAULT);
              }),
              ElementsAre("/node/nodes/self: the group contains itself"));
}

TEST_F(ReadNIRTest, namesAreUTF8) {
  EXPECT_THAT(findings([](Writer &writer) {
                writer.texts("/node/nodes/\xff/type", {}, {"LIF"});
                writer.texts("/node/nodes/\xc3\xa9/type", {}, {"NIR"});
              }),
              ElementsAre("/node/nodes: the name '\\xff' in it is not valid "
                          "UTF-8"));
}

TEST_F(ReadNIRTest, filesThatAreNone) {
  auto fail = [&](StringRef name) {
    return message(readFile(path(name)).takeError());
  };
  EXPECT_EQ(fail("absent.nir"), "absent.nir: error: no such file");
  llvm::sys::fs::create_directory(path("folder"));
  EXPECT_EQ(fail("folder"),
            "folder: error: is a directory where a file is needed");
  mkfifo(path("pipe").c_str(), 0600);
  EXPECT_EQ(fail("pipe"), "pipe: error: is not a regular file; HDF5 needs one");
  put("empty.nir", "");
  EXPECT_THAT(fail("empty.nir"), HasSubstr("no signature in 0 bytes"));
  put("text.nir", "nodes: 3");
  EXPECT_THAT(fail("text.nir"), HasSubstr("no signature at offset 0, 512"));
  put("signature.nir", bytes("\x89HDF\r\n\x1a\n"));
  EXPECT_THAT(message(readFile(path("signature.nir"))),
              testing::AnyOf(IsEmpty(), HasSubstr("error")));
  write([](Writer &) {});
  put("cut.nir", StringRef(get("net.nir")).drop_back(10));
  EXPECT_THAT(fail("cut.nir"), HasSubstr("cut.nir: error: the HDF5 file is "
                                         "truncated: its superblock says "));
  Limits limits;
  limits.maxFileBytes = 100;
  EXPECT_THAT(message(readFile(path("net.nir"), limits)),
              HasSubstr("at most 100 are read"));
}

TEST_F(ReadNIRTest, superblocksOfAllVersions) {
  for (auto version : {H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST}) {
    // HDF5 allows a block of something else before the file.
    for (hsize_t userBlock : {0, 512, 2048}) {
      hid_t access = H5Pcreate(H5P_FILE_ACCESS);
      H5Pset_libver_bounds(access, version, H5F_LIBVER_LATEST);
      hid_t creation = H5Pcreate(H5P_FILE_CREATE);
      H5Pset_userblock(creation, userBlock);
      H5Fclose(
          H5Fcreate(path("v.nir").c_str(), H5F_ACC_TRUNC, creation, access));
      auto model = readFile(path("v.nir"));
      ASSERT_TRUE(static_cast<bool>(model));
      EXPECT_EQ(model->findings.get().back().location, "/node");
      put("cut.nir", StringRef(get("v.nir")).drop_back(1));
      EXPECT_THAT(message(readFile(path("cut.nir"))), HasSubstr("truncated"));
    }
  }
}
