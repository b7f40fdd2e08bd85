//===- TemplateTarget.cpp - the target of the plugin ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which pass runs in which phase, and what the manifest says beyond the files.
//
//===----------------------------------------------------------------------===//

#include "Emit/TemplateTarget.h"
#include "Emit/BuildProgram.h"
#include "Emit/FunctionalModel.h"
#include "TargetModel/Capabilities.h"
#include "TargetModel/Chip.h"
#include "TargetModel/Costs.h"
#include "TargetModel/Machines.h"
#include "Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "spikeformer/Dialect/PnR/Transforms/MappingPhases.h"
#include "spikeformer/Dialect/PnR/Transforms/MappingReport.h"
#include "spikeformer/PluginAPI/EmitContext.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace spikeformer;
using namespace spikeformer::templ;

static constexpr StringRef programFile = "program.json";

namespace {

class TemplateTarget : public Target {
public:
  StringRef getName() const override { return "template"; }
  StringRef getDescription() const override {
    return "an imaginary chip of small cores, the example for new targets";
  }
  StringRef getState() const override {
    return "runs in its own functional model only, there is no chip";
  }
  const Capabilities &getCapabilities() const override {
    return templ::getCapabilities();
  }
  std::vector<Machine> getMachines() const override;
  llvm::Expected<MachineGraph> makeMachine(StringRef name) const override {
    return templ::makeMachine(name);
  }
  const SliceCosts *getSliceCosts() const override {
    return &templ::getSliceCosts();
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

std::vector<Machine> TemplateTarget::getMachines() const {
  std::vector<Machine> list;
  for (const MachineModel &machine : getMachineModels())
    list.push_back(
        {machine.name.str(), machine.description.str(), getName().str(), ""});
  return list;
}

void TemplateTarget::addPasses(Phase phase, OpPassManager &passes,
                               const TargetOptions &options) const {
  if (phase == Phase::legalize)
    return passes.addPass(createTemplateLegalizePass());
  if (phase == Phase::quantize)
    return passes.addPass(createTemplateQuantizePass());
  pnr::addMappingPasses(phase, passes, options, getMachineModels().front().name,
                        {keyBits});
  if (phase == Phase::program)
    passes.addPass(createTemplateVerifyMappingPass());
}

//===----------------------------------------------------------------------===//
// The artefact
//===----------------------------------------------------------------------===//

llvm::Error TemplateTarget::emit(ModuleOp module, EmitContext &context) const {
  llvm::Expected<pnr::MappingOp> mapping = pnr::getOnlyMapping(module);
  if (!mapping)
    return mapping.takeError();
  FailureOr<Program> program = buildProgram(*mapping);
  if (failed(program))
    return llvm::createStringError("target 'template' cannot write the module");
  if (llvm::Error error =
          context.writeFile(programFile, toJson(*program).str()))
    return error;
  context.getManifest().set("machine", mapping->getMachine());
  context.addRunsOn({"spikeformer functional model", SPIKEFORMER_PLUGIN_VERSION,
                     RunsOnLevel::functionalModelOnly, "a chip"});
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<Executor>>
TemplateTarget::openArtefact(StringRef directory) const {
  llvm::SmallString<256> path(directory);
  llvm::sys::path::append(path, programFile);
  llvm::Expected<JsonValue> json = parseJsonFile(path);
  if (!json)
    return json.takeError();
  llvm::Expected<Program> program = readProgram(*json);
  if (!program)
    return program.takeError();
  return createFunctionalModel(std::move(*program));
}

std::unique_ptr<Target> templ::createTarget() {
  return std::make_unique<TemplateTarget>();
}
