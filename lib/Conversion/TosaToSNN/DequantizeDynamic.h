//===- DequantizeDynamic.h - scales that depend on the input ----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A part of the pass `tosa-dequantize`: networks whose values are quantised in
// the range that they have on each sample.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_TOSATOSNN_DEQUANTIZEDYNAMIC_H
#define LIB_CONVERSION_TOSATOSNN_DEQUANTIZEDYNAMIC_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "spikeformer/Support/LLVM.h"

namespace spikeformer::tosatosnn {

/// On the loops that make the bytes of an input, a scale and a zero point.
constexpr llvm::StringLiteral dynamicQuantizeAttrName = "snn.dynamic_quantize";

/// Makes float operations of the integer ones that work on such bytes. What
/// else reads them, or the scale, is an error at the operation.
LogicalResult dequantizeDynamic(func::FuncOp function);

} // namespace spikeformer::tosatosnn

#endif // LIB_CONVERSION_TOSATOSNN_DEQUANTIZEDYNAMIC_H
