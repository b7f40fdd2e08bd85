//===- MappingFiles.h - the files of a mapping ------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// JSON as SpiNNaker_PACMAN 7.4.1 reads it
// (pacman/utilities/file_format_schemas) and network.json, which says what was
// mapped.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_SPINNAKER_EMIT_MAPPINGFILES_H
#define SPIKEFORMER_PLUGINS_SPINNAKER_EMIT_MAPPINGFILES_H

#include "spikeformer/Mapping/KeyProblem.h"
#include "spikeformer/Support/Json.h"

namespace spikeformer::spinnaker {

/// Schema placements.json.
JsonValue toPlacementsFile(const MachineGraph &machine, const SliceList &slices,
                           const Placement &placement);

/// Schema routing_tables.json: tables in order of x, then y, entries in order.
/// An entry is `defaultable` only if its packets come in by one link, leave by
/// the opposite one and go to no core: SpiNNMachine 7.4.1 says it of entries
/// with cores too, and its ordered covering then loses what goes to them.
JsonValue toTablesFile(const MachineGraph &machine,
                       const RoutingTables &tables);

/// Schema unused/routing_keys.json.
JsonValue toKeysFile(const SliceList &slices, const Messages &messages,
                     const KeyAllocation &keys);

/// Format spinnaker-network/1, without keys; a slice is a vertex, and a sender
/// takes 2^reservedBits keys.
JsonValue toNetworkFile(llvm::StringRef name, const SliceList &slices,
                        const Messages &messages, uint32_t reservedBits);

} // namespace spikeformer::spinnaker

#endif // SPIKEFORMER_PLUGINS_SPINNAKER_EMIT_MAPPINGFILES_H
