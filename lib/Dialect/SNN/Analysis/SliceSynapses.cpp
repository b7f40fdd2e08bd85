//===- SliceSynapses.cpp - synapses between slices ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/Analysis/SliceSynapses.h"
#include "ConvolutionCounters.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::snn;

//===----------------------------------------------------------------------===//
// Cuts
//===----------------------------------------------------------------------===//

ArrayRef<int64_t> snn::getOriginShape(Value origin) {
  return cast<SignalType>(origin.getType()).getShape();
}

uint32_t NetworkCuts::getNumSlices() const {
  if (origins.empty())
    return 0;
  const Cut &last = origins.back().second;
  return last.firstSlice + last.slices.size();
}

void NetworkCuts::set(Value origin, std::vector<NeuronRanges> slices) {
  Cut &cut = origins[origin];
  ArrayRef<int64_t> shape = getOriginShape(origin);
  cut.slices = std::move(slices);
  cut.sliceOf.resize(ShapedType::getNumElements(shape));
  cut.numNeurons.clear();
  uint32_t number = 0;
  for (const NeuronRanges &ranges : cut.slices) {
    cut.numNeurons.push_back(countNeurons(ranges, shape));
    LogicalResult fits = forEachNeuron(
        ranges, shape, [&](int64_t neuron) { cut.sliceOf[neuron] = number; });
    assert(succeeded(fits) && "not neurons of this origin");
    (void)fits;
    ++number;
  }
  uint32_t first = 0;
  for (auto &[value, other] : origins) {
    other.firstSlice = first;
    first += other.slices.size();
  }
}

//===----------------------------------------------------------------------===//
// Sources
//===----------------------------------------------------------------------===//

static FailureOr<SourceElements> traceElements(ProjectOp project,
                                               const NetworkCuts &cuts) {
  FailureOr<SmallVector<OriginRun>> runs = traceSignal(project.getSource());
  if (failed(runs))
    return failure();
  SourceElements elements;
  std::vector<int64_t> counts(cuts.getNumSlices());
  for (const OriginRun &run : *runs) {
    const NetworkCuts::Cut &cut = cuts.get(run.origin);
    for (int64_t i = run.first; i < run.first + run.count; ++i) {
      elements.sliceOf.push_back(cut.firstSlice + cut.sliceOf[i]);
      ++counts[elements.sliceOf.back()];
    }
  }
  std::vector<uint32_t> index(counts.size());
  for (auto [slice, count] : llvm::enumerate(counts)) {
    index[slice] = elements.slices.size();
    if (count > 0)
      elements.slices.push_back({static_cast<uint32_t>(slice), count});
  }
  for (uint32_t &slice : elements.sliceOf)
    slice = index[slice];
  return elements;
}

//===----------------------------------------------------------------------===//
// Graphs that treat all elements alike
//===----------------------------------------------------------------------===//

namespace {

/// What a rule says about a graph.
struct Density {
  double perPair = 1;
  /// Rows are random.
  bool isRandom = false;
  /// False: no synapse from element k to element k.
  bool self = true;
};

class DensityCounter : public SynapseCounter {
public:
  DensityCounter(SourceElements elements, Density density,
                 ArrayRef<int64_t> targetShape)
      : elements(std::move(elements)), density(density),
        targetShape(targetShape) {}

  void countInto(ArrayRef<int64_t> ranges, uint32_t number,
                 std::vector<SliceLink> &links) override {
    int64_t reached = countNeurons(ranges, targetShape);
    std::vector<int64_t> missing(elements.slices.size());
    if (!density.self)
      (void)forEachNeuron(ranges, targetShape, [&](int64_t neuron) {
        ++missing[elements.sliceOf[neuron]];
      });
    double mean = density.perPair * reached;
    for (auto [slice, none] : llvm::zip_equal(elements.slices, missing)) {
      auto [source, count] = slice;
      double longest =
          density.isRandom ? mean + 5 * std::sqrt(mean) : double(reached);
      // Where every element is a target too, each lacks one synapse.
      longest -= none == count;
      int64_t synapses = std::llround(mean * count) - none;
      if (synapses > 0)
        links.push_back({source, number, count, synapses,
                         std::llround(std::ceil(longest))});
    }
  }

private:
  SourceElements elements;
  Density density;
  SmallVector<int64_t> targetShape;
};

} // namespace

/// The rule of a graph that is dense, or random and large.
static std::optional<Density> getDensity(ProjectOp project, double numPairs,
                                         Counting counting) {
  double sources = project.getSourceType().getNumElements();
  double targets =
      ShapedType::getNumElements(project.getCurrentType().getShape());
  double pairs = sources * targets;
  using Rule = std::optional<Density>;
  auto random = [&](double synapses) -> Rule {
    if (synapses <= maxCountedSynapses ||
        (counting == Counting::exact &&
         synapses < minSynapsesOfPair * numPairs))
      return std::nullopt;
    return Density{synapses / pairs, true, true};
  };
  return llvm::TypeSwitch<Attribute, Rule>(project.getConnectivity())
      .Case([](DenseAttr) { return Density(); })
      .Case([](AllToAllAttr rule) { return Density{1, false, rule.getSelf()}; })
      .Case([&](FixedProbabilityAttr rule) {
        return random(rule.getP().getValueAsDouble() * pairs);
      })
      .Case([&](FixedTotalAttr rule) { return random(rule.getCount()); })
      .Case([&](FixedInDegreeAttr rule) {
        return random(rule.getCount() * targets);
      })
      .Default([](Attribute) { return std::nullopt; });
}

