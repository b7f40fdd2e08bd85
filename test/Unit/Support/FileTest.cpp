//===- FileTest.cpp - digests and files written whole or not at all -------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestFiles.h"
#include "spikeformer/Support/AtomicFile.h"
#include "spikeformer/Support/Digest.h"
#include "spikeformer/Support/InputFile.h"
#include <unistd.h>

using namespace spikeformer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {
struct DigestTest : FileTest {};
struct InputFileTest : FileTest {};
struct AtomicFileTest : FileTest {};
struct AtomicDirectoryTest : FileTest {
  static bool always(llvm::StringRef) { return true; }
  static bool never(llvm::StringRef) { return false; }
};
} // namespace

TEST_F(DigestTest, IsThatOfTheStandard) {
  // FIPS 180-2, appendix B.1.
  std::string abc =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(sha256("abc"), abc);
  auto file = sha256OfFile(put("abc", "abc"));
  ASSERT_TRUE(bool(file));
  EXPECT_EQ(*file, abc);
  Tensor a = makeTensor<uint8_t>({1}, {'a'});
  Tensor bc = makeTensor<uint8_t>({1, 2}, {'b', 'c'});
  EXPECT_EQ(sha256({a, bc}), abc);
}

TEST_F(InputFileTest, EachFailureHasItsMessage) {
  EXPECT_EQ(message(readInputFile(path("none"))), "none: error: no such file");
  EXPECT_EQ(message(readInputFile(directory)),
            directory.str().str() +
                ": error: is a directory where a file is needed");
  EXPECT_EQ(message(readInputFile("")), "a file name is empty");
  std::string file = put("file", "x");
  EXPECT_THAT(message(readInputFile(file + "/inside")),
              HasSubstr("error: cannot be read: "));
  if (::geteuid() == 0)
    GTEST_SKIP() << "root reads files without permission";
  ASSERT_FALSE(llvm::sys::fs::setPermissions(file, llvm::sys::fs::no_perms));
  EXPECT_EQ(message(readInputFile(file)),
            "file: error: cannot be read: Permission denied");
}

TEST_F(InputFileTest, LocationsPrintAsCompilersDo) {
  EXPECT_EQ(message(makeInputError("f", 3, 7, "bad")), "f:3:7: error: bad");
  EXPECT_EQ(message(makeInputError("f", "/w", "bad")), "f: /w: error: bad");
}

TEST_F(AtomicFileTest, ReplacesTheWholeFile) {
  put("out", "a long old text");
  EXPECT_EQ(message(writeFileAtomically(path("out"), "new")), "");
  EXPECT_EQ(get("out"), "new");
  EXPECT_THAT(list(), ElementsAre("out"));
}

TEST_F(AtomicFileTest, AFailureLeavesTheOldFileAndNoTemporary) {
  put("out", "old");
  auto fail = [](llvm::raw_ostream &os) -> llvm::Error {
    os << "half of";
    return llvm::createStringError("failed midway");
  };
  EXPECT_EQ(message(writeFileAtomically(path("out"), fail)), "failed midway");
  EXPECT_EQ(get("out"), "old");
  EXPECT_EQ(message(writeFileAtomically(path("new"), fail)), "failed midway");
  EXPECT_THAT(list(), ElementsAre("out"));
}

TEST_F(AtomicFileTest, ALinkKeepsPointingAtItsFile) {
  put("target", "old");
  ASSERT_FALSE(llvm::sys::fs::create_link(path("target"), path("link")));
  EXPECT_EQ(message(writeFileAtomically(path("link"), "new")), "");
  EXPECT_EQ(get("target"), "new");
  EXPECT_TRUE(llvm::sys::fs::is_symlink_file(path("link")));
}

TEST_F(AtomicFileTest, ADeviceIsWrittenNotReplaced) {
  EXPECT_EQ(message(writeFileAtomically("/dev/null", "text")), "");
  EXPECT_FALSE(llvm::sys::fs::is_regular_file("/dev/null"));
  EXPECT_EQ(message(writeFileAtomically("/dev/full", "text")),
            "/dev/full: error: cannot be written: No space left on device");
}

TEST_F(AtomicFileTest, SaysWhyItCannotWrite) {
  EXPECT_EQ(message(writeFileAtomically(path("no/such/out"), "x")),
            "no/such/out: error: cannot be written: 'no/such' is not a "
            "directory; create it first");
  EXPECT_THAT(message(writeFileAtomically(directory, "x")),
              HasSubstr("error: cannot be written: is a directory"));
}

TEST_F(AtomicDirectoryTest, AppearsWithCommitOnly) {
  {
    auto dir = AtomicDirectory::create(path("out"), never);
    ASSERT_TRUE(bool(dir));
    put(llvm::sys::path::filename(dir->path()).str() + "/file", "text");
    EXPECT_FALSE(llvm::sys::fs::exists(path("out")));
    EXPECT_EQ(message(dir->commit()), "");
    EXPECT_EQ(get("out/file"), "text");
  }
  EXPECT_THAT(list(), ElementsAre("out"));
}

TEST_F(AtomicDirectoryTest, IsRemovedWithoutCommit) {
  {
    auto dir = AtomicDirectory::create(path("out/"), never);
    ASSERT_TRUE(bool(dir));
    put(llvm::sys::path::filename(dir->path()).str() + "/file", "text");
  }
  EXPECT_THAT(list(), IsEmpty());
}

TEST_F(AtomicDirectoryTest, ReplacesOursAsAWhole) {
  ASSERT_FALSE(llvm::sys::fs::create_directory(path("out")));
  put("out/stale", "old");
  auto dir = AtomicDirectory::create(path("out"), always);
  ASSERT_TRUE(bool(dir));
  put(llvm::sys::path::filename(dir->path()).str() + "/file", "text");
  EXPECT_EQ(get("out/stale"), "old");
  EXPECT_EQ(message(dir->commit()), "");
  EXPECT_EQ(get("out/file"), "text");
  EXPECT_EQ(get("out/stale"), "(no such file)");
  EXPECT_THAT(list(), ElementsAre("out"));
}

TEST_F(AtomicDirectoryTest, RefusesWhatIsNotOurs) {
  ASSERT_FALSE(llvm::sys::fs::create_directory(path("out")));
  put("file", "text");
  EXPECT_EQ(message(AtomicDirectory::create(path("out"), never)),
            "out: error: exists and was not written by this program; remove "
            "it or choose another name");
  EXPECT_EQ(message(AtomicDirectory::create(path("file"), always)),
            "file: error: exists and is not a directory; remove it or choose "
            "another name");
  EXPECT_THAT(list(), ElementsAre("file", "out"));
}

TEST_F(AtomicDirectoryTest, AsksAgainAtCommit) {
  auto dir = AtomicDirectory::create(path("out"), never);
  ASSERT_TRUE(bool(dir));
  ASSERT_FALSE(llvm::sys::fs::create_directory(path("out")));
  put("out/theirs", "text");
  EXPECT_THAT(message(dir->commit()), HasSubstr("was not written by"));
  EXPECT_EQ(get("out/theirs"), "text");
}
