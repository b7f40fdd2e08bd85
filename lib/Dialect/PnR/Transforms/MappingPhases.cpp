//===- MappingPhases.cpp - the passes of each phase -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/PnR/Transforms/MappingPhases.h"
#include "mlir/Pass/PassManager.h"
#include "spikeformer/Dialect/PnR/Transforms/Passes.h"

using namespace spikeformer;
using namespace spikeformer::pnr;

void pnr::addMappingPasses(Phase phase, OpPassManager &passes,
                           const TargetOptions &options,
                           StringRef defaultMachine, KeyFormat keys) {
  double timeLimit = options.timeLimit.value_or(0);
  switch (phase) {
  case Phase::partition: {
    PnRPartitionPassOptions own;
    own.machine =
        options.machine.empty() ? defaultMachine.str() : options.machine;
    own.rates = options.rates;
    return passes.addPass(createPnRPartitionPass(std::move(own)));
  }
  case Phase::place: {
    PnRPlacePassOptions own;
    own.machine = options.machine;
    own.objective = options.objective;
    own.pins.assign(options.pins.begin(), options.pins.end());
    own.effort = options.effort;
    own.timeLimit = timeLimit;
    own.seed = options.seed;
    return passes.addPass(createPnRPlacePass(std::move(own)));
  }
  case Phase::route:
    return passes.addPass(createPnRRoutePass({options.effort, timeLimit}));
  case Phase::allocate:
    return passes.addPass(
        createPnRAllocatePass({keys.bits, keys.reservedBits, options.effort}));
  case Phase::compress:
    return passes.addPass(createPnRCompressPass({options.effort}));
  case Phase::program:
    return passes.addPass(createPnRVerifyPass({keys.bits}));
  default:
    return;
  }
}
