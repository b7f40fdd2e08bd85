//===- ImportSONATA.cpp - SONATA networks ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/SONATA/ImportSONATA.h"
#include "Lowering.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "spikeformer/Dialect/SNN/IR/SNNDialect.h"
#include "spikeformer/Support/InputDiagnostics.h"

using namespace spikeformer;
using namespace spikeformer::sonata;

/// NEURON handles the events of IntFire1 at their exact times, whatever its
/// step is, so the grid has to be finer than the step.
static constexpr double stepsPerDt = 10;

OwningOpRef<ModuleOp>
spikeformer::importSONATA(StringRef path, MLIRContext &context,
                          const ImportSONATAOptions &options) {
  context
      .loadDialect<snn::SNNDialect, arith::ArithDialect, func::FuncDialect>();
  Problems problems;
  Config config = readConfig(path, problems);
  if (!options.dt && !config.dt && !config.nodes.empty())
    problems.add(path, "",
                 "nothing says how long a step is: needs 'run' with 'dt' in "
                 "ms, or --dt=SECONDS");
  Network network = readNetwork(config, problems);
  OwningOpRef<ModuleOp> module;
  if (!problems.any()) {
    double dt = options.dt ? *options.dt : *config.dt / stepsPerDt * 1e-3;
    module = lower(network, dt, config.stop, path, context, problems);
  }
  if (failed(emitErrors(problems.takeAll(), context)))
    return nullptr;
  return module;
}
