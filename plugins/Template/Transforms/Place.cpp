//===- Place.cpp - give every slice a core --------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// First fit. What does not fit is reported with the resource that is short,
// for all slices at once.
//
//===----------------------------------------------------------------------===//

#include "Transforms/Mapping.h"
#include "Transforms/Passes.h"

namespace spikeformer::templ {
#define GEN_PASS_DEF_TEMPLATEPLACEPASS
#define GEN_PASS_DEF_TEMPLATEVERIFYPLACEPASS
#include "Transforms/Passes.h.inc"
} // namespace spikeformer::templ

using namespace spikeformer;
using namespace spikeformer::templ;

/// The resources of which no core has enough for `need`; all resources if each
/// is there, but never on one core.
static SmallVector<const templ::Resource *>
findTight(const Usage &need, ArrayRef<CoreLoad> loads) {
  SmallVector<const templ::Resource *> tight;
  for (const templ::Resource &resource : resources)
    if (llvm::none_of(loads, [&](const CoreLoad &load) {
          return need.*resource.amount <= load.getSpare().*resource.amount;
        }))
      tight.push_back(&resource);
  if (tight.empty())
    for (const templ::Resource &resource : resources)
      tight.push_back(&resource);
  return tight;
}

static void reportInfeasible(const MappedNetwork &mapped, const Slice &slice,
                             ArrayRef<CoreLoad> loads) {
  Usage need = mapped.usageOf(slice);
  SmallVector<const templ::Resource *> tight = findTight(need, loads);
  auto mostSpare = [&](const templ::Resource *resource) {
    int64_t most = 0;
    for (const CoreLoad &load : loads)
      most = std::max(most, load.getSpare().*resource->amount);
    return most;
  };
  Location loc = mapped.getLoc(slice);
  InFlightDiagnostic diagnostic =
      emitError(loc) << "placement of slice " << slice.describe() << ": needs ";
  llvm::interleave(
      tight,
      [&](const templ::Resource *resource) {
        diagnostic << need.*resource->amount << " " << resource->name;
      },
      [&] { diagnostic << " and "; });
  diagnostic << " on one core, has ";
  llvm::interleave(
      tight,
      [&](const templ::Resource *resource) {
        diagnostic << mostSpare(resource) << " " << resource->name;
      },
      [&] { diagnostic << " and "; });
  diagnostic << " at most on machine '" << mapped.machine->name
             << "'; take a larger machine, or make the network smaller";
  noteLoads(diagnostic, loc, loads);
}

static LogicalResult place(ModuleOp module) {
  FailureOr<MappedNetwork> mapped = MappedNetwork::create(module);
  if (failed(mapped))
    return failure();
  FailureOr<std::vector<CoreLoad>> loads = getLoads(*mapped);
  if (failed(loads))
    return failure();
  bool ok = true;
  SmallVector<Slice> slices = mapped->mapping.getSlices();
  for (Slice &slice : slices) {
    if (slice.core != MappingOp::kFree)
      continue;
    Usage need = mapped->usageOf(slice);
    auto core = llvm::find_if(*loads, [&](const CoreLoad &load) {
      return fits(need, load.getSpare());
    });
    if (core == loads->end()) {
      reportInfeasible(*mapped, slice, *loads);
      ok = false;
      continue;
    }
    slice.core = core - loads->begin();
    core->add(slice, need);
  }
  if (!ok)
    return failure();
  mapped->mapping.setSliceCores(slices);
  return verifyPlacement(*mapped);
}

namespace {
struct Place : templ::impl::TemplatePlacePassBase<Place> {
  void runOnOperation() override {
    if (failed(place(getOperation())))
      signalPassFailure();
  }
};

struct VerifyPlace : templ::impl::TemplateVerifyPlacePassBase<VerifyPlace> {
  void runOnOperation() override {
    FailureOr<MappedNetwork> mapped = MappedNetwork::create(getOperation());
    if (failed(mapped) || failed(verifyPlacement(*mapped)))
      signalPassFailure();
    markAllAnalysesPreserved();
  }
};
} // namespace
