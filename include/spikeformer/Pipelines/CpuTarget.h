//===- CpuTarget.h - the machine at hand ------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The target that needs no plugin: networks run here as they are, by the
// engines.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_CPUTARGET_H
#define SPIKEFORMER_PIPELINES_CPUTARGET_H

#include "spikeformer/PluginAPI/Target.h"
#include <memory>

namespace spikeformer {

/// The name of the target.
constexpr llvm::StringLiteral cpuTargetName = "cpu";

/// Its capabilities are all that the dialect can say. It has no directory of
/// files: what it emits is the module, which `sf-compile` writes.
std::unique_ptr<Target> createCpuTarget();

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_CPUTARGET_H
