//===- Machines.h - machines by name or from a file -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `--machine` takes: spinn3, spinn5 with a number of boards or a size, or
// a machine.json as PACMAN writes it, with whatever is dead.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_SPINNAKER_TARGETMODEL_MACHINES_H
#define SPIKEFORMER_PLUGINS_SPINNAKER_TARGETMODEL_MACHINES_H

#include "TargetModel/Board.h"
#include "spikeformer/Support/Json.h"

namespace spikeformer::spinnaker {

/// The machine `spinn3`, `spinn5[:boards=N]`, `spinn5:width=W,height=H`, or the
/// one in FILE.json. The error says what there is.
llvm::Expected<Board> makeBoard(llvm::StringRef machine);

/// Reads a file of PACMAN's schema machine.json (7.4.1) as SpiNNMachine does:
/// `links` are not looked at, what is dead is in `deadLinks` and in what is
/// missing. The version is 3 for 2 x 2 chips, else 5. The error is located.
llvm::Expected<Board> readMachineFile(const JsonValue &json);

/// `board` in that schema.
JsonValue toMachineFile(const Board &board);

} // namespace spikeformer::spinnaker

#endif // SPIKEFORMER_PLUGINS_SPINNAKER_TARGETMODEL_MACHINES_H
