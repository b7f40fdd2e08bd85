//===- ConvertToSNN.cpp - conversion as one call --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The order matters: only floats can be folded, folded weights make calibration
// faster, and thresholds must be there before the weights behind them are
// scaled.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Conversion/TosaToSNN/ConvertToSNN.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "spikeformer/Dialect/SNN/IR/SNNDialect.h"

using namespace spikeformer;

LogicalResult spikeformer::convertToSNN(ModuleOp module, ConvertOptions options,
                                        ConversionReport &report) {
  // A pass has them as dependent dialects.
  module.getContext()
      ->loadDialect<arith::ArithDialect, tosa::TosaDialect, snn::SNNDialect>();
  auto function = module.lookupSymbol<func::FuncOp>(options.function);
  if (!function)
    return module.emitError() << "there is no function @" << options.function;
  if (failed(dequantize(function)) || failed(foldBatchNorm(function)))
    return failure();
  splitLeakyRelu(function);
  arrangeMaxPools(function, options.network.maxPool);
  // What neurons can say: counts of that many steps, or levels.
  options.thresholds.timesteps = options.network.neuron == NeuronKind::Graded
                                     ? options.network.levels
                                     : options.network.timesteps;
  if (!options.samples.empty() &&
      failed(chooseThresholds(function, options.samples, options.thresholds)))
    return failure();
  return convertTosaToSNN(function, options.network, report);
}
