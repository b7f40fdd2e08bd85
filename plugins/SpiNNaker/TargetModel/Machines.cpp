//===- Machines.cpp - machines by name or from a file ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TargetModel/Machines.h"
#include "spikeformer/TargetModel/MachineSpec.h"
#include <limits>

using namespace spikeformer;
using namespace spikeformer::spinnaker;
using llvm::Expected;

/// Chips along a side that a key of the tools' JSON files can hold.
static constexpr uint64_t maxSide = 1 << 12;

static Expected<Board> makeSpinn5(const MachineSpec &spec) {
  if (llvm::Error error =
          spec.checkKeys({"boards", "width", "height", "link-packets"}))
    return std::move(error);
  bool hasSize = spec.find("width") || spec.find("height");
  if (hasSize && spec.find("boards"))
    return llvm::createStringError(
        "machine 'spinn5': needs boards, or width and height, has both");
  Expected<uint64_t> boards = spec.getNumber("boards", 1, 1, maxSide);
  if (!boards)
    return boards.takeError();
  Expected<uint64_t> width = spec.getNumber("width", 8, 8, maxSide);
  if (!width)
    return width.takeError();
  Expected<uint64_t> height = spec.getNumber("height", 8, 8, maxSide);
  if (!height)
    return height.takeError();
  return hasSize ? spinnaker::makeSpinn5(*width, *height)
                 : spinnaker::makeSpinn5(*boards);
}

static Expected<Board> makeNamed(const MachineSpec &spec) {
  if (spec.name == "spinn5")
    return ::makeSpinn5(spec);
  Board (*make)() = spec.name == "spinn3"        ? makeSpinn3
                    : spec.name == "spin2-chip"  ? makeSpin2Chip
                    : spec.name == "spin2-board" ? makeSpin2Board
                                                 : nullptr;
  if (!make)
    return llvm::createStringError(
        "there is no machine '" + llvm::Twine(spec.name) +
        "'; there are spinn3, spinn5[:boards=N], spinn5:width=W,height=H, "
        "spin2-chip, spin2-board, all with link-packets=N, and files "
        "machine.json as PACMAN writes them");
  if (llvm::Error error = spec.checkKeys({"link-packets"}))
    return std::move(error);
  return make();
}

Expected<Board> spinnaker::makeBoard(llvm::StringRef machine) {
  if (machine.ends_with(".json")) {
    Expected<JsonValue> json = parseJsonFile(machine);
    if (!json)
      return json.takeError();
    return readMachineFile(*json);
  }
  Expected<MachineSpec> spec = MachineSpec::parse(machine);
  if (!spec)
    return spec.takeError();
  Expected<Board> board = makeNamed(*spec);
  if (!board || !spec->find("link-packets"))
    return board;
  Expected<uint64_t> packets = spec->getNumber(
      "link-packets", 0, 1, std::numeric_limits<uint32_t>::max());
  if (!packets)
    return packets.takeError();
  board->linkPackets = *packets;
  return board;
}
