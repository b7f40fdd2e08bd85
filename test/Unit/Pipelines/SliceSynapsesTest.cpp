//===- SliceSynapsesTest.cpp - synapses between slices --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts by rule, by axis and by box are those of all synapses, one by one, for
// slices of any form.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/Analysis/SliceSynapses.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "spikeformer/Reference/RandomNetwork.h"
#include "gtest/gtest.h"
#include <map>
#include <random>

using namespace spikeformer;
using namespace spikeformer::snn;

namespace {

/// By source slice and target slice of one projection: synapses, longest row.
using Counts =
    std::map<std::pair<uint32_t, uint32_t>, std::pair<int64_t, int64_t>>;

class SliceSynapses : public ::testing::Test {
protected:
  SliceSynapses() : context(makeRegistry(), MLIRContext::Threading::DISABLED) {
    context.loadAllAvailableDialects();
  }

  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registry.insert<SNNDialect, arith::ArithDialect, func::FuncDialect,
                    math::MathDialect>();
    return registry;
  }

  /// Halves `box` along random dimensions until it is small.
  void cutBox(NeuronRanges box, int64_t most,
              std::vector<NeuronRanges> &boxes) {
    int64_t size = 1;
    SmallVector<size_t> wide;
    for (size_t i = 0; i < box.size(); i += 2) {
      size *= box[i + 1] - box[i];
      if (box[i + 1] - box[i] > 1)
        wide.push_back(i);
    }
    if (size <= most)
      return boxes.push_back(std::move(box));
    size_t at = wide[engine() % wide.size()];
    int64_t middle = box[at] + 1 + engine() % (box[at + 1] - box[at] - 1);
    NeuronRanges rest = box;
    box[at + 1] = rest[at] = middle;
    cutBox(std::move(box), most, boxes);
    cutBox(std::move(rest), most, boxes);
  }

  /// Neurons dealt out at random, of one dimension.
  std::vector<NeuronRanges> deal(int64_t neurons, int64_t slices) {
    std::vector<NeuronRanges> sets(slices);
    for (int64_t neuron = 0; neuron < neurons; ++neuron) {
      NeuronRanges &set = sets[engine() % slices];
      if (!set.empty() && set.back() == neuron)
        ++set.back();
      else
        set.append({neuron, neuron + 1});
    }
    llvm::erase_if(sets, [](const NeuronRanges &set) { return set.empty(); });
    return sets;
  }

  NetworkCuts makeCuts(ArrayRef<Value> origins) {
    NetworkCuts cuts;
    for (Value origin : origins) {
      ArrayRef<int64_t> shape = getOriginShape(origin);
      int64_t neurons = ShapedType::getNumElements(shape);
      int64_t most = 1 + engine() % neurons;
      std::vector<NeuronRanges> slices;
      NeuronRanges all;
      for (int64_t extent : shape)
        all.append({0, extent});
      if (engine() % 3 == 0)
        all = {0, neurons};
      if (shape.size() == 1 && engine() % 2)
        slices = deal(neurons, 1 + engine() % 4);
      else
        cutBox(all, most, slices);
      cuts.set(origin, std::move(slices));
    }
    return cuts;
  }

  static std::vector<uint32_t> listSlices(Value signal,
                                          const NetworkCuts &cuts) {
    std::vector<uint32_t> slices;
    for (const OriginRun &run : *traceSignal(signal)) {
      const NetworkCuts::Cut &cut = cuts.get(run.origin);
      for (int64_t i = 0; i < run.count; ++i)
        slices.push_back(cut.firstSlice + cut.sliceOf[run.first + i]);
    }
    return slices;
  }

  /// All synapses of all projections, one by one.
  static std::map<Operation *, Counts> countAll(NetworkOp network,
                                                const NetworkCuts &cuts) {
    std::map<Operation *, Counts> all;
    for (auto project : network.getBody().getOps<ProjectOp>()) {
      auto population = dyn_cast<PopulationOp>(*project->user_begin());
      auto table = project.getConnectivity().expand(
          project, project.getSourceType().getShape(),
          project.getCurrentType().getShape());
      auto sources = listSlices(project.getSource(), cuts);
      auto targets = listSlices(population.getSpikes(), cuts);
      for (size_t source = 0; source < sources.size(); ++source) {
        std::map<uint32_t, int64_t> row;
        for (uint64_t i = table->rows[source]; i < table->rows[source + 1]; ++i)
          ++row[targets[table->targets[i]]];
        for (auto [target, count] : row) {
          auto &[synapses, longest] = all[project][{sources[source], target}];
          synapses += count;
          longest = std::max(longest, count);
        }
      }
    }
    return all;
  }

