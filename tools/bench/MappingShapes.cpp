//===- MappingShapes.cpp - how mapping grows with its problem -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes networks of a shape, maps them with the library and prints the
// processor seconds of each stage and what came out, as JSON.
//
//   mapping-shapes populations SLICES POPULATIONS FANOUT
//     populations of equal size, each of which sends from every slice to all
//     slices of FANOUT others
//   mapping-shapes partition FILE PARTS PERCENT EFFORT
//     cuts a hypergraph into PARTS of sizes that differ by at most PERCENT from
//     their mean; FILE has the numbers of vertices and of nets, then for each
//     net its source, the number of its targets, and these, from 0
//
// The machine of the first is a hexagonal torus with 16 cores a router, large
// enough.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/KeyAllocator.h"
#include "spikeformer/Mapping/MappingMetrics.h"
#include "spikeformer/Mapping/Partitioner.h"
#include "spikeformer/Mapping/Placer.h"
#include "spikeformer/Mapping/TableBuilder.h"
#include "spikeformer/Mapping/TableCompressor.h"
#include "spikeformer/Mapping/TreeRouter.h"
#include "spikeformer/Support/Json.h"
#include "spikeformer/TargetModel/Fabrics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <ctime>
#include <fstream>
#include <random>

using namespace spikeformer;

static constexpr uint32_t coresPerRouter = 16, tableEntries = 1023;

namespace {
struct Shape {
  SliceList slices;
  Messages messages;
};
} // namespace

static MachineGraph makeMachine(uint32_t cores) {
  GridShape shape;
  shape.name = "torus";
  shape.fabric = Fabric::hexagonal;
  shape.width = std::ceil(std::sqrt(double(cores) / coresPerRouter));
  shape.height = shape.width;
  shape.wrapX = shape.wrapY = true;
  shape.resources = {{"slices", "slices", ResourceScope::core}};
  shape.siteAt = [&](uint32_t x, uint32_t y) {
    RouterSite site;
    site.chip = y * shape.width + x;
    site.tableEntries = tableEntries;
    for (uint32_t id = 0; id < coresPerRouter; ++id)
      site.cores.push_back(id);
    site.routerCapacity = {0};
    site.coreCapacity = {1};
    return std::optional(site);
  };
  return makeGrid(shape);
}

/// Populations of `slices` slices in all, 256 neurons each.
static Shape makePopulations(uint32_t slices, uint32_t populations,
                             uint32_t fanOut) {
  Shape shape;
  uint32_t size = slices / populations;
  for (uint32_t population = 0; population < populations; ++population) {
    shape.slices.populationNames.push_back("p" + std::to_string(population));
    for (uint32_t i = 0; i < size; ++i) {
      shape.slices.names.push_back(shape.slices.populationNames.back() + "_" +
                                   std::to_string(i));
      shape.slices.usage.push_back(1);
      shape.slices.populations.push_back(population);
    }
  }
  // Results do not depend on it, so that any engine will do.
  std::mt19937 engine(1);
  for (uint32_t population = 0; population < populations; ++population) {
    std::vector<uint32_t> others, targets;
    while (others.size() < std::min(fanOut, populations)) {
      uint32_t other = engine() % populations;
      if (!llvm::is_contained(others, other))
        others.push_back(other);
    }
    llvm::sort(others);
    for (uint32_t other : others)
      for (uint32_t i = 0; i < size; ++i)
        targets.push_back(other * size + i);
    for (uint32_t i = 0; i < size; ++i)
      shape.messages.add(population * size + i, targets, 1, 256);
  }
  return shape;
}

namespace {

/// Runs stages one after the other and keeps their seconds.
class Clock {
public:
  template <typename Stage>
  auto run(llvm::StringRef name, Stage stage) {
    std::clock_t begin = std::clock();
    auto result = stage();
    double seconds = double(std::clock() - begin) / CLOCKS_PER_SEC;
    stages.set(name, seconds);
    total += seconds;
    return result;
  }

  JsonValue stages = JsonValue::object();
  double total = 0;
};

} // namespace

static int fail(const Violations &violations) {
  for (const Violation &violation : violations)
    llvm::errs() << "error: " << violation.str() << "\n";
  return 1;
}

//===----------------------------------------------------------------------===//
// Partition
//===----------------------------------------------------------------------===//

/// Reads the numbers of `path`; fails where there is something else.
static bool readHypergraph(llvm::StringRef path, Shape &shape) {
  std::ifstream file(path.str());
  uint32_t vertices, nets;
  if (!(file >> vertices >> nets))
    return false;
  for (uint32_t i = 0; i < vertices; ++i) {
    shape.slices.names.push_back(std::to_string(i));
    shape.slices.usage.push_back(1);
  }
  for (uint32_t net = 0; net < nets; ++net) {
    uint32_t source, count;
    if (!(file >> source >> count))
      return false;
    std::vector<uint32_t> targets(count);
    for (uint32_t &target : targets)
      if (!(file >> target))
        return false;
    llvm::sort(targets);
    shape.messages.add(source, targets, 1, 1);
  }
  return true;
}

