//===- FMRefinement.cpp - k-way moves with a memory -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two things differ from the textbook. Gains are not kept up to date: what may
// have become better is put into the heap again, what may have become worse is
// found out when it comes out. And one part at a time may be over its limits;
// the next move must then be one out of it. Such chains exchange vertices
// between parts that are full, which no single legal move does.
//
//===----------------------------------------------------------------------===//

#include "Refinement.h"
#include <algorithm>
#include <optional>

using namespace spikeformer;
using namespace spikeformer::partition;

namespace {
/// Moves of a chain before it has to end.
constexpr unsigned maxChain = 8;
/// Members of a part that is over its limits that are asked for the way out.
constexpr uint32_t maxEjectors = 96;
/// Nets above this do not tell their pins that they touch a new part.
constexpr size_t maxNotifiedPins = 256;

struct Move {
  uint32_t vertex, to;
  int64_t gain;
};

/// One pass.
class Pass {
public:
  Pass(PartitionState &state, SearchRandom &random, uint64_t lastWork)
      : state(state), graph(state.getGraph()), random(random),
        lastWork(lastWork), isLegalStart(state.isLegal()),
        locked(graph.getNumVertices()), versions(graph.getNumVertices()),
        best(state.getConnectivity()) {}

  /// Returns what it saved.
  int64_t run();

private:
  struct Entry {
    int64_t gain;
    uint32_t tie, vertex, version;
    bool operator<(const Entry &other) const {
      return gain != other.gain ? gain < other.gain : tie < other.tie;
    }
  };

  std::optional<Move> findTarget(uint32_t vertex, bool mayOverfill);
  std::optional<Move> findAnyTarget(uint32_t vertex);
  std::optional<Move> findEjection(uint32_t part);
  std::optional<Move> takeBest();
  std::optional<Move> findNext();
  void push(uint32_t vertex, int64_t gain);
  void enqueue(uint32_t vertex);
  void apply(const Move &move);
  void notify(const Move &move, uint32_t from);
  void rollBack();

  PartitionState &state;
  const Hypergraph &graph;
  SearchRandom &random;
  uint64_t lastWork;
  bool isLegalStart;
  std::vector<bool> locked;
  std::vector<uint32_t> versions;
  std::vector<Entry> heap;
  std::vector<uint32_t> told;

  struct Done {
    uint32_t vertex, from;
  };
  std::vector<Done> done;
  size_t numKept = 0;
  int64_t best;
  /// The part that is over its limits, and since how many moves one is.
  uint32_t overfull = noIndex;
  unsigned chain = 0;
};
} // namespace

/// The best part for `vertex` among those that its nets touch.
std::optional<Move> Pass::findTarget(uint32_t vertex, bool mayOverfill) {
  std::optional<Move> found;
  bool foundFits = false;
  state.weigh(vertex);
  for (uint32_t part : state.getNeighbours()) {
    int64_t gain = state.getGain(part);
    if (found && (gain < found->gain ||
                  (gain == found->gain && (foundFits || part == found->to))))
      continue;
    bool fits = state.fits(vertex, part);
    // At equal gain a part that it fits into is better.
    if (!fits && (!mayOverfill || (found && gain == found->gain)))
      continue;
    found = {vertex, part, gain};
    foundFits = fits;
  }
  return found;
}

/// A part that `vertex` fits into although none of its nets is there.
std::optional<Move> Pass::findAnyTarget(uint32_t vertex) {
  constexpr uint32_t maxTries = 32;
  uint32_t numParts = state.getNumParts();
  uint32_t start = numParts <= maxTries ? 0 : random.below(numParts);
  for (uint32_t i = 0; i < std::min(numParts, maxTries); ++i) {
    uint32_t part = (start + i) % numParts;
    if (part != state.getPart(vertex) && state.fits(vertex, part)) {
      state.weigh(vertex);
      return Move{vertex, part, state.getGain(part)};
    }
  }
  return std::nullopt;
}

