//===- SNNModel.h - values that cross the model interfaces ------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNMODEL_H
#define SPIKEFORMER_DIALECT_SNN_IR_SNNMODEL_H

#include "mlir/IR/Types.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace spikeformer::snn {

/// A state, receptor or coefficient of a neuron model.
struct ModelVariable {
  std::string name;
  /// f32, f64 or a signless integer.
  mlir::Type type;
};

/// One value in the reference interpreter; the variable's type says which
/// member holds it (integers, signed, in `integer`).
union Scalar {
  float f32;
  double f64;
  int64_t integer;

  Scalar() : integer(0) {}
  static Scalar of(float value) {
    Scalar scalar;
    scalar.f32 = value;
    return scalar;
  }
  static Scalar of(double value) {
    Scalar scalar;
    scalar.f64 = value;
    return scalar;
  }
  static Scalar of(int64_t value) {
    Scalar scalar;
    scalar.integer = value;
    return scalar;
  }
  /// `value` rounded once to `type`: to nearest even, integers saturate.
  static Scalar round(double value, mlir::Type type);
  /// The value as a double (exact but for integers beyond 2^53).
  double toDouble(mlir::Type type) const;
};

/// All synapses of a projection, grouped by source: those of source s are
/// [rows[s], rows[s + 1]) of `targets` and `weights`, in the order in which
/// their contributions are added.
struct SynapseTable {
  std::vector<uint64_t> rows;
  /// Row-major index of the target element.
  std::vector<uint32_t> targets;
  /// Index into the weights (row-major, or the synapse's own number).
  std::vector<uint64_t> weights;
};

/// What an encoder may depend on, for one element in one step.
struct EncoderInput {
  double value;
  /// The value in the step before; none in the first step of a sample.
  std::optional<double> previous;
  /// As in NeuronModelAttrInterface.
  double dt;
  /// Row-major index in the source.
  uint64_t element;
  /// From 0 in each sample.
  uint32_t step;
  /// Index in the data, whatever the limit or batch.
  uint32_t sample;
};

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNMODEL_H
