//===- ArrayFilesTest.cpp - readers and writers of .npy, .npz and IDX -----===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every reader is given a valid file, the same cut at every byte, and headers
// that lie.
//
//===----------------------------------------------------------------------===//

#include "TestFiles.h"
#include "spikeformer/Support/Idx.h"
#include "spikeformer/Support/Npy.h"
#include "spikeformer/Support/Npz.h"
#include "llvm/Support/Endian.h"
#include <zlib.h>

using namespace spikeformer;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {
struct NpyTest : FileTest {
  /// Version 1 with the given dictionary and elements.
  static std::string make(llvm::StringRef header, llvm::StringRef elements) {
    std::string text = bytes("\x93NUMPY\1\0");
    text += static_cast<char>(header.size());
    text += '\0';
    return (text + header + elements).str();
  }
  std::string error(llvm::StringRef contents) {
    return message(readNpyFile(put("a.npy", contents)));
  }
  std::string headerError(llvm::StringRef header) {
    return error(make(header, "abcdefgh"));
  }
};
struct NpzTest : FileTest {
  std::string error(llvm::StringRef contents, llvm::StringRef key) {
    auto file = NpzFile::open(put("a.npz", contents));
    return file ? message(file->read(key)) : message(file.takeError());
  }
};
struct IdxTest : FileTest {
  std::string error(llvm::StringRef contents, llvm::StringRef name = "a.idx") {
    return message(readIdxFile(put(name, contents)));
  }
};
} // namespace

static std::string deflate(llvm::StringRef text, int windowBits) {
  z_stream state = {};
  EXPECT_EQ(
      deflateInit2(&state, 9, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY),
      Z_OK);
  std::string out(text.size() + 100, '\0');
  state.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
  state.avail_in = text.size();
  state.next_out = reinterpret_cast<Bytef *>(out.data());
  state.avail_out = out.size();
  EXPECT_EQ(deflate(&state, Z_FINISH), Z_STREAM_END);
  out.resize(state.total_out);
  deflateEnd(&state);
  return out;
}
static std::string gzip(llvm::StringRef text) { return deflate(text, 31); }

//===----------------------------------------------------------------------===//
// .npy
//===----------------------------------------------------------------------===//

TEST_F(NpyTest, WritesWhatNumPyWrites) {
  // numpy.save of numpy.array([6807, 6825], '<i4').
  std::string expected = bytes("\x93NUMPY\1\0v\0") +
                         "{'descr': '<i4', 'fortran_order': False, 'shape': "
                         "(2,), }" +
                         std::string(60, ' ') + "\n" +
                         bytes("\x97\x1a\0\0\xa9\x1a\0\0");
  EXPECT_EQ(expected.size(), 136u);
  Tensor tensor = makeTensor<int32_t>({2}, {6807, 6825});
  ASSERT_EQ(message(writeNpyFile(path("a.npy"), tensor)), "");
  EXPECT_EQ(get("a.npy"), expected);
}

template <typename T>
static void expectRoundTrip(llvm::StringRef path) {
  std::vector<std::vector<int64_t>> shapes = {{2, 3}, {}, {0, 4}, {5}};
  for (const std::vector<int64_t> &extents : shapes) {
    Tensor tensor = makeIota<T>(extents);
    ASSERT_FALSE(bool(writeNpyFile(path, tensor)));
    auto again = readNpyFile(path);
    ASSERT_TRUE(bool(again)) << llvm::toString(again.takeError());
    EXPECT_EQ(again->getElementType(), elementTypeOf<T>());
    EXPECT_EQ(shape(*again), extents);
    EXPECT_EQ(elements(*again), elements(tensor));
  }
}

TEST_F(NpyTest, EveryTypeComesBack) {
  expectRoundTrip<bool>(path("a.npy"));
  expectRoundTrip<uint8_t>(path("a.npy"));
  expectRoundTrip<int8_t>(path("a.npy"));
  expectRoundTrip<uint16_t>(path("a.npy"));
  expectRoundTrip<int16_t>(path("a.npy"));
  expectRoundTrip<uint32_t>(path("a.npy"));
  expectRoundTrip<int32_t>(path("a.npy"));
  expectRoundTrip<uint64_t>(path("a.npy"));
  expectRoundTrip<int64_t>(path("a.npy"));
  expectRoundTrip<float>(path("a.npy"));
  expectRoundTrip<double>(path("a.npy"));
}

