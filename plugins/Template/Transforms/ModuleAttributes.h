//===- ModuleAttributes.h - what phases leave behind in a module --*- C++
//-*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The two lists of a module that later phases and tools read.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_MODULEATTRIBUTES_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_MODULEATTRIBUTES_H

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"

namespace spikeformer::templ {

/// Enters this plugin and its version into `snn.requires`, so that a module
/// with its dialect is refused by name where the plugin is missing.
void requirePlugin(ModuleOp module);

/// Appends to `snn.relations`.
void addRelation(ModuleOp module, StringRef phase, snn::RelationKind kind,
                 ArrayRef<NamedAttribute> details);

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_MODULEATTRIBUTES_H
