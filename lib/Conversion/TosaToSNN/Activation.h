//===- Activation.h - activations that become populations -------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one definition of what is an activation, for calibration and for
// conversion.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_TOSATOSNN_ACTIVATION_H
#define LIB_CONVERSION_TOSATOSNN_ACTIVATION_H

#include "mlir/IR/Operation.h"
#include "spikeformer/Support/LLVM.h"
#include <optional>

namespace spikeformer::tosatosnn {

/// max(input, 0) or clamp(input, 0, upper).
struct Activation {
  Value input;
  /// Infinity where there is no upper bound.
  double upper;
};

/// On an activation that is a part of a node's: no value of the float network
/// is what it computes.
constexpr llvm::StringLiteral activationPartAttrName = "snn.activation_part";

/// `op` as an activation; none for any other operation.
std::optional<Activation> matchActivation(Operation *op);

} // namespace spikeformer::tosatosnn

#endif // LIB_CONVERSION_TOSATOSNN_ACTIVATION_H
