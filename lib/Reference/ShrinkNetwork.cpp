//===- ShrinkNetwork.cpp - smaller networks -------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The list of edits, the boldest first, and the search: an edit that keeps the
// module interesting is kept, until none does.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Reference/ShrinkNetwork.h"
#include "ShrinkEdits.h"
#include "mlir/IR/Verifier.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

//===----------------------------------------------------------------------===//
// What goes
//===----------------------------------------------------------------------===//

/// Operation number `site` of kind Op in the network; null if there is none.
template <typename Op>
static Op getSite(ShrinkSubject &subject, unsigned site) {
  for (auto op : subject.getBody().getOps<Op>())
    if (site-- == 0)
      return op;
  return {};
}

/// Connects all with all, without numbers of its own.
static void makeDense(ProjectOp project) {
  project.setConnectivityAttr(DenseAttr::get(project.getContext()));
  project.removeWeightsAttr();
  if (!isa<IntegerAttr>(project.getDelay()))
    project.setDelayAttr(
        Builder(project).getI64IntegerAttr(project.getMinimumDelay()));
}

static Edited dropOutput(ShrinkSubject &subject, unsigned site) {
  if (site >= subject.getNetwork().getOutput().getNumOperands())
    return Edited::noMore;
  if (!subject.hasPlainDoor())
    return Edited::notHere;
  subject.dropOutput(site);
  return Edited::done;
}

static Edited dropInput(ShrinkSubject &subject, unsigned site) {
  if (site >= subject.getBody().getNumArguments())
    return Edited::noMore;
  if (!subject.hasPlainDoor() ||
      !subject.getBody().getArgument(site).use_empty())
    return Edited::notHere;
  subject.dropInput(site);
  return Edited::done;
}

/// Drops an operation with all that needs it.
static Edited dropOperation(ShrinkSubject &subject, unsigned site) {
  for (Operation &op : subject.getBody().without_terminator()) {
    if (site-- != 0)
      continue;
    if (!subject.hasPlainDoor())
      return Edited::notHere;
    subject.eraseWithUsers(&op);
    return Edited::done;
  }
  return Edited::noMore;
}

/// Takes out an operation whose result could be its source.
static Edited bypass(ShrinkSubject &subject, unsigned site) {
  for (Operation &op : subject.getBody()) {
    if (op.getNumResults() != 1 || op.getNumOperands() != 1 ||
        op.getResult(0).getType() != op.getOperand(0).getType() ||
        op.getResult(0) == op.getOperand(0) || site-- != 0)
      continue;
    op.getResult(0).replaceAllUsesWith(op.getOperand(0));
    op.erase();
    return Edited::done;
  }
  return Edited::noMore;
}

/// Whether the projection has no number that belongs to one of its synapses.
static bool fitsAnyShape(ProjectOp project) {
  Attribute weights = project.getWeightsAttr();
  return isa<DenseAttr>(project.getConnectivity()) &&
         (!weights || isa<FloatAttr, IntegerAttr>(weights)) &&
         !isa<ParamAttr>(project.getDelay());
}

/// Makes projections start in front of what their source was made of: site k is
/// operand k over the sources of all projections. Where the shape is another
/// one, weights are all 1.
static Edited shortcutSource(ShrinkSubject &subject, unsigned site) {
  for (auto project : subject.getBody().getOps<ProjectOp>()) {
    Operation *source = project.getSource().getDefiningOp();
    if (!source || isa<PopulationOp>(source))
      continue;
    if (site >= source->getNumOperands()) {
      site -= source->getNumOperands();
      continue;
    }
    // Always towards the start of the network, so that a cycle ends it.
    Value earlier = source->getOperand(site);
    Operation *definition = earlier.getDefiningOp();
    if (definition && !definition->isBeforeInBlock(source))
      return Edited::notHere;
    bool fits = cast<SignalType>(earlier.getType()).getShape() ==
                    project.getSourceType().getShape() ||
                fitsAnyShape(project);
    project.getSourceMutable().assign(earlier);
    if (!fits)
      makeDense(project);
    return Edited::done;
  }
  return Edited::noMore;
}

static Edited shortenRun(ShrinkSubject &subject, unsigned site) {
  SimulateOp simulate;
  subject.getNetwork()->getParentOfType<ModuleOp>().walk(
      [&](SimulateOp op) { simulate = op; });
  if (!simulate || !simulate.getSteps() || site > 1)
    return Edited::noMore;
  int64_t steps = *simulate.getSteps();
  if (steps < 2 || !subject.hasPlainDoor())
    return Edited::notHere;
  subject.setSteps(site == 0 ? steps / 2 : steps - 1);
  return Edited::done;
}