//===----------------------------------------------------------------------===//
// Graphs with rows of their own
//===----------------------------------------------------------------------===//

void RowCounter::countInto(ArrayRef<int64_t> ranges, uint32_t number,
                           std::vector<SliceLink> &links) {
  for (const NeuronRanges &box : listBoxes(ranges, targetShape))
    addBox(box);
  for (uint32_t element : touched) {
    uint32_t slice = elements.sliceOf[element];
    if (synapses[slice] == 0)
      linked.push_back(slice);
    synapses[slice] += rows[element];
    longest[slice] = std::max(longest[slice], rows[element]);
    rows[element] = 0;
  }
  touched.clear();
  llvm::sort(linked);
  for (uint32_t slice : linked) {
    auto [source, count] = elements.slices[slice];
    links.push_back({source, number, count, synapses[slice], longest[slice]});
    synapses[slice] = longest[slice] = 0;
  }
  linked.clear();
}

namespace {

/// Any graph, synapse by synapse.
class TableCounter : public RowCounter {
public:
  TableCounter(SourceElements elements,
               std::shared_ptr<const IncomingTable> table,
               ArrayRef<int64_t> targetShape)
      : RowCounter(std::move(elements), targetShape), table(std::move(table)) {}

private:
  void addBox(ArrayRef<int64_t> box) override {
    (void)forEachNeuron(box, targetShape, [&](int64_t target) {
      for (uint64_t i = table->begins[target]; i < table->begins[target + 1];
           ++i)
        add(table->sources[i], 1);
    });
  }

  std::shared_ptr<const IncomingTable> table;
};

} // namespace

static std::shared_ptr<const IncomingTable> transpose(const SynapseTable &table,
                                                      int64_t numTargets) {
  auto incoming = std::make_shared<IncomingTable>();
  std::vector<uint64_t> &begins = incoming->begins;
  begins.resize(numTargets + 1);
  incoming->sources.resize(table.targets.size());
  for (uint32_t target : table.targets)
    ++begins[target + 1];
  for (size_t target = 1; target < begins.size(); ++target)
    begins[target] += begins[target - 1];
  std::vector<uint64_t> next(begins.begin(), begins.end() - 1);
  for (size_t source = 0; source + 1 < table.rows.size(); ++source)
    for (uint64_t i = table.rows[source]; i < table.rows[source + 1]; ++i)
      incoming->sources[next[table.targets[i]]++] = source;
  return incoming;
}

//===----------------------------------------------------------------------===//
// Links
//===----------------------------------------------------------------------===//

FailureOr<std::unique_ptr<SynapseCounter>>
SynapseCounter::create(ProjectOp project, const NetworkCuts &cuts,
                       uint32_t numSlices, Counting counting,
                       IncomingTables &tables) {
  FailureOr<SourceElements> elements = traceElements(project, cuts);
  if (failed(elements))
    return failure();
  using Counter = std::unique_ptr<SynapseCounter>;
  ArrayRef<int64_t> source = project.getSourceType().getShape();
  ArrayRef<int64_t> target = project.getCurrentType().getShape();
  double pairs = double(elements->slices.size()) * numSlices;
  if (std::optional<Density> density = getDensity(project, pairs, counting))
    return Counter(std::make_unique<DensityCounter>(std::move(*elements),
                                                    *density, target));
  ConnectivityAttrInterface connectivity = project.getConnectivity();
  if (auto reach = getConvolutionReach(connectivity, source, target))
    return makeConvolutionCounter(project, std::move(*elements),
                                  std::move(*reach), cuts, counting);
  std::shared_ptr<const IncomingTable> table = tables.lookup(project);
  if (!table) {
    auto expanded = connectivity.expand(project, source, target);
    if (failed(expanded))
      return failure();
    table = transpose(*expanded, ShapedType::getNumElements(target));
    if (counting == Counting::estimated)
      tables[project] = table;
  }
  return Counter(std::make_unique<TableCounter>(std::move(*elements),
                                                std::move(table), target));
}

FailureOr<std::vector<SliceLink>> snn::linkSlices(NetworkOp network,
                                                  const NetworkCuts &cuts,
                                                  IncomingTables &tables) {
  std::vector<SliceLink> links;
  bool good = true;
  for (auto population : network.getBody().getOps<PopulationOp>()) {
    const NetworkCuts::Cut &target = cuts.get(population.getSpikes());
    for (Value current : population.getInputs()) {
      auto counter =
          SynapseCounter::create(current.getDefiningOp<ProjectOp>(), cuts,
                                 target.slices.size(), Counting::exact, tables);
      good &= succeeded(counter);
      if (failed(counter))
        continue;
      uint32_t number = target.firstSlice;
      for (const NeuronRanges &ranges : target.slices)
        (*counter)->countInto(ranges, number++, links);
    }
  }
  if (!good)
    return failure();
  return links;
}
