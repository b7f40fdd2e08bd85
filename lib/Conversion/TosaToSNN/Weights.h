//===- Weights.h - weights of a projection ----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Weights are multiplied by the height of a spike and by every factor behind
// them in double and rounded once, while they are put into the order of the
// signals.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_TOSATOSNN_WEIGHTS_H
#define LIB_CONVERSION_TOSATOSNN_WEIGHTS_H

#include "Meaning.h"

namespace spikeformer::tosatosnn {

/// The float32 weights of a dense or conv2d projection, in `shape`.
Tensor makeWeights(const Projection &projection, ArrayRef<int64_t> shape);

} // namespace spikeformer::tosatosnn

#endif // LIB_CONVERSION_TOSATOSNN_WEIGHTS_H
