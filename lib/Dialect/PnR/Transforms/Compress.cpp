//===- Compress.cpp - the smallest routing tables -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MappingPass.h"
#include "spikeformer/Dialect/PnR/Transforms/Passes.h"
#include "spikeformer/Mapping/TableBuilder.h"
#include "spikeformer/Mapping/TableCompressor.h"

namespace spikeformer {
#define GEN_PASS_DEF_PNRCOMPRESSPASS
#include "spikeformer/Dialect/PnR/Transforms/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::pnr;

namespace {

struct CompressPass : spikeformer::impl::PnRCompressPassBase<CompressPass> {
  using PnRCompressPassBase::PnRCompressPassBase;

  void runOnOperation() override {
    if (failed(forEachMapping(getOperation(), [&](auto... arguments) {
          return compressMapping(arguments...);
        })))
      signalPassFailure();
  }

  LogicalResult compressMapping(MappingOp mapping, MappingData &data,
                                const MachineGraph &machine) {
    if (!mapping.getColumns<KeysOp>() || !mapping.getColumns<TreesOp>())
      return emitError(mapping.getLoc(),
                       "tables need keys and trees; run pnr-route and "
                       "pnr-allocate before");
    RoutingTables tables = makeMergedTables(machine, data.slices, data.messages,
                                            data.trees, data.keys);
    CompressionOptions options;
    options.effort = std::max(1u, effort.getValue());
    RoutingTables smaller = compressTables({machine, tables}, options);
    Violations violations = findOverfull(machine, smaller);
    if (!violations.empty())
      return report(mapping, violations);
    setTables(mapping, machine, smaller);
    return success();
  }

private:
  static Violations findOverfull(const MachineGraph &machine,
                                 const RoutingTables &tables) {
    Violations violations;
    for (auto [index, table] : llvm::enumerate(tables.entries)) {
      uint32_t most = machine.getRouters()[index].tableEntries;
      if (table.size() <= most)
        continue;
      violations.push_back(
          {"table-overfull", "router " + machine.describeRouter(index),
           "its routing table does not fit after compression",
           std::to_string(table.size()) + " entries",
           std::to_string(most) + " entries",
           "use a larger machine or more --effort, or let fewer messages pass "
           "it"});
    }
    return violations;
  }
};

} // namespace
