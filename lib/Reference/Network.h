//===- Network.h - what is constant of a network ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything of a network that no run changes, read once when an executor is
// made.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_REFERENCE_NETWORK_H
#define SPIKEFORMER_LIB_REFERENCE_NETWORK_H

#include "Receptor.h"
#include "spikeformer/Dialect/SNN/IR/ScalarEvaluation.h"
#include "llvm/ADT/DenseMap.h"
#include <optional>

namespace spikeformer::reference {

/// What is constant of a population. Neurons are rows: the states of neuron n
/// are [n * states.size(), (n + 1) * states.size()) of `initialStates`.
struct Population {
  snn::PopulationOp op;
  SmallVector<snn::ModelVariable> states;
  std::vector<Scalar> initialStates;
  /// Rows as for states; a single one that all neurons share.
  std::vector<Scalar> coefficients;
  unsigned numCoefficients = 0;
  std::vector<Receptor> receptors;
  /// Body of a custom model.
  std::optional<snn::ScalarProgram> program;

  ArrayRef<Scalar> getCoefficients(int64_t neuron) const {
    bool shared = coefficients.size() == numCoefficients;
    return ArrayRef(coefficients)
        .slice(shared ? 0 : neuron * numCoefficients, numCoefficients);
  }
};

/// What is constant of a network.
struct Network {
  snn::NetworkOp op;
  /// Operations in the order of a step.
  SmallVector<Operation *> order;
  int64_t latency = 0;
  DenseMap<Operation *, std::unique_ptr<Projection>> projections;
  DenseMap<Operation *, std::unique_ptr<Population>> populations;
  /// Elements of each snn.constant.
  DenseMap<Operation *, std::vector<Scalar>> constants;

  /// Emits a diagnostic where data are wrong.
  static FailureOr<std::unique_ptr<Network>>
  create(snn::NetworkOp op, const DeliveredCopies &copies);
};

} // namespace spikeformer::reference

#endif // SPIKEFORMER_LIB_REFERENCE_NETWORK_H
