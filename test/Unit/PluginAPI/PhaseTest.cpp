//===- PhaseTest.cpp - the phases of a compilation ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The names are an interface; a renamed phase must fail here.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/PluginAPI/Phase.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"

using namespace spikeformer;

TEST(Phase, NamesAreStableAndInOrder) {
  EXPECT_EQ(llvm::join(llvm::map_range(getPhases(), getPhaseName), " "),
            "import normalize convert legalize quantize partition place "
            "route allocate compress program emit");
}

TEST(Phase, EveryNameParsesToItsPhase) {
  for (Phase phase : getPhases()) {
    auto parsed = parsePhase(getPhaseName(phase));
    ASSERT_TRUE(static_cast<bool>(parsed));
    EXPECT_EQ(*parsed, phase);
    EXPECT_FALSE(getPhaseDescription(phase).empty());
  }
}

TEST(Phase, AnUnknownNameIsAnErrorThatListsAll) {
  auto parsed = parsePhase("fit");
  ASSERT_FALSE(static_cast<bool>(parsed));
  std::string message = llvm::toString(parsed.takeError());
  EXPECT_EQ(message.find("no phase 'fit': the phases are import, "), 0u);
  EXPECT_NE(message.find(", emit"), std::string::npos);
}
