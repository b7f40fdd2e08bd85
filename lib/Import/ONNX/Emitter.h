//===- Emitter.h - building TOSA --------------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The operations that importing any node needs. Constants are gathered at the
// head of the function and made once each; transposes and reshapes compose as
// they are built, so that no clean-up pass has to find them.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_ONNX_EMITTER_H
#define LIB_IMPORT_ONNX_EMITTER_H

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Builders.h"
#include "spikeformer/Support/LLVM.h"
#include "spikeformer/Support/TensorOps.h"

namespace spikeformer::onnximport {

/// Axis order of a tensor of rank 4 in the module. Of any other rank there is
/// only the logical order.
enum class Layout { Logical, ChannelsLast };

/// N, C, H, W to N, H, W, C, and back.
constexpr int64_t toChannelsLast[] = {0, 2, 3, 1};
constexpr int64_t fromChannelsLast[] = {0, 3, 1, 2};

SmallVector<int64_t> permuteShape(ArrayRef<int64_t> shape,
                                  ArrayRef<int64_t> permutation);
ArrayRef<int64_t> getShape(Value value);
/// Whether arith must be told how to read integers of `type`.
bool isUnsigned(ElementType type);
/// What the elements of a value that the importer made are.
ElementType getElement(Value value);
/// `number` in one element of `type` and `rank` axes.
Tensor makeSingle(double number, ElementType type, int64_t rank = 1);

class Emitter {
public:
  /// Appends to `block`; constants go to its head.
  explicit Emitter(Block *block);

  /// Location of the operations that follow.
  void setLocation(Location newLocation) { location = newLocation; }

  template <typename OpTy, typename... Args>
  OpTy create(Args &&...args) {
    return OpTy::create(builder, location, std::forward<Args>(args)...);
  }
  OpBuilder &getBuilder() { return builder; }
  Location getLocation() const { return location; }
  /// Of float32.
  RankedTensorType getType(ArrayRef<int64_t> shape);
  RankedTensorType getType(ArrayRef<int64_t> shape, ElementType type);
  /// `shape` with the elements of `like`.
  RankedTensorType getTypeLike(ArrayRef<int64_t> shape, Value like);

  Value constant(const Tensor &tensor);
  /// A float32 constant of one element and `rank` axes.
  Value scalar(float value, int64_t rank = 1);
  /// A `!tosa.shape` constant.
  Value shape(ArrayRef<int64_t> extents);

  Value transpose(Value input, ArrayRef<int64_t> permutation);
  Value reshape(Value input, ArrayRef<int64_t> shape);
  /// Elements [start, start + size) of every axis.
  Value slice(Value input, ArrayRef<int64_t> start, ArrayRef<int64_t> size);
  /// Adds `before` and `after` elements of `value` to the axes.
  Value pad(Value input, ArrayRef<int64_t> before, ArrayRef<int64_t> after,
            double value);
  /// The same bits as signless integers, which arith computes with; other
  /// values as they are.
  Value toSignless(Value input);
  /// Quantised elements as the integers that store them.
  Value toStored(Value input);
  /// Signless integers as `type`.
  Value fromSignless(Value input, ElementType type);
  /// Of float32.
  Value clamp(Value input, float min, float max);
  /// Elementwise; shapes broadcast and have one rank.
  Value add(Value a, Value b);
  Value subtract(Value a, Value b);
  Value multiply(Value a, Value b);
  Value maximum(Value a, Value b);
  Value minimum(Value a, Value b);
  Value power(Value a, Value b);
  /// [batch, m, k] times [batch, k, n].
  Value matmul(Value a, Value b);

private:
  template <typename OpTy>
  Value elementwise(Value a, Value b);
  Value insertConstant(Attribute attribute, Type type,
                       llvm::function_ref<Operation *()> create);

  OpBuilder builder;
  Location location;
  Operation *lastConstant = nullptr;
  DenseMap<std::pair<Attribute, Type>, Value> constants;
};

} // namespace spikeformer::onnximport

#endif // LIB_IMPORT_ONNX_EMITTER_H
