//===- ConvolutionCounters.cpp - synapses of convolutions -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConvolutionCounters.h"

using namespace spikeformer;
using namespace spikeformer::snn;

/// Coordinates [low, high) of channels, height and width in turn, as boxes of a
/// signal without height are too.
static std::array<int64_t, 6> asImage(ArrayRef<int64_t> box) {
  if (box.size() == 6)
    return {box[0], box[1], box[2], box[3], box[4], box[5]};
  return {box[0], box[1], 0, 1, box[2], box[3]};
}

/// How many target coordinates in [low, high) of an axis each source coordinate
/// reaches.
static SmallVector<int64_t> countReached(const ConvolutionReach &reach,
                                         unsigned axis, int64_t low,
                                         int64_t high) {
  SmallVector<int64_t> counts;
  for (const SmallVector<int64_t> &outs : reach.reached[axis])
    counts.push_back(llvm::lower_bound(outs, high) -
                     llvm::lower_bound(outs, low));
  return counts;
}

namespace {

//===----------------------------------------------------------------------===//
// By source element
//===----------------------------------------------------------------------===//

/// A row is the product of what its coordinates reach.
class ElementCounter : public RowCounter {
public:
  ElementCounter(SourceElements elements, ConvolutionReach reach,
                 ArrayRef<int64_t> targetShape)
      : RowCounter(std::move(elements), targetShape), reach(std::move(reach)) {}

private:
  void addBox(ArrayRef<int64_t> ranges) override {
    std::array<int64_t, 6> box = asImage(ranges);
    SmallVector<int64_t> rows = countReached(reach, 0, box[2], box[3]);
    SmallVector<int64_t> columns = countReached(reach, 1, box[4], box[5]);
    int64_t inputs = reach.source[0] / reach.groups;
    int64_t outputs = reach.target[0] / reach.groups;
    for (int64_t group = box[0] / outputs;
         group * outputs < box[1] && box[0] < box[1]; ++group) {
      int64_t channels = std::min(box[1], (group + 1) * outputs) -
                         std::max(box[0], group * outputs);
      for (int64_t c = group * inputs; c < (group + 1) * inputs; ++c)
        for (auto [y, high] : llvm::enumerate(rows))
          for (size_t x = 0; high > 0 && x < columns.size(); ++x)
            if (columns[x] > 0)
              add((c * reach.source[1] + y) * reach.source[2] + x,
                  channels * high * columns[x]);
    }
  }

  ConvolutionReach reach;
};

//===----------------------------------------------------------------------===//
// By source box
//===----------------------------------------------------------------------===//

/// Sum and largest of a product's factor over a range of a source's dimension.
struct Extent {
  int64_t sum = 0, largest = 0;

  void add(int64_t count, int64_t times = 1) {
    sum += count * times;
    largest = std::max(largest, count);
  }
};

/// Where source slices are boxes, sums and largest rows of boxes are products.
/// Targets of several boxes, which add to the same rows, are for `byElement`;
/// without it their longest rows are taken to meet.
class BoxCounter : public SynapseCounter {
public:
  BoxCounter(const SourceElements &elements, ConvolutionReach reach,
             ArrayRef<int64_t> targetShape,
             std::unique_ptr<SynapseCounter> byElement)
      : slices(elements.slices), reach(std::move(reach)),
        targetShape(targetShape), byElement(std::move(byElement)),
        counts(slices.size()) {}

  /// Slice `index` of the elements has `box`.
  void addSource(uint32_t index, ArrayRef<int64_t> box) {
    sources.push_back({index, asImage(box)});
  }

  void countInto(ArrayRef<int64_t> ranges, uint32_t number,
                 std::vector<SliceLink> &links) override {
    SmallVector<NeuronRanges> boxes = listBoxes(ranges, targetShape);
    if (byElement && boxes.size() > 1)
      return byElement->countInto(ranges, number, links);
    for (const NeuronRanges &box : boxes)
      addBox(asImage(box));
    llvm::sort(linked);
    for (uint32_t index : linked) {
      auto [source, neurons] = slices[index];
      links.push_back({source, number, neurons, counts[index].synapses,
                       counts[index].longest});
      counts[index] = {};
    }
    linked.clear();
  }

private:
  struct SourceBox {
    uint32_t index;
    std::array<int64_t, 6> box;
  };
  struct Count {
    int64_t synapses = 0, longest = 0;
  };

  void addBox(const std::array<int64_t, 6> &box);
  /// Target channels of a source channel: those of its group.
  Extent sumChannels(const std::array<int64_t, 6> &source,
                     const std::array<int64_t, 6> &target) const;

