//===- Calibration.h - statistics of activations ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the float network on samples and measures how large its activations get.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_CONVERSION_TOSATOSNN_CALIBRATION_H
#define SPIKEFORMER_CONVERSION_TOSATOSNN_CALIBRATION_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "spikeformer/Support/LLVM.h"
#include "spikeformer/Support/Tensor.h"
#include <optional>
#include <string>
#include <vector>

namespace spikeformer {

/// One activation on the calibration samples; all its elements count, also the
/// zeros.
struct ActivationStatistics {
  Operation *op;
  /// Name of its node; empty if it has none.
  std::string node;
  double percentile, max;
  /// Axis of its channels; none behind dense weights.
  std::optional<int64_t> channelAxis;
  /// Per channel, where they were asked for.
  SmallVector<double> channelPercentiles, channelMaxima;
};

struct CalibrationOptions {
  /// From 0 to 100.
  double percentile = 99.9;
  bool perChannel = false;
  /// 0 uses all cores.
  unsigned threads = 1;
};

/// Measures every activation of `function` (see `convert-tosa-to-snn`) on
/// samples: one tensor per argument, its leading axis the samples. The result
/// is in the order of the operations and does not depend on the threads.
FailureOr<std::vector<ActivationStatistics>>
calibrate(func::FuncOp function, ArrayRef<Tensor> samples,
          const CalibrationOptions &options = {});

} // namespace spikeformer

#endif // SPIKEFORMER_CONVERSION_TOSATOSNN_CALIBRATION_H
