//===- Synapses.cpp - the synapses of a network, one by one ---------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything here is read through the interfaces of snn, so that a
// connectivity of another plugin works as well.
//
//===----------------------------------------------------------------------===//

#include "Transforms/Synapses.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Support/Digest.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::templ;
using snn::NumberView;

/// `numbers` by weight index; one per synapse where the connectivity has no
/// shape of its own.
static FailureOr<NumberView> readNumbers(snn::ProjectOp project,
                                         Attribute numbers, int64_t count) {
  SmallVector<int64_t> shape = project.getConnectivity().getWeightShape(
      project.getSourceType().getShape(), project.getCurrentType().getShape());
  FailureOr<NumberView> view = NumberView::create(project, numbers, shape);
  if (failed(view) || view->getSize() < 0 || view->getSize() >= count)
    return view;
  return project.emitOpError("needs ") << count << " numbers, one per synapse, "
                                       << numbers << " has " << view->getSize();
}

FailureOr<std::vector<Synapse>> templ::listSynapses(snn::ProjectOp project) {
  FailureOr<snn::SynapseTable> table = project.getConnectivity().expand(
      project, project.getSourceType().getShape(),
      project.getCurrentType().getShape());
  if (failed(table))
    return failure();
  uint64_t count = 0;
  for (uint64_t index : table->weights)
    count = std::max(count, index + 1);
  Attribute weights = project.getWeightsAttr();
  if (!weights)
    weights = Builder(project.getContext()).getF64FloatAttr(1.0);
  FailureOr<NumberView> weight = readNumbers(project, weights, count);
  bool delaysAreBySource = isa<snn::PerSourceAttr>(project.getDelay());
  FailureOr<NumberView> delay =
      delaysAreBySource
          ? NumberView::createBroadcast(project, project.getDelay(),
                                        project.getSourceType().getShape())
          : readNumbers(project, project.getDelay(), count);
  if (failed(weight) || failed(delay))
    return failure();
  std::vector<Synapse> synapses;
  for (int64_t source = 0, e = table->rows.size() - 1; source < e; ++source)
    for (uint64_t k = table->rows[source]; k < table->rows[source + 1]; ++k) {
      uint64_t index = table->weights[k];
      if (double w = (*weight)[index])
        synapses.push_back({source, table->targets[k], w,
                            static_cast<int64_t>(std::nearbyint((
                                *delay)[delaysAreBySource ? source : index]))});
    }
  return synapses;
}

Value templ::getOrigin(Value signal) {
  // A network is a graph: a cycle of reshapes alone is no network (network_c4),
  // so this ends.
  while (auto reshape = signal.getDefiningOp<snn::ReshapeOp>())
    signal = reshape.getSource();
  return signal;
}

FailureOr<NameMap<Demand>> templ::getDemands(snn::NetworkOp network) {
  NameMap<Demand> demands;
  bool ok = true;
  for (auto population : network.getBody().getOps<snn::PopulationOp>()) {
    Demand &demand = demands[population.getName().str()];
    demand.fanIn.resize(population.getSignalType().getNumElements());
    for (Value current : population.getInputs()) {
      FailureOr<std::vector<Synapse>> synapses =
          listSynapses(current.getDefiningOp<snn::ProjectOp>());
      ok &= succeeded(synapses);
      if (succeeded(synapses))
        for (const Synapse &synapse : *synapses)
          ++demand.fanIn[synapse.target];
    }
  }
  if (!ok)
    return failure();
  return demands;
}

FailureOr<snn::NetworkOp> templ::getNetwork(ModuleOp module) {
  auto networks = llvm::to_vector(module.getOps<snn::NetworkOp>());
  if (networks.size() == 1)
    return networks.front();
  if (networks.empty())
    return module.emitError() << "module has no snn.network";
  InFlightDiagnostic diagnostic =
      module.emitError() << "networks of the module: needs " << networks.size()
                         << ", has 1 on target 'template'; give one "
                            "module per network";
  for (snn::NetworkOp network : networks)
    diagnostic.attachNote(network.getLoc())
        << "network @" << network.getSymName() << " is here";
  return failure();
}

std::string templ::getDigest(snn::NetworkOp network) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OpPrintingFlags flags;
  flags.useLocalScope().printGenericOpForm();
  network->print(os, flags);
  auto uses = SymbolTable::getSymbolUses(network);
  SetVector<Operation *> used;
  if (uses)
    for (const SymbolTable::SymbolUse &use : *uses)
      used.insert(SymbolTable::lookupNearestSymbolFrom(network->getParentOp(),
                                                       use.getSymbolRef()));
  for (Operation *symbol : used)
    if (symbol)
      symbol->print(os << "\n", flags);
  return sha256(text);
}
