//===- OptimumTest.cpp - small placements against an oracle ---------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The oracle is CBC, which gets placement and trees as one integer programme: a
// flow from the source to each target over the links that the tree of the
// message pays for.
//
//===----------------------------------------------------------------------===//

#include "SmallProblem.h"
#include "spikeformer/Mapping/MappingMetrics.h"
#include "spikeformer/Mapping/Placer.h"
#include "spikeformer/Mapping/TreeRouter.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "gtest/gtest.h"
#include <cmath>
#include <sstream>

using namespace spikeformer;

namespace {

/// What the oracle is asked to make small: packets over links, and between
/// cores, and cores and routers in use.
struct OracleWeights {
  double hops = 1, messages = 0, cores = 0;
};

/// Writes a problem in the LP format.
class Programme {
public:
  Programme(const PlacementProblem &problem, OracleWeights weights)
      : problem(problem), machine(problem.machine), weights(weights) {
    makeCells();
  }
  std::string write();

private:
  static std::string name(char kind, size_t a, size_t b) {
    return kind + std::to_string(a) + "_" + std::to_string(b);
  }
  /// " + x + x ..." over the cells of `router` for `slice`.
  std::string sumOfRouter(uint32_t slice, RouterIndex router, char sign) const {
    std::string text;
    for (auto [cell, at] : llvm::enumerate(cells))
      if (at.router == router)
        text += std::string(" ") + sign + " " + name('x', slice, cell);
    return text;
  }
  void makeCells();
  void addCapacities();
  void addSlices();
  void addMessage(uint32_t message);
  void addFlow(uint32_t message, uint32_t target);

  /// A core, or all of a router.
  struct Cell {
    RouterIndex router;
    int64_t neurons;
  };

  const PlacementProblem &problem;
  const MachineGraph &machine;
  OracleWeights weights;
  std::vector<Cell> cells;
  std::ostringstream costs, rows, binaries;
};

} // namespace

/// The slices of small problems use 1 or 2 neurons, and cores have 1 or 2, so
/// they fit a router if their sum does; only pins, and what counts cores, need
/// more than that.
void Programme::makeCells() {
  bool byCore =
      !problem.pins.empty() || weights.messages > 0 || weights.cores > 0;
  for (auto [core, at] : llvm::enumerate(machine.getCores())) {
    int64_t neurons = machine.getCoreCapacity(core)[0];
    if (byCore || cells.empty() || cells.back().router != at.router)
      cells.push_back({at.router, neurons});
    else
      cells.back().neurons += neurons;
  }
}

void Programme::addCapacities() {
  const SliceList &slices = problem.slices;
  std::vector<std::string> memory(machine.getRouters().size());
  for (auto [cell, at] : llvm::enumerate(cells)) {
    for (uint32_t slice = 0; slice < slices.size(); ++slice) {
      llvm::ArrayRef<int64_t> usage = slices.usageOf(slice);
      rows << " + " << usage[0] << " " << name('x', slice, cell);
      memory[at.router] +=
          " + " + std::to_string(usage[1]) + " " + name('x', slice, cell);
    }
    rows << " <= " << at.neurons << "\n";
  }
  for (auto [router, sum] : llvm::enumerate(memory))
    if (!sum.empty())
      rows << sum << " <= " << machine.getRouterCapacity(router)[1] << "\n";
}

void Programme::addSlices() {
  const SliceList &slices = problem.slices;
  for (uint32_t slice = 0; slice < slices.size(); ++slice) {
    for (size_t cell = 0; cell < cells.size(); ++cell) {
      rows << " + " << name('x', slice, cell);
      binaries << " " << name('x', slice, cell) << "\n";
    }
    rows << " = 1\n";
    if (!problem.pins.empty() && problem.pins[slice] != noIndex)
      rows << name('x', slice, problem.pins[slice]) << " = 1\n";
    for (uint32_t other = 0; other < slice && !slices.clusters.empty(); ++other)
      if (slices.clusters[other] == slices.clusters[slice])
        for (const Cell &cell : cells)
          rows << sumOfRouter(slice, cell.router, '+')
               << sumOfRouter(other, cell.router, '-') << " = 0\n";
    for (auto [cell, at] : llvm::enumerate(cells))
      if (weights.cores > 0)
        rows << name('c', 0, cell) << " - " << name('x', slice, cell)
             << " >= 0\n"
             << name('r', 0, at.router) << " - " << name('x', slice, cell)
             << " >= 0\n";
  }
  if (weights.cores == 0)
    return;
  for (size_t cell = 0; cell < cells.size(); ++cell)
    costs << " + " << weights.cores << " " << name('c', 0, cell);
  for (RouterIndex router = 0; router < machine.getRouters().size(); ++router)
    costs << " + " << weights.cores << " " << name('r', 0, router);
}

/// What leaves a router without coming there begins there, or else ends.
void Programme::addFlow(uint32_t message, uint32_t target) {
  uint32_t source = problem.messages.sources[message];
  llvm::ArrayRef<Link> links = machine.getLinks();
  std::string flow = "f" + std::to_string(message) + "_";
  for (RouterIndex router = 0; router < machine.getRouters().size(); ++router) {
    std::string sum;
    for (LinkIndex link = 0; link < links.size(); ++link)
      if (links[link].from == router || links[link].to == router)
        sum += (links[link].from == router ? " + " : " - ") + flow +
               name('t', target, link);
    sum += sumOfRouter(source, router, '-') + sumOfRouter(target, router, '+');
    if (!sum.empty())
      rows << sum << " = 0\n";
  }
  for (LinkIndex link = 0; link < links.size(); ++link)
    rows << name('y', message, link) << " - " << flow << name('t', target, link)
         << " >= 0\n";
}

