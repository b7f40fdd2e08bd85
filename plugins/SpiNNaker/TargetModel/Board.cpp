//===- Board.cpp - boards and what they are made of -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TargetModel/Board.h"
#include "spikeformer/TargetModel/Fabrics.h"
#include <cmath>
#include <map>

using namespace spikeformer;
using namespace spikeformer::spinnaker;

int64_t Chip::getSpareSdram() const {
  return sdram - monitorSdramBytes - (hasEthernet() ? gathererSdramBytes : 0);
}

/// A SpiNN-3 is a torus; of SpiNN-5 boards only multiples of a triad are
/// (spinn_machine/version/version_48_chips.py).
bool Board::wrapsX() const {
  return version == 3 || (version == 5 && width % 12 == 0);
}
bool Board::wrapsY() const {
  return version == 3 || (version == 5 && height % 12 == 0);
}

//===----------------------------------------------------------------------===//
// SpiNN-3
//===----------------------------------------------------------------------===//

static std::string makeAddress(int32_t x, int32_t y) {
  return "127.0." + std::to_string(x) + "." + std::to_string(y);
}

Board spinnaker::makeSpinn3() {
  Board board;
  board.version = 3;
  board.width = board.height = 2;
  for (int32_t x = 0; x < 2; ++x)
    for (int32_t y = 0; y < 2; ++y) {
      Chip chip;
      chip.x = x;
      chip.y = y;
      // The wires to the outside are not there (version_3.py).
      chip.deadLinks = x == 0 ? 1 << 3 | 1 << 4 : 1 << 0 | 1 << 1;
      if (x == 0 && y == 0)
        chip.ipAddress = makeAddress(x, y);
      board.chips.push_back(std::move(chip));
    }
  return board;
}

//===----------------------------------------------------------------------===//
// SpiNN-5
//===----------------------------------------------------------------------===//

/// Rows of column x of a board: [first, first + count).
static constexpr struct {
  int32_t first, count;
} columns[8] = {{0, 4}, {0, 5}, {0, 6}, {0, 7}, {0, 8}, {1, 7}, {2, 6}, {3, 5}};

/// Chips of a board with 17 cores (version_5.py, chip_core_map).
static uint32_t getNumCores(int32_t x, int32_t y) {
  static constexpr int32_t fewer[8][2] = {{1, 1}, {1, 3}, {3, 1}, {3, 3},
                                          {3, 5}, {5, 2}, {5, 4}, {5, 6}};
  for (const int32_t *chip : fewer)
    if (chip[0] == x && chip[1] == y)
      return 17;
  return 18;
}

/// Adds the chips of the board whose Ethernet chip is at (x, y).
static void addBoard(std::map<std::pair<int32_t, int32_t>, Chip> &chips,
                     const Board &board, int32_t x, int32_t y) {
  int32_t width = board.width, height = board.height;
  for (int32_t dx = 0; dx < 8; ++dx)
    for (int32_t i = 0; i < columns[dx].count; ++i) {
      int32_t dy = columns[dx].first + i;
      Chip chip;
      chip.x = (x + dx) % width;
      chip.y = (y + dy) % height;
      chip.numCores = getNumCores(dx, dy);
      chip.ethernetX = x;
      chip.ethernetY = y;
      if (dx == 0 && dy == 0)
        chip.ipAddress = makeAddress(x, y);
      chips.try_emplace({chip.x, chip.y}, std::move(chip));
    }
}

/// True if all of the board at (x, y) lies within the machine or wraps into it.
static bool holdsBoard(const Board &board, int32_t x, int32_t y) {
  return (board.wrapsX() || x + 8 <= int32_t(board.width)) &&
         (board.wrapsY() || y + 8 <= int32_t(board.height));
}

/// Where link `link` of (x, y) ends; none outside of the machine.
static std::optional<std::pair<int32_t, int32_t>>
getNeighbour(const Board &board, int32_t x, int32_t y, uint32_t link) {
  static constexpr int32_t steps[numLinks][2] = {{1, 0},  {1, 1},   {0, 1},
                                                 {-1, 0}, {-1, -1}, {0, -1}};
  int32_t width = board.width, height = board.height;
  x += steps[link][0];
  y += steps[link][1];
  if ((!board.wrapsX() && (x < 0 || x >= width)) ||
      (!board.wrapsY() && (y < 0 || y >= height)))
    return std::nullopt;
  return std::pair((x + width) % width, (y + height) % height);
}

