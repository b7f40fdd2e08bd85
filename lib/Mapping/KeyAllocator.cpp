//===- KeyAllocator.cpp - keys that make tables small ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/KeyAllocator.h"
#include "KeyBlocks.h"
#include "KeyFaces.h"
#include "KeyOrders.h"
#include "KeySpace.h"
#include "spikeformer/Mapping/TableBuilder.h"
#include "spikeformer/Mapping/TableCompressor.h"
#include "llvm/ADT/StringExtras.h"
#include <tuple>

using namespace spikeformer;

static constexpr std::pair<KeyOrder, llvm::StringLiteral> names[] = {
    {KeyOrder::given, "given"},
    {KeyOrder::population, "population"},
    {KeyOrder::gray, "gray"},
    {KeyOrder::hilbert, "hilbert"},
    {KeyOrder::depthFirst, "depth-first"},
    {KeyOrder::faces, "faces"},
    {KeyOrder::automatic, "automatic"},
};

llvm::StringRef spikeformer::getName(KeyOrder order) {
  return llvm::find_if(names,
                       [&](const auto &item) { return item.first == order; })
      ->second;
}

std::optional<KeyOrder> spikeformer::findKeyOrder(llvm::StringRef name) {
  for (const auto &[order, text] : names)
    if (text == name)
      return order;
  return std::nullopt;
}

namespace {

/// Tries ways to give keys.
class KeyAllocator {
public:
  KeyAllocator(const KeyProblem &problem, const MachineGraph &machine,
               const RoutingTrees &trees);

  KeyResult allocate(const KeyOptions &options) const;

private:
  bool isPinned(uint32_t message) const {
    return !problem.pins.empty() && !isFree(problem.pins[message]);
  }
  KeyAllocation getPins() const;

  std::optional<KeyAllocation> allocateFaces(const MessageOrder &order,
                                             uint32_t rounds) const;
  std::optional<KeyAllocation>
  placeInOrder(const MessageOrder &order, bool alignGroups, bool inGray) const;
  std::optional<KeyAllocation> placeBySize(const MessageOrder &order) const;
  KeyResult allocateInOrder(KeyOrder order) const;
  KeyResult allocateAutomatically(uint32_t effort) const;
  KeyOrder findBestOrder() const;

  const KeyProblem &problem;
  const MachineGraph &machine;
  const RoutingTrees &trees;
  /// Without what is pinned.
  KeySpace space;
};

} // namespace

KeyAllocator::KeyAllocator(const KeyProblem &problem,
                           const MachineGraph &machine,
                           const RoutingTrees &trees)
    : problem(problem), machine(machine), trees(trees), space(problem.keyBits) {
  for (size_t message = 0; message < problem.messages.size(); ++message)
    if (isPinned(message))
      space.take(problem.pins[message]);
}

KeyAllocation KeyAllocator::getPins() const {
  if (!problem.pins.empty())
    return problem.pins;
  return KeyAllocation(problem.messages.size(), {noIndex, 0});
}

//===----------------------------------------------------------------------===//
// Faces
//===----------------------------------------------------------------------===//

/// Blocks of one size, by codes; none if keys have no bits to spare or pins
/// leave no room.
std::optional<KeyAllocation>
KeyAllocator::allocateFaces(const MessageOrder &order, uint32_t rounds) const {
  std::vector<uint32_t> free;
  uint32_t blockBits = 0;
  for (uint32_t message : order.messages) {
    if (isPinned(message))
      continue;
    free.push_back(message);
    blockBits = std::max(blockBits, getBlockBits(problem, message));
  }
  // Classes larger than this are rare and only take bits from others.
  constexpr uint32_t maxClass = 16, spareBits = 2;
  MessageClasses classes = classify(trees, free, maxClass);
  size_t largest = 1;
  for (size_t index = 0; index < classes.size(); ++index)
    largest = std::max(largest, classes.membersOf(index).size());
  uint32_t classBits = llvm::Log2_64_Ceil(largest);
  uint32_t lowBits = blockBits + classBits;
  if (free.empty() || lowBits + llvm::Log2_64_Ceil(classes.size()) + spareBits >
                          problem.keyBits)
    return std::nullopt;
  uint32_t codeBits = problem.keyBits - lowBits;
  std::vector<uint32_t> codes =
      findFaceCodes(machine, trees, classes, codeBits, rounds);
  KeySpace left = space;
  KeyAllocation keys = getPins();
  for (size_t index = 0; index < classes.size(); ++index) {
    // Where two classes have one code, one takes the nearest that is free; the
    // low bits of codes were chosen last and matter least.
    uint64_t change = 0, numCodes = uint64_t(1) << codeBits;
    auto getBlock = [&] {
      return makeBlock((codes[index] ^ change) << lowBits, lowBits);
    };
    while (change < numCodes && !left.isFree(getBlock()))
      ++change;
    if (change == numCodes)
      return std::nullopt;
    KeyBlock block = getBlock();
    left.take(block);
    for (auto [rank, message] : llvm::enumerate(classes.membersOf(index)))
      keys[message] = makeBlock(block.key + (rank << blockBits), blockBits);
  }
  return keys;
}

