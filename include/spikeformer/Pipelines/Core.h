//===- Core.h - what core itself offers -------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Core enters the registry as its first plugin, so that tools and plugins see
// one list and a dialect, importer or target of core is found like any other.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_CORE_H
#define SPIKEFORMER_PIPELINES_CORE_H

#include "spikeformer/PluginAPI/Plugin.h"

namespace spikeformer {

/// The entry of core, id "SpikeFormer", with the version of the project: its
/// dialects, passes, importers and exporters.
const PluginEntry &getCorePlugin();

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_CORE_H
