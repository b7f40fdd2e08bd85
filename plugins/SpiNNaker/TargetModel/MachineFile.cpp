//===- MachineFile.cpp - machine.json -------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Schema machine.json of SpiNNaker_PACMAN 7.4.1, read as
// spinn_machine/json_machine.py reads it.
//
//===----------------------------------------------------------------------===//

#include "TargetModel/Machines.h"
#include "llvm/ADT/STLExtras.h"

using namespace spikeformer;
using namespace spikeformer::spinnaker;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

/// Tags of a chip with an Ethernet port; others have none.
static constexpr int64_t ethernetTags[] = {1, 2, 3, 4, 5, 6, 7};

namespace {
/// Amounts that chips have unless they say otherwise.
struct Defaults {
  int64_t entries, sdram;
};
} // namespace

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static JsonValue makeResources(const Defaults &defaults,
                               llvm::ArrayRef<int64_t> tags) {
  return JsonValue::object()
      .set("monitors", numMonitors)
      .set("routerEntries", defaults.entries)
      .set("sdram", defaults.sdram)
      .set("tags", JsonValue(tags));
}

static JsonValue toJson(const Chip &chip, const Defaults &defaults) {
  std::vector<int64_t> dead;
  for (uint32_t link = 0; link < numLinks; ++link)
    if (chip.deadLinks >> link & 1)
      dead.push_back(link);
  JsonValue details = JsonValue::object();
  details.set("cores", chip.numCores)
      .set("ethernet", JsonValue(llvm::ArrayRef<int64_t>(
                           {chip.ethernetX, chip.ethernetY})));
  if (!dead.empty())
    details.set("deadLinks", JsonValue(llvm::ArrayRef(dead)));
  if (chip.hasEthernet())
    details.set("ipAddress", chip.ipAddress);
  JsonValue row = JsonValue::array(), exceptions = JsonValue::object();
  row.push(chip.x);
  row.push(chip.y);
  row.push(std::move(details));
  if (chip.routerEntries != defaults.entries)
    exceptions.set("routerEntries", chip.routerEntries);
  if (chip.sdram != defaults.sdram)
    exceptions.set("sdram", chip.sdram);
  if (!llvm::cantFail(exceptions.getObject()).empty())
    row.push(std::move(exceptions));
  return row;
}

