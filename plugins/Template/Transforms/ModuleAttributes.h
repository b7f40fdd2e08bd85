//===- ModuleAttributes.h - what phases leave in a module -------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the target notes in a module for later phases and tools.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_MODULEATTRIBUTES_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_MODULEATTRIBUTES_H

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"

namespace spikeformer::templ {

/// Enters this plugin and its version into `snn.requires`, so that a module
/// with its dialect is refused by name where the plugin is missing.
void requirePlugin(ModuleOp module);

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_MODULEATTRIBUTES_H
