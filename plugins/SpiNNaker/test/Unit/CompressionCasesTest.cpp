//===- CompressionCasesTest.cpp - tables of PACMAN's own tests ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The vendor's own test tables (Inputs/README.md) compress to no more entries
// than the vendor's compressors need: 2 496 with its pair merge, 361 and 171
// with range and pair. Every result is verified symbolically.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/TableCompressor.h"
#include "spikeformer/Support/ByteStream.h"
#include "spikeformer/Support/Json.h"
#include "spikeformer/TargetModel/Fabrics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"
#include <map>

using namespace spikeformer;

namespace {

/// The text of a compressed file of Inputs.
std::string readText(llvm::StringRef name) {
  std::string path = SPINNAKER_TEST_INPUTS + ("/" + name).str();
  auto buffer = llvm::cantFail(
      llvm::errorOrToExpected(llvm::MemoryBuffer::getFile(path)));
  ByteStream stream =
      llvm::cantFail(ByteStream::gzip(buffer->getBuffer(), path));
  std::string text(stream.getBound(), '\0');
  llvm::cantFail(stream.read({text.data(), text.size()}, "the text"));
  llvm::cantFail(stream.finish());
  return text;
}

/// Tables on a torus of chips with cores 0 to 25.
class Case {
public:
  Case(uint32_t width, uint32_t height) : machine(makeTorus(width, height)) {
    tables.entries.resize(machine.getRouters().size());
  }

  /// `word` as an entry has it: six links, then cores. `passes`: straight on.
  void add(RouterIndex router, uint32_t key, uint32_t mask, uint32_t word,
           bool passes = false) {
    Route route;
    route.ports = word & 63;
    route.cores[0] = word >> 6;
    auto [entry, isNew] = routes.try_emplace(route, routes.size());
    if (isNew)
      tables.routes.push_back(route);
    uint32_t incoming = noIndex;
    if (passes && !route.hasCores() && llvm::isPowerOf2_32(route.ports))
      incoming = machine.getOppositePort(llvm::Log2_32(route.ports));
    tables.entries[router].push_back({{key, mask}, entry->second, incoming});
  }

  /// Entries of all tables after compression.
  size_t compress() const {
    CompressionProblem problem{machine, tables};
    EXPECT_TRUE(problem.check().empty());
    RoutingTables smaller = compressTables(problem);
    EXPECT_TRUE(problem.verify(smaller).empty());
    return smaller.getNumEntries();
  }

  MachineGraph machine;
  RoutingTables tables;

private:
  static MachineGraph makeTorus(uint32_t width, uint32_t height) {
    GridShape shape;
    shape.name = "torus";
    shape.fabric = Fabric::hexagonal;
    shape.width = width;
    shape.height = height;
    shape.wrapX = shape.wrapY = true;
    shape.siteAt = [](uint32_t, uint32_t) {
      RouterSite site;
      site.tableEntries = 1023;
      for (uint32_t id = 0; id < 26; ++id)
        site.cores.push_back(id);
      return std::optional(site);
    };
    return makeGrid(shape);
  }

  std::map<Route, uint32_t> routes;
};

/// Lines of key, mask and route.
Case readCsv(llvm::StringRef name) {
  Case result(3, 3);
  std::string text = readText(name);
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(text).split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : lines) {
    llvm::SmallVector<llvm::StringRef> cells;
    line.trim().split(cells, ',');
    uint32_t numbers[3];
    for (size_t i = 0; i < 3; ++i)
      EXPECT_FALSE(cells[i].getAsInteger(16, numbers[i]) &&
                   cells[i].getAsInteger(0, numbers[i]));
    result.add(4, numbers[0], numbers[1], numbers[2]);
  }
  return result;
}

uint32_t getNumber(const JsonValue &object, llvm::StringRef key) {
  return llvm::cantFail(llvm::cantFail(object.at(key)).getInteger());
}

Case readJson(llvm::StringRef name) {
  Case result(24, 24);
  JsonValue root = llvm::cantFail(parseJson(readText(name), name));
  for (const JsonValue &table : llvm::cantFail(root.getArray())) {
    RouterIndex router =
        result.machine.findRouter(getNumber(table, "x"), getNumber(table, "y"));
    for (const JsonValue &entry :
         llvm::cantFail(llvm::cantFail(table.at("entries")).getArray()))
      result.add(
          router, getNumber(entry, "key"), getNumber(entry, "mask"),
          getNumber(entry, "spinnaker_route"),
          llvm::cantFail(llvm::cantFail(entry.at("defaultable")).getBool()));
  }
  return result;
}

TEST(CompressionCases, ManyToOne) {
  Case tables = readJson("many_to_one.json.gz");
  EXPECT_EQ(tables.tables.getNumEntries(), 15245u);
  EXPECT_LE(tables.compress(), 2496u);
}

TEST(CompressionCases, Table1) {
  Case tables = readCsv("table1.csv.gz");
  EXPECT_EQ(tables.tables.getNumEntries(), 39235u);
  EXPECT_LE(tables.compress(), 361u);
}

TEST(CompressionCases, Table2) {
  Case tables = readCsv("table2.csv.gz");
  EXPECT_EQ(tables.tables.getNumEntries(), 39520u);
  EXPECT_LE(tables.compress(), 171u);
}

} // namespace
