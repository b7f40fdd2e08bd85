//===- Simulations.h - how a network is simulated ---------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Transforms of inputs, outputs and of what happens over T steps change the
// simulation and its network together.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_TRANSFORMS_SIMULATIONS_H
#define SPIKEFORMER_DIALECT_SNN_TRANSFORMS_SIMULATIONS_H

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "llvm/ADT/StringSet.h"
#include <string>

namespace spikeformer::snn {

/// The one operation that simulates `network`, which states its steps and
/// resets samples. Fails with a diagnostic where there are none or several, T
/// is open, or samples go on where the one before ended.
FailureOr<SimulateOp> getOnlySimulation(NetworkOp network);

/// Names of populations and encoders of a network.
class UniqueNames {
public:
  explicit UniqueNames(NetworkOp network);
  /// `wanted`, or `wanted_1` and so on, which is taken then.
  std::string add(const Twine &wanted);

private:
  llvm::StringSet<> names;
};

/// `value`, a tensor of f32 beside networks, times `factor` plus `offset`.
Value scaleTensor(OpBuilder &builder, Location location, Value value,
                  double factor, double offset);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_TRANSFORMS_SIMULATIONS_H
