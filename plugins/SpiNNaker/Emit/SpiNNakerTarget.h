//===- SpiNNakerTarget.h - the target of the plugin -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_SPINNAKER_EMIT_SPINNAKERTARGET_H
#define SPIKEFORMER_PLUGINS_SPINNAKER_EMIT_SPINNAKERTARGET_H

#include "spikeformer/PluginAPI/Target.h"

namespace spikeformer::spinnaker {

/// Machines of SpiNNaker 1: placements, keys, routes and tables.
std::unique_ptr<Target> createTarget();

} // namespace spikeformer::spinnaker

#endif // SPIKEFORMER_PLUGINS_SPINNAKER_EMIT_SPINNAKERTARGET_H
