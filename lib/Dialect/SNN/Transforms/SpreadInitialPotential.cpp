//===- SpreadInitialPotential.cpp - start potentials as biases ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/Analysis/Relations.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Dialect/SNN/Transforms/NeuronNumbers.h"
#include "spikeformer/Dialect/SNN/Transforms/Passes.h"
#include "spikeformer/Dialect/SNN/Transforms/Simulations.h"

namespace spikeformer {
#define GEN_PASS_DEF_SNNSPREADINITIALPOTENTIALPASS
#include "spikeformer/Dialect/SNN/Transforms/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::snn;

/// Potentials add up over T steps, so that each step gets a T-th part.
static LogicalResult spread(PopulationOp op, int64_t steps, double stepLength,
                            bool &changed) {
  Attribute start = op.getParams().get("v_init");
  if (!start)
    return success();
  auto starts = getParamNumbers(op, "v_init");
  if (failed(starts))
    return failure();
  if (llvm::all_of(*starts, [](double number) { return number == 0; }))
    return success();
  if (!isa<IFAttr>(op.getModel()))
    return op.emitError("initial potential of \"")
           << op.getName() << "\": needs #snn.if, whose potential does not "
           << "leak, to be spread over the steps, has " << op.getModel()
           << "; start it at 0";
  auto gains = getParamNumbers(op, "r");
  auto biases = getBiases(op);
  if (failed(gains) || failed(biases))
    return failure();
  for (auto [bias, from, gain] : llvm::zip_equal(*biases, *starts, *gains))
    bias += from / (gain * stepLength * static_cast<double>(steps));
  setBiases(op, *biases);
  NamedAttrList params(op.getParams());
  params.set("v_init", FloatAttr::get(Float64Type::get(op.getContext()), 0));
  op.setParamsAttr(params.getDictionary(op.getContext()));
  changed = true;
  return success();
}

namespace {

struct SpreadInitialPotential
    : spikeformer::impl::SNNSpreadInitialPotentialPassBase<
          SpreadInitialPotential> {
  using SNNSpreadInitialPotentialPassBase::SNNSpreadInitialPotentialPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    bool good = true, changed = false;
    for (NetworkOp network : module.getOps<NetworkOp>()) {
      FailureOr<SimulateOp> simulation = getOnlySimulation(network);
      if (failed(simulation)) {
        good = false;
        continue;
      }
      for (PopulationOp op : network.getBody().getOps<PopulationOp>())
        good &= succeeded(spread(op, *simulation->getSteps(),
                                 network.getStepLength(), changed));
    }
    if (!good)
      return signalPassFailure();
    auto metric =
        Builder(module.getContext()).getStringAttr("initial potential");
    if (changed)
      appendRelation(module, "convert", RelationKind::approximates,
                     NamedAttribute("metric", metric));
  }
};

} // namespace
