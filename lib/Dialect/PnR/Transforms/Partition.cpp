//===- Partition.cpp - slices of a network --------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MappingPass.h"
#include "PartitionCuts.h"
#include "mlir/IR/Builders.h"
#include "spikeformer/Dialect/PnR/Transforms/Passes.h"
#include "spikeformer/PluginAPI/SliceCosts.h"
#include "llvm/ADT/StringExtras.h"

namespace spikeformer {
#define GEN_PASS_DEF_PNRPARTITIONPASS
#include "spikeformer/Dialect/PnR/Transforms/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::pnr;

/// The slices of `cuts`, named after their origins.
static SliceList makeSlices(const snn::NetworkCuts &cuts) {
  SliceList slices;
  slices.boxOffsets = {0};
  for (const auto &[origin, cut] : cuts.origins) {
    std::string name = snn::getOriginName(origin);
    for (const auto &[i, ranges] : llvm::enumerate(cut.slices)) {
      slices.names.push_back(name + "_" + std::to_string(i));
      slices.populations.push_back(slices.populationNames.size());
      llvm::append_range(slices.boxes, ranges);
      slices.boxOffsets.push_back(slices.boxes.size());
    }
    slices.populationNames.push_back(std::move(name));
  }
  return slices;
}

/// A message from every slice to all that it has synapses with.
static Messages makeMessages(const snn::NetworkCuts &cuts,
                             ArrayRef<snn::SliceLink> links,
                             const SpikeRates &rates) {
  std::vector<std::vector<uint32_t>> targets(cuts.getNumSlices());
  for (const snn::SliceLink &link : links)
    targets[link.source].push_back(link.target);
  Messages messages;
  for (const auto &[origin, cut] : cuts.origins)
    for (uint32_t i = 0; i < cut.slices.size(); ++i) {
      std::vector<uint32_t> &to = targets[cut.firstSlice + i];
      llvm::sort(to);
      to.erase(llvm::unique(to), to.end());
      if (!to.empty())
        messages.add(cut.firstSlice + i, to, rates.sum(origin, cut.slices[i]),
                     cut.numNeurons[i]);
    }
  return messages;
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
    FailureOr<SmallVector<Value>> origins = snn::listOrigins(network);
    if (failed(origins))
      return failure();
    auto spikes = SpikeRates::create(network, *origins, rates);
    if (failed(spikes))
      return failure();
    NetworkCutter cutter(network, *origins, *graph, *costs, *spikes,
                         maxNeurons > 0 ? int64_t(maxNeurons) : INT64_MAX);
    if (failed(cutter.run()))
      return failure();
    SliceList slices = makeSlices(cutter.getCuts());
    slices.usage = cutter.takeUsage();
    Messages messages =
        makeMessages(cutter.getCuts(), cutter.getLinks(), *spikes);
    OpBuilder builder(network.getContext());
    builder.setInsertionPointAfter(network);
    MappingOp mapping = createMapping(builder, network.getLoc(), "mapping",
                                      machine, resources, slices, messages);
    mapping.setNetworkAttr(FlatSymbolRefAttr::get(network.getSymNameAttr()));
    mapping.setDigest(snn::getNetworkDigest(network));
    return success();
  }
};

} // namespace
