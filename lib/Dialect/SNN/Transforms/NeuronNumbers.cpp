//===- NeuronNumbers.cpp - numbers of populations -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/Transforms/NeuronNumbers.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Support/TensorAttr.h"

using namespace spikeformer;
using namespace spikeformer::snn;

ParameterOp snn::addParameter(Operation *place, StringRef name,
                              const Tensor &tensor) {
  // Of what is there already, so that a name that is taken changes.
  SymbolTable symbols(place->getParentOp());
  OpBuilder builder(place);
  ElementsAttr elements = getElementsAttr(tensor, place->getContext());
  auto parameter =
      ParameterOp::create(builder, place->getLoc(), name, StringAttr(),
                          elements.getShapedType(), elements);
  symbols.insert(parameter);
  return parameter;
}

static FailureOr<std::vector<double>> getNumbers(PopulationOp op,
                                                 Attribute attribute) {
  ArrayRef<int64_t> shape = op.getSignalType().getShape();
  FailureOr<NumberView> view =
      NumberView::createBroadcast(op, attribute, shape);
  if (failed(view))
    return failure();
  std::vector<double> numbers(ShapedType::getNumElements(shape));
  for (auto [index, number] : llvm::enumerate(numbers))
    number = (*view)[index];
  return numbers;
}

FailureOr<std::vector<double>> snn::getParamNumbers(PopulationOp op,
                                                    StringRef name) {
  return getNumbers(op, op.getParams().get(name));
}

FailureOr<std::vector<double>> snn::getBiases(PopulationOp op) {
  if (Attribute bias = op.getReceptorList().front().getBias())
    return getNumbers(op, bias);
  return std::vector<double>(op.getSignalType().getNumElements(), 0.0);
}

/// The numbers of a population of `shape` as one per channel where that is all
/// there is.
static Tensor makeNumbers(ArrayRef<double> numbers, ArrayRef<int64_t> shape) {
  int64_t channels = shape.front(), inner = numbers.size() / channels;
  bool perChannel = true;
  for (auto [index, number] : llvm::enumerate(numbers))
    perChannel &= number == numbers[index / inner * inner];
  Tensor tensor(perChannel ? shape.take_front() : shape, ElementType::f32);
  for (auto [index, to] : llvm::enumerate(tensor.data<float>()))
    to = static_cast<float>(numbers[perChannel ? index * inner : index]);
  return tensor;
}

/// How often `op` itself uses `numbers`.
static unsigned countUses(PopulationOp op, Attribute numbers) {
  unsigned uses = llvm::count_if(op.getParams(), [&](NamedAttribute param) {
    return param.getValue() == numbers;
  });
  for (ReceptorAttr receptor : op.getReceptorList())
    uses += receptor.getBias() == numbers;
  return uses;
}

/// The parameter of `numbers` if nobody else uses it; else null.
static ParameterOp getOwnParameter(PopulationOp op, Attribute numbers) {
  auto param = dyn_cast_or_null<ParamAttr>(numbers);
  // The uses of a symbol are counted by operations.
  if (!param || countUses(op, numbers) != 1)
    return nullptr;
  auto module = op->getParentOfType<ModuleOp>();
  auto parameter = module.lookupSymbol<ParameterOp>(param.getParameter());
  auto uses = SymbolTable::getSymbolUses(parameter.getSymNameAttr(), module);
  return uses && llvm::hasSingleElement(*uses) ? parameter : nullptr;
}

/// A parameter of `numbers` for `op`: the one of `before`, changed, if nobody
/// else uses it.
static ParamAttr makeParam(PopulationOp op, StringRef name, Attribute before,
                           ArrayRef<double> numbers) {
  Tensor tensor = makeNumbers(numbers, op.getSignalType().getShape());
  ParameterOp parameter = getOwnParameter(op, before);
  if (parameter) {
    ElementsAttr elements = getElementsAttr(tensor, op.getContext());
    parameter.setType(elements.getShapedType());
    parameter.setValueAttr(elements);
  } else {
    parameter = addParameter(op->getParentOfType<NetworkOp>(),
                             (op.getName() + "." + name).str(), tensor);
  }
  return ParamAttr::get(op.getContext(),
                        FlatSymbolRefAttr::get(parameter.getSymNameAttr()));
}

void snn::setBiases(PopulationOp op, ArrayRef<double> biases) {
  auto first = op.getReceptorList().front();
  SmallVector<Attribute> receptors(op.getReceptors().begin(),
                                   op.getReceptors().end());
  receptors.front() = ReceptorAttr::get(
      op.getContext(), first.getName(), first.getNumOperands(),
      first.getAccumulator(), first.getType(), first.getFraction(),
      makeParam(op, "bias", first.getBias(), biases));
  op.setReceptorsAttr(ArrayAttr::get(op.getContext(), receptors));
}

void snn::setParamNumbers(PopulationOp op, StringRef name,
                          ArrayRef<double> numbers) {
  NamedAttrList params(op.getParams());
  params.set(name, makeParam(op, name, params.get(name), numbers));
  op.setParamsAttr(params.getDictionary(op.getContext()));
}