  /// Compares the counts of every projection of `network`; how many links.
  size_t compare(NetworkOp network, uint64_t seed) {
    engine.seed(seed);
    NetworkCuts cuts = makeCuts(*listOrigins(network));
    size_t numLinks = 0;
    IncomingTables tables;
    for (auto &[project, counts] : countAll(network, cuts)) {
      auto population = cast<PopulationOp>(*project->user_begin());
      const NetworkCuts::Cut &target = cuts.get(population.getSpikes());
      auto counter =
          SynapseCounter::create(cast<ProjectOp>(project), cuts,
                                 target.slices.size(), Counting::exact, tables);
      EXPECT_TRUE(succeeded(counter));
      std::vector<SliceLink> links;
      for (uint32_t i = 0; i < target.slices.size(); ++i)
        (*counter)->countInto(target.slices[i], target.firstSlice + i, links);
      Counts found;
      for (const SliceLink &link : links)
        found[{link.source, link.target}] = {link.synapses, link.longestRow};
      EXPECT_EQ(found, counts) << "seed " << seed;
      EXPECT_EQ(found.size(), links.size());
      numLinks += links.size();
    }
    auto links = linkSlices(network, cuts, tables);
    EXPECT_EQ(links->size(), numLinks);
    return numLinks;
  }

  MLIRContext context;
  std::mt19937_64 engine;
};

} // namespace

TEST_F(SliceSynapses, AreThoseOfRandomNetworks) {
  size_t links = 0;
  for (uint64_t seed = 0; seed < 250; ++seed) {
    auto module = createRandomNetwork(&context, seed);
    ScopedDiagnosticHandler quiet(&context,
                                  [](Diagnostic &) { return success(); });
    bool suits = true;
    module->walk([&](ProjectOp project) { suits &= project->hasOneUse(); });
    module->walk([&](NetworkOp network) {
      if (suits && succeeded(listOrigins(network)))
        links += compare(network, seed);
    });
  }
  EXPECT_GE(links, 2000u);
}

TEST_F(SliceSynapses, AreThoseOfConvolutions) {
  static const char *const text = R"(
#neuron = #snn.if<state = f32, reset = to_value, fires = at_or_above, when = same_step>
snn.network @net(%x: !snn.signal<4x7x6, binary>) -> (!snn.signal<5x4, binary>) attributes {dt = "steps"} {
  %i = snn.project %x through #snn.conv2d<kernel = [3, 2], stride = [2, 1], pad = [1, 0, 2, 1], dilation = [1, 2], groups = 2> delay 1 : !snn.signal<4x7x6, binary> -> !snn.current<6x4x5>
  %a = snn.population "a" (in: %i accumulate ordered<f32>) model #neuron params {r = 1.0, v_threshold = 1.0, v_reset = 0.0, v_init = 0.0} : !snn.signal<6x4x5, binary>
  %j = snn.project %a through #snn.conv_transpose2d<kernel = [3, 3], stride = [2, 2], pad = [1, 1, 1, 1], output_pad = [1, 0], dilation = [1, 1], groups = 3> delay 1 : !snn.signal<6x4x5, binary> -> !snn.current<3x8x9>
  %b = snn.population "b" (in: %j accumulate ordered<f32>) model #neuron params {r = 1.0, v_threshold = 1.0, v_reset = 0.0, v_init = 0.0} : !snn.signal<3x8x9, binary>
  %r = snn.reshape %b : !snn.signal<3x8x9, binary> -> !snn.signal<12x18, binary>
  %k = snn.project %r through #snn.conv1d<kernel = 3, stride = 5, pad = [0, 1], dilation = 1, groups = 1> delay 1 : !snn.signal<12x18, binary> -> !snn.current<5x4>
  %c = snn.population "c" (in: %k accumulate ordered<f32>) model #neuron params {r = 1.0, v_threshold = 1.0, v_reset = 0.0, v_init = 0.0} : !snn.signal<5x4, binary>
  snn.output %c : !snn.signal<5x4, binary>
})";
  auto module = parseSourceString<ModuleOp>(text, &context);
  ASSERT_TRUE(module);
  for (uint64_t seed = 0; seed < 200; ++seed)
    module->walk([&](NetworkOp network) { compare(network, seed); });
}
