//===- Retime.cpp - projections get the delay they need -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The smallest r(p) are longest ways in the graph of populations, found by
// relaxation (Bellman 1958); one that never ends is a cycle without enough
// delay.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Builders.h"
#include "spikeformer/Dialect/SNN/Analysis/Relations.h"
#include "spikeformer/Dialect/SNN/Analysis/SignalOrigins.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Dialect/SNN/Transforms/Passes.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

namespace spikeformer {
#define GEN_PASS_DEF_SNNRETIMEPASS
#include "spikeformer/Dialect/SNN/Transforms/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::snn;

static constexpr size_t maxNotes = 32;

namespace {

/// Why one node is later than another.
enum class Reason {
  /// A projection takes its time.
  projection,
  /// Both send elements of one signal.
  together,
  /// An encoder's values depend on the step.
  encoder,
  /// Before its onset a population shows its initial state, not 0 as a delay
  /// does.
  state
};

/// `target` is at least `least` steps later than `source`.
struct Order {
  unsigned source, target;
  int64_t least;
  Reason reason;
  /// Where: a projection, an encoder or the outputs.
  Operation *at;
  /// The delay of a projection that has one.
  std::optional<int64_t> delay;
};

/// What sends the elements of a signal.
struct Sources {
  llvm::SmallSetVector<Value, 2> origins;
  /// There is a `snn.delay` on the way.
  bool delayed = false;
};

/// Retimes one network.
class Retimer {
public:
  Retimer(NetworkOp network, int64_t minDelay)
      : network(network), minDelay(minDelay) {}

  /// Finds the steps of all populations; fails with a diagnostic for each
  /// cycle and encoder for which there are none.
  LogicalResult solve();
  void rewrite();
  /// Steps of the populations that are later, by name.
  SmallVector<NamedAttribute> describe();

private:
  unsigned getNode(Value origin);
  /// What sends the elements of `signal`, which `at` takes, is equally late.
  /// The node of the first of it.
  unsigned align(Value signal, Operation *at);
  void holdStates(ProjectOp project);
  void addOrders(ProjectOp project, Value target);
  void collect();
  /// Index of an order that can still be violated after as many rounds as
  /// there are nodes; none if all hold.
  std::optional<size_t> relax();
  void failCycle(SmallVector<size_t> cycle);
  void failFixed(const Order &order);
  SmallVector<size_t> findCycle(size_t order);
  int64_t getSteps(Value signal);
  void setDelay(OpOperand &current, PopulationOp population);

