//===- RequiredPluginsTest.cpp - plugins a module needs -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The bytes come from outside: whatever is cut off or changed, the search ends.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/PluginAPI/RequiredPlugins.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace spikeformer;

/// The requirements, with spaces between.
static std::string find(llvm::StringRef bytes) {
  return llvm::join(
      llvm::map_range(findRequirements({bytes, "test"}),
                      [](const PluginRequirement &r) { return r.text; }),
      " ");
}

static std::string writeBytecode() {
  mlir::MLIRContext context;
  mlir::Builder builder(&context);
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::ModuleOp::create(builder.getUnknownLoc());
  (*module)->setDiscardableAttr("snn.requires",
                                builder.getStrArrayAttr({"a@1", "b@2.3"}));
  // Long enough that its length takes two bytes.
  (*module)->setDiscardableAttr(
      "snn.text", builder.getStringAttr(std::string(200, 'c') + "@3"));
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  EXPECT_TRUE(llvm::succeeded(mlir::writeBytecodeToFile(*module, os)));
  return bytes;
}

TEST(RequiredPlugins, FindsTheListInText) {
  EXPECT_EQ(find("module attributes {snn.requires = [\"a@1\",\"b\"]} {}"),
            "a@1 b");
  EXPECT_EQ(find("{\"snn.requires\"=[ // [\n \"a\" , // \"b\"\n]}"), "a");
  EXPECT_EQ(find("snn.requires = [\"a\"]} {snn.requires = [\"b\"]"), "a b");
}

TEST(RequiredPlugins, IgnoresWhatOnlyLooksLikeIt) {
  EXPECT_EQ(find("// snn.requires = [\"a\"]"), "");
  EXPECT_EQ(find("x = \"\\\" snn.requires = [\\\"a\\\"]\""), "");
  EXPECT_EQ(find("my.snn.requires = [\"a\"], snn.requires.x = [\"a\"]"), "");
  EXPECT_EQ(find("snn.requires"), "");
  EXPECT_EQ(find("snn.requires = ["), "");
  EXPECT_EQ(find("snn.requires = [\"a"), "");
  EXPECT_EQ(find("snn.requires = #alias"), "");
}

TEST(RequiredPlugins, FindsTheListInBytecode) {
  EXPECT_EQ(find(writeBytecode()), "a@1 b@2.3");
}

TEST(RequiredPlugins, SurvivesEveryTruncationOfBytecode) {
  std::string bytes = writeBytecode();
  for (size_t size = 0; size < bytes.size(); ++size) {
    // A buffer of exactly that size, so that a read past its end is seen by a
    // sanitizer.
    std::string part = bytes.substr(0, size);
    part.shrink_to_fit();
    std::string found = find(part);
    EXPECT_TRUE(found.empty() || found == "a@1 b@2.3") << size;
  }
}

TEST(RequiredPlugins, SurvivesEveryChangedByteOfBytecode) {
  std::string bytes = writeBytecode();
  for (size_t i = 4; i < bytes.size(); ++i)
    for (char value : {'\0', '\1', '\x7f', '\x80', '\xff'}) {
      std::string changed = bytes;
      changed[i] = value;
      EXPECT_LT(find(changed).size(), bytes.size());
    }
}
