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
#include "Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "spikeformer/PluginAPI/EmitContext.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace spikeformer;
using namespace spikeformer::templ;

static constexpr StringRef programFile = "cores.json";

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
  void addPasses(Phase phase, OpPassManager &passes,
                 const TargetOptions &options) const override;
  JsonValue makeReport(ModuleOp module) const override;
  llvm::Error emit(ModuleOp module, EmitContext &context) const override;
  llvm::Expected<std::unique_ptr<Executor>>
  openArtefact(StringRef directory) const override;
};

} // namespace

std::vector<Machine> TemplateTarget::getMachines() const {
  std::vector<Machine> list;
  for (const MachineModel &machine : templ::getMachines())
    list.push_back(
        {machine.name.str(), machine.description.str(), getName().str(), ""});
  return list;
}

void TemplateTarget::addPasses(Phase phase, OpPassManager &passes,
                               const TargetOptions &options) const {
  switch (phase) {
  case Phase::legalize:
    return passes.addPass(createTemplateLegalizePass());
  case Phase::quantize:
    return passes.addPass(createTemplateQuantizePass());
  case Phase::partition: {
    TemplatePartitionPassOptions own;
    own.machine = options.machine;
    own.pins.assign(options.pins.begin(), options.pins.end());
    return passes.addPass(createTemplatePartitionPass(std::move(own)));
  }
  case Phase::place:
    passes.addPass(createTemplatePlacePass());
    return passes.addPass(createTemplateVerifyPlacePass());
  default:
    return;
  }
}

//===----------------------------------------------------------------------===//
// The report
//===----------------------------------------------------------------------===//

/// One row of `resources`: used and capacity of the machine, and the share
/// that is used on the fullest core.
static JsonValue describeResource(const templ::Resource &resource,
                                  ArrayRef<CoreLoad> loads) {
  int64_t used = 0, most = 0, onCore = coreCapacity.*resource.amount;
  for (const CoreLoad &load : loads) {
    used += load.used.*resource.amount;
    most = std::max(most, load.used.*resource.amount);
  }
  return JsonValue::object()
      .set("name", resource.name)
      .set("used", used)
      .set("capacity", onCore * static_cast<int64_t>(loads.size()))
      .set("worst", static_cast<double>(most) / onCore);
}

JsonValue TemplateTarget::makeReport(ModuleOp module) const {
  JsonValue report = JsonValue::object();
  if (module.getOps<MappingOp>().empty())
    return report;
  FailureOr<MappedNetwork> mapped = MappedNetwork::create(module);
  if (failed(mapped))
    return report;
  FailureOr<std::vector<CoreLoad>> loads = getLoads(*mapped);
  if (failed(loads))
    return report;
  JsonValue rows = JsonValue::array();
  for (const templ::Resource &resource : resources)
    rows.push(describeResource(resource, *loads));
  return report.set("machine", mapped->machine->name)
      .set("cores_used", llvm::count_if(*loads,
                                        [](const CoreLoad &load) {
                                          return !load.slices.empty();
                                        }))
      .set("chips_used", 1)
      .set("resources", std::move(rows));
}

//===----------------------------------------------------------------------===//
// The artefact
//===----------------------------------------------------------------------===//

llvm::Error TemplateTarget::emit(ModuleOp module, EmitContext &context) const {
  FailureOr<MappedNetwork> mapped = MappedNetwork::create(module);
  if (failed(mapped) || failed(verifyPlacement(*mapped)))
    return llvm::createStringError("the module is not placed for target "
                                   "'template'; run its phases up to 'place'");
  FailureOr<Program> program = buildProgram(*mapped);
  if (failed(program))
    return llvm::createStringError("the module cannot be read");
  if (llvm::Error error =
          context.writeFile(programFile, toJson(*program).str()))
    return error;
  context.getManifest().set("machine", mapped->machine->name);
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
