//===- Mapping.cpp - reading and checking mappings ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A mapping may be written by hand, so nothing about it is taken for granted.
//
//===----------------------------------------------------------------------===//

#include "Transforms/Mapping.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;
using namespace spikeformer::templ;

Usage MappedNetwork::usageOf(const Slice &slice) const {
  return templ::usageOf(demands.find(slice.population)->second, slice.first,
                        slice.count);
}

Location MappedNetwork::getLoc(const Slice &slice) const {
  snn::NetworkOp op = network;
  for (auto population : op.getBody().getOps<snn::PopulationOp>())
    if (population.getName() == slice.population)
      return population.getLoc();
  return op.getLoc();
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static FailureOr<MappingOp> getMapping(ModuleOp module) {
  auto mappings = llvm::to_vector(module.getOps<MappingOp>());
  if (mappings.size() == 1)
    return mappings.front();
  return module.emitError()
         << "mappings of the module: needs 1, has " << mappings.size()
         << "; run template-partition on a module without one";
}

/// Every neuron is in exactly one slice.
static LogicalResult checkCoverage(const MappedNetwork &mapped) {
  bool ok = true;
  MappingOp mapping = mapped.mapping;
  NameMap<std::vector<unsigned>> seen;
  for (const auto &[name, demand] : mapped.demands)
    seen[name].resize(demand.getNumNeurons());
  for (const Slice &slice : mapping.getSlices()) {
    auto found = seen.find(slice.population);
    int64_t size = found == seen.end() ? 0 : found->second.size();
    if (slice.first + slice.count > size) {
      mapping.emitError() << "slice " << slice.describe() << ": needs "
                          << slice.first + slice.count << " neurons, has "
                          << size << " in network " << mapping.getNetworkAttr();
      ok = false;
      continue;
    }
    for (int64_t n = slice.first; n < slice.first + slice.count; ++n)
      ++found->second[n];
  }
  for (const auto &[name, counts] : seen)
    for (auto [neuron, count] : llvm::enumerate(counts))
      if (ok && count != 1) {
        mapping.emitError()
            << "neuron " << neuron << " of \"" << name
            << "\": needs 1 slice, has " << count
            << "; remove the mapping and run template-partition";
        ok = false;
      }
  return success(ok);
}

FailureOr<MappedNetwork> MappedNetwork::create(ModuleOp module) {
  FailureOr<MappingOp> mapping = getMapping(module);
  FailureOr<snn::NetworkOp> network = getNetwork(module);
  if (failed(mapping) || failed(network))
    return failure();
  if (mapping->getNetwork() != network->getSymName())
    return mapping->emitError()
           << "there is no network " << mapping->getNetworkAttr();
  if (mapping->getDigest() != getDigest(*network))
    return mapping->emitError()
           << "network " << mapping->getNetworkAttr()
           << " has changed since it was mapped; remove the mapping and run "
              "template-partition";
  llvm::Expected<const MachineModel *> machine =
      findMachine(mapping->getMachine());
  if (!machine)
    return mapping->emitError() << llvm::toString(machine.takeError());
  FailureOr<NameMap<Demand>> demands = getDemands(*network);
  if (failed(demands))
    return failure();
  MappedNetwork mapped{*mapping, *network, *machine, std::move(*demands)};
  if (failed(checkCoverage(mapped)))
    return failure();
  return mapped;
}

//===----------------------------------------------------------------------===//
// Loads
//===----------------------------------------------------------------------===//

void CoreLoad::add(const Slice &slice, const Usage &usage) {
  used += usage;
  slices.push_back(slice);
}

FailureOr<std::vector<CoreLoad>> templ::getLoads(const MappedNetwork &mapped) {
  std::vector<CoreLoad> loads(mapped.machine->cores);
  bool ok = true;
  MappingOp mapping = mapped.mapping;
  for (const Slice &slice : mapping.getSlices()) {
    if (slice.core == MappingOp::kFree)
      continue;
    if (slice.core < mapped.machine->cores) {
      loads[slice.core].add(slice, mapped.usageOf(slice));
      continue;
    }
    emitError(mapped.getLoc(slice))
        << "core of slice " << slice.describe() << ": needs core " << slice.core
        << ", has cores 0 to " << mapped.machine->cores - 1 << " on machine '"
        << mapped.machine->name << "'";
    ok = false;
  }
  if (!ok)
    return failure();
  return loads;
}

void templ::noteLoads(InFlightDiagnostic &diagnostic, Location loc,
                      ArrayRef<CoreLoad> loads) {
  for (auto [core, load] : llvm::enumerate(loads)) {
    Diagnostic &note = diagnostic.attachNote(loc);
    note << "core " << core << " has " << describe(load.getSpare())
         << " to spare";
    if (!load.slices.empty())
      note << "; it holds "
           << llvm::join(llvm::map_range(load.slices,
                                         [](const Slice &slice) {
                                           return slice.describe();
                                         }),
                         ", ");
  }
}

LogicalResult templ::verifyPlacement(const MappedNetwork &mapped) {
  bool ok = true;
  MappingOp mapping = mapped.mapping;
  for (const Slice &slice : mapping.getSlices())
    if (slice.core == MappingOp::kFree) {
      emitError(mapped.getLoc(slice))
          << "slice " << slice.describe()
          << " has no core; run template-place first";
      ok = false;
    }
  FailureOr<std::vector<CoreLoad>> loads = getLoads(mapped);
  if (failed(loads))
    return failure();
  for (auto [core, load] : llvm::enumerate(*loads)) {
    if (fits(load.used, coreCapacity))
      continue;
    auto diagnostic = mapping.emitError()
                      << "load of core " << core << ": needs "
                      << describe(load.used) << ", has "
                      << describe(coreCapacity)
                      << "; move one of its slices to another core";
    for (const Slice &slice : load.slices)
      diagnostic.attachNote(mapped.getLoc(slice))
          << slice.describe() << " takes " << describe(mapped.usageOf(slice));
    ok = false;
  }
  return success(ok);
}
