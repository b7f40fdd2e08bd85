//===- FunctionalModel.h - runs what the chip executes ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The engine of an artefact. It knows cores, axons and tables and nothing of
// the network they came from, so a wrong table entry shows as a differing
// spike.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_FUNCTIONALMODEL_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_FUNCTIONALMODEL_H

#include "Emit/Program.h"
#include "spikeformer/Support/Executor.h"
#include <memory>

namespace spikeformer::templ {

/// The engine "functional-model" for a program that `readProgram` accepts.
std::unique_ptr<Executor> createFunctionalModel(Program program);

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_FUNCTIONALMODEL_H
