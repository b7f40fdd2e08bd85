//===- GroupedConvolution.h - convolutions by groups ------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// TOSA has no grouped convolution: it is a slice of the channels and a
// convolution per group and a concatenation, which importers tag with
// `snn.grouped`.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_TOSATOSNN_GROUPEDCONVOLUTION_H
#define LIB_CONVERSION_TOSATOSNN_GROUPEDCONVOLUTION_H

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "spikeformer/Support/LLVM.h"
#include <optional>

namespace spikeformer::tosatosnn {

/// Tag of the operations of a grouped convolution: the number of groups.
constexpr llvm::StringLiteral groupedAttrName = "snn.grouped";

struct GroupedConvolution {
  /// All channels.
  Value input;
  /// One per group, in order; equal but for weights and bias.
  SmallVector<tosa::Conv2DOp> groups;
};

/// The grouped convolution that ends in `concat`; none if the tagged operations
/// do not make one.
std::optional<GroupedConvolution>
matchGroupedConvolution(tosa::ConcatOp concat);

} // namespace spikeformer::tosatosnn

#endif // LIB_CONVERSION_TOSATOSNN_GROUPEDCONVOLUTION_H