static Edited dropExposed(ShrinkSubject &subject, unsigned site) {
  auto population = getSite<PopulationOp>(subject, site);
  if (!population)
    return Edited::noMore;
  if (population.getStates().empty() ||
      llvm::any_of(population.getStates(),
                   [](Value state) { return !state.use_empty(); }))
    return Edited::notHere;
  OpBuilder builder(population);
  auto plain = PopulationOp::create(
      builder, population.getLoc(), population.getSignalType(), TypeRange(),
      population.getNameAttr(), population.getInputs(),
      population.getReceptors(), population.getModel(), population.getParams(),
      population.getOnsetAttr(), ArrayAttr());
  population.getSpikes().replaceAllUsesWith(plain.getSpikes());
  population.erase();
  return Edited::done;
}

//===----------------------------------------------------------------------===//
// What becomes simpler
//===----------------------------------------------------------------------===//

static Edited simplifyConnectivity(ShrinkSubject &subject, unsigned site) {
  auto project = getSite<ProjectOp>(subject, site);
  if (!project)
    return Edited::noMore;
  if (isa<DenseAttr>(project.getConnectivity()))
    return Edited::notHere;
  makeDense(project);
  return Edited::done;
}

static Edited simplifyDelay(ShrinkSubject &subject, unsigned site) {
  auto project = getSite<ProjectOp>(subject, site);
  if (!project)
    return Edited::noMore;
  auto steps = dyn_cast<IntegerAttr>(project.getDelay());
  if (steps && steps.getInt() == 0)
    return Edited::notHere;
  int64_t simpler = !steps || steps.getInt() > 1 ? 1 : 0;
  project.setDelayAttr(Builder(project).getI64IntegerAttr(simpler));
  return Edited::done;
}

static Edited dropWeights(ShrinkSubject &subject, unsigned site) {
  auto project = getSite<ProjectOp>(subject, site);
  if (!project)
    return Edited::noMore;
  if (!project.getWeightsAttr())
    return Edited::notHere;
  project.removeWeightsAttr();
  return Edited::done;
}

/// One shared number, the first, for numbers of a projection.
static Edited shareWeights(ShrinkSubject &subject, unsigned site) {
  auto project = getSite<ProjectOp>(subject, site);
  if (!project)
    return Edited::noMore;
  Attribute weights = project.getWeightsAttr();
  if (!weights || isa<FloatAttr, IntegerAttr>(weights))
    return Edited::notHere;
  SmallVector<int64_t> shape = project.getConnectivity().getWeightShape(
      project.getSourceType().getShape(), project.getCurrentType().getShape());
  FailureOr<NumberView> view = NumberView::create(project, weights, shape);
  if (failed(view) || view->getSize() == 0)
    return Edited::notHere;
  project.setWeightsAttr(Builder(project).getF64FloatAttr((*view)[0]));
  return Edited::done;
}

/// A short number for one with many digits: null if it is short already.
static Attribute roundNumber(Attribute number) {
  auto value = dyn_cast_or_null<FloatAttr>(number);
  if (!value)
    return {};
  double rounded = std::nearbyint(value.getValueAsDouble() * 8.0) / 8.0;
  if (rounded == value.getValueAsDouble())
    return {};
  // Adding 0 takes the sign off a zero.
  return Builder(number.getContext()).getF64FloatAttr(rounded + 0.0);
}

static Edited roundWeights(ShrinkSubject &subject, unsigned site) {
  auto project = getSite<ProjectOp>(subject, site);
  if (!project)
    return Edited::noMore;
  Attribute rounded = roundNumber(project.getWeightsAttr());
  if (!rounded)
    return Edited::notHere;
  project.setWeightsAttr(rounded);
  return Edited::done;
}

/// Applies `edit` to param `site` over all populations; null keeps it.
static Edited editParam(ShrinkSubject &subject, unsigned site,
                        function_ref<Attribute(PopulationOp, Attribute)> edit) {
  for (auto population : subject.getBody().getOps<PopulationOp>()) {
    SmallVector<NamedAttribute> params(population.getParams().getValue());
    if (site >= params.size()) {
      site -= params.size();
      continue;
    }
    Attribute simpler = edit(population, params[site].getValue());
    if (!simpler)
      return Edited::notHere;
    params[site].setValue(simpler);
    population.setParamsAttr(Builder(population).getDictionaryAttr(params));
    return Edited::done;
  }
  return Edited::noMore;
}

/// The first of several numbers of `population`; null if it is only one.
static Attribute getFirst(PopulationOp population, Attribute numbers) {
  if (!numbers || isa<FloatAttr, IntegerAttr>(numbers))
    return {};
  FailureOr<NumberView> view = NumberView::createBroadcast(
      population, numbers, population.getSignalType().getShape());
  if (failed(view))
    return {};
  return Builder(population).getF64FloatAttr((*view)[0]);
}

static Edited shareParam(ShrinkSubject &subject, unsigned site) {
  return editParam(subject, site, getFirst);
}

static Edited roundParam(ShrinkSubject &subject, unsigned site) {
  return editParam(subject, site, [](PopulationOp, Attribute numbers) {
    return roundNumber(numbers);
  });
}

