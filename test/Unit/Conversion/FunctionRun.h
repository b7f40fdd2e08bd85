//===- FunctionRun.h - run a function before and after ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function runs float networks and converted ones, so a test compares what
// both give: `snn.simulate` goes to the reference interpreter.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_UNIT_CONVERSION_FUNCTIONRUN_H
#define SPIKEFORMER_TEST_UNIT_CONVERSION_FUNCTIONRUN_H

#include "spikeformer/Dialect/SNN/IR/SNNDialect.h"
#include "spikeformer/ExecutionEngine/TensorEvaluator.h"
#include "spikeformer/Reference/Interpreter.h"
#include <optional>

namespace spikeformer {

/// What a function gave for some samples.
struct FunctionRun {
  /// Its first result; null after a failure.
  Tensor result;
  /// Spikes of every population, by its name; none of a float network.
  std::optional<RunResult> network;
};

/// Runs `function` on `inputs`, whose leading axes are the samples.
inline FunctionRun runFunction(func::FuncOp function, ArrayRef<Tensor> inputs) {
  FunctionRun run;
  auto simulate = [&](Operation *op, ArrayRef<Tensor> operands,
                      int64_t) -> FailureOr<SmallVector<Tensor>> {
    auto simulation = cast<snn::SimulateOp>(op);
    auto network = SymbolTable::lookupNearestSymbolFrom<snn::NetworkOp>(
        op, simulation.getNetworkAttr());
    auto executor = createReferenceExecutor(network);
    if (failed(executor))
      return failure();
    RunRequest request;
    request.inputs.assign(operands.begin(), operands.end());
    request.samples = operands.front().getShape().front();
    request.timesteps = *simulation.getSteps();
    for (const std::string &population : (*executor)->getPopulations())
      request.probes.push_back({population, ""});
    auto made = (*executor)->run(request);
    if (!made)
      return op->emitError(llvm::toString(made.takeError()));
    const Tensor &steps = made->outputs.front();
    SmallVector<int64_t> shape(steps.getShape());
    shape.erase(shape.begin() + 1);
    Tensor sum(shape, ElementType::f32);
    int64_t inner = sum.getNumElements() / request.samples;
    bool isLast = simulation.getReadout(0) == snn::Readout::membrane_last;
    for (int64_t k = 0; k < steps.getNumElements(); ++k) {
      float &value = sum.data<float>()[k / (inner * request.timesteps) * inner +
                                       k % inner];
      value = steps.data<float>()[k] + (isLast ? 0 : value);
    }
    run.network = std::move(*made);
    return SmallVector<Tensor>{sum};
  };
  TensorEvaluatorOptions options;
  options.externalOps["snn.simulate"] = simulate;
  auto evaluator = TensorEvaluator::create(function, std::move(options));
  if (failed(evaluator))
    return run;
  auto results = evaluator->run(inputs);
  if (succeeded(results))
    run.result = results->front();
  return run;
}

} // namespace spikeformer

#endif // SPIKEFORMER_TEST_UNIT_CONVERSION_FUNCTIONRUN_H