void Programme::addMessage(uint32_t message) {
  const Messages &messages = problem.messages;
  double packets = messages.packets[message];
  std::vector<uint32_t> ends = messages.targetsOf(message).vec();
  ends.push_back(messages.sources[message]);
  for (LinkIndex link = 0; link < machine.getLinks().size(); ++link) {
    if (weights.hops * packets > 0)
      costs << " + " << weights.hops * packets << " "
            << name('y', message, link);
    binaries << " " << name('y', message, link) << "\n";
  }
  for (uint32_t target : messages.targetsOf(message)) {
    // What a core sends itself costs nothing.
    if (target == messages.sources[message])
      continue;
    addFlow(message, target);
    for (size_t cell = 0; cell < cells.size() && weights.messages > 0; ++cell)
      rows << name('z', message, cell) << " - " << name('x', target, cell)
           << " + " << name('x', messages.sources[message], cell) << " >= 0\n";
  }
  for (size_t cell = 0; cell < cells.size(); ++cell)
    if (weights.messages * packets > 0)
      costs << " + " << weights.messages * packets << " "
            << name('z', message, cell);
  // Any tree has one router more than links; that helps the oracle a lot.
  std::string tree, routers;
  for (LinkIndex link = 0; link < machine.getLinks().size(); ++link)
    tree += " + " + name('y', message, link);
  for (RouterIndex router = 0; router < machine.getRouters().size(); ++router) {
    if (machine.getRouters()[router].numCores == 0)
      continue;
    routers += " - " + name('u', message, router);
    for (uint32_t end : ends)
      rows << name('u', message, router) << sumOfRouter(end, router, '-')
           << " >= 0\n";
  }
  if (!tree.empty())
    rows << tree << routers << " >= -1\n";
}

std::string Programme::write() {
  addCapacities();
  addSlices();
  for (uint32_t message = 0; message < problem.messages.size(); ++message)
    addMessage(message);
  return "Minimize\n cost: 0 x0_0" + costs.str() + "\nSubject To\n" +
         rows.str() + "Binaries\n" + binaries.str() + "End\n";
}

/// The least that `problem` can cost, infinite if it has no answer; NaN if the
/// oracle did not get to an end.
static double askOracle(const std::string &oracle,
                        const PlacementProblem &problem,
                        OracleWeights weights) {
  llvm::SmallString<128> question, answer;
  int file = 0;
  if (llvm::sys::fs::createTemporaryFile("placement", "lp", file, question) ||
      llvm::sys::fs::createTemporaryFile("placement", "txt", answer))
    return NAN;
  llvm::FileRemover removeQuestion(question), removeAnswer(answer);
  llvm::raw_fd_ostream(file, true) << Programme(problem, weights).write();
  std::vector<std::optional<llvm::StringRef>> redirects = {"", "", ""};
  if (llvm::sys::ExecuteAndWait(
          oracle, {oracle, question, "sec", "60", "solve", "solution", answer},
          std::nullopt, redirects))
    return NAN;
  auto text = llvm::MemoryBuffer::getFile(answer);
  if (!text)
    return NAN;
  llvm::StringRef line = (*text)->getBuffer().split('\n').first;
  if (line.contains_insensitive("infeasible"))
    return INFINITY;
  double value = NAN;
  if (line.consume_front("Optimal - objective value "))
    line.trim().getAsDouble(value);
  return value;
}

/// What `placement` costs with the trees that it is given.
static double measureCost(const PlacementProblem &problem,
                          const Placement &placement, OracleWeights weights) {
  if (placement.empty())
    return INFINITY;
  EXPECT_EQ(describe(problem.verify(placement)), "");
  RoutingProblem routing = {problem.machine, problem.messages, placement};
  TreeRouterResult routed = route(routing);
  if (!routed.isFeasible())
    return INFINITY;
  EXPECT_EQ(describe(routing.verify(routed.trees)), "");
  MappingMetrics metrics = measure(routing, problem.slices, routed.trees);
  return weights.hops * metrics.packetHops +
         weights.messages * metrics.messages +
         weights.cores * (metrics.coresUsed + metrics.routersUsed);
}

/// The placements of problems number `first` to `last` - 1 cost what the oracle
/// says.
static void expectOptima(uint32_t first, uint32_t last, uint32_t mostSlices,
                         OracleWeights weights) {
  llvm::ErrorOr<std::string> oracle = llvm::sys::findProgramByName("cbc");
  if (!oracle)
    GTEST_SKIP() << "cbc is not there (Debian package coinor-cbc)";
  for (uint32_t seed = first; seed < last; ++seed) {
    SmallProblem small = makeSmallProblem(seed, mostSlices);
    if (!small.get().check().empty())
      continue;
    double optimum = askOracle(*oracle, small.get(), weights);
    PlacerOptions options;
    options.objective.weights[Objective::hops] = weights.hops;
    options.objective.weights[Objective::messages] = weights.messages;
    options.objective.weights[Objective::cores] = weights.cores;
    PlacerResult result = place(small.get(), options);
    double cost = measureCost(small.get(), result.placement, weights);
    ASSERT_FALSE(std::isnan(optimum)) << seed;
    // Equal where both are infinite.
    EXPECT_TRUE(cost == optimum || std::abs(cost - optimum) < 1e-6)
        << seed << ": " << cost << " instead of " << optimum;
    EXPECT_TRUE(result.isOptimal || std::isinf(optimum)) << seed;
  }
}

TEST(Optimum, HopsAreThoseOfTheOracle) { expectOptima(0, 42, 5, {}); }

TEST(Optimum, MessagesAreThoseOfTheOracle) {
  expectOptima(100, 110, 4, {0, 1, 0});
}

TEST(Optimum, SumsAreThoseOfTheOracle) {
  expectOptima(200, 210, 3, {1, 0.5, 0.25});
}
