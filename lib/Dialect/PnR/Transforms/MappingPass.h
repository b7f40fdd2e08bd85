//===- MappingPass.h - what mapping passes share ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every pass reads the mappings of a module on their machines, asks a solver
// and writes its answer.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_DIALECT_PNR_TRANSFORMS_MAPPINGPASS_H
#define SPIKEFORMER_LIB_DIALECT_PNR_TRANSFORMS_MAPPINGPASS_H

#include "mlir/IR/BuiltinOps.h"
#include "spikeformer/Dialect/PnR/Transforms/MappingData.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"
#include <limits>

namespace spikeformer::pnr {

/// The machine that `mapping` names; a diagnostic if there is none.
inline FailureOr<MachineGraph> makeMachine(MappingOp mapping) {
  auto machine = PluginRegistry::get().makeMachine(mapping.getMachine());
  if (machine)
    return std::move(*machine);
  return emitError(mapping.getLoc()) << llvm::toString(machine.takeError());
}

/// Calls `run` with every mapping of `module`, its data and its machine; fails
/// if one of them does.
inline LogicalResult forEachMapping(
    ModuleOp module,
    function_ref<LogicalResult(MappingOp, MappingData &, const MachineGraph &)>
        run) {
  bool good = true;
  for (MappingOp mapping :
       llvm::make_early_inc_range(module.getOps<MappingOp>())) {
    FailureOr<MachineGraph> machine = makeMachine(mapping);
    if (failed(machine)) {
      good = false;
      continue;
    }
    FailureOr<MappingData> data = readMapping(mapping, *machine);
    good &= succeeded(data) && succeeded(run(mapping, *data, *machine));
  }
  return success(good);
}

/// The limit of an option of which 0 is none.
inline double getTimeLimit(double seconds) {
  return seconds > 0 ? seconds : std::numeric_limits<double>::infinity();
}

} // namespace spikeformer::pnr

#endif // SPIKEFORMER_LIB_DIALECT_PNR_TRANSFORMS_MAPPINGPASS_H
