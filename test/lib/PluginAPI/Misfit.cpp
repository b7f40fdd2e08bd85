//===- Misfit.cpp - targets with one fault each ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The program of each target is the network behind phase quantize as text, with
// a digest in front; its model of the chip is the interpreter. `honest` keeps
// every promise, of the others each breaks the one that its name is that of.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/PluginAPI/EmitContext.h"
#include "spikeformer/PluginAPI/Plugin.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "spikeformer/PluginAPI/SliceCosts.h"
#include "spikeformer/Reference/Interpreter.h"
#include "spikeformer/Support/AtomicFile.h"
#include "spikeformer/Support/Digest.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/Support/FileSystem.h"

using namespace spikeformer;

namespace {

/// The promises that are broken.
enum class Fault {
  none,
  acceptsLegal,
  sameBytes,
  bytecode,
  staysInside,
  programFiles,
  flippedBits,
  refusesIllegal,
  refusesTooLarge,
  machines
};

constexpr StringLiteral targetNames[] = {
    "honest",       "accepts-legal",   "same-bytes",
    "bytecode",     "stays-inside",    "program-files",
    "flipped-bits", "refuses-illegal", "refuses-too-large",
    "machines"};

constexpr StringLiteral programFile = "program.mlir";
constexpr int64_t mostNeurons = 2000;
constexpr size_t digestSize = 64, paddingSize = 4096;

/// The interpreter on a module that it owns.
class Model : public Executor {
public:
  llvm::Error load(StringRef text) {
    mlir::DialectRegistry dialects;
    PluginRegistry::get().appendDialects(dialects);
    dialects.insert<mlir::func::FuncDialect, mlir::gpu::GPUDialect>();
    context.appendDialectRegistry(dialects);
    mlir::ScopedDiagnosticHandler quiet(&context, [](mlir::Diagnostic &) {});
    module = mlir::parseSourceString<ModuleOp>(text, &context);
    if (!module)
      return llvm::createStringError("the program cannot be read");
    auto made =
        createReferenceExecutor(*(*module).getOps<snn::NetworkOp>().begin());
    if (failed(made))
      return llvm::createStringError("the program cannot be run");
    inner = std::move(*made);
    return llvm::Error::success();
  }

  StringRef getEngine() const override { return "functional-model"; }
  int64_t getLatency() const override { return inner->getLatency(); }
  std::vector<std::string> getPopulations() const override {
    return inner->getPopulations();
  }
  std::vector<std::string> getStates(StringRef name) const override {
    return inner->getStates(name);
  }
  llvm::Expected<RunResult> run(const RunRequest &request) override {
    return inner->run(request);
  }

private:
  MLIRContext context{MLIRContext::Threading::DISABLED};
  OwningOpRef<ModuleOp> module;
  std::unique_ptr<Executor> inner;
};

/// Refuses what the target does not take.
struct Legalize : mlir::PassWrapper<Legalize, mlir::OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Legalize)

  explicit Legalize(Fault fault) : fault(fault) {}
  StringRef getArgument() const override { return "misfit-legalize"; }
  void getDependentDialects(mlir::DialectRegistry &dialects) const override {
    dialects.insert<mlir::gpu::GPUDialect>();
  }
  void runOnOperation() override;
  void check(snn::SimulateOp simulate);
  void check(snn::PopulationOp population);

  Fault fault;
};

void Legalize::check(snn::PopulationOp population) {
  auto model = dyn_cast<snn::IFAttr>(population.getModel());
  if (!model) {
    signalPassFailure();
    population.emitError("neuron model: needs another, has if; use it");
  } else if (model.getReset() == snn::ResetKind::none) {
    signalPassFailure();
    if (fault == Fault::refusesIllegal)
      population->getParentOp()->emitError("some reset is not supported");
    else
      population.emitError("reset: needs none, has subtract; use it");
  }
  int64_t neurons = population.getSignalType().getNumElements();
  if (neurons <= mostNeurons)
    return;
  signalPassFailure();
  if (fault == Fault::refusesTooLarge)
    population.emitError("does not fit");
  else
    population.emitError("neurons: needs ")
        << neurons << ", has " << mostNeurons << "; cut the population";
}

void Legalize::check(snn::SimulateOp simulate) {
  for (unsigned index = 0; index < simulate.getNumResults(); ++index) {
    snn::Readout readout = simulate.getReadout(index);
    if (readout == snn::Readout::count || readout == snn::Readout::first_spike)
      continue;
    signalPassFailure();
    simulate.emitError("readout: needs ")
        << snn::stringifyReadout(readout) << ", has count; use it";
  }
}

