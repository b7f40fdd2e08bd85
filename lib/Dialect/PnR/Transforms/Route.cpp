//===- Route.cpp - a tree for every message -------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MappingPass.h"
#include "spikeformer/Dialect/PnR/Transforms/Passes.h"
#include "spikeformer/Mapping/TreeRouter.h"

namespace spikeformer {
#define GEN_PASS_DEF_PNRROUTEPASS
#include "spikeformer/Dialect/PnR/Transforms/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::pnr;

namespace {

struct RoutePass : spikeformer::impl::PnRRoutePassBase<RoutePass> {
  using PnRRoutePassBase::PnRRoutePassBase;

  void runOnOperation() override {
    if (failed(forEachMapping(getOperation(), [&](auto... arguments) {
          return routeMapping(arguments...);
        })))
      signalPassFailure();
  }

  LogicalResult routeMapping(MappingOp mapping, MappingData &data,
                             const MachineGraph &machine) {
    TreeRouterOptions options;
    options.effort = effort;
    options.timeLimit = getTimeLimit(timeLimit);
    TreeRouterResult result =
        route({machine, data.messages, data.placement}, options);
    if (!result.isFeasible())
      return report(mapping, result.violations);
    setTrees(mapping, machine, result.trees);
    return success();
  }
};

} // namespace