//===----------------------------------------------------------------------===//
// Orders
//===----------------------------------------------------------------------===//

/// Numbers within an aligned run of messages of one size in Gray code.
static void makeGray(KeyAllocation &keys, llvm::ArrayRef<uint32_t> run) {
  if (run.empty())
    return;
  uint32_t bits = llvm::countr_zero(keys[run.front()].mask | 1u << 31);
  KeyBlock first = keys[run.front()];
  // Only whole powers of two stay in the run when they are permuted.
  size_t count = llvm::bit_floor(run.size());
  bool isEven = first.key % (uint64_t(count) << bits) == 0;
  for (size_t i = 0; i < count; ++i)
    isEven &= keys[run[i]].mask == first.mask &&
              keys[run[i]].key == first.key + (i << bits);
  if (!isEven)
    return;
  for (size_t i = 0; i < count; ++i)
    keys[run[i]].key = first.key + ((i ^ i >> 1) << bits);
}

/// Blocks one after the other; with `alignGroups` each group begins at a
/// multiple of its size, rounded up to a power of two.
std::optional<KeyAllocation>
KeyAllocator::placeInOrder(const MessageOrder &order, bool alignGroups,
                           bool inGray) const {
  KeySpace left = space;
  KeyAllocation keys = getPins();
  uint64_t next = 0;
  llvm::ArrayRef<uint32_t> messages = order.messages;
  for (size_t begin = 0, end; begin < messages.size(); begin = end) {
    uint64_t length = 0;
    std::vector<uint32_t> run;
    for (end = begin; end < messages.size(); ++end) {
      if (order.groups[end] != order.groups[begin])
        break;
      if (isPinned(messages[end]))
        continue;
      run.push_back(messages[end]);
      length += uint64_t(1) << getBlockBits(problem, messages[end]);
    }
    if (alignGroups && !run.empty())
      next = llvm::alignTo(next, llvm::PowerOf2Ceil(length));
    for (uint32_t message : run) {
      auto block = left.findFrom(next, getBlockBits(problem, message));
      if (!block)
        return std::nullopt;
      left.take(*block);
      keys[message] = *block;
      next = block->key + block->size();
    }
    if (inGray)
      makeGray(keys, run);
  }
  return keys;
}

/// Large blocks first: uses all the room that there is.
std::optional<KeyAllocation>
KeyAllocator::placeBySize(const MessageOrder &order) const {
  std::array<std::vector<uint32_t>, 33> bySize;
  for (uint32_t message : order.messages)
    bySize[32 - getBlockBits(problem, message)].push_back(message);
  std::vector<uint32_t> messages;
  for (const std::vector<uint32_t> &equal : bySize)
    llvm::append_range(messages, equal);
  KeySpace left = space;
  KeyAllocation keys = getPins();
  for (uint32_t message : messages) {
    if (isPinned(message))
      continue;
    auto block = left.findSmallest(getBlockBits(problem, message));
    if (!block)
      return std::nullopt;
    left.take(*block);
    keys[message] = *block;
  }
  return keys;
}

