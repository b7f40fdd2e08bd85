//===- Synapses.h - the synapses of a network, one by one -------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The chip holds synapses as words of a memory, whatever connectivity they
// came from; so passes and emitter see them as a list.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_SYNAPSES_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_SYNAPSES_H

#include "TargetModel/Chip.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Support/Executor.h"

namespace spikeformer::templ {

/// One synapse whose weight is not 0.
struct Synapse {
  /// Row-major index of the element of the source and of the target.
  int64_t source, target;
  double weight;
  /// Steps.
  int64_t delay;
};

/// The synapses of `project`, by source, in the order of the connectivity.
/// Fails with a diagnostic where its data are wrong.
FailureOr<std::vector<Synapse>> listSynapses(snn::ProjectOp project);

/// The signal whose elements `signal` has under the same numbers: a reshape
/// changes none.
Value getOrigin(Value signal);

/// What each population asks, by name, in the order of the network.
FailureOr<NameMap<Demand>> getDemands(snn::NetworkOp network);

/// The network of `module`; a diagnostic if there is none or several.
FailureOr<snn::NetworkOp> getNetwork(ModuleOp module);

/// SHA-256 of the network and the parameters that it uses, as text. Large data
/// enter by their keys, which are hashes of their content.
std::string getDigest(snn::NetworkOp network);

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_SYNAPSES_H
