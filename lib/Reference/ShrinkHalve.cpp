//===- ShrinkHalve.cpp - half of a signal ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cuts one axis of an input or of a population in half. What has one number per
// element or per weight is written out as f64, which holds every number
// exactly.
//
//===----------------------------------------------------------------------===//

#include "ShrinkEdits.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Support/TensorAttr.h"

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

namespace {
/// Cuts one signal.
class Halver {
public:
  Halver(ShrinkSubject &subject, Value signal, unsigned axis)
      : subject(subject), signal(signal),
        population(signal.getDefiningOp<PopulationOp>()), axis(axis),
        shape(cast<SignalType>(signal.getType()).getShape()), half(shape) {
    half[axis] = (shape[axis] + 1) / 2;
  }

  Edited run();

private:
  bool canHalve();
  bool isKept(int64_t element) const;
  LogicalResult cutProjections();
  LogicalResult cutProjection(ProjectOp project);
  FailureOr<FlatSymbolRefAttr> cutWeights(ProjectOp project, Attribute numbers);
  LogicalResult cutParams();
  FailureOr<Attribute> cutParam(Attribute numbers);
  FlatSymbolRefAttr addParameter(const Tensor &tensor);
  void setTypes();

  ShrinkSubject &subject;
  Value signal;
  /// Null for an input of the network.
  PopulationOp population;
  unsigned axis;
  SmallVector<int64_t> shape, half;
};
} // namespace

/// Only dense projections may touch the signal.
bool Halver::canHalve() {
  auto isDense = [](Operation *op) {
    auto project = dyn_cast_or_null<ProjectOp>(op);
    return project && isa<DenseAttr>(project.getConnectivity());
  };
  auto fits = [&](Operation *user) {
    return isa<OutputOp>(user) || isDense(user);
  };
  if (shape[axis] < 2 || !subject.hasPlainDoor())
    return false;
  if (!population)
    return llvm::all_of(signal.getUsers(), fits);
  return llvm::all_of(population->getUsers(), fits) &&
         llvm::all_of(population.getInputs(), [&](Value current) {
           return current.hasOneUse() && isDense(current.getDefiningOp());
         });
}

/// Whether `element`, row-major in the old shape, is in the half.
bool Halver::isKept(int64_t element) const {
  int64_t inner =
      ShapedType::getNumElements(ArrayRef<int64_t>(shape).drop_front(axis + 1));
  return element / inner % shape[axis] < half[axis];
}

FlatSymbolRefAttr Halver::addParameter(const Tensor &tensor) {
  NetworkOp network = subject.getNetwork();
  OpBuilder builder(network);
  SymbolTable table(network->getParentOfType<ModuleOp>());
  ElementsAttr value = getElementsAttr(tensor, builder.getContext());
  auto parameter = ParameterOp::create(builder, network.getLoc(), "half",
                                       StringAttr(), value.getType(), value);
  return FlatSymbolRefAttr::get(table.insert(parameter));
}

/// The part of a target x source matrix that remains.
FailureOr<FlatSymbolRefAttr> Halver::cutWeights(ProjectOp project,
                                                Attribute numbers) {
  int64_t sources = project.getSourceType().getNumElements();
  int64_t targets =
      ShapedType::getNumElements(project.getCurrentType().getShape());
  FailureOr<NumberView> view =
      NumberView::create(project, numbers, {targets, sources});
  if (failed(view))
    return failure();
  Value source = project.getSource();
  bool cutsSource =
      population ? source.getDefiningOp() == population : source == signal;
  bool cutsTarget =
      population && llvm::is_contained(project->getUsers(), population);
  int64_t rest = ShapedType::getNumElements(half);
  Tensor tensor({cutsTarget ? rest : targets, cutsSource ? rest : sources},
                ElementType::f64);
  double *out = tensor.data<double>().data();
  for (int64_t t = 0; t < targets; ++t)
    for (int64_t s = 0; s < sources; ++s)
      if ((!cutsTarget || isKept(t)) && (!cutsSource || isKept(s)))
        *out++ = (*view)[t * sources + s];
  return addParameter(tensor);
}

