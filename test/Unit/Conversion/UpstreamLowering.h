//===- UpstreamLowering.h - run by MLIR's own lowering ----------*- C++ -*-===//
//-*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The second opinion on what TOSA means: mlir-opt lowers functions to LLVM and
// mlir-runner runs them. Both are processes, as a program that links all their
// passes takes longer to build than they take to run.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_UNIT_CONVERSION_UPSTREAMLOWERING_H
#define SPIKEFORMER_TEST_UNIT_CONVERSION_UPSTREAMLOWERING_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "spikeformer/Support/LLVM.h"
#include "spikeformer/Support/Tensor.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace spikeformer {

/// One function on one sample and what it should give.
struct UpstreamCase {
  func::FuncOp function;
  Tensor input, expected;
};

/// The largest difference of an element to the expected one, per case. All
/// functions are in one module, take one float32 tensor and give [1, n].
llvm::Expected<std::vector<double>> runUpstream(ArrayRef<UpstreamCase> cases);

} // namespace spikeformer

#endif // SPIKEFORMER_TEST_UNIT_CONVERSION_UPSTREAMLOWERING_H