void Legalize::runOnOperation() {
  auto network = *getOperation().getOps<snn::NetworkOp>().begin();
  auto populations = network.getBody().getOps<snn::PopulationOp>();
  for (snn::PopulationOp population : populations)
    check(population);
  getOperation().walk([&](snn::SimulateOp simulate) { check(simulate); });
  int64_t count = std::distance(populations.begin(), populations.end());
  if (fault == Fault::acceptsLegal && count > 1) {
    network.emitError("populations: needs ") << count << ", has 1; merge them";
    signalPassFailure();
  }
  if (fault == Fault::bytecode)
    network->setAttr("space",
                     mlir::gpu::AddressSpaceAttr::get(
                         &getContext(), mlir::gpu::AddressSpace::Global));
}

/// A resource that no machine here has.
class Costs : public SliceCosts {
public:
  ArrayRef<StringRef> getResourceNames() const override {
    static const StringRef names[] = {"rows"};
    return names;
  }
  int64_t getMaxNeurons(mlir::Operation *) const override { return 1; }
  void usageOf(const SliceContents &,
               llvm::MutableArrayRef<int64_t> usage) const override {
    usage[0] = 1;
  }
};

class Misfit : public Target {
public:
  explicit Misfit(Fault fault) : fault(fault) {}

  StringRef getName() const override {
    return targetNames[static_cast<size_t>(fault)];
  }
  StringRef getDescription() const override { return "tests a check"; }
  StringRef getState() const override { return "for tests"; }
  const Capabilities &getCapabilities() const override;
  std::vector<Machine> getMachines() const override {
    return {{(getName() + "-core").str(), "one core", getName().str(), ""}};
  }
  llvm::Expected<MachineGraph> makeMachine(StringRef name) const override;
  const SliceCosts *getSliceCosts() const override {
    static const Costs costs;
    return fault == Fault::machines ? &costs : nullptr;
  }
  void addPasses(Phase phase, mlir::OpPassManager &passes,
                 const TargetOptions &) const override {
    if (phase == Phase::legalize)
      passes.addPass(std::make_unique<Legalize>(fault));
  }
  llvm::Error emit(ModuleOp module, EmitContext &context) const override;
  llvm::Expected<std::unique_ptr<Executor>>
  openArtefact(StringRef directory) const override;

private:
  Fault fault;
};

} // namespace

/// Everything that core can spell but two models and a reset.
const Capabilities &Misfit::getCapabilities() const {
  static const Capabilities capabilities = [] {
    Capabilities c;
    c.alphabets = {"binary", "ternary", "count", "graded", "analogue"};
    c.models = {"if"};
    c.resets = {"subtract", "to_value"};
    c.fires = {"above", "at_or_above"};
    c.when = {"same_step", "next_step"};
    c.delayMinimum = 0;
    c.readouts = {"count", "first_spike"};
    c.analogueInput = c.initialPotential = c.bias = true;
    c.gatedOnset = c.recurrence = true;
    return c;
  }();
  return capabilities;
}

llvm::Expected<MachineGraph> Misfit::makeMachine(StringRef name) const {
  MachineGraph machine(name, Fabric::mesh, 1, 1, false, false);
  machine.addResource({"neurons", "neurons", ResourceScope::core});
  machine.addRouter(0, 0, 0, 0, 16, {mostNeurons});
  machine.addCore(0, {mostNeurons});
  return machine;
}

llvm::Error Misfit::emit(ModuleOp module, EmitContext &context) const {
  std::string text;
  llvm::raw_string_ostream os(text);
  module.print(os);
  if (fault == Fault::sameBytes)
    os << "// " << context.getDirectory() << '\n';
  if (fault == Fault::flippedBits)
    os << "// " << std::string(paddingSize, ' ') << '\n';
  if (fault == Fault::staysInside)
    if (llvm::Error error = writeFileAtomically("litter", "x"))
      return error;
  context.addRunsOn(
      {"the interpreter", "1", RunsOnLevel::functionalModelOnly, "a chip"});
  return context.writeFile(programFile, sha256(text) + text);
}

llvm::Expected<std::unique_ptr<Executor>>
Misfit::openArtefact(StringRef directory) const {
  if (fault == Fault::programFiles)
    if (auto manifest = readInputFile((directory + "/manifest.json").str());
        !manifest)
      return manifest.takeError();
  auto buffer = readInputFile((directory + "/" + programFile).str());
  if (!buffer)
    return buffer.takeError();
  auto [digest, text] =
      std::make_pair((*buffer)->getBuffer().take_front(digestSize),
                     (*buffer)->getBuffer().drop_front(digestSize));
  if (fault != Fault::flippedBits && digest != sha256(text))
    return llvm::createStringError("the program is damaged");
  auto model = std::make_unique<Model>();
  if (llvm::Error error = model->load(text))
    return std::move(error);
  return model;
}

SF_PLUGIN(Misfit) {
  for (size_t k = 0; k < std::size(targetNames); ++k)
    registry.addTarget(std::make_unique<Misfit>(static_cast<Fault>(k)));
}
