//===- ParameterData.h - reading numbers of a module ------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one way to read numbers: parameters wherever their data lie, views of
// them, random numbers, shared numbers. Nothing is copied that need not be.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_PARAMETERDATA_H
#define SPIKEFORMER_DIALECT_SNN_IR_PARAMETERDATA_H

#include "mlir/IR/Operation.h"
#include "spikeformer/Dialect/SNN/IR/SNNAttributes.h"
#include "spikeformer/Support/Tensor.h"
#include <optional>

namespace spikeformer::snn {
class ParameterOp;

/// The parameter that `symbol` names, seen from `user`; a diagnostic at `user`
/// if there is none.
FailureOr<ParameterOp> lookUpParameter(Operation *user,
                                       FlatSymbolRefAttr symbol);

/// All elements of a parameter of static shape. Dense data are not copied.
FailureOr<Tensor> loadParameter(Operation *user, FlatSymbolRefAttr symbol);

/// The numbers that a RandomAttr stands for, by index; before the rounding to
/// the consumer's type.
class RandomNumbers {
public:
  explicit RandomNumbers(RandomAttr random);
  double operator[](uint64_t index) const;

private:
  Distribution distribution;
  Generator generator;
  uint64_t seed;
  uint32_t stream;
  double first, second;
  std::optional<std::pair<double, double>> clip;
};

/// Numbers by index: a shared number, a parameter, a view of one or random
/// numbers. Every value is exact as a double (the type of a parameter has at
/// most 53 significant bits, or its values have); the consumer rounds once.
class NumberView {
public:
  /// Numbers in the row-major order of `shape`. A parameter must have this
  /// shape; one dynamic extent in `shape` accepts any extent.
  static FailureOr<NumberView> create(Operation *user, Attribute numbers,
                                      ArrayRef<int64_t> shape);
  /// Numbers for the elements of `shape`: the parameter's shape is extended by
  /// trailing extents of 1, and an extent of 1 is repeated.
  static FailureOr<NumberView>
  createBroadcast(Operation *user, Attribute numbers, ArrayRef<int64_t> shape);

  /// True where every index gives the same number.
  bool isShared() const { return !data && !random; }
  /// How many numbers there are; -1 where any index is valid.
  int64_t getSize() const { return size; }
  double operator[](uint64_t index) const;

private:
  LogicalResult initialise(Operation *user, Attribute numbers,
                           SmallVector<int64_t> &sourceShape);

  double shared = 0;
  std::optional<RandomNumbers> random;
  Tensor data;
  int64_t size = -1;
  double scale = 1;
  /// Extents of the view and the step of each axis in the data; empty where the
  /// index is the position.
  SmallVector<int64_t> extents, strides;
};

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_IR_PARAMETERDATA_H