static int partition(llvm::StringRef path, uint32_t parts, double imbalance,
                     unsigned effort) {
  Shape shape;
  if (!readHypergraph(path, shape)) {
    llvm::errs() << path << ": error: is no hypergraph\n";
    return 2;
  }
  PartitionProblem problem{shape.slices,
                           shape.messages,
                           {{"vertices", "vertices", ResourceScope::core}},
                           {static_cast<int64_t>(shape.slices.size())},
                           parts,
                           {imbalance},
                           {},
                           {},
                           {}};
  PartitionOptions options;
  options.effort = effort;
  Clock clock;
  PartitionResult result =
      clock.run("partition", [&] { return partitionGrains(problem, options); });
  if (!result.violations.empty())
    return fail(result.violations);
  JsonValue::object()
      .set("connectivity", result.connectivity)
      .set("limit", problem.getLimits().front())
      .set("cpu_seconds", clock.total)
      .print(llvm::outs());
  llvm::outs() << "\n";
  return 0;
}

//===----------------------------------------------------------------------===//
// The whole chain
//===----------------------------------------------------------------------===//

static JsonValue describe(const Shape &shape, const MachineGraph &machine,
                          const Placement &placement, const RoutingTrees &trees,
                          const RoutingTables &tables, Clock &clock) {
  MappingMetrics metrics =
      measure({machine, shape.messages, placement}, shape.slices, trees);
  size_t largest = 0;
  for (const std::vector<TableEntry> &table : tables.entries)
    largest = std::max(largest, table.size());
  return JsonValue::object()
      .set("slices", shape.slices.size())
      .set("targets", shape.messages.targets.size())
      .set("chips_used", metrics.chipsUsed)
      .set("packet_hops", metrics.packetHops)
      .set("max_link_load", metrics.maxLinkLoad)
      .set("compressed_entries_max", largest)
      .set("compressed_entries_total", tables.getNumEntries())
      .set("cpu_seconds", std::move(clock.stages))
      .set("total_cpu_seconds", clock.total);
}

static int map(const Shape &shape) {
  MachineGraph machine = makeMachine(shape.slices.size());
  Clock clock;
  PlacerResult placed = clock.run("place", [&] {
    return place(PlacementProblem{machine, shape.slices, shape.messages, {}});
  });
  if (!placed.isFeasible())
    return fail(placed.violations);
  RoutingProblem routing{machine, shape.messages, placed.placement};
  TreeRouterResult routed = clock.run("route", [&] { return route(routing); });
  if (!routed.isFeasible())
    return fail(routed.violations);
  KeyProblem problem{shape.slices, shape.messages, 32, 0, {}};
  KeyResult keys = clock.run(
      "allocate", [&] { return allocateKeys(problem, machine, routed.trees); });
  if (!keys.violations.empty())
    return fail(keys.violations);
  RoutingTables tables = clock.run("tables", [&] {
    return makeMergedTables(machine, shape.slices, shape.messages, routed.trees,
                            keys.keys);
  });
  CompressionProblem compression{machine, tables};
  RoutingTables smaller =
      clock.run("compress", [&] { return compressTables(compression); });
  Violations wrong = compression.verify(smaller);
  if (!wrong.empty())
    return fail(wrong);
  describe(shape, machine, placed.placement, routed.trees, smaller, clock)
      .print(llvm::outs());
  llvm::outs() << "\n";
  return 0;
}

int main(int argc, char **argv) {
  llvm::SmallVector<uint32_t> numbers;
  for (int i = 2; i < argc; ++i)
    if (llvm::StringRef(argv[i]).getAsInteger(10, numbers.emplace_back()))
      numbers.clear();
  llvm::StringRef mode = argc > 1 ? argv[1] : "";
  if (mode == "partition" && argc == 6) {
    uint32_t parts, percent, effort;
    if (!llvm::StringRef(argv[3]).getAsInteger(10, parts) &&
        !llvm::StringRef(argv[4]).getAsInteger(10, percent) &&
        !llvm::StringRef(argv[5]).getAsInteger(10, effort) && parts > 0)
      return partition(argv[2], parts, 0.01 * percent, effort);
  }
  bool good = argc == 5 && mode == "populations" && numbers.size() == 3 &&
              llvm::all_of(numbers, [](uint32_t n) { return n > 0; }) &&
              numbers[1] <= numbers[0];
  if (good)
    return map(makePopulations(numbers[0], numbers[1], numbers[2]));
  llvm::errs() << "usage: mapping-shapes populations SLICES POPULATIONS "
                  "FANOUT\n       mapping-shapes partition FILE PARTS "
                  "PERCENT EFFORT\n";
  return 2;
}
