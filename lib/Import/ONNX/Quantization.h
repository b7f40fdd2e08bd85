//===- Quantization.h - integers that stand for numbers ---------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A quantised constant keeps its integers: they are what the module stores, as
// `!quant.uniform`, and their numbers are what the import computes with. This
// file decides how the type follows the axes that an operator moves.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_ONNX_QUANTIZATION_H
#define LIB_IMPORT_ONNX_QUANTIZATION_H

#include "Emitter.h"
#include <optional>

namespace spikeformer::onnximport {

/// Number = scale * (integer - zero point).
struct Quantization {
  Tensor integers;
  /// One, or one for each index of `axis`.
  SmallVector<double> scales;
  SmallVector<int64_t> zeroPoints;
  std::optional<int64_t> axis;

  /// The numbers as float32.
  Tensor getNumbers() const;
};

/// A constant that an operator rearranges before it is stored.
struct Weights {
  Tensor numbers;
  std::optional<Quantization> quantized;

  Weights permute(ArrayRef<int64_t> permutation) const;
  /// Extents of 1 come or go; other reshapes lose the integers of a
  /// quantisation per axis.
  Weights reshape(ArrayRef<int64_t> shape) const;
  /// Rows [begin, end) of the leading axis.
  Weights slice(int64_t begin, int64_t end) const;
  /// float32: a constant, or what `quant.dcast` makes of one.
  Value emit(Emitter &emit) const;
};

/// The type of quantised elements; `integers` are those stored.
Type getQuantizedType(MLIRContext *context, ElementType integers,
                      ArrayRef<double> scales, ArrayRef<int64_t> zeroPoints,
                      std::optional<int64_t> axis);

} // namespace spikeformer::onnximport

#endif // LIB_IMPORT_ONNX_QUANTIZATION_H