/// The cheapest way out of a part that is over its limits.
std::optional<Move> Pass::findEjection(uint32_t part) {
  const std::vector<uint32_t> &members = state.getMembers(part);
  uint32_t count = std::min<size_t>(members.size(), maxEjectors);
  uint32_t start = count < members.size() ? random.below(members.size()) : 0;
  std::optional<Move> found;
  auto offer = [&](const std::optional<Move> &move) {
    if (move && (!found || move->gain > found->gain))
      found = move;
  };
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t vertex = members[(start + i) % members.size()];
    if (locked[vertex] || graph.fixed[vertex] != noIndex)
      continue;
    offer(findTarget(vertex, chain < maxChain));
  }
  if (found)
    return found;
  for (uint32_t i = 0; i < count && !found; ++i) {
    uint32_t vertex = members[(start + i) % members.size()];
    if (!locked[vertex] && graph.fixed[vertex] == noIndex)
      offer(findAnyTarget(vertex));
  }
  return found;
}

void Pass::push(uint32_t vertex, int64_t gain) {
  heap.push_back({gain, uint32_t(random.next()), vertex, ++versions[vertex]});
  std::push_heap(heap.begin(), heap.end());
}

void Pass::enqueue(uint32_t vertex) {
  if (locked[vertex] || graph.fixed[vertex] != noIndex)
    return;
  if (std::optional<Move> move = findTarget(vertex, isLegalStart))
    push(vertex, move->gain);
}

/// The best move there is. What has become worse goes back.
std::optional<Move> Pass::takeBest() {
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end());
    Entry entry = heap.back();
    heap.pop_back();
    if (locked[entry.vertex] || entry.version != versions[entry.vertex])
      continue;
    std::optional<Move> move = findTarget(entry.vertex, isLegalStart);
    if (!move)
      continue;
    if (move->gain >= entry.gain)
      return move;
    push(entry.vertex, move->gain);
  }
  return std::nullopt;
}

std::optional<Move> Pass::findNext() {
  return overfull != noIndex ? findEjection(overfull) : takeBest();
}

/// Tells those whose gain may have become better.
void Pass::notify(const Move &move, uint32_t from) {
  told.clear();
  for (uint32_t net : graph.netsOf(move.vertex)) {
    llvm::ArrayRef<uint32_t> pins = graph.pinsOf(net);
    if (pins.size() > maxNotifiedPins)
      continue;
    bool isNew = state.countPins(net, move.to) == 1;
    bool isLast = state.countPins(net, from) == 1;
    if (!isNew && !isLast)
      continue;
    for (uint32_t pin : pins)
      if (!locked[pin] && (isNew || state.getPart(pin) == from))
        told.push_back(pin);
  }
  std::sort(told.begin(), told.end());
  told.erase(std::unique(told.begin(), told.end()), told.end());
  for (uint32_t vertex : told)
    enqueue(vertex);
}

void Pass::apply(const Move &move) {
  uint32_t from = state.getPart(move.vertex);
  state.move(move.vertex, move.to);
  locked[move.vertex] = true;
  done.push_back({move.vertex, from});
  overfull = isLegalStart && state.isOver(move.to) ? move.to : noIndex;
  // With vector capacities one move out may not be enough.
  if (isLegalStart && overfull == noIndex && state.isOver(from))
    overfull = from;
  chain = overfull == noIndex ? 0 : chain + 1;
  notify(move, from);
}

void Pass::rollBack() {
  for (size_t i = done.size(); i > numKept; --i)
    state.move(done[i - 1].vertex, done[i - 1].from);
}

int64_t Pass::run() {
  int64_t start = best;
  for (uint32_t vertex : random.permute(graph.getNumVertices()))
    if (state.isBoundary(vertex))
      enqueue(vertex);
  // A pass that has lost its way is not worth its end.
  size_t maxFruitless = 40 + graph.getNumVertices() / 8;
  while (state.getWork() < lastWork && done.size() - numKept < maxFruitless) {
    std::optional<Move> next = findNext();
    if (!next || chain > 2 * maxChain)
      break;
    apply(*next);
    bool counts = !isLegalStart || state.isLegal();
    if (counts && state.getConnectivity() < best) {
      best = state.getConnectivity();
      numKept = done.size();
    }
  }
  rollBack();
  return start - best;
}

void spikeformer::partition::refineByMoves(PartitionState &state,
                                           SearchRandom &random,
                                           uint64_t maxWork) {
  uint64_t lastWork = state.getWork() + maxWork;
  while (state.getWork() < lastWork && Pass(state, random, lastWork).run() > 0)
    ;
}
