//===- PnROps.cpp - what operations check ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/PnR/IR/PnROps.h"
#include "Rows.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace spikeformer;
using namespace spikeformer::pnr;

#define GET_OP_CLASSES
#include "spikeformer/Dialect/PnR/IR/PnROps.cpp.inc"

//===----------------------------------------------------------------------===//
// MappingOp
//===----------------------------------------------------------------------===//

/// The place of a kind of operation in a mapping; none of others.
static std::optional<unsigned> getRank(Operation &op) {
  return TypeSwitch<Operation *, std::optional<unsigned>>(&op)
      .Case([](SlicesOp) { return 0; })
      .Case([](MessagesOp) { return 1; })
      .Case([](KeysOp) { return 2; })
      .Case([](TreesOp) { return 3; })
      .Case([](TablesOp) { return 4; })
      .Default([](Operation *) { return std::nullopt; });
}

/// mapping_c1, mapping_c2.
static LogicalResult verifyKinds(MappingOp mapping) {
  std::optional<unsigned> last;
  for (Operation &op : mapping.getBody().front()) {
    std::optional<unsigned> rank = getRank(op);
    if (!rank)
      return op.emitOpError("is no column of a mapping");
    if (last && *rank <= *last)
      return op.emitOpError(
          *rank == *last ? "is there twice in its mapping"
                         : "comes too late in its mapping; needs the "
                           "order slices, messages, keys, trees, tables");
    last = rank;
  }
  if (!mapping.getColumns<SlicesOp>())
    return mapping.emitOpError("needs a pnr.slices");
  return success();
}

/// mapping_c3.
static LogicalResult verifyRows(Operation *op, size_t rows, size_t messages) {
  if (rows != messages)
    return op->emitOpError("needs a row for each of ")
           << messages << " messages, has " << rows;
  return success();
}

/// mapping_c4.
static LogicalResult verifyMessages(MessagesOp messages, size_t numSlices) {
  for (ArrayRef<int32_t> column :
       {messages.getSources(), messages.getTargets()})
    for (int32_t slice : column)
      if (slice < 0 || static_cast<size_t>(slice) >= numSlices)
        return messages.emitOpError("needs rows of slices from 0 to ")
               << static_cast<int64_t>(numSlices) - 1 << ", has " << slice;
  return success();
}

LogicalResult MappingOp::verifyRegions() {
  if (failed(verifyKinds(*this)))
    return failure();
  MessagesOp messages = getColumns<MessagesOp>();
  size_t numMessages = messages ? messages.size() : 0;
  if (messages &&
      failed(verifyMessages(messages, getColumns<SlicesOp>().size())))
    return failure();
  if (KeysOp keys = getColumns<KeysOp>())
    if (failed(verifyRows(keys, keys.getKeys().size(), numMessages)))
      return failure();
  if (TreesOp trees = getColumns<TreesOp>())
    return verifyRows(trees, trees.getTreeOf().size(), numMessages);
  return success();
}

//===----------------------------------------------------------------------===//
// Columns
//===----------------------------------------------------------------------===//

/// True if `offsets` ascend from 0 to `size`.
template <typename T>
static bool areOffsets(ArrayRef<T> offsets, size_t size) {
  return !offsets.empty() && offsets.front() == 0 &&
         static_cast<size_t>(offsets.back()) == size &&
         llvm::is_sorted(offsets);
}

static LogicalResult failColumns(Operation *op) {
  return op->emitOpError("needs columns that fit each other");
}

LogicalResult SlicesOp::verify() {
  size_t rows = size();
  if (getPopulations().size() != rows || getBoxOffsets().size() != rows + 1 ||
      !areOffsets(getBoxOffsets(), getBoxes().size()) ||
      getUsage().size() != rows * getResources().size() ||
      getClusters().size() != rows ||
      getLocations().size() != rows * kLocationSize) // slices_c1
    return failColumns(*this);
  llvm::StringSet<> names;
  for (StringAttr name : getNames().getAsRange<StringAttr>()) // slices_c2
    if (!names.insert(name).second)
      return emitOpError("has slice ") << name << " twice";
  if (llvm::any_of(getUsage(), [](int64_t amount) { return amount < 0; }))
    return emitOpError("needs amounts of at least 0");
  for (size_t range = 0; range + 1 < getBoxes().size(); range += 2) // slices_c4
    if (getBoxes()[range] < 0 || getBoxes()[range + 1] <= getBoxes()[range])
      return emitOpError("needs ranges of at least one neuron from 0, has [")
             << getBoxes()[range] << " : " << getBoxes()[range + 1] << "]";
  for (size_t row = 0; row < rows; ++row) { // slices_c3
    ArrayRef<int32_t> at =
        getLocations().slice(row * kLocationSize, kLocationSize);
    bool isFree = llvm::all_of(at, [](int32_t n) { return n == kFree; });
    if (!isFree && (llvm::is_contained(at, kFree) || at[2] < 0))
      return emitOpError("needs a location or `?` for slice ")
             << getNames()[row];
  }
  return success();
}

LogicalResult MessagesOp::verify() {
  size_t rows = size();
  if (getOffsets().size() != rows + 1 ||
      !areOffsets(getOffsets(), getTargets().size()) ||
      getPackets().size() != rows || getNumKeys().size() != rows) // messages_c1
    return failColumns(*this);
  if (!getNames().empty() && getNames().size() != rows) // messages_c2
    return emitOpError("needs no names or ")
           << rows << ", has " << getNames().size();
  for (size_t row = 0; row < rows; ++row) // messages_c3
    if (!(getPackets()[row] >= 0) || getNumKeys()[row] < 1 ||
        getNumKeys()[row] > UINT32_MAX)
      return emitOpError("needs packets of at least 0 and 1 to ")
             << UINT32_MAX << " keys, message " << row << " has "
             << getPackets()[row] << " and " << getNumKeys()[row];
  return success();
}

LogicalResult KeysOp::verify() {
  if (getKeys().size() != getMasks().size()) // keys_c1
    return failColumns(*this);
  if (getReserved() && (*getReserved() > 31)) // keys_c2
    return emitOpError("reserved needs 0 to 31 bits, has ") << *getReserved();
  return success();
}

LogicalResult TreesOp::verify() {
  size_t rows = getPorts().size();
  if (!areOffsets(getOffsets(), rows) || getRouters().size() != 2 * rows ||
      getIncoming().size() != rows ||
      getCores().size() != coreWords * rows) // trees_c1
    return failColumns(*this);
  int64_t numTrees = getOffsets().size() - 1;
  for (int32_t tree : getTreeOf()) // trees_c2
    if (tree < 0 || tree >= numTrees)
      return emitOpError("needs trees from 0 to ")
             << numTrees - 1 << ", has " << tree;
  return success();
}

LogicalResult TablesOp::verify() {
  size_t rows = getPorts().size(), tables = getRouters().size() / 2;
  if (!areOffsets(getOffsets(), rows) || getRouters().size() % 2 != 0 ||
      getOffsets().size() != tables + 1 || getKeys().size() != rows ||
      getMasks().size() != rows || getIncoming().size() != rows ||
      getCores().size() != coreWords * rows) // tables_c1
    return failColumns(*this);
  return success();
}
