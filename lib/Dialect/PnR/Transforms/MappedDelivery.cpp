//===- MappedDelivery.cpp - what a mapping delivers -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/PnR/Transforms/MappedDelivery.h"
#include "spikeformer/Dialect/PnR/Transforms/MappingData.h"
#include "spikeformer/Dialect/PnR/Transforms/NeuronPlaces.h"
#include "spikeformer/Mapping/TableWalk.h"

using namespace spikeformer;
using namespace spikeformer::pnr;

namespace {

/// The keys of a message, and where its packets arrive.
struct WalkedMessage {
  KeyBlock keys;
  std::vector<Arrival> arrivals;
};

/// Answers for one mapping.
class Delivery {
public:
  LogicalResult init(MappingOp mapping, snn::NetworkOp network,
                     const MachineGraph &machine);
  uint32_t count(snn::ProjectOp project, int64_t source, int64_t target) const;

private:
  LogicalResult traceProjections(snn::NetworkOp network);
  void walkMessages(const MachineGraph &machine);

  MappingData data;
  NeuronPlaces places;
  /// By projection, then source element.
  llvm::DenseMap<Operation *, std::vector<NeuronPlace>> sources;
  /// By slice: its messages.
  std::vector<std::vector<WalkedMessage>> messages;
};

} // namespace

LogicalResult Delivery::traceProjections(snn::NetworkOp network) {
  for (auto project : network.getBody().getOps<snn::ProjectOp>()) {
    if (!project->hasOneUse())
      return project.emitError("a mapped network runs with projections of one "
                               "population each; write one for each of its ")
             << std::distance(project->user_begin(), project->user_end());
    auto elements = places.ofSignal(project.getSource());
    if (failed(elements))
      return failure();
    sources[project] = std::move(*elements);
  }
  return success();
}

void Delivery::walkMessages(const MachineGraph &machine) {
  messages.resize(data.slices.size());
  for (size_t message = 0; message < data.messages.size(); ++message) {
    uint32_t slice = data.messages.sources[message];
    RouterIndex router = machine.getCores()[data.placement[slice]].router;
    messages[slice].push_back(
        {data.keys[message],
         walkTables(machine, data.tables, router, data.keys[message])});
  }
}

LogicalResult Delivery::init(MappingOp mapping, snn::NetworkOp network,
                             const MachineGraph &machine) {
  FailureOr<MappingData> read = readMapping(mapping, machine);
  if (failed(read))
    return failure();
  data = std::move(*read);
  if (llvm::is_contained(data.placement, noIndex) ||
      data.keys.size() != data.messages.size())
    return emitError(mapping.getLoc(),
                     "a mapping that runs needs a core for every slice and "
                     "keys for every message");
  FailureOr<NeuronPlaces> found = NeuronPlaces::create(network, data.slices);
  if (failed(found))
    return failure();
  places = std::move(*found);
  walkMessages(machine);
  return traceProjections(network);
}

uint32_t Delivery::count(snn::ProjectOp project, int64_t source,
                         int64_t target) const {
  const NeuronPlace &from = sources.find(project)->second[source];
  auto population = cast<snn::PopulationOp>(*project->user_begin());
  const NeuronPlace &to = places.ofOrigin(population.getSpikes())[target];
  if (from.slice == noIndex || to.slice == noIndex)
    return 0;
  uint32_t copies = 0;
  for (const WalkedMessage &message : messages[from.slice])
    for (const Arrival &arrival : message.arrivals)
      copies += arrival.core == data.placement[to.slice] &&
                arrival.block.contains(message.keys.key +
                                       (from.sender << data.reservedBits));
  return copies;
}

MappingOp pnr::findMapping(snn::NetworkOp network) {
  auto module = network->getParentOfType<ModuleOp>();
  for (MappingOp mapping : module.getOps<MappingOp>())
    if (mapping.getNetwork() == network.getSymName() &&
        mapping.getColumns<TablesOp>())
      return mapping;
  return {};
}

FailureOr<std::function<uint32_t(snn::ProjectOp, int64_t, int64_t)>>
pnr::makeMappedDelivery(MappingOp mapping, snn::NetworkOp network,
                        const MachineGraph &machine) {
  auto delivery = std::make_shared<Delivery>();
  if (failed(delivery->init(mapping, network, machine)))
    return failure();
  return std::function<uint32_t(snn::ProjectOp, int64_t, int64_t)>(
      [delivery](snn::ProjectOp project, int64_t source, int64_t target) {
        return delivery->count(project, source, target);
      });
}
