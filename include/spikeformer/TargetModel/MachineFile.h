//===- MachineFile.h - machines as JSON -------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Format spikeformer-machine/1, described in docs/Machines.md: a grid with what
// is dead, or any graph router by router.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TARGETMODEL_MACHINEFILE_H
#define SPIKEFORMER_TARGETMODEL_MACHINEFILE_H

#include "spikeformer/Support/Json.h"
#include "spikeformer/TargetModel/MachineGraph.h"

namespace spikeformer {

/// What `format` of such a file says.
inline constexpr llvm::StringLiteral machineFormat = "spikeformer-machine/1";

/// Reads a machine. The error is located.
llvm::Expected<MachineGraph> readMachineFile(const JsonValue &json);

/// `machine` in that format, router by router; reading gives it again.
JsonValue toMachineFile(const MachineGraph &machine);

} // namespace spikeformer

#endif // SPIKEFORMER_TARGETMODEL_MACHINEFILE_H
