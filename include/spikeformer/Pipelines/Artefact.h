//===- Artefact.h - run what a target emitted -------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An artefact holds no IR, so it runs in the model of its target. To tools it
// looks like a module whose @main simulates a network that is declared only.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_ARTEFACT_H
#define SPIKEFORMER_PIPELINES_ARTEFACT_H

#include "spikeformer/Pipelines/Model.h"

namespace spikeformer {

/// Whether `directory` has a manifest.
bool isArtefact(StringRef directory);

/// Opens an artefact by its target. `module` of the result is not to be
/// verified or printed: its network has no body. Errors: the manifest is
/// missing, wrong or cannot be run, a file differs from what the manifest says,
/// no loaded plugin has the target; and what the target finds in the files.
llvm::Expected<Model> openArtefact(StringRef directory, MLIRContext &context);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_ARTEFACT_H