  /// As in SourceElements.
  std::vector<std::pair<uint32_t, int64_t>> slices;
  ConvolutionReach reach;
  SmallVector<int64_t> targetShape;
  std::unique_ptr<SynapseCounter> byElement;
  /// In the order of slices; a slice may have several.
  std::vector<SourceBox> sources;
  /// By index of a slice, and those that are not 0.
  std::vector<Count> counts;
  std::vector<uint32_t> linked;
};

} // namespace

Extent BoxCounter::sumChannels(const std::array<int64_t, 6> &source,
                               const std::array<int64_t, 6> &target) const {
  int64_t inputs = reach.source[0] / reach.groups;
  int64_t outputs = reach.target[0] / reach.groups;
  Extent channels;
  for (int64_t group = source[0] / inputs; group * inputs < source[1];
       ++group) {
    int64_t in = std::min(source[1], (group + 1) * inputs) -
                 std::max(source[0], group * inputs);
    int64_t out = std::min(target[1], (group + 1) * outputs) -
                  std::max(target[0], group * outputs);
    if (out > 0)
      channels.add(out, in);
  }
  return channels;
}

void BoxCounter::addBox(const std::array<int64_t, 6> &box) {
  SmallVector<int64_t> found[2];
  // The coordinates that reach the box at all; most sources lie beyond.
  int64_t first[2], end[2];
  for (unsigned axis = 0; axis < 2; ++axis) {
    found[axis] =
        countReached(reach, axis, box[2 * axis + 2], box[2 * axis + 3]);
    auto reaches = [](int64_t count) { return count > 0; };
    first[axis] = llvm::find_if(found[axis], reaches) - found[axis].begin();
    end[axis] = found[axis].size();
    while (end[axis] > first[axis] && found[axis][end[axis] - 1] == 0)
      --end[axis];
  }
  // Of a slice with several boxes its longest row in this target box.
  uint32_t last = UINT32_MAX;
  int64_t row = 0;
  for (const SourceBox &source : sources) {
    if (source.box[2] >= end[0] || source.box[3] <= first[0] ||
        source.box[4] >= end[1] || source.box[5] <= first[1])
      continue;
    Extent extents[2];
    for (unsigned axis = 0; axis < 2; ++axis)
      for (int64_t at = std::max(source.box[2 * axis + 2], first[axis]),
                   to = std::min(source.box[2 * axis + 3], end[axis]);
           at < to; ++at)
        extents[axis].add(found[axis][at]);
    Extent channels = sumChannels(source.box, box);
    int64_t synapses = channels.sum * extents[0].sum * extents[1].sum;
    if (synapses == 0)
      continue;
    Count &count = counts[source.index];
    if (count.synapses == 0)
      linked.push_back(source.index);
    if (source.index != last)
      row = 0;
    last = source.index;
    int64_t longest =
        channels.largest * extents[0].largest * extents[1].largest;
    count.synapses += synapses;
    count.longest += std::max<int64_t>(longest - row, 0);
    row = std::max(row, longest);
  }
}

//===----------------------------------------------------------------------===//
// Which of them
//===----------------------------------------------------------------------===//

std::unique_ptr<SynapseCounter>
snn::makeConvolutionCounter(ProjectOp project, SourceElements elements,
                            ConvolutionReach reach, const NetworkCuts &cuts,
                            Counting counting) {
  ArrayRef<int64_t> source = project.getSourceType().getShape();
  ArrayRef<int64_t> target = project.getCurrentType().getShape();
  // Boxes of an origin are boxes of the source if nothing moved its elements.
  FailureOr<SmallVector<OriginRun>> runs = traceSignal(project.getSource());
  bool isWhole = succeeded(runs) && runs->size() == 1 &&
                 getOriginShape(runs->front().origin) == source &&
                 runs->front().count == ShapedType::getNumElements(source);
  if (!isWhole)
    return std::make_unique<ElementCounter>(std::move(elements),
                                            std::move(reach), target);
  std::unique_ptr<SynapseCounter> byElement;
  if (counting == Counting::exact)
    byElement = std::make_unique<ElementCounter>(elements, reach, target);
  auto counter = std::make_unique<BoxCounter>(elements, std::move(reach),
                                              target, std::move(byElement));
  uint32_t index = 0;
  for (const NeuronRanges &ranges : cuts.get(runs->front().origin).slices) {
    for (const NeuronRanges &box : listBoxes(ranges, source))
      counter->addSource(index, box);
    ++index;
  }
  return counter;
}