JsonValue spinnaker::toMachineFile(const Board &board) {
  Defaults defaults{routerEntries, sdramBytes};
  if (board.isSpin2())
    defaults = {spin2RouterEntries, spin2SdramBytes};
  JsonValue chips = JsonValue::array();
  for (const Chip &chip : board.chips)
    chips.push(toJson(chip, defaults));
  return JsonValue::object()
      .set("height", board.height)
      .set("width", board.width)
      .set("root", JsonValue(llvm::ArrayRef<int64_t>({0, 0})))
      .set("standardResources", makeResources(defaults, {}))
      .set("ethernetResources", makeResources(defaults, ethernetTags))
      .set("chips", std::move(chips));
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {

/// Keeps the first error, so that members can be read one after another.
class Reader {
public:
  Expected<Board> read(const JsonValue &root);

private:
  /// The member `key`, or null after an error.
  const JsonValue *at(const JsonValue &object, StringRef key);
  int64_t getInteger(const JsonValue *value, int64_t least, int64_t most);
  llvm::ArrayRef<JsonValue> getArray(const JsonValue *value);
  Defaults readDefaults(const JsonValue &root, StringRef key);
  void readChip(const JsonValue &row);
  void readDetails(const JsonValue &details, Chip &chip);
  void readExceptions(const JsonValue &exceptions, Chip &chip);
  void fail(Error next) {
    if (error)
      llvm::consumeError(std::move(next));
    else
      error = std::move(next);
  }

  Error error = Error::success();
  Board board;
  Defaults standard, ethernet;
};

} // namespace

const JsonValue *Reader::at(const JsonValue &object, StringRef key) {
  Expected<const JsonValue &> member = object.at(key);
  if (member)
    return &*member;
  fail(member.takeError());
  return nullptr;
}

int64_t Reader::getInteger(const JsonValue *value, int64_t least,
                           int64_t most) {
  if (!value)
    return least;
  Expected<int64_t> number = value->getInteger();
  if (!number) {
    fail(number.takeError());
    return least;
  }
  if (*number >= least && *number <= most)
    return *number;
  fail(value->makeError("needs a number from " + llvm::Twine(least) + " to " +
                        llvm::Twine(most) + ", has " + llvm::Twine(*number)));
  return least;
}

llvm::ArrayRef<JsonValue> Reader::getArray(const JsonValue *value) {
  if (!value)
    return {};
  Expected<llvm::ArrayRef<JsonValue>> items = value->getArray();
  if (items)
    return *items;
  fail(items.takeError());
  return {};
}

Defaults Reader::readDefaults(const JsonValue &root, StringRef key) {
  const JsonValue *resources = at(root, key);
  if (!resources)
    return {};
  // SpiNNMachine 7.4.1 takes no other number.
  getInteger(at(*resources, "monitors"), numMonitors, numMonitors);
  return {getInteger(at(*resources, "routerEntries"), 0, INT32_MAX),
          getInteger(at(*resources, "sdram"), 0, INT64_MAX)};
}

void Reader::readDetails(const JsonValue &details, Chip &chip) {
  chip.numCores = getInteger(at(details, "cores"), 1, maxCoresPerRouter);
  llvm::ArrayRef<JsonValue> port = getArray(at(details, "ethernet"));
  if (port.size() == 2) {
    chip.ethernetX = getInteger(&port[0], 0, board.width - 1);
    chip.ethernetY = getInteger(&port[1], 0, board.height - 1);
  } else {
    fail(details.makeError("'ethernet' needs the x and y of a chip"));
  }
  if (const JsonValue *dead = details.find("deadLinks"))
    for (const JsonValue &link : getArray(dead))
      chip.deadLinks |= 1 << getInteger(&link, 0, numLinks - 1);
  if (const JsonValue *address = details.find("ipAddress")) {
    Expected<StringRef> text = address->getString();
    if (text)
      chip.ipAddress = text->str();
    else
      fail(text.takeError());
  }
}

void Reader::readExceptions(const JsonValue &exceptions, Chip &chip) {
  if (const JsonValue *monitors = exceptions.find("monitors"))
    getInteger(monitors, numMonitors, numMonitors);
  if (const JsonValue *entries = exceptions.find("routerEntries"))
    chip.routerEntries = getInteger(entries, 0, INT32_MAX);
  if (const JsonValue *sdram = exceptions.find("sdram"))
    chip.sdram = getInteger(sdram, 0, INT64_MAX);
}

void Reader::readChip(const JsonValue &row) {
  llvm::ArrayRef<JsonValue> parts = getArray(&row);
  if (parts.size() != 3 && parts.size() != 4)
    return fail(row.makeError("a chip is [x, y, details] or [x, y, details, "
                              "exceptions]"));
  Chip chip;
  chip.x = getInteger(&parts[0], 0, board.width - 1);
  chip.y = getInteger(&parts[1], 0, board.height - 1);
  readDetails(parts[2], chip);
  const Defaults &defaults = chip.hasEthernet() ? ethernet : standard;
  chip.routerEntries = defaults.entries;
  chip.sdram = defaults.sdram;
  if (parts.size() == 4)
    readExceptions(parts[3], chip);
  for (const Chip &other : board.chips)
    if (other.x == chip.x && other.y == chip.y)
      return fail(row.makeError("this chip is there twice"));
  board.chips.push_back(std::move(chip));
}

Expected<Board> Reader::read(const JsonValue &root) {
  board.width = getInteger(at(root, "width"), 1, 1 << 12);
  board.height = getInteger(at(root, "height"), 1, 1 << 12);
  board.version = board.width == 2 && board.height == 2 ? 3 : 5;
  standard = readDefaults(root, "standardResources");
  ethernet = readDefaults(root, "ethernetResources");
  for (const JsonValue &row : getArray(at(root, "chips")))
    readChip(row);
  if (error)
    return std::move(error);
  llvm::sort(board.chips, [](const Chip &a, const Chip &b) {
    return std::pair(a.x, a.y) < std::pair(b.x, b.y);
  });
  return std::move(board);
}

Expected<Board> spinnaker::readMachineFile(const JsonValue &json) {
  return Reader().read(json);
}
