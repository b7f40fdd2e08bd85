//===- MappingData.h - mappings as plain data -------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The border between `pnr` and the problems of lib/Mapping: columns become the
// structures that solvers take, and answers become columns again.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_PNR_TRANSFORMS_MAPPINGDATA_H
#define SPIKEFORMER_DIALECT_PNR_TRANSFORMS_MAPPINGDATA_H

#include "mlir/IR/BuiltinOps.h"
#include "spikeformer/Dialect/PnR/IR/PnROps.h"
#include "spikeformer/Mapping/CompressionProblem.h"
#include "spikeformer/Mapping/KeyProblem.h"
#include "llvm/Support/Error.h"

namespace spikeformer::pnr {

/// What a mapping says, as far as it says it.
struct MappingData {
  SliceList slices;
  Placement placement;
  Messages messages;
  /// Empty where the mapping has no such columns.
  KeyAllocation keys;
  /// KeyProblem::reservedBits of `keys`.
  uint32_t reservedBits = 0;
  RoutingTrees trees;
  /// By router; those that have none are empty.
  RoutingTables tables;
};

/// The mapping of `module`; the error says so if there are several or none.
llvm::Expected<MappingOp> getOnlyMapping(ModuleOp module);

/// Reads `mapping` on `machine`. Fails, after it reported everything, if the
/// resources are not those of the machine, or a router, core or port is not
/// there.
FailureOr<MappingData> readMapping(MappingOp mapping,
                                   const MachineGraph &machine);

/// A new mapping without location on `machine`, at the insertion point of
/// `builder`.
MappingOp createMapping(OpBuilder &builder, Location loc, StringRef name,
                        StringRef machine, ArrayRef<StringRef> resources,
                        const SliceList &slices, const Messages &messages);

/// Sets or replaces columns of `mapping`. Another placement drops trees and
/// tables.
void setPlacement(MappingOp mapping, const MachineGraph &machine,
                  const Placement &placement);
void setKeys(MappingOp mapping, const KeyAllocation &keys,
             uint32_t reservedBits);
void setTrees(MappingOp mapping, const MachineGraph &machine,
              const RoutingTrees &trees);
void setTables(MappingOp mapping, const MachineGraph &machine,
               const RoutingTables &tables);

/// Emits an error for each violation at the location of `op`; fails if there is
/// one. Of more than 50 the rest is counted.
LogicalResult report(Operation *op, const Violations &violations);

} // namespace spikeformer::pnr

#endif // SPIKEFORMER_DIALECT_PNR_TRANSFORMS_MAPPINGDATA_H
