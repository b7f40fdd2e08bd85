//===- Costs.cpp - what a slice costs -------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TargetModel/Costs.h"
#include "TargetModel/Board.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "llvm/Support/MathExtras.h"

using namespace spikeformer;
using namespace spikeformer::spinnaker;

namespace {

class Costs : public SliceCosts {
public:
  ArrayRef<StringRef> getResourceNames() const override {
    return resourceNames;
  }
  int64_t getMaxNeurons(Operation *origin) const override {
    return isa_and_nonnull<snn::PopulationOp>(origin) ? neuronsPerCore
                                                      : sourcesPerCore;
  }

  /// One core, and for each block of rows: source neurons x (3 + longest row)
  /// words.
  void usageOf(const SliceContents &slice,
               MutableArrayRef<int64_t> usage) const override {
    usage[0] = 1;
    usage[1] = 0;
    for (const IncomingSynapses &block : slice.incoming)
      usage[1] += llvm::alignTo(
          block.sourceNeurons * (rowHeaderWords + block.longestRow) * wordBytes,
          blockBytes);
  }
};

} // namespace

const SliceCosts &spinnaker::getSliceCosts() {
  static const Costs costs;
  return costs;
}
