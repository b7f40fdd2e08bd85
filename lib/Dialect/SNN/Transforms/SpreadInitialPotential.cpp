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
#include <cmath>

namespace spikeformer {
#define GEN_PASS_DEF_SNNSPREADINITIALPOTENTIALPASS
#include "spikeformer/Dialect/SNN/Transforms/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::snn;

/// The populations of `network` that start elsewhere than at 0, and where.
static FailureOr<SmallVector<std::pair<PopulationOp, std::vector<double>>>>
findStarts(NetworkOp network) {
  SmallVector<std::pair<PopulationOp, std::vector<double>>> found;
  for (PopulationOp op : network.getBody().getOps<PopulationOp>()) {
    if (!op.getParams().get("v_init"))
      continue;
    auto starts = getParamNumbers(op, "v_init");
    if (failed(starts))
      return failure();
    if (llvm::any_of(*starts, [](double number) { return number != 0; }))
      found.emplace_back(op, std::move(*starts));
  }
  return found;
}

/// Potentials add up over T steps, so that each step gets a T-th part.
static LogicalResult spread(PopulationOp op, ArrayRef<double> starts,
                            int64_t steps, double stepLength) {
  auto refuse = [&](StringRef need) {
    return op.emitError("initial potential of \"")
           << op.getName() << "\": needs " << need
           << " to be spread over the steps, has " << op.getModel() << " with "
           << op.getParams() << "; start it at 0";
  };
  if (!isa<IFAttr>(op.getModel()))
    return refuse("#snn.if, whose potential does not leak,");
  auto gains = getParamNumbers(op, "r");
  auto biases = getBiases(op);
  if (failed(gains) || failed(biases))
    return failure();
  for (auto [bias, from, gain] : llvm::zip_equal(*biases, starts, *gains)) {
    bias += from / (gain * stepLength * static_cast<double>(steps));
    if (!std::isfinite(static_cast<float>(bias)))
      return refuse("an r that is not 0");
  }
  setBiases(op, *biases);
  NamedAttrList params(op.getParams());
  params.set("v_init", FloatAttr::get(Float64Type::get(op.getContext()), 0));
  op.setParamsAttr(params.getDictionary(op.getContext()));
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
      auto starts = findStarts(network);
      good &= succeeded(starts);
      if (failed(starts) || starts->empty())
        continue;
      FailureOr<SimulateOp> simulation = getOnlySimulation(network);
      good &= succeeded(simulation);
      if (failed(simulation))
        continue;
      for (auto &[op, from] : *starts)
        good &= succeeded(
            spread(op, from, *simulation->getSteps(), network.getStepLength()));
      changed = true;
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