LogicalResult Halver::cutProjection(ProjectOp project) {
  if (!isa<IntegerAttr>(project.getDelay()))
    return failure();
  Attribute weights = project.getWeightsAttr();
  if (!weights || isa<FloatAttr, IntegerAttr>(weights))
    return success();
  auto cut = cutWeights(project, weights);
  if (failed(cut))
    return failure();
  project.setWeightsAttr(*cut);
  return success();
}

LogicalResult Halver::cutProjections() {
  SetVector<Operation *> projections;
  projections.insert_range(population ? llvm::to_vector(population->getUsers())
                                      : llvm::to_vector(signal.getUsers()));
  if (population)
    for (Value current : population.getInputs())
      projections.insert(current.getDefiningOp());
  projections.remove_if([](Operation *op) { return isa<OutputOp>(op); });
  for (Operation *op : projections)
    if (failed(cutProjection(cast<ProjectOp>(op))))
      return failure();
  return success();
}

FailureOr<Attribute> Halver::cutParam(Attribute numbers) {
  if (!isa_and_nonnull<ParamAttr>(numbers))
    return numbers;
  FailureOr<NumberView> view =
      NumberView::createBroadcast(population, numbers, shape);
  if (failed(view))
    return failure();
  Tensor tensor(half, ElementType::f64);
  double *out = tensor.data<double>().data();
  for (int64_t n = 0; n < ShapedType::getNumElements(shape); ++n)
    if (isKept(n))
      *out++ = (*view)[n];
  return Attribute(ParamAttr::get(numbers.getContext(), addParameter(tensor)));
}

LogicalResult Halver::cutParams() {
  if (!population)
    return success();
  SmallVector<NamedAttribute> params;
  for (NamedAttribute param : population.getParams()) {
    FailureOr<Attribute> cut = cutParam(param.getValue());
    if (failed(cut))
      return failure();
    params.emplace_back(param.getName(), *cut);
  }
  population.setParamsAttr(
      DictionaryAttr::get(population.getContext(), params));
  for (auto [index, receptor] : llvm::enumerate(population.getReceptorList())) {
    FailureOr<Attribute> bias = cutParam(receptor.getBias());
    if (failed(bias))
      return failure();
    setReceptor(population, index,
                ReceptorAttr::get(receptor.getContext(), receptor.getName(), 0,
                                  receptor.getAccumulator(), receptor.getType(),
                                  receptor.getFraction(), *bias));
  }
  return success();
}

void Halver::setTypes() {
  auto cut = [&](Value value) {
    auto type = cast<SignalType>(value.getType());
    value.setType(SignalType::get(type.getContext(), half, type.getKind(),
                                  type.getLimit(), type.getCarrier()));
  };
  if (population) {
    for (Value result : population->getResults())
      cut(result);
    for (Value current : population.getInputs())
      current.setType(CurrentType::get(signal.getContext(), half));
  } else {
    cut(signal);
  }
  subject.updateTypes();
}

Edited Halver::run() {
  if (!canHalve() || failed(cutProjections()) || failed(cutParams()))
    return Edited::notHere;
  setTypes();
  return Edited::done;
}

Edited reference::halveSignal(ShrinkSubject &subject, unsigned site) {
  SmallVector<Value> signals(subject.getBody().getArguments());
  for (auto population : subject.getNetwork().getBody().getOps<PopulationOp>())
    signals.push_back(population.getSpikes());
  for (Value signal : signals) {
    unsigned rank = cast<SignalType>(signal.getType()).getShape().size();
    if (site < rank)
      return Halver(subject, signal, site).run();
    site -= rank;
  }
  return Edited::noMore;
}
