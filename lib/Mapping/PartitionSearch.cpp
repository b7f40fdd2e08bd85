//===- PartitionSearch.cpp - several starts and what comes of them --------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PartitionSearch.h"
#include "Refinement.h"
#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

using namespace spikeformer;
using namespace spikeformer::partition;

namespace {
/// Visits to pins that take about 0.1 s.
constexpr uint64_t workOfEffort = 20'000'000;
/// Partitions that are kept, and that are made of them at a time.
constexpr size_t maxPopulation = 12, generationSize = 4;

/// Large problems cannot afford as much for each pin.
MultilevelTask makeTask(const Hypergraph &graph, const PartLimits &limits,
                        unsigned effort) {
  constexpr size_t manyPins = 100'000;
  if (effort == 0)
    return {graph, limits, 10'000, 2};
  return {graph, limits, 2'000'000, graph.pins.size() > manyPins ? 4u : 30u};
}

class Search {
public:
  Search(const Hypergraph &graph, const PartLimits &limits,
         const PartitionOptions &options)
      : limits(limits), options(options),
        task(makeTask(graph, limits, options.effort)),
        budget(options.effort * workOfEffort),
        start(std::chrono::steady_clock::now()) {}

  Candidate run(const std::vector<uint32_t> &given);

private:
  /// Makes `count` partitions at once. `make` gets the index, random numbers
  /// that belong to it, and where to add its work.
  using Maker = std::function<Candidate(size_t, SearchRandom &, uint64_t &)>;
  std::vector<Candidate> makeAll(size_t count, const Maker &make);
  bool mayGoOn() const;
  Candidate startLine(SearchRandom &random, uint64_t &done,
                      uint64_t maxWork) const;
  Candidate breed(SearchRandom &random, uint64_t &done) const;
  size_t choose(SearchRandom &random) const;
  Candidate renew(SearchRandom &random, uint64_t &done) const;
  void accept(Candidate candidate);
  const Candidate &getBest() const;

  const PartLimits &limits;
  const PartitionOptions &options;
  MultilevelTask task;
  uint64_t budget, work = 0, nextStream = 0;
  std::chrono::steady_clock::time_point start;
  std::vector<Candidate> population;
};
} // namespace

bool Search::mayGoOn() const {
  std::chrono::duration<double> passed =
      std::chrono::steady_clock::now() - start;
  return work < budget && passed.count() < options.timeLimit;
}

std::vector<Candidate> Search::makeAll(size_t count, const Maker &make) {
  std::vector<Candidate> made(count);
  std::vector<uint64_t> works(count);
  std::atomic<size_t> next{0};
  auto serve = [&] {
    for (size_t i = next++; i < count; i = next++) {
      SearchRandom random(options.seed, nextStream + i);
      made[i] = make(i, random, works[i]);
    }
  };
  size_t numThreads = options.threads == 0
                          ? std::max(std::thread::hardware_concurrency(), 1u)
                          : options.threads;
  std::vector<std::thread> threads;
  for (size_t i = 1; i < std::min(numThreads, count); ++i)
    threads.emplace_back(serve);
  serve();
  for (std::thread &thread : threads)
    thread.join();
  nextStream += count;
  for (uint64_t done : works)
    work += done;
  return made;
}

/// A start that is annealed.
Candidate Search::startLine(SearchRandom &random, uint64_t &done,
                            uint64_t maxWork) const {
  Candidate candidate = startMultilevel(task, random, done);
  PartitionState state(task.graph, limits, std::move(candidate.parts));
  refineByAnnealing(state, random, maxWork);
  refineByMoves(state, random, task.leastWork);
  done += state.getWork();
  return {state.getParts(), state.getConnectivity(), state.getExcess()};
}

/// The better of two random members.
size_t Search::choose(SearchRandom &random) const {
  size_t a = random.below(population.size());
  size_t b = random.below(population.size());
  return population[b].isBetterThan(population[a]) ? b : a;
}

/// Vertices that two partitions both keep together get one block.
static std::vector<uint32_t> overlay(const std::vector<uint32_t> &a,
                                     const std::vector<uint32_t> &b,
                                     uint32_t numParts) {
  std::vector<std::pair<uint64_t, uint32_t>> pairs(a.size());
  for (uint32_t vertex = 0; vertex < a.size(); ++vertex)
    pairs[vertex] = {uint64_t(a[vertex]) * numParts + b[vertex], vertex};
  std::sort(pairs.begin(), pairs.end());
  std::vector<uint32_t> blocks(a.size());
  uint32_t block = 0;
  for (size_t i = 0; i < pairs.size(); ++i) {
    block += i > 0 && pairs[i].first != pairs[i - 1].first;
    blocks[pairs[i].second] = block;
  }
  return blocks;
}

/// A partition made anew and then recombined, so that it brings in what the
/// population has not.
Candidate Search::renew(SearchRandom &random, uint64_t &done) const {
  const Candidate &parent = population[choose(random)];
  Candidate fresh = startMultilevel(task, random, done);
  const Candidate &better = fresh.isBetterThan(parent) ? fresh : parent;
  return cycleMultilevel(task, better.parts,
                         overlay(fresh.parts, parent.parts, limits.numParts),
                         random, done);
}

Candidate Search::breed(SearchRandom &random, uint64_t &done) const {
  size_t a = choose(random), b = choose(random);
  unsigned kind = random.below(10);
  if (kind == 0)
    return renew(random, done);
  if (a == b || kind <= 2)
    return cycleMultilevel(task, population[a].parts, population[a].parts,
                           random, done);
  if (population[b].isBetterThan(population[a]))
    std::swap(a, b);
  return cycleMultilevel(
      task, population[a].parts,
      overlay(population[a].parts, population[b].parts, limits.numParts),
      random, done);
}

/// Takes the place of one that costs the same, else of the worst.
void Search::accept(Candidate candidate) {
  for (Candidate &member : population)
    if (member.connectivity == candidate.connectivity &&
        member.excess == candidate.excess) {
      member = std::move(candidate);
      return;
    }
  if (population.size() < maxPopulation) {
    population.push_back(std::move(candidate));
    return;
  }
  auto worst = std::max_element(
      population.begin(), population.end(),
      [](const Candidate &a, const Candidate &b) { return a.isBetterThan(b); });
  if (candidate.isBetterThan(*worst))
    *worst = std::move(candidate);
}

const Candidate &Search::getBest() const {
  return *std::min_element(
      population.begin(), population.end(),
      [](const Candidate &a, const Candidate &b) { return a.isBetterThan(b); });
}

Candidate Search::run(const std::vector<uint32_t> &given) {
  auto makeStart = [&](size_t, SearchRandom &random, uint64_t &done) {
    return startMultilevel(task, random, done);
  };
  population = makeAll(1, makeStart);
  if (!given.empty() && population[0].excess > 0)
    for (Candidate &refined :
         makeAll(1, [&](size_t, SearchRandom &random, uint64_t &done) {
           return cycleMultilevel(task, given, given, random, done);
         }))
      accept(std::move(refined));
  // Few long lines are better than many short ones.
  uint64_t numLines = std::clamp<uint64_t>(options.effort / 16, 1, 8);
  uint64_t workOfLine = budget > work ? (budget - work) / 4 * 3 / numLines : 0;
  if (workOfLine > work)
    for (Candidate &candidate :
         makeAll(numLines, [&](size_t, SearchRandom &random, uint64_t &done) {
           return startLine(random, done, workOfLine - work);
         }))
      accept(std::move(candidate));
  while (mayGoOn())
    for (Candidate &candidate : makeAll(
             generationSize, [&](size_t, SearchRandom &random, uint64_t &done) {
               return breed(random, done);
             }))
      accept(std::move(candidate));
  return getBest();
}

Candidate spikeformer::partition::searchPartition(
    const Hypergraph &graph, const PartLimits &limits,
    const std::vector<uint32_t> &given, const PartitionOptions &options) {
  return Search(graph, limits, options).run(given);
}