KeyResult KeyAllocator::allocateInOrder(KeyOrder order) const {
  MessageOrder sorted = sortMessages(problem, machine, trees, order);
  bool inGray = order == KeyOrder::gray;
  std::optional<KeyAllocation> keys;
  if (order != KeyOrder::given)
    keys = placeInOrder(sorted, /*alignGroups=*/true, inGray);
  if (!keys)
    keys = placeInOrder(sorted, /*alignGroups=*/false, inGray);
  if (!keys)
    keys = placeBySize(sorted);
  if (keys)
    return {std::move(*keys), order, {}};
  return {{},
          order,
          {{"key-space", "keys",
            "pins leave too little room in one piece for the other messages",
            "", "", "pin blocks next to each other, or fewer of them"}}};
}

//===----------------------------------------------------------------------===//
// Choice
//===----------------------------------------------------------------------===//

KeyOrder KeyAllocator::findBestOrder() const {
  KeyOrder best = KeyOrder::given;
  uint64_t bestRuns = std::numeric_limits<uint64_t>::max();
  for (KeyOrder order : {KeyOrder::population, KeyOrder::hilbert,
                         KeyOrder::depthFirst, KeyOrder::given}) {
    MessageOrder sorted = sortMessages(problem, machine, trees, order);
    uint64_t runs = countRuns(machine, trees, sorted.messages);
    if (runs < bestRuns) {
      bestRuns = runs;
      best = order;
    }
  }
  return best;
}

/// Entries above capacity, of the largest table, and in all, after compression.
static std::tuple<uint64_t, uint64_t, uint64_t>
measure(const KeyProblem &problem, const MachineGraph &machine,
        const RoutingTrees &trees, const KeyAllocation &keys) {
  RoutingTables tables = makeTables(machine, problem.messages, trees, keys);
  RoutingTables compressed = compressTables({machine, tables});
  uint64_t above = 0, largest = 0;
  for (auto [table, router] :
       llvm::zip_equal(compressed.entries, machine.getRouters())) {
    largest = std::max<uint64_t>(largest, table.size());
    above += table.size() - std::min<size_t>(table.size(), router.tableEntries);
  }
  return {above, largest, compressed.getNumEntries()};
}

KeyResult KeyAllocator::allocateAutomatically(uint32_t effort) const {
  // The most promising first; how many are tried is the effort.
  struct Way {
    KeyOrder order, start;
    uint32_t rounds;
  };
  static constexpr Way ways[] = {
      {KeyOrder::faces, KeyOrder::population, 8},
      {KeyOrder::faces, KeyOrder::hilbert, 16},
      {KeyOrder::faces, KeyOrder::depthFirst, 16},
      {KeyOrder::automatic, KeyOrder::given, 0},
      {KeyOrder::faces, KeyOrder::given, 16},
      {KeyOrder::faces, KeyOrder::population, 32},
  };
  KeyResult best;
  decltype(measure(problem, machine, trees, {})) bestSize;
  for (const Way &way : llvm::ArrayRef(ways).take_front(effort)) {
    KeyResult result;
    if (way.order == KeyOrder::faces) {
      MessageOrder start = sortMessages(problem, machine, trees, way.start);
      if (auto keys = allocateFaces(start, way.rounds))
        result = {std::move(*keys), KeyOrder::faces, {}};
    } else {
      result = allocateInOrder(findBestOrder());
    }
    if (result.keys.empty())
      continue;
    if (effort == 1)
      return result;
    auto size = measure(problem, machine, trees, result.keys);
    if (best.keys.empty() || size < bestSize) {
      best = std::move(result);
      bestSize = size;
    }
  }
  return best.keys.empty() ? allocateInOrder(findBestOrder()) : std::move(best);
}

KeyResult KeyAllocator::allocate(const KeyOptions &options) const {
  if (options.order == KeyOrder::automatic)
    return allocateAutomatically(options.effort);
  if (options.order != KeyOrder::faces)
    return allocateInOrder(options.order);
  MessageOrder start =
      sortMessages(problem, machine, trees, KeyOrder::population);
  if (auto keys = allocateFaces(start, 8 * options.effort))
    return {std::move(*keys), KeyOrder::faces, {}};
  return allocateInOrder(KeyOrder::population);
}

KeyResult spikeformer::allocateKeys(const KeyProblem &problem,
                                    const MachineGraph &machine,
                                    const RoutingTrees &trees,
                                    const KeyOptions &options) {
  Violations violations = problem.check();
  if (!violations.empty())
    return {{}, options.order, std::move(violations)};
  return KeyAllocator(problem, machine, trees).allocate(options);
}
