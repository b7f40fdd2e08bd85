//===- Machines.h - machines by name ----------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `--machine` takes: chips of cores in a mesh.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_TARGETMODEL_MACHINES_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_TARGETMODEL_MACHINES_H

#include "spikeformer/TargetModel/MachineGraph.h"
#include "llvm/Support/Error.h"

namespace spikeformer::templ {

/// A machine that `--machine` names: width x height chips, each a router and
/// its cores.
struct MachineModel {
  llvm::StringLiteral name;
  llvm::StringLiteral description;
  uint32_t width, height, coresPerChip;
};

/// All machines; the first one is the default.
llvm::ArrayRef<MachineModel> getMachineModels();

/// The machine of that name as mapping sees it. The error lists the names.
llvm::Expected<MachineGraph> makeMachine(llvm::StringRef name);

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_TARGETMODEL_MACHINES_H
