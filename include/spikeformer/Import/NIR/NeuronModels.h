//===- NeuronModels.h - neurons of NIR under a rule -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A rule becomes a `snn.model`, so that what a profile means stands in the
// module. Its params are the factors of a step, computed in f32 as the
// simulators do.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_IMPORT_NIR_NEURONMODELS_H
#define SPIKEFORMER_IMPORT_NIR_NEURONMODELS_H

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Import/NIR/Graph.h"
#include "spikeformer/Import/NIR/Profiles.h"

namespace spikeformer::nir {

/// Whether a neuron of that type spikes; the others give their potential.
bool isSpiking(NodeType type);

/// A param of a model: one number, or one per element or channel.
struct NeuronParam {
  std::string name;
  /// f32.
  Tensor values;
};

/// The params of `node` for the model of `rule`, initial states included, at
/// steps of `dt`. `node` has passed `checkGraph`.
std::vector<NeuronParam> computeParams(const Node &node, const Rule &rule,
                                       double dt);

/// Builds the model of `rule` for neurons of type `type` at `builder`. It has
/// the states v and, with a synapse, i; the receptor in; the params of
/// `computeParams`.
snn::ModelOp buildModel(OpBuilder &builder, Location loc, StringRef name,
                        NodeType type, const Rule &rule);

/// The model of a Threshold: 1 where the input is above the param threshold.
snn::ModelOp buildThreshold(OpBuilder &builder, Location loc, StringRef name);

} // namespace spikeformer::nir

#endif // SPIKEFORMER_IMPORT_NIR_NEURONMODELS_H