/// Applies `edit` to receptor `site` over all populations; null keeps it.
static Edited
editReceptor(ShrinkSubject &subject, unsigned site,
             function_ref<ReceptorAttr(PopulationOp, ReceptorAttr)> edit) {
  for (auto population : subject.getBody().getOps<PopulationOp>()) {
    SmallVector<ReceptorAttr> receptors = population.getReceptorList();
    if (site >= receptors.size()) {
      site -= receptors.size();
      continue;
    }
    ReceptorAttr simpler = edit(population, receptors[site]);
    if (!simpler || simpler == receptors[site])
      return Edited::notHere;
    setReceptor(population, site, simpler);
    return Edited::done;
  }
  return Edited::noMore;
}

/// Replaces the bias of receptor `site` by what `edit` makes of it.
static Edited editBias(ShrinkSubject &subject, unsigned site,
                       function_ref<Attribute(PopulationOp, Attribute)> edit) {
  return editReceptor(
      subject, site, [&](PopulationOp population, ReceptorAttr r) {
        return ReceptorAttr::get(
            r.getContext(), r.getName(), r.getNumOperands(), r.getAccumulator(),
            r.getType(), r.getFraction(), edit(population, r.getBias()));
      });
}

static Edited dropBias(ShrinkSubject &subject, unsigned site) {
  return editBias(subject, site,
                  [](PopulationOp, Attribute) { return Attribute(); });
}

static Edited simplifyBias(ShrinkSubject &subject, unsigned site) {
  return editBias(subject, site, [](PopulationOp population, Attribute bias) {
    Attribute first = getFirst(population, bias);
    Attribute rounded = roundNumber(bias);
    return first ? first : rounded ? rounded : bias;
  });
}

/// The verifier refuses it where the model takes integers.
static Edited orderReceptor(ShrinkSubject &subject, unsigned site) {
  return editReceptor(
      subject, site, [](PopulationOp, ReceptorAttr r) -> ReceptorAttr {
        if (r.getAccumulator() == AccumulatorKind::ordered)
          return {};
        return ReceptorAttr::get(r.getContext(), r.getName(),
                                 r.getNumOperands(), AccumulatorKind::ordered,
                                 Float32Type::get(r.getContext()),
                                 /*fraction=*/0, r.getBias());
      });
}

static Edited dropOnset(ShrinkSubject &subject, unsigned site) {
  auto population = getSite<PopulationOp>(subject, site);
  if (!population)
    return Edited::noMore;
  if (!population.getOnsetAttr())
    return Edited::notHere;
  population.removeOnsetAttr();
  return Edited::done;
}

/// Replaces operation `site` over all model bodies by an operand of its type.
static Edited bypassInModel(ShrinkSubject &subject, unsigned site) {
  auto module = subject.getNetwork()->getParentOfType<ModuleOp>();
  for (auto model : module.getOps<ModelOp>())
    for (Operation &op : model.getBody().front().without_terminator()) {
      if (site-- != 0)
        continue;
      Type type = op.getResult(0).getType();
      for (Value operand : llvm::reverse(op.getOperands()))
        if (operand.getType() == type) {
          op.getResult(0).replaceAllUsesWith(operand);
          op.erase();
          return Edited::done;
        }
      return Edited::notHere;
    }
  return Edited::noMore;
}

//===----------------------------------------------------------------------===//
// shrinkNetwork
//===----------------------------------------------------------------------===//

using Edit = Edited (*)(ShrinkSubject &, unsigned site);

static constexpr Edit edits[] = {
    dropOperation,  dropOutput,   bypass,       dropInput,
    shortcutSource, shortenRun,   halveSignal,  simplifyConnectivity,
    dropWeights,    shareWeights, roundWeights, simplifyDelay,
    shareParam,     roundParam,   dropBias,     simplifyBias,
    orderReceptor,  dropOnset,    dropExposed,  bypassInModel,
};

/// Tries `edit` at every site of `module`; returns whether one was kept.
static bool apply(Edit edit, OwningOpRef<ModuleOp> &module,
                  function_ref<bool(ModuleOp)> isInteresting) {
  bool changed = false;
  for (unsigned site = 0;;) {
    OwningOpRef<ModuleOp> candidate(module->clone());
    ShrinkSubject subject(*candidate);
    Edited edited = edit(subject, site);
    if (edited == Edited::noMore)
      return changed;
    if (edited == Edited::done) {
      subject.eraseUnused();
      if (succeeded(mlir::verify(*candidate)) && isInteresting(*candidate)) {
        module = std::move(candidate);
        changed = true;
        continue;
      }
    }
    ++site;
  }
}

OwningOpRef<ModuleOp>
spikeformer::shrinkNetwork(ModuleOp module,
                           function_ref<bool(ModuleOp)> isInteresting) {
  // What a candidate is refused for interests nobody.
  ScopedDiagnosticHandler quiet(module.getContext(),
                                [](Diagnostic &) { return success(); });
  OwningOpRef<ModuleOp> smallest(module.clone());
  bool changed = true;
  while (changed) {
    changed = false;
    for (Edit edit : edits)
      changed |= apply(edit, smallest, isInteresting);
  }
  return smallest;
}
