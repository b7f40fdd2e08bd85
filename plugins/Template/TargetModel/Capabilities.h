//===- Capabilities.h - what the target can run -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The words that a user may choose from; drivers ask the target for them,
// legality checks against them and prints them.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_TARGETMODEL_CAPABILITIES_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_TARGETMODEL_CAPABILITIES_H

#include "spikeformer/PluginAPI/Target.h"

namespace spikeformer::templ {

/// The same for all machines.
const Capabilities &getCapabilities();

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_TARGETMODEL_CAPABILITIES_H
