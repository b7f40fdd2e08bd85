//===- SpiNNakerTarget.cpp - the target of the plugin ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Emit/SpiNNakerTarget.h"
#include "Emit/MappingFiles.h"
#include "TargetModel/Costs.h"
#include "TargetModel/Machines.h"
#include "mlir/Pass/PassManager.h"
#include "spikeformer/Dialect/PnR/Transforms/MappingData.h"
#include "spikeformer/Dialect/PnR/Transforms/MappingPhases.h"
#include "spikeformer/Dialect/PnR/Transforms/MappingReport.h"
#include "spikeformer/Dialect/SNN/Transforms/Passes.h"
#include "spikeformer/Mapping/TableBuilder.h"
#include "spikeformer/PluginAPI/EmitContext.h"

using namespace spikeformer;
using namespace spikeformer::spinnaker;

namespace {

class SpiNNakerTarget : public Target {
public:
  StringRef getName() const override { return "spinnaker"; }
  StringRef getDescription() const override {
    return "SpiNNaker 1: boards with 4 or 48 chips of 18 cores";
  }
  StringRef getState() const override {
    return "maps networks and machine graphs; SpiNNaker_PACMAN 7.4.1 reads its "
           "files; no programs yet";
  }
  const Capabilities &getCapabilities() const override {
    static const Capabilities none;
    return none;
  }
  std::vector<Machine> getMachines() const override {
    return {{"spinn5",
             "SpiNN-5 boards of 48 chips: boards=N, or width and "
             "height in chips",
             getName().str(), ""},
            {"spinn3", "one SpiNN-3 board of 4 chips", getName().str(), ""},
            {"spin2-chip",
             "one chip of SpiNNaker 2 as SpiNNMachine models it, mapped but "
             "not written",
             getName().str(), ""},
            {"spin2-board",
             "48 chips of SpiNNaker 2 as SpiNNMachine models them, mapped but "
             "not written",
             getName().str(), ""}};
  }
  llvm::Expected<MachineGraph> makeMachine(StringRef name) const override {
    llvm::Expected<Board> board = makeBoard(name);
    if (!board)
      return board.takeError();
    return makeMachineGraph(*board, name);
  }
  const SliceCosts *getSliceCosts() const override {
    return &spinnaker::getSliceCosts();
  }
  void addPasses(Phase phase, OpPassManager &passes,
                 const TargetOptions &options) const override;
  JsonValue makeReport(ModuleOp module) const override {
    return pnr::makeReport(module);
  }
  llvm::Error emit(ModuleOp module, EmitContext &context) const override;
  llvm::Expected<std::unique_ptr<Executor>>
  openArtefact(StringRef directory) const override;
};

} // namespace

void SpiNNakerTarget::addPasses(Phase phase, OpPassManager &passes,
                                const TargetOptions &options) const {
  // A packet of one step is at its target in the next.
  if (phase == Phase::legalize)
    return passes.addPass(createSNNRetimePass({/*minDelay=*/1}));
  pnr::addMappingPasses(phase, passes, options, "spinn5",
                        {keyBits, colourBits});
}

//===----------------------------------------------------------------------===//
// The artefact
//===----------------------------------------------------------------------===//

llvm::Error SpiNNakerTarget::emit(ModuleOp module, EmitContext &context) const {
  llvm::Expected<pnr::MappingOp> mapping = pnr::getOnlyMapping(module);
  if (!mapping)
    return mapping.takeError();
  llvm::Expected<Board> board = makeBoard(mapping->getMachine());
  if (!board)
    return board.takeError();
  if (board->isSpin2())
    return llvm::createStringError(
        "machine '" + mapping->getMachine() +
        "' cannot be written: PACMAN 7.4.1 loses cores from " +
        llvm::Twine(maxTableCores) +
        " on in routing tables, and no software takes others; stop at "
        "--compile-to=compress");
  MachineGraph machine = makeMachineGraph(*board, mapping->getMachine());
  FailureOr<pnr::MappingData> data = pnr::readMapping(*mapping, machine);
  if (failed(data) || !mapping->getColumns<pnr::TablesOp>())
    return llvm::createStringError("the module is not mapped for target "
                                   "'spinnaker'; run its phases to 'compress'");
  RoutingTables full = makeMergedTables(machine, data->slices, data->messages,
                                        data->trees, data->keys);
  const std::pair<StringRef, JsonValue> files[] = {
      {"machine.json", toMachineFile(*board)},
      {"network.json", toNetworkFile(mapping->getSymName(), data->slices,
                                     data->messages, data->reservedBits)},
      {"placements.json",
       toPlacementsFile(machine, data->slices, data->placement)},
      {"routing_keys.json",
       toKeysFile(data->slices, data->messages, data->keys)},
      {"routing_tables.json", toTablesFile(machine, full)},
      {"compressed_tables.json", toTablesFile(machine, data->tables)}};
  for (const auto &[name, json] : files)
    if (llvm::Error error = context.writeFile(name, json.str()))
      return error;
  if (llvm::Error error = context.writeFile(
          "utilisation.json", pnr::makeUtilisation(machine, *data).str(),
          FileRole::report))
    return error;
  std::string title =
      (mapping->getSymName() + " on " + mapping->getMachine()).str();
  if (llvm::Error error = context.writeFile(
          "machine.html", pnr::drawMapping(title, machine, *data),
          FileRole::report))
    return error;
  context.getManifest().set("machine", mapping->getMachine());
  context.addRunsOn({"SpiNNaker_PACMAN", "7.4.1", RunsOnLevel::formatChecked,
                     "programs of neurons and synapses"});
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<Executor>>
SpiNNakerTarget::openArtefact(StringRef directory) const {
  return llvm::createStringError(
      "'" + directory +
      "' holds a mapping without programs of neurons; nothing runs it");
}

std::unique_ptr<Target> spinnaker::createTarget() {
  return std::make_unique<SpiNNakerTarget>();
}
