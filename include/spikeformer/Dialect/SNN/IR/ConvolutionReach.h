//===- ConvolutionReach.h - who meets whom, axis by axis --------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The synapses of a convolution are a product of its axes. Mapping counts them
// by that, where the table of all synapses would be a thousand times larger.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_CONVOLUTIONREACH_H
#define SPIKEFORMER_DIALECT_SNN_IR_CONVOLUTIONREACH_H

#include "mlir/IR/Attributes.h"
#include "spikeformer/Support/LLVM.h"
#include <optional>

namespace spikeformer::snn {

/// A source element (c, y, x) has a synapse with every target element (o, v, u)
/// where c and o are in one group, v is in reached[0][y] and u in
/// reached[1][x].
struct ConvolutionReach {
  /// Channels, height, width; the height of one axis is 1.
  SmallVector<int64_t, 3> source, target;
  int64_t groups;
  /// By axis and source coordinate: target coordinates, ascending.
  SmallVector<SmallVector<int64_t>> reached[2];
};

/// The reach of `connectivity` between signals of these shapes; none if it is
/// no convolution.
std::optional<ConvolutionReach> getConvolutionReach(Attribute connectivity,
                                                    ArrayRef<int64_t> source,
                                                    ArrayRef<int64_t> target);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_IR_CONVOLUTIONREACH_H
