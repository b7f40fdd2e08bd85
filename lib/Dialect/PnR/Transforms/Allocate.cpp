//===- Allocate.cpp - keys for every message ------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MappingPass.h"
#include "spikeformer/Dialect/PnR/Transforms/Passes.h"
#include "spikeformer/Mapping/KeyAllocator.h"

namespace spikeformer {
#define GEN_PASS_DEF_PNRALLOCATEPASS
#include "spikeformer/Dialect/PnR/Transforms/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::pnr;

namespace {

struct AllocatePass : spikeformer::impl::PnRAllocatePassBase<AllocatePass> {
  using PnRAllocatePassBase::PnRAllocatePassBase;

  void runOnOperation() override {
    if (failed(forEachMapping(getOperation(), [&](auto... arguments) {
          return allocateKeys(arguments...);
        })))
      signalPassFailure();
  }

  LogicalResult allocateKeys(MappingOp mapping, MappingData &data,
                             const MachineGraph &machine) {
    // Keys that are there say themselves what is reserved; the senders of a
    // machine graph are whatever its software counts.
    uint32_t reserved = !data.keys.empty()         ? data.reservedBits
                        : mapping.getNetworkAttr() ? uint32_t(reservedBits)
                                                   : 0;
    KeyProblem problem{data.slices, data.messages, keyBits, reserved,
                       data.keys};
    if (!mapping.getColumns<TreesOp>())
      return emitError(mapping.getLoc(),
                       "keys need trees; run pnr-route before");
    KeyOptions options;
    options.effort = std::max(1u, effort.getValue());
    KeyResult result =
        spikeformer::allocateKeys(problem, machine, data.trees, options);
    if (!result.violations.empty())
      return report(mapping, result.violations);
    setKeys(mapping, result.keys, reserved);
    return success();
  }
};

} // namespace
