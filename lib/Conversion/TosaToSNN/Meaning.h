//===- Meaning.h - what a TOSA value means for a network --------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A conversion walks the function once and keeps beside each value what it
// means for the network. Networks are built of these meanings and never of
// patterns of operations, so every order of transposes, sums and scalings comes
// out right.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_TOSATOSNN_MEANING_H
#define LIB_CONVERSION_TOSATOSNN_MEANING_H

#include "SignalNumbers.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include <array>
#include <optional>
#include <variant>
#include <vector>

namespace spikeformer::tosatosnn {

/// Zeros around an image: top, left, bottom, right.
using Padding = std::array<int64_t, 4>;

/// A signal of the network. A tensor before the network is one as well: it
/// enters the network where the first weight takes it.
struct Signal {
  /// In the network; null for a tensor that has not entered.
  Value value;
  /// The tensor before the network; null for any other signal.
  Value tensor;
  /// What one unit of the signal is in the float network.
  SignalNumbers height;
  SignalView view;
  /// Zeros of a pad operation that the next convolution takes over.
  Padding padding = {};

  bool isTensor() const { return tensor != nullptr; }
  bool isPadded() const { return padding != Padding(); }
  /// Without the batch axis of a tensor.
  SmallVector<int64_t> getShape() const {
    if (isTensor())
      return llvm::to_vector(
          cast<ShapedType>(tensor.getType()).getShape().drop_front());
    return llvm::to_vector(cast<snn::SignalType>(value.getType()).getShape());
  }
};

/// Where the data of a constant hold weight (output, input, tap).
struct WeightLayout {
  int64_t outputs, inputs, taps;
  int64_t outputStride, inputStride, tapStride;
  /// The element of the signal that each input is; empty if they are in order.
  SmallVector<int64_t> places;
  /// Elements (dense) or channels per group (conv2d) of the signal.
  int64_t sources;
};

/// Synapses that a population will get.
struct Projection {
  /// In the network.
  Signal source;
  snn::ConnectivityAttrInterface connectivity;
  /// Null for one_to_one.
  Tensor weights;
  WeightLayout layout;
  /// Factor of each output (dense), output channel (conv2d) or element.
  SignalNumbers scale;
  Location location;
};

/// A sum of projections and a bias; an activation makes a signal of it.
struct Current {
  std::vector<Projection> projections;
  SignalNumbers bias;
  SmallVector<int64_t> shape;
  SignalView view;
  /// What a level of it is, where the float network rounds it down to levels
  /// before the activation.
  std::optional<SignalNumbers> levelHeight = std::nullopt;
};

/// Computed from `output`, which the network gives, by `first` and what
/// follows.
struct Tail {
  Value output;
  Operation *first;
};

/// Of a value that depends on a refused operation.
struct Unknown {};

using Meaning = std::variant<Unknown, Signal, Current, Tail>;

} // namespace spikeformer::tosatosnn

#endif // LIB_CONVERSION_TOSATOSNN_MEANING_H
