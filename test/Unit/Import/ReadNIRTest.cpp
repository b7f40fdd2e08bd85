//===- ReadNIRTest.cpp - reading NIR files --------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReadNIRTest.h"
#include <sys/stat.h>

using namespace spikeformer;
using namespace spikeformer::nir;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

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
