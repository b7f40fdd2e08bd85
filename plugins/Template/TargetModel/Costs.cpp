//===- Costs.cpp - what a slice costs -------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TargetModel/Costs.h"
#include "TargetModel/Chip.h"

using namespace spikeformer;
using namespace spikeformer::templ;

namespace {

class Costs : public SliceCosts {
public:
  llvm::ArrayRef<llvm::StringRef> getResourceNames() const override {
    static constexpr llvm::StringRef names[] = {"neurons", "synapses"};
    return names;
  }
  int64_t getMaxNeurons(mlir::Operation *origin) const override {
    return origin ? neuronsPerCore : maxInputBlock;
  }

  /// An input (no origin) takes nothing: the host sends its packets to the
  /// router of the core that it is placed on.
  void usageOf(const SliceContents &slice,
               llvm::MutableArrayRef<int64_t> usage) const override {
    usage[0] = slice.origin ? slice.neurons : 0;
    usage[1] = 0;
    for (const IncomingSynapses &block : slice.incoming)
      usage[1] += block.synapses;
  }
};

} // namespace

const SliceCosts &templ::getSliceCosts() {
  static const Costs costs;
  return costs;
}
