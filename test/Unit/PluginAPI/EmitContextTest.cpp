//===- EmitContextTest.cpp - the files of an artefact ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Hashes are compared with those of sha256sum.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/PluginAPI/EmitContext.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "gtest/gtest.h"

using namespace spikeformer;

namespace {
class EmitContextTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("emit", directory));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(directory); }

  std::string write(EmitContext &context, llvm::StringRef name) {
    return llvm::toString(context.writeFile(name, "abc"));
  }

  llvm::SmallString<128> directory;
};
} // namespace

TEST_F(EmitContextTest, WritesFilesAndListsThemInOrder) {
  EmitContext context(directory);
  EXPECT_EQ(write(context, "b/c.bin"), "");
  EXPECT_EQ(write(context, "a.bin"), "");
  llvm::SmallString<128> path(directory);
  llvm::sys::path::append(path, "b", "c.bin");
  auto buffer = llvm::MemoryBuffer::getFile(path);
  ASSERT_TRUE(static_cast<bool>(buffer));
  EXPECT_EQ((*buffer)->getBuffer(), "abc");
  ASSERT_EQ(context.getFiles().size(), 2u);
  EXPECT_EQ(context.getFiles()[0].name, "b/c.bin");
  EXPECT_EQ(context.getFiles()[1].sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(EmitContextTest, RefusesNamesThatLeadOutOfTheArtefact) {
  EmitContext context(directory);
  for (const char *name : {"", "/tmp/a", "../a", "a/../b", "./a", "a/.."})
    EXPECT_NE(write(context, name), "") << name;
  EXPECT_TRUE(context.getFiles().empty());
}

TEST_F(EmitContextTest, RefusesANameTwice) {
  EmitContext context(directory);
  EXPECT_EQ(write(context, "a"), "");
  EXPECT_EQ(write(context, "a"), "file 'a' is written twice into the artefact");
}

TEST_F(EmitContextTest, ManifestHoldsWhatWasAdded) {
  EmitContext context(directory);
  context.getManifest().set("target", "demo");
  context.addRunsOn({"soft", "1.2", RunsOnLevel::functionalModelOnly,
                     "reset by subtraction"});
  EXPECT_EQ(write(context, "a"), "");
  llvm::cantFail(context.writeFile("b", "abc", FileRole::report));
  auto expected = parseJson(
      R"({"target": "demo",
          "files": [{"name": "a", "role": "program", "sha256":
  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                    {"name": "b", "role": "report", "sha256":
  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}],
          "runs_on": [{"software": "soft", "version": "1.2",
                       "level": "functional-model-only",
                       "lacks": "reset by subtraction"}]})",
      "expected");
  ASSERT_TRUE(static_cast<bool>(expected));
  EXPECT_EQ(context.makeManifest().str(), expected->str());
}
