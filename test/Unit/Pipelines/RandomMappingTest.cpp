//===- RandomMappingTest.cpp - mapped networks spike the same -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// However a network is cut, placed and routed, walking every key through the
// tables gives the spikes of the network; and a wrong table does not.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "spikeformer/Dialect/PnR/Transforms/MappedDelivery.h"
#include "spikeformer/Dialect/PnR/Transforms/Passes.h"
#include "spikeformer/Dialect/SNN/Analysis/SignalOrigins.h"
#include "spikeformer/Pipelines/EngineComparison.h"
#include "spikeformer/PluginAPI/Plugin.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "spikeformer/PluginAPI/SliceCosts.h"
#include "spikeformer/Reference/Interpreter.h"
#include "spikeformer/Reference/RandomNetwork.h"
#include "spikeformer/TargetModel/Fabrics.h"
#include "gtest/gtest.h"

using namespace spikeformer;

namespace {

/// Every slice takes one core.
class OneCoreEach : public SliceCosts {
public:
  llvm::ArrayRef<StringRef> getResourceNames() const override {
    static constexpr StringRef names[] = {"slices"};
    return names;
  }
  int64_t getMaxNeurons(Operation *) const override { return 64; }
  void usageOf(const SliceContents &,
               llvm::MutableArrayRef<int64_t> usage) const override {
    usage[0] = 1;
  }
};

/// A target with one machine, a mesh of 16 x 16 routers with sixteen cores.
class MeshTarget : public Target {
public:
  StringRef getName() const override { return "mesh-target"; }
  StringRef getDescription() const override { return "a mesh"; }
  StringRef getState() const override { return "for tests"; }
  const Capabilities &getCapabilities() const override { return capabilities; }
  std::vector<Machine> getMachines() const override {
    return {{"mesh", "a mesh", "", ""}};
  }
  const SliceCosts *getSliceCosts() const override { return &costs; }
  llvm::Expected<MachineGraph> makeMachine(StringRef) const override {
    GridShape shape;
    shape.name = "mesh";
    shape.fabric = Fabric::mesh;
    shape.width = shape.height = 16;
    shape.resources = {{"slices", "slices", ResourceScope::core}};
    shape.siteAt = [](uint32_t x, uint32_t y) {
      RouterSite site;
      site.chip = 16 * y + x;
      for (uint32_t id = 0; id < 16; ++id)
        site.cores.push_back(id);
      site.coreCapacity = {1};
      site.routerCapacity = {0};
      return std::optional(site);
    };
    return makeGrid(shape);
  }
  llvm::Error emit(ModuleOp, EmitContext &) const override {
    return llvm::Error::success();
  }
  llvm::Expected<std::unique_ptr<Executor>>
  openArtefact(StringRef) const override {
    return llvm::createStringError("none");
  }

private:
  Capabilities capabilities;
  OneCoreEach costs;
};

class RandomMapping : public ::testing::Test {
protected:
  static void SetUpTestSuite() {
    static const PluginEntry entry = {SF_PLUGIN_API_VERSION, "MeshTarget",
                                      "1.0", [](PluginRegistry &registry) {
                                        registry.addTarget(
                                            std::make_unique<MeshTarget>());
                                      }};
    llvm::cantFail(PluginRegistry::get().addPlugin(entry));
    llvm::cantFail(PluginRegistry::get().registerPlugins());
  }

  RandomMapping() : context(makeRegistry(), MLIRContext::Threading::DISABLED) {
    context.loadAllAvailableDialects();
  }

  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registry.insert<snn::SNNDialect, pnr::PnRDialect, arith::ArithDialect,
                    func::FuncDialect, math::MathDialect>();
    return registry;
  }

  /// True if packets can carry what the synapses of `module` take: no sums, no
  /// states; and no projection has several populations.
  bool suits(ModuleOp module) {
    bool good = true;
    ScopedDiagnosticHandler quiet(&context,
                                  [](Diagnostic &) { return success(); });
    module.walk([&](snn::NetworkOp network) {
      good &= succeeded(snn::listOrigins(network));
    });
    module.walk([&](snn::ProjectOp project) { good &= project->hasOneUse(); });
    return good;
  }

