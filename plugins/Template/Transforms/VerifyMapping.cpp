//===- VerifyMapping.cpp - what the chip asks of a mapping ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// pnr-verify says whether a mapping is right on its machine. Whether it can be
// put into the registers of this chip, core cannot know.
//
//===----------------------------------------------------------------------===//

#include "TargetModel/Machines.h"
#include "Transforms/Passes.h"
#include "spikeformer/Dialect/PnR/IR/PnROps.h"

namespace spikeformer::templ {
#define GEN_PASS_DEF_TEMPLATEVERIFYMAPPINGPASS
#include "Transforms/Passes.h.inc"
} // namespace spikeformer::templ

using namespace spikeformer;
using namespace spikeformer::templ;

/// A neuron has one register for its key.
static LogicalResult verifyMessages(pnr::MappingOp mapping) {
  auto messages = mapping.getColumns<pnr::MessagesOp>();
  auto slices = mapping.getColumns<pnr::SlicesOp>();
  if (!messages || !slices)
    return success();
  std::vector<int64_t> counts(slices.size());
  for (int32_t source : messages.getSources())
    ++counts[source];
  bool good = true;
  for (auto [name, count] : llvm::zip_equal(slices.getNames(), counts)) {
    if (count <= 1)
      continue;
    good = false;
    mapping.emitError() << "messages of slice " << name << ": needs " << count
                        << ", has 1 on target 'template'; join their targets "
                           "in one message";
  }
  return success(good);
}

static LogicalResult verify(pnr::MappingOp mapping) {
  bool good = true;
  llvm::Expected<MachineGraph> machine = makeMachine(mapping.getMachine());
  if (!machine) {
    good = false;
    mapping.emitError(llvm::toString(machine.takeError()));
  }
  if (!mapping.getNetwork()) {
    good = false;
    mapping.emitError() << "mapping of nothing: needs no neurons, has programs "
                           "of neurons on target 'template'; map a network";
  }
  auto keys = mapping.getColumns<pnr::KeysOp>();
  if (uint32_t reserved = keys ? keys.getReserved().value_or(0) : 0) {
    good = false;
    mapping.emitError() << "key bits that software has for itself: needs "
                        << reserved << ", has 0 on target 'template'; leave "
                        << "'reserved' out";
  }
  return success(good & succeeded(verifyMessages(mapping)));
}

namespace {
struct VerifyMapping
    : templ::impl::TemplateVerifyMappingPassBase<VerifyMapping> {
  void runOnOperation() override {
    for (pnr::MappingOp mapping : getOperation().getOps<pnr::MappingOp>())
      if (failed(verify(mapping)))
        signalPassFailure();
    markAllAnalysesPreserved();
  }
};
} // namespace
