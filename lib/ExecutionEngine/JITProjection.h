//===- JITProjection.h - synapses packed for delivery -----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the numbers of a projection and chooses how its events are delivered:
// panels for dense projections, taps for convolutions, and rows of single
// synapses for everything else and wherever synapses have their own delays.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_EXECUTIONENGINE_JITPROJECTION_H
#define SPIKEFORMER_LIB_EXECUTIONENGINE_JITPROJECTION_H

#include "JITProgram.h"
#include "spikeformer-rt/Delivery.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "llvm/ADT/STLExtras.h"
#include <array>
#include <optional>

namespace spikeformer::jit {

/// Where the elements of a signal or an accumulator lie; see SfrtSignal.
struct Layout {
  uint32_t channels = 1, pixels = 0, pitch = 1;

  static Layout rowMajor(int64_t elements) {
    return {1, static_cast<uint32_t>(elements), 1};
  }
  /// An image of `shape` C,H,W or C,L; `pitch` is C or more.
  static Layout channelLast(ArrayRef<int64_t> shape, int64_t pitch) {
    return {static_cast<uint32_t>(shape[0]),
            static_cast<uint32_t>(llvm::product_of(shape.drop_front())),
            static_cast<uint32_t>(pitch)};
  }
  bool isRowMajor() const { return pitch == 1; }
  size_t getElements() const { return size_t(channels) * pixels; }
  size_t getPositions() const { return size_t(pixels) * pitch; }
  size_t positionOf(size_t element) const {
    return element % pixels * pitch + element / pixels;
  }
};

/// Accumulators have room for whole panels of this many positions.
constexpr size_t kLargestPanel = 64;

/// What a projection delivers to.
struct Target {
  snn::ReceptorAttr receptor;
  size_t accumulators;
  Layout layout;
};

/// A convolution over two axes, transposed or not. Signals C,L are images of
/// height 1.
struct Convolution {
  /// By axis, height first; `pad` is what lies before the first element.
  std::array<int64_t, 2> kernel, stride, pad, dilation;
  int64_t groups;
  bool isTransposed;
  /// C,H,W.
  std::array<int64_t, 3> source, target;

  /// None for other kinds of connectivity.
  static std::optional<Convolution> get(snn::ProjectOp op);
  /// Where `tap` carries coordinate `from` along `axis`; -1: nowhere.
  int64_t getTarget(int64_t from, int64_t tap, unsigned axis) const;
  int64_t getNumTaps() const { return kernel[0] * kernel[1]; }
};

/// A projection with its data.
class Projection {
public:
  /// A diagnostic at `op` where its data are wrong.
  static FailureOr<Projection> create(snn::ProjectOp op);

  snn::ProjectOp getOp() const { return op; }
  uint32_t getMinimumDelay() const { return minimumDelay; }
  uint32_t getMaximumDelay() const { return maximumDelay; }

  /// Adds the call that delivers the events in `ring`.
  void addDelivery(Program &program, const Target &target,
                   const SfrtEventRing &ring, Timing timing) const;
  /// Adds the call that counts the synapses that deliver.
  void addTally(Program &program, const SfrtEventRing &ring) const;

private:
  explicit Projection(snn::ProjectOp op)
      : op(op), convolution(Convolution::get(op)) {}
  LogicalResult readWeights();
  LogicalResult readDelays();
  LogicalResult readSourceDelays();
  LogicalResult addDelay(double steps, uint64_t index, uint64_t synapses);
  uint64_t getNumSources() const;

  double getWeight(uint64_t index) const {
    return weights[weights.size() == 1 ? 0 : index];
  }
  uint32_t getNumDelays() const { return maximumDelay - minimumDelay + 1; }
  std::vector<uint32_t> countFanOut() const;

  snn::ProjectOp op;
  std::optional<Convolution> convolution;
  /// By weight index; a single one that all synapses share.
  std::vector<double> weights;
  /// Absent for dense projections and convolutions of one delay.
  std::optional<snn::SynapseTable> table;
  /// By synapse; empty where all have the same.
  std::vector<uint32_t> delays;
  uint32_t minimumDelay = 0, maximumDelay = 0;
};

} // namespace spikeformer::jit

#endif // SPIKEFORMER_LIB_EXECUTIONENGINE_JITPROJECTION_H
