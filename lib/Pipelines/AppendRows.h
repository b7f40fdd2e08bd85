//===- AppendRows.h - a tensor out of blocks --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs give their tensors in blocks of samples.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_APPENDROWS_H
#define LIB_PIPELINES_APPENDROWS_H

#include "spikeformer/Support/Tensor.h"
#include <cstring>

namespace spikeformer {

/// Copies the rows of `block` behind the first `row` rows of `whole`, which is
/// made for `rows` rows when the first block comes.
inline void appendRows(const Tensor &block, int64_t row, int64_t rows,
                       Tensor &whole) {
  if (!whole) {
    llvm::SmallVector<int64_t, 4> shape(block.getShape());
    shape.front() = rows;
    whole = Tensor(shape, block.getElementType());
  }
  Tensor part = whole.slice(row, row + block.getShape().front());
  std::memcpy(part.getBytes(), block.getBytes(), block.getNumBytes());
}

} // namespace spikeformer

#endif // LIB_PIPELINES_APPENDROWS_H
