//===- Verify.cpp - everything that a mapping says ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MappingPass.h"
#include "spikeformer/Dialect/PnR/Transforms/Passes.h"
#include "spikeformer/Mapping/TableBuilder.h"

namespace spikeformer {
#define GEN_PASS_DEF_PNRVERIFYPASS
#include "spikeformer/Dialect/PnR/Transforms/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::pnr;

/// `check()` of the question, and `verify()` of the answer where it is well
/// formed.
template <typename Problem, typename Answer>
static LogicalResult judge(MappingOp mapping, const Problem &problem,
                           const Answer &answer) {
  Violations violations = problem.check();
  if (violations.empty())
    violations = problem.verify(answer);
  return report(mapping, violations);
}

namespace {

struct VerifyPass : spikeformer::impl::PnRVerifyPassBase<VerifyPass> {
  using PnRVerifyPassBase::PnRVerifyPassBase;

  void runOnOperation() override {
    if (failed(forEachMapping(getOperation(), [&](auto... arguments) {
          return verifyMapping(arguments...);
        })))
      signalPassFailure();
    markAllAnalysesPreserved();
  }

  LogicalResult verifyMapping(MappingOp mapping, MappingData &data,
                              const MachineGraph &machine) {
    PlacementProblem placement{machine, data.slices, data.messages,
                               data.placement};
    if (llvm::is_contained(data.placement, noIndex))
      return report(mapping, placement.check());
    bool good = succeeded(judge(mapping, placement, data.placement));
    RoutingProblem routing{machine, data.messages, data.placement};
    bool routed = mapping.getColumns<TreesOp>() != nullptr;
    bool keyed = mapping.getColumns<KeysOp>() != nullptr;
    if (routed)
      good &= succeeded(judge(mapping, routing, data.trees));
    KeyProblem keys{data.slices, data.messages, keyBits, reservedBits, {}};
    if (keyed)
      good &= succeeded(judge(mapping, keys, data.keys));
    // Tables are compared with keys and trees, which have to be right.
    if (!good || !routed || !keyed || !mapping.getColumns<TablesOp>())
      return success(good);
    RoutingTables tables = makeMergedTables(machine, data.slices, data.messages,
                                            data.trees, data.keys);
    return judge(mapping, CompressionProblem{machine, tables}, data.tables);
  }
};

} // namespace