  NetworkOp network;
  int64_t minDelay;
  /// Node 0 is everything that stays where it is.
  llvm::MapVector<Operation *, unsigned> nodes;
  std::vector<Order> orders;
  std::vector<int64_t> steps;
  /// By node the order that decided its steps.
  std::vector<size_t> decided;
};

} // namespace

/// What sends the elements of `signal`, through operations that move or merge
/// elements.
static Sources findSources(Value signal) {
  Sources sources;
  llvm::SmallSetVector<Value, 2> seen;
  seen.insert(signal);
  for (size_t next = 0; next < seen.size(); ++next) {
    Operation *op = seen[next].getDefiningOp();
    sources.delayed |= isa_and_nonnull<DelayOp>(op);
    if (isa_and_nonnull<PoolOp, ReshapeOp, SliceOp, ConcatOp, DelayOp>(op))
      seen.insert(op->operand_begin(), op->operand_end());
    else
      sources.origins.insert(seen[next]);
  }
  return sources;
}

unsigned Retimer::getNode(Value origin) {
  auto population = dyn_cast_or_null<PopulationOp>(origin.getDefiningOp());
  return population ? nodes.lookup(population) : 0;
}

unsigned Retimer::align(Value signal, Operation *at) {
  auto origins = findSources(signal).origins;
  unsigned first = getNode(origins.front());
  for (Value origin : llvm::drop_begin(origins)) {
    unsigned other = getNode(origin);
    orders.push_back({first, other, 0, Reason::together, at, std::nullopt});
    orders.push_back({other, first, 0, Reason::together, at, std::nullopt});
  }
  return first;
}

/// Populations whose states `project` takes after a delay stay where they are.
void Retimer::holdStates(ProjectOp project) {
  auto [origins, delayed] = findSources(project.getSource());
  auto shared = dyn_cast<IntegerAttr>(project.getDelay());
  if (!delayed && shared && shared.getInt() == 0)
    return;
  for (Value origin : origins)
    if (auto population = origin.getDefiningOp<PopulationOp>())
      if (origin != population.getSpikes())
        orders.push_back(
            {getNode(origin), 0, 0, Reason::state, project, std::nullopt});
}

void Retimer::addOrders(ProjectOp project, Value target) {
  unsigned source = align(project.getSource(), project), to = getNode(target);
  holdStates(project);
  if (auto shared = dyn_cast<IntegerAttr>(project.getDelay()))
    orders.push_back({source, to, minDelay - shared.getInt(),
                      Reason::projection, project, shared.getInt()});
  else // Delays of single synapses cannot become shorter, for they are data.
    orders.push_back(
        {source, to, 0, Reason::projection, project, std::nullopt});
}

void Retimer::collect() {
  unsigned next = 0;
  for (auto population : network.getBody().getOps<PopulationOp>())
    nodes[population] = ++next;
  steps.assign(next + 1, 0);
  decided.assign(next + 1, SIZE_MAX);
  for (auto [op, node] : nodes)
    for (Value current : cast<PopulationOp>(op).getInputs())
      addOrders(current.getDefiningOp<ProjectOp>(), op->getResult(0));
  for (auto encode : network.getBody().getOps<EncodeOp>())
    for (Value origin : findSources(encode.getInput()).origins)
      if (unsigned node = getNode(origin))
        orders.push_back({node, 0, 0, Reason::encoder, encode, std::nullopt});
  for (Value value : network.getOutput().getValues())
    align(value, network.getOutput());
}

std::optional<size_t> Retimer::relax() {
  std::optional<size_t> last;
  for (size_t round = 0; round <= steps.size(); ++round) {
    last.reset();
    for (auto [index, order] : llvm::enumerate(orders)) {
      int64_t least = steps[order.source] + order.least;
      if (steps[order.target] >= least)
        continue;
      last = index;
      if (order.target == 0)
        return last;
      steps[order.target] = least;
      decided[order.target] = index;
    }
    if (!last)
      return std::nullopt;
  }
  return last;
}

/// The orders of the cycle that `order`, which never holds, hangs on.
SmallVector<size_t> Retimer::findCycle(size_t order) {
  size_t at = order;
  for (size_t i = 0; i < steps.size(); ++i)
    at = decided[orders[at].source];
  SmallVector<size_t> cycle;
  for (size_t next = at; cycle.empty() || next != at;
       next = decided[orders[next].source])
    cycle.push_back(next);
  std::reverse(cycle.begin(), cycle.end());
  // It is reported at its first population.
  std::rotate(cycle.begin(),
              llvm::min_element(cycle,
                                [&](size_t a, size_t b) {
                                  return orders[a].target < orders[b].target;
                                }),
              cycle.end());
  return cycle;
}

void Retimer::failCycle(SmallVector<size_t> cycle) {
  int64_t need = 0, have = 0;
  for (size_t index : cycle)
    if (std::optional<int64_t> delay = orders[index].delay) {
      need += minDelay;
      have += *delay;
    }
  auto population =
      cast<PopulationOp>((nodes.begin() + orders[cycle[0]].target - 1)->first);
  InFlightDiagnostic diagnostic = population.emitError()
                                  << "cycle through \"" << population.getName()
                                  << "\": needs " << need << " steps of delay, "
                                  << minDelay << " for each projection, has "
                                  << have << "; lengthen a delay of it";
  for (size_t index : ArrayRef(cycle).take_front(maxNotes)) {
    Diagnostic &note = diagnostic.attachNote(orders[index].at->getLoc());
    if (std::optional<int64_t> delay = orders[index].delay)
      note << "a projection of delay " << *delay;
    else
      note << "this cannot become earlier";
  }
  if (cycle.size() > maxNotes)
    diagnostic.attachNote() << "and " << cycle.size() - maxNotes << " more";
}

/// What stays where it is would have to be later.
void Retimer::failFixed(const Order &order) {
  Operation *source = (nodes.begin() + order.source - 1)->first;
  InFlightDiagnostic diagnostic = order.at->emitError();
  if (order.reason == Reason::encoder)
    diagnostic << "encoder: needs its input in the step of the network";
  else if (order.reason == Reason::state)
    diagnostic << "delayed state: needs a population that begins in step 0";
  else
    diagnostic << "signal of several sources, of them an input, encoder or "
                  "constant: needs them equally late";
  diagnostic << ", has \"" << cast<PopulationOp>(source).getName()
             << "\", which becomes " << steps[order.source] + order.least
             << " steps later; ";
  if (order.reason == Reason::encoder)
    diagnostic << "encode an input of the network";
  else if (order.reason == Reason::state)
    diagnostic << "take its spikes, or its state without a delay";
  else
    diagnostic << "use them one by one";
}

LogicalResult Retimer::solve() {
  collect();
  bool good = true;
  while (std::optional<size_t> wrong = relax()) {
    good = false;
    SmallVector<size_t> drop = {*wrong};
    if (orders[*wrong].target == 0) {
      failFixed(orders[*wrong]);
    } else {
      drop = findCycle(*wrong);
      failCycle(drop);
    }
    // The others are looked at without what has been reported.
    llvm::sort(drop);
    for (size_t index : llvm::reverse(drop))
      orders.erase(orders.begin() + index);
    steps.assign(steps.size(), 0);
    decided.assign(decided.size(), SIZE_MAX);
  }
  return success(good);
}

int64_t Retimer::getSteps(Value signal) {
  return steps[getNode(findSources(signal).origins.front())];
}

/// Gives the projection of `current` the delay that it needs for `population`.
/// Another population may need another one of the same projection.
void Retimer::setDelay(OpOperand &current, PopulationOp population) {
  auto project = current.get().getDefiningOp<ProjectOp>();
  int64_t later =
      steps[nodes.lookup(population)] - getSteps(project.getSource());
  if (later == 0)
    return;
  OpBuilder builder(project);
  if (!current.get().hasOneUse()) {
    project = cast<ProjectOp>(builder.clone(*project));
    current.set(project.getResult());
  }
  if (auto shared = dyn_cast<IntegerAttr>(project.getDelay()))
    project.setDelayAttr(builder.getI64IntegerAttr(shared.getInt() + later));
  else
    project.getSourceMutable().assign(DelayOp::create(
        builder, project.getLoc(), project.getSource().getType(),
        project.getSource(), builder.getI64IntegerAttr(later)));
}

void Retimer::rewrite() {
  for (auto [op, node] : nodes) {
    auto population = cast<PopulationOp>(op);
    for (OpOperand &current : population->getOpOperands())
      setDelay(current, population);
  }
  Builder builder(network.getContext());
  for (auto [op, node] : nodes)
    if (steps[node] != 0)
      cast<PopulationOp>(op).setOnsetAttr(builder.getI64IntegerAttr(
          cast<PopulationOp>(op).getOnsetStep() + steps[node]));
}

SmallVector<NamedAttribute> Retimer::describe() {
  Builder builder(network.getContext());
  SmallVector<NamedAttribute> details;
  for (auto [op, node] : nodes)
    if (steps[node] != 0)
      details.emplace_back(cast<PopulationOp>(op).getNameAttr(),
                           builder.getI64IntegerAttr(steps[node]));
  return details;
}

/// Makes `snn.delay` before projections with one delay part of that.
static void foldDelays(NetworkOp network) {
  for (auto project : network.getBody().getOps<ProjectOp>()) {
    auto shared = dyn_cast<IntegerAttr>(project.getDelay());
    while (auto delay = project.getSource().getDefiningOp<DelayOp>()) {
      if (!shared)
        break;
      shared = IntegerAttr::get(shared.getType(),
                                shared.getInt() +
                                    static_cast<int64_t>(delay.getSteps()));
      project.setDelayAttr(shared);
      project.getSourceMutable().assign(delay.getSource());
    }
  }
  for (auto delay :
       llvm::make_early_inc_range(network.getBody().getOps<DelayOp>()))
    if (delay.use_empty())
      delay.erase();
}

/// A run of `network` whose samples are not reset; null if there is none.
static SimulateOp findCarriedState(ModuleOp module, NetworkOp network) {
  SimulateOp found;
  module.walk([&](SimulateOp simulate) {
    if (simulate.getNetwork() == network.getSymName() &&
        simulate.getResetKind() != SampleReset::per_sample)
      found = simulate;
  });
  return found;
}

/// State that is carried over would be carried over in other steps: reports
/// every projection that is too fast.
static void failCarriedState(NetworkOp network, SimulateOp simulate,
                             int64_t minDelay) {
  for (auto project : network.getBody().getOps<ProjectOp>()) {
    auto shared = dyn_cast<IntegerAttr>(project.getDelay());
    if (!shared || shared.getInt() >= minDelay)
      continue;
    InFlightDiagnostic diagnostic =
        project.emitError("delay of a projection: needs ")
        << shared.getInt() << " steps, has at least " << minDelay
        << "; reset the samples, or give every projection its steps";
    diagnostic.attachNote(simulate.getLoc())
        << "with reset(never) a population that begins later would carry "
           "another state over";
  }
}

namespace {

struct Retime : spikeformer::impl::SNNRetimePassBase<Retime> {
  using SNNRetimePassBase::SNNRetimePassBase;

  void runOnOperation() override {
    bool good = true;
    for (NetworkOp network : getOperation().getOps<NetworkOp>())
      good &= succeeded(retime(network));
    if (!good)
      signalPassFailure();
  }

  LogicalResult retime(NetworkOp network) {
    Retimer retimer(network, minDelay);
    foldDelays(network);
    if (failed(retimer.solve()))
      return failure();
    SmallVector<NamedAttribute> details = retimer.describe();
    if (details.empty())
      return success();
    if (SimulateOp simulate = findCarriedState(getOperation(), network)) {
      failCarriedState(network, simulate, minDelay);
      return failure();
    }
    retimer.rewrite();
    appendRelation(getOperation(), "legalize", RelationKind::retimed, details);
    return success();
  }
};

} // namespace
