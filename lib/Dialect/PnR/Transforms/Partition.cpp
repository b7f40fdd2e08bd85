//===- Partition.cpp - slices of a network --------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MappingPass.h"
#include "mlir/IR/Builders.h"
#include "spikeformer/Dialect/PnR/Transforms/Passes.h"
#include "spikeformer/Dialect/SNN/Analysis/SliceSynapses.h"
#include "spikeformer/PluginAPI/SliceCosts.h"
#include "llvm/ADT/StringExtras.h"

namespace spikeformer {
#define GEN_PASS_DEF_PNRPARTITIONPASS
#include "spikeformer/Dialect/PnR/Transforms/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::pnr;

namespace {

/// Cuts one network for one machine.
class Partitioner {
public:
  Partitioner(snn::NetworkOp network, const MachineGraph &machine,
              const SliceCosts &costs, int64_t maxNeurons)
      : network(network), machine(machine), costs(costs),
        maxNeurons(maxNeurons) {}

  /// Finds slices that fit; fails with a diagnostic at a population whose
  /// neurons alone are too large.
  LogicalResult run();

  SliceList slices;
  Messages messages;

private:
  LogicalResult cutAndLink();
  void describeSlices();
  void sendMessages();
  void makeNames();
  /// Halves the most neurons of origins with a slice that does not fit.
  FailureOr<bool> shrink();
  LogicalResult failOrigin(Value origin, size_t resource, int64_t need,
                           int64_t have);

  snn::NetworkOp network;
  const MachineGraph &machine;
  const SliceCosts &costs;
  int64_t maxNeurons;
  /// Most neurons of a slice of each origin.
  llvm::MapVector<Value, int64_t> most;
  snn::NetworkCuts cuts;
  std::vector<snn::SliceLink> links;
};

} // namespace

LogicalResult Partitioner::cutAndLink() {
  cuts = {};
  for (const auto &[origin, limit] : most)
    cuts.add(origin, cast<snn::SignalType>(origin.getType()).getNumElements(),
             limit);
  auto found = snn::linkSlices(network, cuts);
  if (failed(found))
    return failure();
  links = std::move(*found);
  return success();
}

/// Fills in what slices use.
void Partitioner::describeSlices() {
  std::vector<std::vector<IncomingSynapses>> incoming(cuts.getNumSlices());
  for (const snn::SliceLink &link : links)
    incoming[link.target].push_back(
        {link.sourceNeurons, link.synapses, link.longestRow});
  size_t width = machine.getResources().size();
  slices.usage.assign(incoming.size() * width, 0);
  for (const auto &[origin, cut] : cuts.origins)
    for (uint32_t i = 0; i < cut.getNumSlices(); ++i) {
      uint32_t slice = cut.firstSlice + i;
      costs.usageOf({origin.getDefiningOp(), cut.bounds[i + 1] - cut.bounds[i],
                     incoming[slice]},
                    MutableArrayRef(slices.usage).slice(slice * width, width));
    }
}

LogicalResult Partitioner::failOrigin(Value origin, size_t resource,
                                      int64_t need, int64_t have) {
  const Resource &kind = machine.getResources()[resource];
  return emitError(origin.getLoc())
         << "one neuron of '" << snn::getOriginName(origin) << "' needs "
         << need << " " << kind.unit << " of '" << kind.name << "', machine '"
         << machine.getName() << "' has " << have << " on one "
         << (kind.scope == ResourceScope::core ? "core" : "router")
         << "; give it fewer synapses or take another machine";
}

FailureOr<bool> Partitioner::shrink() {
  size_t width = machine.getResources().size();
  std::vector<int64_t> room(width);
  for (RouterIndex router = 0; router < machine.getRouters().size(); ++router)
    for (size_t i = 0; i < width; ++i)
      room[i] = std::max(room[i], machine.getRouterCapacity(router)[i]);
  for (CoreIndex core = 0; core < machine.getCores().size(); ++core)
    for (size_t i = 0; i < width; ++i)
      room[i] = std::max(room[i], machine.getCoreCapacity(core)[i]);
  bool changed = false;
  for (const auto &[origin, cut] : cuts.origins) {
    for (size_t entry = cut.firstSlice * width,
                end = entry + cut.getNumSlices() * width;
         entry < end; ++entry) {
      size_t resource = entry % width;
      if (slices.usage[entry] <= room[resource])
        continue;
      int64_t &limit = most[origin];
      if (limit == 1)
        return failOrigin(origin, resource, slices.usage[entry],
                          room[resource]);
      limit = (limit + 1) / 2;
      changed = true;
      break;
    }
  }
  return changed;
}

void Partitioner::makeNames() {
  slices.boxOffsets = {0};
  for (const auto &[index, entry] : llvm::enumerate(cuts.origins)) {
    const auto &[origin, cut] = entry;
    std::string name = snn::getOriginName(origin);
    slices.populationNames.push_back(name);
    for (uint32_t i = 0; i < cut.getNumSlices(); ++i) {
      slices.names.push_back(name + "_" + std::to_string(i));
      slices.populations.push_back(index);
      slices.boxes.insert(slices.boxes.end(),
                          {cut.bounds[i], cut.bounds[i + 1]});
      slices.boxOffsets.push_back(slices.boxes.size());
    }
  }
}

/// A message from every slice to all that it has synapses with. Without a
/// profile each neuron is taken to send one packet per unit of time.
void Partitioner::sendMessages() {
  std::vector<std::vector<uint32_t>> targets(cuts.getNumSlices());
  for (const snn::SliceLink &link : links)
    targets[link.source].push_back(link.target);
  for (const auto &[origin, cut] : cuts.origins)
    for (uint32_t i = 0; i < cut.getNumSlices(); ++i) {
      std::vector<uint32_t> &to = targets[cut.firstSlice + i];
      llvm::sort(to);
      to.erase(llvm::unique(to), to.end());
      int64_t neurons = cut.bounds[i + 1] - cut.bounds[i];
      if (!to.empty())
        messages.add(cut.firstSlice + i, to, neurons, neurons);
    }
}

LogicalResult Partitioner::run() {
  FailureOr<SmallVector<Value>> origins = snn::listOrigins(network);
  if (failed(origins))
    return failure();
  for (Value origin : *origins)
    most[origin] =
        std::min(costs.getMaxNeurons(origin.getDefiningOp()), maxNeurons);
  while (true) {
    if (failed(cutAndLink()))
      return failure();
    describeSlices();
    FailureOr<bool> changed = shrink();
    if (failed(changed))
      return failure();
    if (!*changed)
      break;
  }
  makeNames();
  sendMessages();
  return success();
}

namespace {

struct PartitionPass : spikeformer::impl::PnRPartitionPassBase<PartitionPass> {
  using PnRPartitionPassBase::PnRPartitionPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (!module.getOps<MappingOp>().empty())
      return;
    for (snn::NetworkOp network :
         llvm::make_early_inc_range(module.getOps<snn::NetworkOp>()))
      if (failed(partition(network)))
        return signalPassFailure();
  }

