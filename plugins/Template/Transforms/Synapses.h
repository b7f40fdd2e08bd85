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

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"

namespace spikeformer::templ {

/// One synapse.
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

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_SYNAPSES_H
