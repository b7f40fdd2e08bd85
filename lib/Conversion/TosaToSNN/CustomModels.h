//===- CustomModels.h - neuron models that a conversion writes --*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Neurons that no model of the dialect is, as `snn.model`. Each has the
// receptor `in`, the param `v_threshold` and arithmetic of f32.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_TOSATOSNN_CUSTOMMODELS_H
#define LIB_CONVERSION_TOSATOSNN_CUSTOMMODELS_H

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"

namespace spikeformer::tosatosnn {

/// Adds a model where `builder` stands.
using ModelMaker = snn::ModelOp (*)(OpBuilder &builder, Location location);

/// A spike where `in` is above v_threshold times the spikes sent, which `sent`
/// adds up.
snn::ModelOp addGateModel(OpBuilder &builder, Location location);

/// v' = v + in; 1 where v' >= v_threshold, -1 where v' < 0 and `sent`, the sum
/// of what was sent, is above 0. The sum times v_threshold is taken from v'.
snn::ModelOp addTernaryModel(OpBuilder &builder, Location location);

/// v' = v + in; floor(v' / v_threshold) spikes, 0 to `maxBurst`, which are
/// taken from v'.
snn::ModelOp addBurstModel(OpBuilder &builder, Location location);

/// The same where at most `rate` spikes per step may be sent on average: what
/// has not been used is in the state `room`.
snn::ModelOp addBoundedBurstModel(OpBuilder &builder, Location location);

/// floor(in / v_threshold), 0 to `levels`; there is no state.
snn::ModelOp addGradedModel(OpBuilder &builder, Location location);

/// `#snn.sigma_delta` with the activation min(max(sigma, 0), `upper`).
snn::ModelOp addBoundedSigmaDeltaModel(OpBuilder &builder, Location location);

} // namespace spikeformer::tosatosnn

#endif // LIB_CONVERSION_TOSATOSNN_CUSTOMMODELS_H
