//===- Place.cpp - a core for every slice ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MappingPass.h"
#include "spikeformer/Dialect/PnR/Transforms/Passes.h"
#include "spikeformer/Mapping/Placer.h"

namespace spikeformer {
#define GEN_PASS_DEF_PNRPLACEPASS
#include "spikeformer/Dialect/PnR/Transforms/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::pnr;

namespace {

/// Puts `--pin` into placements.
class Pinner {
public:
  Pinner(MappingOp mapping, MappingData &data, const MachineGraph &machine)
      : mapping(mapping), data(data), machine(machine),
        taken(machine.getCores().size()) {
    for (CoreIndex core : data.placement)
      if (core != noIndex)
        taken[core] = true;
  }

  /// `text` is NAME=x/y or NAME=x/y/core.
  LogicalResult pin(StringRef text);

private:
  SmallVector<size_t> findSlices(StringRef name) const;
  /// The first core of `router` that no slice has; noIndex if there is none.
  CoreIndex findFreeCore(RouterIndex router) const;
  LogicalResult set(StringRef text, size_t slice, CoreIndex core);
  LogicalResult fail(StringRef text, const Twine &message) {
    return emitError(mapping.getLoc(), "pin '") << text << "': " << message;
  }

  MappingOp mapping;
  MappingData &data;
  const MachineGraph &machine;
  std::vector<bool> taken;
};

} // namespace

SmallVector<size_t> Pinner::findSlices(StringRef name) const {
  const SliceList &slices = data.slices;
  SmallVector<size_t> found;
  for (size_t slice = 0; slice < slices.size(); ++slice)
    if (slices.names[slice] == name)
      return {slice};
  for (size_t slice = 0; slice < slices.size(); ++slice)
    if (slices.populationNames[slices.populations[slice]] == name)
      found.push_back(slice);
  return found;
}

CoreIndex Pinner::findFreeCore(RouterIndex router) const {
  const Router &at = machine.getRouters()[router];
  for (CoreIndex core = at.firstCore; core < at.firstCore + at.numCores; ++core)
    if (!taken[core])
      return core;
  return noIndex;
}

LogicalResult Pinner::set(StringRef text, size_t slice, CoreIndex core) {
  CoreIndex &at = data.placement[slice];
  if (at != noIndex && at != core)
    return fail(text, "slice '" + data.slices.names[slice] + "' is on " +
                          machine.describeCore(at) + " already");
  at = core;
  taken[core] = true;
  return success();
}

LogicalResult Pinner::pin(StringRef text) {
  auto [name, location] = text.rsplit('=');
  SmallVector<StringRef> parts;
  location.split(parts, '/');
  SmallVector<int32_t> numbers(parts.size());
  bool good = parts.size() == 2 || parts.size() == 3;
  for (auto [part, number] : llvm::zip_equal(parts, numbers))
    good &= !part.getAsInteger(10, number);
  if (!good)
    return fail(text, "needs NAME=x/y or NAME=x/y/core");
  SmallVector<size_t> slices = findSlices(name);
  if (slices.empty())
    return fail(text, "there is no slice or population '" + name + "'");
  RouterIndex router = machine.findRouter(numbers[0], numbers[1]);
  if (router == noIndex)
    return fail(text, "machine '" + machine.getName() + "' has no router (" +
                          Twine(numbers[0]) + ", " + Twine(numbers[1]) + ")");
  if (numbers.size() == 3 && slices.size() > 1)
    return fail(text, "'" + name + "' has " + Twine(slices.size()) +
                          " slices; name one of them, or leave the core out");
  for (size_t slice : slices) {
    CoreIndex core = numbers.size() == 3 ? machine.findCore(router, numbers[2])
                                         : findFreeCore(router);
    if (core == noIndex)
      return fail(
          text,
          numbers.size() == 3
              ? "router " + machine.describeRouter(router) + " has no core " +
                    parts[2].str()
              : "router " + machine.describeRouter(router) + " has " +
                    std::to_string(machine.getRouters()[router].numCores) +
                    " cores, too few for what is pinned there");
    if (failed(set(text, slice, core)))
      return failure();
  }
  return success();
}

namespace {

struct PlacePass : spikeformer::impl::PnRPlacePassBase<PlacePass> {
  using PnRPlacePassBase::PnRPlacePassBase;

  void runOnOperation() override {
    std::string error;
    if (!objective.empty() && !(goal = parseObjective(objective, error))) {
      getOperation().emitError("objective '") << objective << "': " << error;
      return signalPassFailure();
    }
    if (!machine.empty())
      for (MappingOp mapping : getOperation().getOps<MappingOp>())
        mapping.setMachine(machine);
    if (failed(forEachMapping(getOperation(), [&](auto... arguments) {
          return placeMapping(arguments...);
        })))
      signalPassFailure();
  }

  LogicalResult placeMapping(MappingOp mapping, MappingData &data,
                             const MachineGraph &graph) {
    Pinner pinner(mapping, data, graph);
    bool good = true;
    for (const std::string &text : pins)
      good &= succeeded(pinner.pin(text));
    if (!good)
      return failure();
    PlacementProblem problem{graph, data.slices, data.messages, data.placement};
    PlacerOptions options;
    if (goal)
      options.objective = *goal;
    options.effort = effort;
    options.timeLimit = getTimeLimit(timeLimit);
    options.seed = seed;
    PlacerResult result = place(problem, options);
    if (!result.isFeasible())
      return report(mapping, result.violations);
    setPlacement(mapping, graph, result.placement);
    return success();
  }

  std::optional<Objective> goal;
};

} // namespace
