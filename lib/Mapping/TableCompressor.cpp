//===- TableCompressor.cpp - smaller routing tables -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/TableCompressor.h"
#include "CompressionMethods.h"
#include "DefaultRoute.h"
#include <atomic>
#include <thread>

using namespace spikeformer;

static constexpr std::pair<CompressionMethod, llvm::StringLiteral> names[] = {
    {CompressionMethod::none, "none"},
    {CompressionMethod::range, "range"},
    {CompressionMethod::pair, "pair"},
    {CompressionMethod::orderedCovering, "ordered-covering"},
    {CompressionMethod::cover, "cover"},
    {CompressionMethod::automatic, "automatic"},
};

llvm::StringRef spikeformer::getName(CompressionMethod method) {
  return llvm::find_if(names,
                       [&](const auto &item) { return item.first == method; })
      ->second;
}

std::optional<CompressionMethod>
spikeformer::findCompressionMethod(llvm::StringRef name) {
  for (const auto &[method, text] : names)
    if (text == name)
      return method;
  return std::nullopt;
}

namespace {

/// Compresses one table after the other.
class Compressor {
public:
  Compressor(const CompressionProblem &problem,
             const CompressionOptions &options)
      : problem(problem), options(options) {}

  std::vector<TableEntry> compress(RouterIndex router) const;

private:
  CareTable getCareTable(RouterIndex router) const;
  std::vector<bool> getDefaults(llvm::ArrayRef<TableEntry> entries) const;
  CareTable shrink(CareTable table) const;

  const CompressionProblem &problem;
  const CompressionOptions &options;
};

} // namespace

std::vector<bool>
Compressor::getDefaults(llvm::ArrayRef<TableEntry> entries) const {
  std::vector<bool> isDefault(entries.size());
  if (problem.defaultRoutes)
    for (auto [index, entry] : llvm::enumerate(entries))
      isDefault[index] = takesDefault(problem.machine, entry,
                                      problem.tables.routes[entry.route]);
  return isDefault;
}

CareTable Compressor::getCareTable(RouterIndex router) const {
  const std::vector<TableEntry> &entries = problem.tables.entries[router];
  return {entries, getDefaults(entries)};
}

/// Makes a large table small enough for an algorithm that compares all pairs.
CareTable Compressor::shrink(CareTable table) const {
  constexpr size_t manyEntries = 2048;
  table = mergeHalves(table);
  if (table.entries.size() <= manyEntries)
    return table;
  std::vector<TableEntry> merged = mergeRanges(table);
  std::vector<bool> isDefault = getDefaults(merged);
  return {std::move(merged), std::move(isDefault)};
}

void spikeformer::dropDefaults(std::vector<TableEntry> &entries,
                               std::vector<bool> isDefault) {
  // Kept entries from the last one on.
  std::vector<TableEntry> kept;
  for (size_t index = entries.size(); index-- > 0;) {
    KeyBlock block = entries[index].block;
    if (!isDefault[index] || llvm::any_of(kept, [&](const TableEntry &later) {
          return later.block.intersects(block);
        }))
      kept.push_back(entries[index]);
  }
  entries.assign(kept.rbegin(), kept.rend());
}

std::vector<TableEntry> Compressor::compress(RouterIndex router) const {
  CareTable table = getCareTable(router);
  std::vector<TableEntry> result;
  switch (options.method) {
  case CompressionMethod::none:
    return std::move(table.entries);
  case CompressionMethod::range:
    result = mergeRanges(table);
    break;
  case CompressionMethod::pair:
    result = mergePairs(table);
    break;
  case CompressionMethod::orderedCovering:
    result = coverInOrder(table);
    break;
  case CompressionMethod::cover:
    return coverRoutes(table, options.effort);
  case CompressionMethod::automatic:
    return coverRoutes(shrink(std::move(table)), options.effort);
  }
  dropDefaults(result, getDefaults(result));
  return result;
}

RoutingTables spikeformer::compressTables(const CompressionProblem &problem,
                                          const CompressionOptions &options) {
  RoutingTables compressed;
  compressed.routes = problem.tables.routes;
  compressed.entries.resize(problem.tables.entries.size());
  Compressor compressor(problem, options);
  // Which thread takes which table does not matter: each is by itself.
  std::atomic<size_t> next = 0;
  auto work = [&] {
    for (size_t router = next++; router < compressed.entries.size();
         router = next++)
      compressed.entries[router] = compressor.compress(router);
  };
  std::vector<std::thread> threads;
  for (uint32_t i = 1; i < options.threads; ++i)
    threads.emplace_back(work);
  work();
  for (std::thread &thread : threads)
    thread.join();
  return compressed;
}
