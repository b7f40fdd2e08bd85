//===- ZeroPoint.h - integers less their zero point -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operators that multiply integers subtract zero points first, which may be
// computed. This file decides which zero points fit a tensor.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_ONNX_ZEROPOINT_H
#define LIB_IMPORT_ONNX_ZEROPOINT_H

#include "Node.h"

namespace spikeformer::onnximport {

/// Input `index` (int8 or uint8) less the zero point in input `zeroIndex`, as
/// int32. The zero point is left out, one number, one per index of `axis`, or
/// has all axes, of which only `axis` and those before the last two have more
/// than one index. Null after an error.
Value getDifference(Node &node, unsigned index, unsigned zeroIndex,
                    int64_t axis, Layout layout = Layout::Logical);

} // namespace spikeformer::onnximport

#endif // LIB_IMPORT_ONNX_ZEROPOINT_H
