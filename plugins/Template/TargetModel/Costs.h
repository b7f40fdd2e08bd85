//===- Costs.h - what a slice costs -----------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only place that says what a slice takes of a core: partition, placement,
// its check and the report all ask it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_TARGETMODEL_COSTS_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_TARGETMODEL_COSTS_H

#include "spikeformer/PluginAPI/SliceCosts.h"

namespace spikeformer::templ {

/// The costs of slices, in the resources of makeMachine (Machines.h).
const SliceCosts &getSliceCosts();

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_TARGETMODEL_COSTS_H