  LogicalResult partition(snn::NetworkOp network) {
    const PluginRegistry &registry = PluginRegistry::get();
    auto graph = registry.makeMachine(machine);
    if (!graph)
      return emitError(network.getLoc()) << llvm::toString(graph.takeError());
    const SliceCosts *costs = registry.lookupSliceCosts(machine);
    if (!costs)
      return emitError(network.getLoc())
             << "machine '" << machine
             << "' says nothing of what a slice of a network costs; take a "
                "machine of a target that does";
    SmallVector<StringRef> resources;
    for (const Resource &resource : graph->getResources())
      resources.push_back(resource.name);
    if (ArrayRef<StringRef>(resources) != costs->getResourceNames())
      return emitError(network.getLoc())
             << "machine '" << machine << "' has the resources "
             << llvm::join(resources, ", ") << "; what slices cost is in "
             << llvm::join(costs->getResourceNames(), ", ");
    Partitioner partitioner(network, *graph, *costs,
                            maxNeurons > 0 ? int64_t(maxNeurons) : INT64_MAX);
    if (failed(partitioner.run()))
      return failure();
    OpBuilder builder(network.getContext());
    builder.setInsertionPointAfter(network);
    MappingOp mapping =
        createMapping(builder, network.getLoc(), "mapping", machine, resources,
                      partitioner.slices, partitioner.messages);
    mapping.setNetworkAttr(FlatSymbolRefAttr::get(network.getSymNameAttr()));
    mapping.setDigest(snn::getNetworkDigest(network));
    return success();
  }
};

} // namespace
