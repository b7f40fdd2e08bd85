//===- Partition.cpp - cut populations into slices ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Slices are as large as an empty core holds: fewer slices mean fewer copies
// of a spike.
//
//===----------------------------------------------------------------------===//

#include "Transforms/Mapping.h"
#include "Transforms/ModuleAttributes.h"
#include "Transforms/Passes.h"

namespace spikeformer::templ {
#define GEN_PASS_DEF_TEMPLATEPARTITIONPASS
#include "Transforms/Passes.h.inc"
} // namespace spikeformer::templ

using namespace spikeformer;
using namespace spikeformer::templ;

/// Cores of populations that are pinned.
using Pins = NameMap<int64_t>;

static FailureOr<Pins> parsePins(snn::NetworkOp network,
                                 ArrayRef<std::string> texts,
                                 const MachineModel &machine) {
  Pins pins;
  for (StringRef text : texts) {
    auto [population, core] = text.rsplit('=');
    int64_t number;
    if (core.getAsInteger(10, number) || number < 0 || number >= machine.cores)
      return network.emitError()
             << "pin '" << text << "': needs POPULATION=CORE, has cores 0 to "
             << machine.cores - 1 << " on machine '" << machine.name << "'";
    auto isNamed = [name = population](snn::PopulationOp op) {
      return op.getName() == name;
    };
    if (llvm::none_of(network.getBody().getOps<snn::PopulationOp>(), isNamed))
      return network.emitError()
             << "pin '" << text << "': there is no population \"" << population
             << "\" in network @" << network.getSymName();
    pins[population.str()] = number;
  }
  return pins;
}

/// The most neurons from `first` on that an empty core holds. A legal neuron
/// fits alone: fan-in is bounded by the synapse memory.
static int64_t getSliceSize(const Demand &demand, int64_t first) {
  int64_t count = 1;
  while (first + count < demand.getNumNeurons() &&
         fits(usageOf(demand, first, count + 1), coreCapacity))
    ++count;
  return count;
}

static std::vector<Slice> cut(const NameMap<Demand> &demands,
                              const Pins &pins) {
  std::vector<Slice> slices;
  for (const auto &[name, demand] : demands) {
    auto pin = pins.find(name);
    int64_t core = pin == pins.end() ? MappingOp::kFree : pin->second;
    for (int64_t first = 0; first < demand.getNumNeurons();) {
      int64_t count = getSliceSize(demand, first);
      slices.push_back({name, first, count, core});
      first += count;
    }
  }
  return slices;
}

static void addMapping(snn::NetworkOp network, const MachineModel &machine,
                       ArrayRef<Slice> slices) {
  OpBuilder builder(network.getContext());
  builder.setInsertionPointAfter(network);
  auto column = [&](int64_t Slice::*member) {
    return builder.getDenseI64ArrayAttr(llvm::map_to_vector(
        slices, [&](const Slice &slice) { return slice.*member; }));
  };
  SmallVector<Attribute> names;
  for (const Slice &slice : slices)
    names.push_back(builder.getStringAttr(slice.population));
  auto mapping = MappingOp::create(
      builder, network.getLoc(), builder.getStringAttr("mapping"),
      FlatSymbolRefAttr::get(network.getSymNameAttr()),
      builder.getStringAttr(machine.name),
      builder.getStringAttr(getDigest(network)), builder.getArrayAttr(names),
      column(&Slice::first), column(&Slice::count), column(&Slice::core));
  auto module = network->getParentOfType<ModuleOp>();
  mapping->remove();
  SymbolTable(module).insert(mapping, std::next(Block::iterator(network)));
}

namespace {
struct Partition : templ::impl::TemplatePartitionPassBase<Partition> {
  using TemplatePartitionPassBase::TemplatePartitionPassBase;

  void runOnOperation() override {
    if (failed(partition(getOperation())))
      signalPassFailure();
  }

  LogicalResult partition(ModuleOp module) {
    if (!module.getOps<MappingOp>().empty())
      return MappedNetwork::create(module);
    FailureOr<snn::NetworkOp> network = getNetwork(module);
    if (failed(network))
      return failure();
    llvm::Expected<const MachineModel *> model = findMachine(machine);
    if (!model)
      return module.emitError() << llvm::toString(model.takeError());
    FailureOr<Pins> cores = parsePins(*network, pins, **model);
    FailureOr<NameMap<Demand>> demands = getDemands(*network);
    if (failed(cores) || failed(demands))
      return failure();
    addMapping(*network, **model, cut(*demands, *cores));
    requirePlugin(module);
    return success();
  }
};
} // namespace