  /// The network of `seed`, mapped; none if it does not suit.
  OwningOpRef<ModuleOp> map(uint64_t seed) {
    auto module = createRandomNetwork(&context, seed);
    if (!suits(*module))
      return nullptr;
    PassManager passes(&context);
    PnRPartitionPassOptions partition;
    partition.machine = "mesh";
    // Small slices, and not so many that mapping them takes long.
    int64_t neurons = 0;
    module->walk([&](snn::NetworkOp network) {
      FailureOr<SmallVector<Value>> origins = snn::listOrigins(network);
      for (Value origin : *origins)
        neurons += cast<snn::SignalType>(origin.getType()).getNumElements();
    });
    partition.maxNeurons = std::max<int64_t>(1 + seed % 7, neurons / 100);
    passes.addPass(createPnRPartitionPass(partition));
    passes.addPass(createPnRPlacePass());
    passes.addPass(createPnRRoutePass());
    passes.addPass(createPnRAllocatePass(
        {/*keyBits=*/32, /*reservedBits=*/unsigned(seed % 3)}));
    passes.addPass(createPnRCompressPass());
    passes.addPass(createPnRVerifyPass());
    if (succeeded(passes.run(*module)))
      return module;
    ADD_FAILURE() << "seed " << seed;
    return nullptr;
  }

  /// The first difference between the network and its mapping; empty: none.
  std::string compare(ModuleOp module, uint64_t seed) {
    snn::SimulateOp simulate;
    module.walk([&](snn::SimulateOp op) { simulate = op; });
    auto network = SymbolTable::lookupNearestSymbolFrom<snn::NetworkOp>(
        simulate, simulate.getNetworkAttr());
    auto mapping = pnr::findMapping(network);
    MachineGraph machine =
        llvm::cantFail(PluginRegistry::get().makeMachine("mesh"));
    auto copies = pnr::makeMappedDelivery(mapping, network, machine);
    EXPECT_TRUE(succeeded(copies));
    RunRequest request = makeRandomRequest(simulate, seed, 2);
    auto plain = createReferenceExecutor(network);
    auto mapped = createReferenceExecutor(network, *copies);
    auto expected = (*plain)->run(request), actual = (*mapped)->run(request);
    if (!expected || !actual) {
      bool same = !expected && !actual;
      llvm::consumeError(expected.takeError());
      llvm::consumeError(actual.takeError());
      return same ? "" : "only one of them runs";
    }
    return describeDifference(*expected, *actual, request);
  }

  MLIRContext context;
};

} // namespace

TEST_F(RandomMapping, SpikesAreThoseOfTheNetwork) {
  int mapped = 0, boxes = 0;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    OwningOpRef<ModuleOp> module = map(seed);
    if (!module)
      continue;
    ++mapped;
    EXPECT_EQ(compare(*module, seed), "") << "seed " << seed;
    module->walk([&](pnr::SlicesOp slices) {
      ArrayRef<int32_t> offsets = slices.getBoxOffsets();
      for (auto [from, to] : llvm::zip(offsets, offsets.drop_front()))
        boxes += to - from > 2;
    });
  }
  EXPECT_GE(mapped, 500);
  // Slices of several dimensions.
  EXPECT_GE(boxes, 500);
}

TEST_F(RandomMapping, WrongTablesShowInSpikes) {
  int different = 0, mapped = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    OwningOpRef<ModuleOp> module = map(seed);
    if (!module)
      continue;
    ++mapped;
    module->walk([](pnr::TablesOp tables) {
      // Nothing goes to any core but the first of each router.
      SmallVector<int64_t> cores(tables.getCores());
      for (size_t word = 0; word < cores.size(); word += 3)
        cores[word] &= 1;
      tables.setCores(cores);
    });
    different += !compare(*module, seed).empty();
  }
  EXPECT_GE(different, mapped / 2);
}
