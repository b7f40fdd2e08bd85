//===- TemplateTarget.h - the target of the plugin --------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Phases, artefact and machines, behind the interface of core.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_TEMPLATETARGET_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_TEMPLATETARGET_H

#include "spikeformer/PluginAPI/Target.h"

namespace spikeformer::templ {

/// The target "template".
std::unique_ptr<Target> createTarget();

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_TEMPLATETARGET_H
