//===- ConvertToSNN.h - conversion as one call ------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Dequantise, fold, calibrate, convert: what tools call for a trained network
// and samples.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_CONVERSION_TOSATOSNN_CONVERTTOSNN_H
#define SPIKEFORMER_CONVERSION_TOSATOSNN_CONVERTTOSNN_H

#include "mlir/IR/BuiltinOps.h"
#include "spikeformer/Conversion/TosaToSNN/Thresholds.h"
#include "spikeformer/Conversion/TosaToSNN/TosaToSNN.h"

namespace spikeformer {

struct ConvertOptions {
  /// Name of the function that holds the network.
  std::string function = "main";
  /// `timesteps` follows from `network`.
  ThresholdOptions thresholds;
  /// Calibration samples: one tensor per argument, preprocessed as the float
  /// network takes them, the leading axis the samples. Without any, every
  /// activation must have its `snn.threshold`.
  SmallVector<Tensor> samples;
  TosaToSNNOptions network;
};

/// Makes a spiking network of the trained network in `module`. On failure,
/// after diagnostics, the module may be dequantised and have folded weights,
/// thresholds and pools in other places, but still computes what it did (with
/// averages for maxima where those were asked for).
LogicalResult convertToSNN(ModuleOp module, ConvertOptions options,
                           ConversionReport &report);

} // namespace spikeformer

#endif // SPIKEFORMER_CONVERSION_TOSATOSNN_CONVERTTOSNN_H
