//===- Legalize.cpp - check a module against the chip ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rules of a module and of its signals: what runs beside the network, what
// goes in and out, and what lies between populations.
//
//===----------------------------------------------------------------------===//

#include "TargetModel/Capabilities.h"
#include "TargetModel/Chip.h"
#include "Transforms/Legalizer.h"
#include "Transforms/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

namespace spikeformer::templ {
#define GEN_PASS_DEF_TEMPLATELEGALIZEPASS
#include "Transforms/Passes.h.inc"
} // namespace spikeformer::templ

using namespace spikeformer;
using namespace spikeformer::templ;

InFlightDiagnostic Legalizer::violate(Location loc) {
  ok = false;
  return emitError(loc);
}

void Legalizer::checkChoice(Operation *op, const Twine &rule, StringRef need,
                            ArrayRef<std::string> have, StringRef next) {
  if (!llvm::is_contained(have, need))
    violate(op->getLoc()) << rule << ": needs " << need << ", has "
                          << llvm::join(have, " or ")
                          << " on target 'template'; " << next;
}

ArrayRef<Synapse> Legalizer::getSynapses(snn::ProjectOp project) {
  auto [entry, isNew] = synapses.try_emplace(project);
  if (!isNew)
    return entry->second;
  FailureOr<std::vector<Synapse>> list = listSynapses(project);
  if (succeeded(list))
    entry->second = std::move(*list);
  else
    ok = false;
  return entry->second;
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

//===----------------------------------------------------------------------===//
// Beside the network
//===----------------------------------------------------------------------===//

/// The artefact of a chip holds no code for the host.
void Legalizer::checkFunction(FunctionOpInterface function) {
  SmallVector<Operation *> others;
  function->walk([&](Operation *op) {
    if (op != function && !isa<snn::SimulateOp>(op) &&
        !op->hasTrait<OpTrait::IsTerminator>())
      others.push_back(op);
  });
  if (others.empty())
    return;
  violate(others.front()->getLoc())
      << "computation beside the network in @" << function.getName()
      << ": needs " << others.size() << " operations, has 0 on target "
      << "'template'; give the network prepared spikes and run '"
      << others.front()->getName() << "' before it";
}

void Legalizer::checkSimulation(snn::SimulateOp simulate) {
  for (auto [index, kind] : llvm::enumerate(simulate.getReadouts()))
    checkChoice(simulate, "readout of output " + Twine(index),
                stringifyReadout(*snn::symbolizeReadout(kind)),
                getCapabilities().readouts,
                "read spikes of the last population instead of its potential");
}

void Legalizer::checkInputs(snn::NetworkOp network) {
  for (BlockArgument input : network.getBody().getArguments()) {
    auto type = cast<snn::SignalType>(input.getType());
    checkChoice(network, "alphabet of input " + Twine(input.getArgNumber()),
                stringifyAlphabetKind(type.getKind()),
                getCapabilities().alphabets,
                "encode on the host and give the network spikes");
  }
}

void Legalizer::checkOutputs(snn::NetworkOp network) {
  for (auto [index, value] : llvm::enumerate(network.getOutput().getValues())) {
    Value signal = value;
    while (auto reshape = signal.getDefiningOp<snn::ReshapeOp>())
      signal = reshape.getSource();
    if (!signal.getDefiningOp<snn::PopulationOp>())
      violate(network.getOutput().getLoc())
          << "source of output " << index
          << ": needs a signal that no population sends, has spikes of "
             "populations on target 'template'; add a population";
  }
}

//===----------------------------------------------------------------------===//
// Between populations
//===----------------------------------------------------------------------===//

/// What to write instead of an operation that the chip does not have.
static StringRef getReplacement(Operation &op) {
  return llvm::TypeSwitch<Operation *, StringRef>(&op)
      .Case([](snn::EncodeOp) {
        return "encode on the host and give the network spikes";
      })
      .Case([](snn::PoolOp) {
        return "write the pool as a projection #snn.conv2d with equal weights "
               "and a population";
      })
      .Case([](snn::DelayOp) {
        return "add its steps to the delays of the projections that follow";
      })
      .Case([](snn::ConstantOp) { return "use the bias of a population"; })
      .Default([](Operation *) { return "write it as a projection"; });
}

void Legalizer::checkDelay(snn::ProjectOp project) {
  auto shared = dyn_cast<IntegerAttr>(project.getDelay());
  std::vector<int64_t> delays;
  if (shared) {
    delays.push_back(shared.getInt());
  } else {
    for (const Synapse &synapse : getSynapses(project))
      delays.push_back(synapse.delay);
  }
  auto wrong = llvm::find_if(
      delays, [](int64_t delay) { return !delayRange.contains(delay); });
  if (wrong != delays.end())
    violate(project.getLoc())
        << "delay of a projection: needs " << *wrong << " steps, has "
        << delayRange.low << " to " << delayRange.high
        << " on target 'template'; "
        << (*wrong < delayRange.low
                ? "give it delay 1 and the populations behind it an onset one "
                  "step later, as snn-retime does"
                : "send the spikes through populations that relay them, as "
                  "snn-insert-relays does");
}

void Legalizer::checkOperation(Operation &op) {
  if (auto population = dyn_cast<snn::PopulationOp>(op))
    return checkPopulation(population);
  if (auto project = dyn_cast<snn::ProjectOp>(op))
    return checkDelay(project);
  // Mapping sees through what only moves elements.
  if (isa<snn::ReshapeOp, snn::SliceOp, snn::ConcatOp, snn::OutputOp>(op))
    return;
  violate(op.getLoc()) << "operation between populations: needs '"
                       << op.getName()
                       << "', has projections on target 'template'; "
                       << getReplacement(op);
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

LogicalResult Legalizer::check(ModuleOp module) {
  FailureOr<snn::NetworkOp> network = getNetwork(module);
  if (failed(network))
    return failure();
  for (auto function : module.getOps<FunctionOpInterface>())
    checkFunction(function);
  module.walk([&](snn::SimulateOp op) { checkSimulation(op); });
  checkInputs(*network);
  for (Operation &op : network->getBody().front())
    checkOperation(op);
  checkOutputs(*network);
  return success(ok);
}

namespace {
struct Legalize : templ::impl::TemplateLegalizePassBase<Legalize> {
  void runOnOperation() override {
    if (failed(Legalizer().check(getOperation())))
      signalPassFailure();
  }
};
} // namespace
