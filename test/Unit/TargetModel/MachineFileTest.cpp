//===- MachineFileTest.cpp - machines as JSON -----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/TargetModel/MachineFile.h"
#include "spikeformer/TargetModel/Fabrics.h"
#include "gtest/gtest.h"

using namespace spikeformer;

namespace {

std::string failure(llvm::StringRef text) {
  auto json = parseJson(text, "machine.json");
  if (!json)
    return llvm::toString(json.takeError());
  auto machine = readMachineFile(*json);
  return machine ? "none" : llvm::toString(machine.takeError());
}

constexpr llvm::StringLiteral grid = R"({
  "format": "spikeformer-machine/1", "name": "demo", "fabric": "hexagonal",
  "width": 4, "height": 4, "wrap": ["x"], "chip": [2, 2],
  "resources": [{"name": "neurons", "scope": "core"},
                {"name": "sdram", "unit": "bytes", "scope": "router"}],
  "router": {"entries": 1023, "cores": 3, "capacity": {"sdram": 4096}},
  "core": {"capacity": {"neurons": 256}},
  "link": {"capacity": 100, "energy": 1e-9},
  "dead": {"routers": [[3, 3]], "cores": [[0, 0, 1]], "links": [[0, 0, 0]]}
})";

TEST(MachineFile, GridWithHoles) {
  auto json = parseJson(grid, "machine.json");
  ASSERT_TRUE(!!json);
  auto machine = readMachineFile(*json);
  ASSERT_TRUE(!!machine) << llvm::toString(machine.takeError());
  EXPECT_EQ(machine->getRouters().size(), 15u);
  EXPECT_EQ(machine->getCores().size(), 44u);
  EXPECT_EQ(machine->getNumChips(), 4u);
  EXPECT_EQ(machine->findCore(0, 1), noIndex);
  EXPECT_EQ(machine->getLink(0, 0), noIndex);
  LinkIndex wrapped = machine->getLink(0, 3);
  ASSERT_NE(wrapped, noIndex);
  EXPECT_EQ(machine->getLinks()[wrapped].to, machine->findRouter(3, 0));
  EXPECT_EQ(machine->getLinks()[wrapped].capacity, 100);
  EXPECT_EQ(machine->getRouters()[0].tableEntries, 1023u);
}

TEST(MachineFile, WhatIsWrittenReadsTheSame) {
  auto json = parseJson(grid, "machine.json");
  auto machine = readMachineFile(*json);
  ASSERT_TRUE(!!machine);
  std::string text = toMachineFile(*machine).str();
  auto again = parseJson(text, "again.json");
  ASSERT_TRUE(!!again);
  auto second = readMachineFile(*again);
  ASSERT_TRUE(!!second) << llvm::toString(second.takeError());
  EXPECT_EQ(toMachineFile(*second).str(), text);
}

TEST(MachineFile, FlowIsReadAndWritten) {
  std::string text = grid.str();
  text.insert(text.find("\"width\""), "\"flow\": \"blocking\", ");
  auto json = parseJson(text, "machine.json");
  auto machine = readMachineFile(*json);
  ASSERT_TRUE(!!machine) << llvm::toString(machine.takeError());
  EXPECT_EQ(machine->getFlow(), Flow::blocking);
  auto again = parseJson(toMachineFile(*machine).str(), "again.json");
  auto second = readMachineFile(*again);
  ASSERT_TRUE(!!second) << llvm::toString(second.takeError());
  EXPECT_EQ(second->getFlow(), Flow::blocking);
  text.replace(text.find("\"blocking\""), 10, "\"waiting\"");
  EXPECT_NE(failure(text).find("'waiting' is none of dropping, blocking"),
            std::string::npos);
}

TEST(MachineFile, ErrorsAreLocated) {
  EXPECT_EQ(failure("{}"), "machine.json:1:1: error: needs a member 'format'");
  EXPECT_NE(failure(R"({"format": "other", "fabric": "mesh"})").find("needs"),
            std::string::npos);
  std::string text = grid.str();
  text.replace(text.find("\"hexagonal\""), 11, "\"cubic\"");
  EXPECT_NE(failure(text).find("'cubic' is none of mesh, hexagonal"),
            std::string::npos);
  text = grid.str();
  text.replace(text.find("256"), 3, "-1");
  EXPECT_NE(failure(text).find(":7:"), std::string::npos) << failure(text);
  text = grid.str();
  text.replace(text.find("\"neurons\": 256"), 14, "\"nerves\": 256");
  EXPECT_NE(failure(text).find("'neurons'"), std::string::npos);
}

} // namespace
