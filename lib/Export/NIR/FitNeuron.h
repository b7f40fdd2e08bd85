//===- FitNeuron.h - parameters for the factors of a step -------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The inverse of `computeParams`: which tau, r and v_leak make a reader of the
// file compute the factors that a population has, bit for bit.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EXPORT_NIR_FITNEURON_H
#define LIB_EXPORT_NIR_FITNEURON_H

#include "Neuron.h"

namespace spikeformer::nir {

/// A neuron of NIR whose reader does what the population does.
struct FittedNeuron {
  NodeType type = NodeType::LIF;
  /// f32, in the shape of the population.
  NameMap<Value> parameters;
  /// The largest distance of a factor, in units in the last place, and which.
  uint32_t distance = 0;
  std::string farthest;
};

/// Finds the type and the parameters under `profile`, at steps of `dt`. Tries
/// other types where decays of 1 make them the same. Error: everything in which
/// what `neuron` does is not what the profile does.
llvm::Expected<FittedNeuron> fitNeuron(const Neuron &neuron,
                                       const Profile &profile, bool isRecurrent,
                                       double dt, ArrayRef<int64_t> shape);

} // namespace spikeformer::nir

#endif // LIB_EXPORT_NIR_FITNEURON_H