TEST_F(NpyTest, FortranOrderBecomesRowMajor) {
  auto tensor = readNpyFile(
      put("a.npy", make("{'descr': '|u1', 'fortran_order': True, 'shape': "
                        "(2, 3), }\n",
                        bytes("\1\4\2\5\3\6"))));
  ASSERT_TRUE(bool(tensor));
  EXPECT_THAT(shape(*tensor), ElementsAre(2, 3));
  EXPECT_THAT(elements(*tensor), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(NpyTest, HeadersOfVersions2And3) {
  std::string header = "{\"shape\":(2),'fortran_order':False,'descr':'<u2'}";
  for (char version : {2, 3}) {
    std::string text = bytes("\x93NUMPY");
    text += version;
    text += '\0';
    text += static_cast<char>(header.size());
    text += bytes("\0\0\0") + header + bytes("\1\0\2\1");
    auto tensor = readNpyFile(put("a.npy", text));
    ASSERT_TRUE(bool(tensor)) << llvm::toString(tensor.takeError());
    EXPECT_THAT(elements(*tensor), ElementsAre(1, 258));
  }
}

TEST_F(NpyTest, EveryTruncationIsAnError) {
  ASSERT_EQ(message(writeNpyFile(path("b"), makeIota<float>({2, 2}))), "");
  std::string whole = get("b");
  EXPECT_EQ(error(whole), "");
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_THAT(error(whole.substr(0, size)),
                testing::StartsWith("a.npy: error: "))
        << size;
  EXPECT_EQ(error(whole.substr(0, whole.size() - 1)),
            "a.npy: error: header says [2, 2] of float32: needs 16 bytes, has "
            "15");
  EXPECT_EQ(error(whole + "x"), "a.npy: error: has 1 bytes after the array");
}

TEST_F(NpyTest, WrongMagicAndVersion) {
  EXPECT_EQ(error("PK345678"), "a.npy: error: is not a .npy array: it does "
                               "not begin with \\x93NUMPY");
  EXPECT_EQ(error(bytes("\x93NUMPY\4\0")),
            "a.npy: error: .npy version 4.0 is not known; known are 1.0, 2.0 "
            "and 3.0");
  EXPECT_EQ(error(bytes("\x93NUMPY\2\0\xff\xff\xff\xff")),
            "a.npy: error: header says it has 4294967295 bytes, the file has "
            "0 more");
}

TEST_F(NpyTest, AbsurdShapesAreNotAllocated) {
  auto withShape = [](llvm::StringRef shape) {
    return ("{'descr': '<f8', 'fortran_order': False, 'shape': " + shape +
            ", }")
        .str();
  };
  EXPECT_EQ(headerError(withShape("(1000000000000,)")),
            "a.npy: error: header says [1000000000000] of float64: needs "
            "8000000000000 bytes, has 8");
  EXPECT_THAT(headerError(withShape("(4294967296, 4294967296)")),
              HasSubstr("needs over 2^63 bytes, has 8"));
  EXPECT_THAT(headerError(withShape("(4294967296, 4294967296, 0)")),
              HasSubstr("needs over 2^63 bytes"));
  EXPECT_THAT(headerError(withShape("(-1,)")), HasSubstr("[-1]"));
  EXPECT_THAT(headerError(withShape("(99999999999999999999,)")),
              HasSubstr("header cannot be read"));
  std::string deep = "(";
  for (int i = 0; i < 65; ++i)
    deep += "1,";
  EXPECT_THAT(headerError(withShape(deep + ")")),
              HasSubstr("header cannot be read"));
}

TEST_F(NpyTest, BadHeadersAreShown) {
  EXPECT_EQ(headerError("{'descr': '<f8', 'shape': (1,)}"),
            "a.npy: error: header cannot be read; it must be a dictionary of "
            "descr, fortran_order and shape, has: {'descr': '<f8', 'shape': "
            "(1,)}");
  for (llvm::StringRef header :
       {"", "{", "{}", "[1]", "{'descr", "{'descr': '<f8' 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': 1, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': True, 'shape': (1,}",
        "{'descr': '<f8', 'fortran_order': True, 'shape': (1,)} x",
        "{'other': '<f8', 'fortran_order': True, 'shape': (1,)}"})
    EXPECT_THAT(headerError(header), HasSubstr("header cannot be read"))
        << header.str();
}

TEST_F(NpyTest, UnsupportedElementTypes) {
  auto withType = [](llvm::StringRef type) {
    return ("{'descr': " + type + ", 'fortran_order': False, 'shape': (1,), }")
        .str();
  };
  EXPECT_EQ(headerError(withType("'>f8'")),
            "a.npy: error: element type '>f8' is big-endian; save it as "
            "'<f8'");
  EXPECT_EQ(headerError(withType("'<f2'")),
            "a.npy: error: element type '<f2' is not supported; save it as a "
            "boolean, an integer, float32 or float64");
  EXPECT_THAT(headerError(withType("'|O'")), HasSubstr("is not supported"));
  EXPECT_THAT(headerError(withType("''")), HasSubstr("is not supported"));
  EXPECT_EQ(headerError(withType("[('x', '<i2')]")),
            "a.npy: error: holds records, [('x', '<i2')], where an array of "
            "numbers is needed");
  EXPECT_EQ(error(make("{'descr': '|b1', 'fortran_order': False, 'shape': "
                       "(2,), }",
                       bytes("\1\2"))),
            "a.npy: error: boolean 1 is stored as 2; it must be 0 or 1");
}

//===----------------------------------------------------------------------===//
// .npz
//===----------------------------------------------------------------------===//

TEST_F(NpzTest, ArraysComeBackByName) {
  Tensor x = makeIota<float>({2, 3}), y = makeIota<int64_t>({4});
  ASSERT_EQ(message(writeNpzFile(path("a.npz"), {{"x", x}, {"\xc3\xa9", y}})),
            "");
  auto file = NpzFile::open(path("a.npz"));
  ASSERT_TRUE(bool(file)) << llvm::toString(file.takeError());
  EXPECT_THAT(file->getKeys(), ElementsAre("x", "\xc3\xa9"));
  auto again = file->read("\xc3\xa9");
  ASSERT_TRUE(bool(again)) << llvm::toString(again.takeError());
  EXPECT_EQ(elements(*again), elements(y));
  EXPECT_EQ(message(file->read("z")),
            "a.npz: error: has no array 'z'; it has 'x', '\xc3\xa9'");
  EXPECT_EQ(message(file->readOnly()),
            "a.npz: error: holds 2 arrays, 'x', '\xc3\xa9'; name one, such as "
            "a.npz:x");
}

TEST_F(NpzTest, SameArraysSameBytes) {
  Tensor x = makeIota<float>({2, 3});
  ASSERT_EQ(message(writeNpzFile(path("a"), {{"x", x}})), "");
  ASSERT_EQ(message(writeNpzFile(path("b"), {{"x", x}})), "");
  EXPECT_EQ(get("a"), get("b"));
  // Local header, name, array, directory entry, name, end record.
  EXPECT_EQ(get("a").size(), 30 + 5 + (128 + 24) + 46 + 5 + 22u);
}

TEST_F(NpzTest, EveryTruncationIsAnError) {
  Tensor x = makeIota<uint8_t>({3});
  ASSERT_EQ(message(writeNpzFile(path("b"), {{"x", x}})), "");
  std::string whole = get("b");
  EXPECT_EQ(error(whole, "x"), "");
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_THAT(error(whole.substr(0, size), "x"),
                testing::StartsWith("a.npz: error: "))
        << size;
}

TEST_F(NpzTest, DamagedBytesNeverPassUnnoticed) {
  Tensor x = makeIota<uint8_t>({3});
  ASSERT_EQ(message(writeNpzFile(path("b"), {{"x", x}})), "");
  std::string whole = get("b");
  whole[30 + 5 + 128] ^= 1;
  EXPECT_EQ(error(whole, "x"), "a.npz: x.npy: error: is damaged: its size or "
                               "checksum differs from the archive's");
  // Any single byte changed: an error, or the same array.
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string bad = get("b");
    bad[at] = ~bad[at];
    auto file = NpzFile::open(put("a.npz", bad));
    auto again = file ? file->read("x") : file.takeError();
    if (again)
      EXPECT_EQ(elements(*again), elements(x)) << at;
    else
      llvm::consumeError(again.takeError());
  }
}

/// An archive of one deflated member whose directory says `size`.
static std::string makeDeflated(llvm::StringRef contents, uint32_t size) {
  std::string packed = deflate(contents, -15);
  std::string archive;
  llvm::raw_string_ostream os(archive);
  ZipWriter writer(os);
  writer.add("x.npy", {packed});
  writer.finish();
  // The writer stores; make it say that its bytes are deflated.
  size_t entry = 30 + 5 + packed.size();
  llvm::support::endian::write16le(&archive[entry + 10], 8);
  uint32_t crc = crc32(0, reinterpret_cast<const Bytef *>(contents.data()),
                       contents.size());
  llvm::support::endian::write32le(&archive[entry + 16], crc);
  llvm::support::endian::write32le(&archive[entry + 24], size);
  return archive;
}

TEST_F(NpzTest, DeflatedMembers) {
  Tensor x = makeIota<int64_t>({100});
  ASSERT_EQ(message(writeNpyFile(path("x"), x)), "");
  std::string npy = get("x");
  auto file = NpzFile::open(put("a.npz", makeDeflated(npy, npy.size())));
  ASSERT_TRUE(bool(file));
  auto again = file->readOnly();
  ASSERT_TRUE(bool(again)) << llvm::toString(again.takeError());
  EXPECT_EQ(elements(*again), elements(x));
}

TEST_F(NpzTest, LyingSizesOfDeflatedMembers) {
  ASSERT_EQ(message(writeNpyFile(path("x"), makeIota<int64_t>({100}))), "");
  std::string npy = get("x");
  EXPECT_THAT(error(makeDeflated(npy, 0xfffffffe), "x"),
              HasSubstr("x.npy: error: the archive says 4294967294 bytes, but "
                        "its "));
  EXPECT_EQ(error(makeDeflated(npy, npy.size() - 1), "x"),
            "a.npz: x.npy: error: header says [100] of int64: needs 800 "
            "bytes, has 799");
  EXPECT_THAT(error(makeDeflated(npy, npy.size() + 1), "x"),
              HasSubstr("x.npy: error: "));
}

TEST_F(NpzTest, Zip64) {
  Tensor x = makeIota<float>({7});
  std::string header = makeNpyHeader(x), archive;
  llvm::raw_string_ostream os(archive);
  ZipWriter writer(os, /*zip64From=*/0);
  llvm::StringRef data(static_cast<const char *>(x.getBytes()), 28);
  writer.add("x.npy", {header, data});
  writer.add("y.npy", {header, data});
  writer.finish();
  auto file = NpzFile::open(put("a.npz", archive));
  ASSERT_TRUE(bool(file)) << llvm::toString(file.takeError());
  auto again = file->read("y");
  ASSERT_TRUE(bool(again)) << llvm::toString(again.takeError());
  EXPECT_EQ(elements(*again), elements(x));
  for (size_t size = 0; size < archive.size(); ++size)
    EXPECT_NE(error(archive.substr(0, size), "y"), "") << size;
}

TEST_F(NpzTest, WrongMagic) {
  EXPECT_EQ(error(std::string(100, 'x'), "x"),
            "a.npz: error: is not a zip archive: it does not begin with PK");
  EXPECT_EQ(error("PK" + std::string(100, 'x'), "x"),
            "a.npz: error: is cut off: a zip archive ends with its directory");
  EXPECT_THAT(error("", "x"), HasSubstr("is not a zip archive"));
}

//===----------------------------------------------------------------------===//
// IDX
//===----------------------------------------------------------------------===//

static const std::string idx16 =
    bytes("\0\0\x0b\2\0\0\0\2\0\0\0\2\0\1\1\0\xff\xff\0\4");

TEST_F(IdxTest, ReadsBigEndian) {
  auto tensor = readIdxFile(put("a.idx", idx16));
  ASSERT_TRUE(bool(tensor)) << llvm::toString(tensor.takeError());
  EXPECT_EQ(tensor->getElementType(), ElementType::i16);
  EXPECT_THAT(shape(*tensor), ElementsAre(2, 2));
  EXPECT_THAT(elements(*tensor), ElementsAre(1, 256, -1, 4));
  auto packed = readIdxFile(put("a.gz", gzip(idx16)));
  ASSERT_TRUE(bool(packed)) << llvm::toString(packed.takeError());
  EXPECT_EQ(elements(*packed), elements(*tensor));
}

TEST_F(IdxTest, ReadsFloats) {
  auto tensor =
      readIdxFile(put("a.idx", bytes("\0\0\x0d\1\0\0\0\1\x3f\x80\0\0")));
  ASSERT_TRUE(bool(tensor));
  EXPECT_THAT(elements(*tensor), ElementsAre(1.0));
}

TEST_F(IdxTest, EveryTruncationIsAnError) {
  for (size_t size = 0; size < idx16.size(); ++size)
    EXPECT_THAT(error(idx16.substr(0, size)),
                testing::StartsWith("a.idx: error: "))
        << size;
  std::string packed = gzip(idx16);
  for (size_t size = 0; size < packed.size(); ++size)
    EXPECT_THAT(error(packed.substr(0, size), "a.gz"),
                testing::StartsWith("a.gz: error: "))
        << size;
  EXPECT_EQ(error(idx16.substr(0, idx16.size() - 1)),
            "a.idx: error: header says [2, 2] of int16: needs 8 bytes, has 7");
  EXPECT_EQ(error(""), "a.idx: error: ends within the magic: needs 4 bytes, "
                       "has 0");
}

TEST_F(IdxTest, WrongMagicTypeAndSize) {
  EXPECT_EQ(error("GIF89a"),
            "a.idx: error: is not an IDX file: it begins with the bytes "
            "47494638, where IDX has 0000, a type (08, 09, 0b to 0e) and a "
            "rank");
  EXPECT_THAT(error(bytes("\0\0\x0a\1\0\0\0\1x")), HasSubstr("0000, a type"));
  EXPECT_THAT(error(bytes("\0\0\x08\0")), HasSubstr("and a rank"));
  EXPECT_EQ(error(idx16 + "xy"), "a.idx: error: has 2 bytes after the array");
  EXPECT_EQ(error(bytes("\0\0\x0e\2\xff\xff\xff\xff\xff\xff\xff\xff")),
            "a.idx: error: header says [4294967295, 4294967295] of float64: "
            "needs over 2^63 bytes, has 0");
}

TEST_F(IdxTest, DamagedAndLyingGzip) {
  EXPECT_EQ(error("nothing", "a.gz"),
            "a.gz: error: is not a gzip file: it does not begin with the bytes "
            "1f 8b");
  std::string packed = gzip(idx16);
  packed[packed.size() - 8] ^= 1; // Its checksum.
  EXPECT_EQ(error(packed, "a.gz"),
            "a.gz: error: is damaged: its compressed bytes do not decompress: "
            "incorrect data check");
  EXPECT_EQ(error(gzip(idx16 + "xy"), "a.gz"),
            "a.gz: error: has bytes after the array");
  EXPECT_EQ(error(gzip(idx16) + "trailing", "a.gz").find("a.gz: error: "), 0u);
  // A header that promises gigabytes, in a file of a few bytes.
  EXPECT_EQ(error(gzip(bytes("\0\0\x08\2\0\1\0\0\0\1\0\0")), "a.gz"),
            "a.gz: error: header says [65536, 65536] of uint8: needs "
            "4294967296 bytes, has 0");
  // The same, and a trailer that says 2^32 - 1.
  std::string lying = gzip(bytes("\0\0\x08\1\x10\0\0\0abcdefghijkl"));
  for (size_t at = lying.size() - 4; at < lying.size(); ++at)
    lying[at] = '\xff';
  EXPECT_THAT(error(lying, "a.gz"), HasSubstr("needs 268435456 bytes, has 4"));
}

//===----------------------------------------------------------------------===//
// Real files
//===----------------------------------------------------------------------===//

TEST_F(IdxTest, Mnist) {
  std::string data = SPIKEFORMER_SHARED_DATA "/mnist/";
  if (!llvm::sys::fs::is_directory(data))
    GTEST_SKIP() << "needs the MNIST files, which lie beside the checkout";
  auto images = readIdxFile(data + "t10k-images-idx3-ubyte.gz");
  auto labels = readIdxFile(data + "t10k-labels-idx1-ubyte.gz");
  ASSERT_TRUE(bool(images)) << llvm::toString(images.takeError());
  ASSERT_TRUE(bool(labels)) << llvm::toString(labels.takeError());
  EXPECT_THAT(shape(*images), ElementsAre(10000, 28, 28));
  EXPECT_THAT(shape(*labels), ElementsAre(10000));
  EXPECT_EQ(labels->data<uint8_t>()[0], 7);
}