llvm::Expected<Board> spinnaker::makeSpinn5(uint32_t width, uint32_t height) {
  bool isSingle = width == 8 && height == 8;
  bool isMulti = width > 8 && height > 8 && width % 4 == 0 && height % 4 == 0;
  if (!isSingle && !isMulti)
    return llvm::createStringError(
        "SpiNN-5 boards do not fill %u x %u chips; a size is 8 x 8, or both "
        "numbers are multiples of 4 above 8",
        width, height);
  Board board;
  board.width = width;
  board.height = height;
  std::map<std::pair<int32_t, int32_t>, Chip> chips;
  for (int32_t x = 0; x < int32_t(width); x += 4)
    for (int32_t y = 0; y < int32_t(height); ++y)
      if ((x + y) % 12 == 0 && holdsBoard(board, x, y))
        addBoard(chips, board, x, y);
  for (auto &[at, chip] : chips) {
    for (uint32_t link = 0; link < numLinks; ++link) {
      auto end = getNeighbour(board, chip.x, chip.y, link);
      if (!end || !chips.count(*end))
        chip.deadLinks |= 1 << link;
    }
    board.chips.push_back(chip);
  }
  return board;
}

llvm::Expected<Board> spinnaker::makeSpinn5(uint32_t boards) {
  if (boards == 0)
    return llvm::createStringError("a machine has at least one board");
  if (boards == 1)
    return makeSpinn5(8, 8);
  uint32_t triads = (boards + 2) / 3;
  uint32_t width = std::ceil(std::sqrt(triads));
  uint32_t height = (triads + width - 1) / width;
  return makeSpinn5(12 * width + 4, 12 * height + 4);
}

//===----------------------------------------------------------------------===//
// SpiNNaker 2
//===----------------------------------------------------------------------===//

static Chip makeSpin2(Chip chip) {
  chip.numCores = spin2Cores;
  chip.routerEntries = spin2RouterEntries;
  chip.sdram = spin2SdramBytes;
  return chip;
}

Board spinnaker::makeSpin2Chip() {
  Board board;
  board.version = 201;
  board.width = board.height = 1;
  Chip chip;
  chip.ipAddress = makeAddress(0, 0);
  chip.deadLinks = (1 << numLinks) - 1;
  board.chips.push_back(makeSpin2(std::move(chip)));
  return board;
}

Board spinnaker::makeSpin2Board() {
  Board board = llvm::cantFail(makeSpinn5(8, 8));
  board.version = 248;
  for (Chip &chip : board.chips)
    chip = makeSpin2(std::move(chip));
  return board;
}

//===----------------------------------------------------------------------===//
// What mapping sees
//===----------------------------------------------------------------------===//

/// The cores of `chip` that are free for slices.
static std::vector<uint32_t> getFreeCores(const Board &board,
                                          const Chip &chip) {
  std::vector<uint32_t> cores;
  uint32_t numTools = board.isSpin2() ? 0 : chip.getNumToolCores();
  for (uint32_t id = numMonitors + numTools; id < chip.numCores; ++id)
    cores.push_back(id);
  return cores;
}

MachineGraph spinnaker::makeMachineGraph(const Board &board,
                                         llvm::StringRef name) {
  std::map<std::pair<int32_t, int32_t>, const Chip *> chips;
  std::map<std::pair<int32_t, int32_t>, uint32_t> boards, chipIndices;
  for (const Chip &chip : board.chips) {
    chips[{chip.x, chip.y}] = &chip;
    boards.try_emplace({chip.ethernetX, chip.ethernetY}, boards.size());
  }
  GridShape shape;
  shape.name = name.str();
  shape.fabric = Fabric::hexagonal;
  shape.width = board.width;
  shape.height = board.height;
  shape.wrapX = board.wrapsX();
  shape.wrapY = board.wrapsY();
  shape.resources = {{"cores", "cores", ResourceScope::core},
                     {"sdram", "bytes", ResourceScope::router}};
  shape.linkEnergy = packetEnergy;
  if (board.linkPackets)
    shape.linkCapacity = *board.linkPackets;
  shape.siteAt = [&](uint32_t x, uint32_t y) -> std::optional<RouterSite> {
    auto found = chips.find({x, y});
    if (found == chips.end())
      return std::nullopt;
    const Chip &chip = *found->second;
    RouterSite site;
    site.chip =
        chipIndices.try_emplace({x, y}, chipIndices.size()).first->second;
    site.board = boards[{chip.ethernetX, chip.ethernetY}];
    site.tableEntries = chip.routerEntries;
    site.cores = getFreeCores(board, chip);
    site.routerCapacity = {0,
                           board.isSpin2() ? chip.sdram : chip.getSpareSdram()};
    site.coreCapacity = {1, 0};
    return site;
  };
  shape.isDeadLink = [&](uint32_t x, uint32_t y, uint32_t port) {
    return (chips[{x, y}]->deadLinks >> port & 1) != 0;
  };
  return makeGrid(shape);
}
