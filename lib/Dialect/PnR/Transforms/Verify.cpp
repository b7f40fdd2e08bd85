//===- Verify.cpp - everything that a mapping says ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MappingPass.h"
#include "spikeformer/Dialect/PnR/Transforms/Passes.h"
#include "spikeformer/Dialect/SNN/Analysis/NeuronRanges.h"
#include "spikeformer/Dialect/SNN/Analysis/SignalOrigins.h"
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

//===----------------------------------------------------------------------===//
// The network of a mapping
//===----------------------------------------------------------------------===//

/// Every neuron of `origin` is in one slice.
static LogicalResult verifyCover(MappingOp mapping, const SliceList &slices,
                                 Value origin) {
  std::string name = snn::getOriginName(origin);
  auto type = cast<snn::SignalType>(origin.getType());
  std::vector<uint32_t> owner(type.getNumElements(), noIndex);
  bool good = true;
  for (uint32_t slice = 0; slice < slices.size(); ++slice) {
    if (slices.populationNames[slices.populations[slice]] != name)
      continue;
    std::optional<int64_t> twice;
    uint32_t other = noIndex;
    LogicalResult fits = snn::forEachNeuron(
        slices.boxOf(slice), type.getShape(), [&](int64_t neuron) {
          if (owner[neuron] != noIndex && !twice) {
            twice = neuron;
            other = owner[neuron];
          }
          owner[neuron] = slice;
        });
    good &= succeeded(fits) && !twice;
    if (failed(fits))
      emitError(mapping.getLoc())
          << "slice '" << slices.names[slice] << "' has neurons that '" << name
          << "' does not have";
    if (twice)
      emitError(mapping.getLoc())
          << "slice '" << slices.names[slice] << "' has neuron " << *twice
          << " of '" << name << "', which slice '" << slices.names[other]
          << "' has too";
  }
  auto missing = llvm::find(owner, noIndex);
  if (missing == owner.end())
    return success(good);
  return emitError(mapping.getLoc()) << "neuron " << missing - owner.begin()
                                     << " of '" << name << "' is in no slice";
}

/// The network is there, is the one that was mapped, and all of it is in
/// slices.
static LogicalResult verifyNetwork(MappingOp mapping, const SliceList &slices) {
  if (!mapping.getNetwork())
    return success();
  auto network = SymbolTable::lookupNearestSymbolFrom<snn::NetworkOp>(
      mapping, mapping.getNetworkAttr());
  if (!network)
    return emitError(mapping.getLoc())
           << "there is no network @" << *mapping.getNetwork();
  if (snn::getNetworkDigest(network) != mapping.getDigest())
    return emitError(mapping.getLoc())
           << "network @" << *mapping.getNetwork()
           << " has changed since it was mapped; partition it again";
  FailureOr<SmallVector<Value>> origins = snn::listOrigins(network);
  bool good = succeeded(origins);
  for (Value origin : origins.value_or(SmallVector<Value>()))
    good &= succeeded(verifyCover(mapping, slices, origin));
  return success(good);
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
    bool good = succeeded(verifyNetwork(mapping, data.slices));
    PlacementProblem placement{machine, data.slices, data.messages,
                               data.placement};
    if (llvm::is_contained(data.placement, noIndex))
      return success(good & succeeded(report(mapping, placement.check())));
    good &= succeeded(judge(mapping, placement, data.placement));
    RoutingProblem routing{machine, data.messages, data.placement};
    bool routed = mapping.getColumns<TreesOp>() != nullptr;
    bool keyed = mapping.getColumns<KeysOp>() != nullptr;
    if (routed)
      good &= succeeded(judge(mapping, routing, data.trees));
    KeyProblem keys{data.slices, data.messages, keyBits, data.reservedBits, {}};
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
