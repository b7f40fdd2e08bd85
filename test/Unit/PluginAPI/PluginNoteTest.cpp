//===- PluginNoteTest.cpp - comparing notes -------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the lit tests of whole plugins do not reach.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/PluginAPI/PluginNote.h"
#include "gtest/gtest.h"

using namespace spikeformer;

static size_t countProblems(llvm::StringRef llvmVersion) {
  PluginStatement plugin = getHostStatement(), host = getHostStatement();
  host.llvmVersion = "22.1.8";
  plugin.llvmVersion = llvmVersion.str();
  return checkStatement(plugin, host).size();
}

TEST(PluginNote, MajorAndMinorVersionOfLLVMCount) {
  EXPECT_EQ(countProblems("22.1.8"), 0u);
  EXPECT_EQ(countProblems("22.1.10"), 0u);
  EXPECT_EQ(countProblems("22.1"), 0u);
  EXPECT_EQ(countProblems("22.10.8"), 1u);
  EXPECT_EQ(countProblems("22"), 1u);
  EXPECT_EQ(countProblems("23.1.8"), 1u);
  EXPECT_EQ(countProblems(""), 1u);
}

TEST(PluginNote, TheEntryIsNamedAfterApiAndId) {
  EXPECT_EQ(getEntryName("Demo"), "spikeformerPluginV1_Demo");
}
