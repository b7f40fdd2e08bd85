//===- VersionTest.cpp - version of the library ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Version.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <string>

TEST(Version, NamesTheProjectAndLLVM) {
  std::string text;
  llvm::raw_string_ostream os(text);
  spikeformer::printVersion(os);
  EXPECT_EQ(text.find("SpikeFormer " + spikeformer::getVersion().str() +
                      " (LLVM 22."),
            0u);
}
