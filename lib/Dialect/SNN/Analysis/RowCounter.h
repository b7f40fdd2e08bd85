//===- RowCounter.h - synapses by their source element ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What counters of synapses have in common that go through the elements of
// their source.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_DIALECT_SNN_ANALYSIS_ROWCOUNTER_H
#define SPIKEFORMER_LIB_DIALECT_SNN_ANALYSIS_ROWCOUNTER_H

#include "spikeformer/Dialect/SNN/Analysis/SliceSynapses.h"

namespace spikeformer::snn {

/// The elements of a projection's source, as they are cut.
struct SourceElements {
  /// Slices that have elements, in ascending order, and how many each.
  std::vector<std::pair<uint32_t, int64_t>> slices;
  /// By element: index into `slices`.
  std::vector<uint32_t> sliceOf;
};

/// Adds up the row of each source element.
class RowCounter : public SynapseCounter {
public:
  RowCounter(SourceElements elements, ArrayRef<int64_t> targetShape)
      : elements(std::move(elements)), targetShape(targetShape),
        rows(this->elements.sliceOf.size()),
        synapses(this->elements.slices.size()), longest(synapses.size()) {}

  void countInto(ArrayRef<int64_t> ranges, uint32_t number,
                 std::vector<SliceLink> &links) override;

protected:
  /// Adds the synapses into `box` of the target to rows.
  virtual void addBox(ArrayRef<int64_t> box) = 0;
  void add(uint32_t element, int64_t count) {
    if (rows[element] == 0)
      touched.push_back(element);
    rows[element] += count;
  }

  SourceElements elements;
  SmallVector<int64_t> targetShape;

private:
  /// By source element, and those that are not 0.
  std::vector<int64_t> rows;
  std::vector<uint32_t> touched;
  /// By slice with elements, and those that are not 0.
  std::vector<int64_t> synapses, longest;
  std::vector<uint32_t> linked;
};

} // namespace spikeformer::snn

#endif // SPIKEFORMER_LIB_DIALECT_SNN_ANALYSIS_ROWCOUNTER_H
