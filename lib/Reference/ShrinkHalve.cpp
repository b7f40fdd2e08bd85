//===- ShrinkHalve.cpp - half of a flat signal ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cuts an input or a population of rank 1 in half. What has one number per
// element or per weight is written out as f64, which holds every number
// exactly.
//
//===----------------------------------------------------------------------===//

#include "ShrinkEdits.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Support/TensorAttr.h"

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

namespace {
/// Cuts one signal.
class Halver {
public:
  Halver(ShrinkSubject &subject, Value signal)
      : subject(subject), signal(signal),
        population(signal.getDefiningOp<PopulationOp>()),
        size(cast<SignalType>(signal.getType()).getNumElements()),
        half((size + 1) / 2) {}

  Edited run();

private:
  bool canHalve();
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
  int64_t size, half;
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
  if (size < 2 || !subject.hasPlainDoor())
    return false;
  if (!population)
    return llvm::all_of(signal.getUsers(), fits);
  return llvm::all_of(population->getUsers(), fits) &&
         llvm::all_of(population.getInputs(), [&](Value current) {
           return current.hasOneUse() && isDense(current.getDefiningOp());
         });
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
  Tensor tensor({cutsTarget ? half : targets, cutsSource ? half : sources},
                ElementType::f64);
  double *out = tensor.data<double>().data();
  for (int64_t t = 0; t < tensor.getShape()[0]; ++t)
    for (int64_t s = 0; s < tensor.getShape()[1]; ++s)
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
      NumberView::createBroadcast(population, numbers, {size});
  if (failed(view))
    return failure();
  Tensor tensor({half}, ElementType::f64);
  for (int64_t n = 0; n < half; ++n)
    tensor.data<double>()[n] = (*view)[n];
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
    value.setType(SignalType::get(type.getContext(), {half}, type.getKind(),
                                  type.getLimit(), type.getCarrier()));
  };
  if (population) {
    for (Value result : population->getResults())
      cut(result);
    for (Value current : population.getInputs())
      current.setType(CurrentType::get(signal.getContext(), {half}));
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
  SmallVector<Value> flat;
  for (Value input : subject.getBody().getArguments())
    flat.push_back(input);
  for (auto population : subject.getNetwork().getBody().getOps<PopulationOp>())
    flat.push_back(population.getSpikes());
  llvm::erase_if(flat, [](Value value) {
    return cast<SignalType>(value.getType()).getShape().size() != 1;
  });
  if (site >= flat.size())
    return Edited::noMore;
  return Halver(subject, flat[site]).run();
}
