//===- Quantize.cpp - turn float neurons into the chip's ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One scale for a population, because all that reaches a potential is added
// there: weights, bias, threshold and potentials are multiplied by it and
// rounded.
//
//===----------------------------------------------------------------------===//

#include "TargetModel/Chip.h"
#include "Transforms/Legalizer.h"
#include "Transforms/Passes.h"
#include "Transforms/Synapses.h"
#include "spikeformer/Dialect/SNN/Analysis/Relations.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Support/TensorAttr.h"
#include <cmath>

namespace spikeformer::templ {
#define GEN_PASS_DEF_TEMPLATEQUANTIZEPASS
#include "Transforms/Passes.h.inc"
} // namespace spikeformer::templ

using namespace spikeformer;
using namespace spikeformer::templ;
using snn::PopulationOp;
using snn::ProjectOp;

/// The scale makes weights symmetric.
static constexpr double weightLimit = weightRange.high;
static constexpr double potentialLimit = potentialRange.high;

namespace {

/// Quantises one population and the projections into it.
class PopulationQuantizer {
public:
  PopulationQuantizer(PopulationOp population, SymbolTable &symbols)
      : population(population), symbols(symbols),
        builder(population.getContext()) {}

  LogicalResult run();
  double getScale() const { return scale; }

private:
  void separateProjections();
  LogicalResult chooseScale();
  LogicalResult checkThreshold();
  LogicalResult scaleWeights(ProjectOp project);
  void replaceModel();

  /// `values` x scale, rounded: one number if all are equal, else a parameter.
  Attribute scaleNumbers(ArrayRef<double> values, StringRef name);
  FlatSymbolRefAttr addParameter(const Tensor &values, const Twine &name,
                                 Location loc);

  PopulationOp population;
  SymbolTable &symbols;
  Builder builder;
  FloatNeuron neuron;
  double scale = 0;
};

} // namespace

/// Another population may take the same current at another scale.
void PopulationQuantizer::separateProjections() {
  OpBuilder cloner(population);
  for (OpOperand &operand : population->getOpOperands()) {
    if (operand.get().hasOneUse())
      continue;
    auto project = operand.get().getDefiningOp<ProjectOp>();
    cloner.setInsertionPointAfter(project);
    operand.set(cloner.clone(*project)->getResult(0));
  }
}

LogicalResult PopulationQuantizer::chooseScale() {
  double largest = 0;
  for (Value current : population.getInputs()) {
    FailureOr<std::vector<Synapse>> synapses =
        listSynapses(current.getDefiningOp<ProjectOp>());
    if (failed(synapses))
      return failure();
    for (const Synapse &synapse : *synapses)
      largest = std::max(largest, std::abs(synapse.weight));
  }
  double inverse = largest / weightLimit;
  for (ArrayRef<double> column :
       {ArrayRef(neuron.threshold), ArrayRef(neuron.resetValue),
        ArrayRef(neuron.initial), ArrayRef(neuron.bias)})
    for (double value : column)
      inverse = std::max(inverse, std::abs(value) / potentialLimit);
  scale = 1 / inverse; // finite: a legal threshold is above 0
  return success();
}

LogicalResult PopulationQuantizer::checkThreshold() {
  for (double threshold : neuron.threshold)
    if (std::nearbyint(threshold * scale) < thresholdRange.low)
      return population.emitError()
             << "threshold of \"" << population.getName() << "\": needs "
             << threshold * scale << " after scaling, has at least "
             << thresholdRange.low
             << " on target 'template'; its largest weight is too large for "
                "its threshold: train with a bound on the weights";
  return success();
}

FlatSymbolRefAttr PopulationQuantizer::addParameter(const Tensor &values,
                                                    const Twine &name,
                                                    Location loc) {
  ElementsAttr elements = getElementsAttr(values, population.getContext());
  OpBuilder inserter(population->getParentOp());
  auto parameter = snn::ParameterOp::create(
      inserter, loc, inserter.getStringAttr(name), StringAttr(),
      TypeAttr::get(elements.getType()), elements);
  return FlatSymbolRefAttr::get(symbols.insert(parameter));
}

Attribute PopulationQuantizer::scaleNumbers(ArrayRef<double> values,
                                            StringRef name) {
  Tensor scaled(population.getSignalType().getShape(), ElementType::i32);
  MutableArrayRef<int32_t> integers = scaled.data<int32_t>();
  for (auto [integer, value] : llvm::zip_equal(integers, values))
    integer = static_cast<int32_t>(std::nearbyint(value * scale));
  if (llvm::all_equal(integers))
    return builder.getI64IntegerAttr(integers.front());
  return snn::ParamAttr::get(population.getContext(),
                             addParameter(scaled,
                                          population.getName() + "_" + name,
                                          population.getLoc()));
}

LogicalResult PopulationQuantizer::scaleWeights(ProjectOp project) {
  auto round = [&](double weight) { return std::nearbyint(weight * scale); };
  Attribute weights = project.getWeightsAttr();
  if (!weights)
    weights = builder.getF64FloatAttr(1.0);
  SmallVector<int64_t> shape = project.getConnectivity().getWeightShape(
      project.getSourceType().getShape(), project.getCurrentType().getShape());
  FailureOr<snn::NumberView> view =
      snn::NumberView::create(project, weights, shape);
  if (failed(view))
    return failure();
  if (view->isShared()) {
    project.setWeightsAttr(builder.getF64FloatAttr(round((*view)[0])));
    return success();
  }
  if (ShapedType::isDynamicShape(shape)) {
    FailureOr<snn::SynapseTable> table = project.getConnectivity().expand(
        project, project.getSourceType().getShape(),
        project.getCurrentType().getShape());
    if (failed(table))
      return failure();
    shape = {static_cast<int64_t>(table->targets.size())};
  }
  Tensor scaled(shape, ElementType::i8);
  for (auto [index, weight] : llvm::enumerate(scaled.data<int8_t>()))
    weight = static_cast<int8_t>(round((*view)[index]));
  project.setWeightsAttr(addParameter(scaled, population.getName() + "_weights",
                                      project.getLoc()));
  return success();
}

void PopulationQuantizer::replaceModel() {
  MLIRContext *context = population.getContext();
  FloatRule rule = *getFloatRule(population.getModel());
  SmallVector<NamedAttribute> params{
      {"v_init", scaleNumbers(neuron.initial, "v_init")},
      {"v_threshold", scaleNumbers(neuron.threshold, "v_threshold")}};
  if (rule.reset == snn::ResetKind::to_value)
    params.emplace_back("v_reset", scaleNumbers(neuron.resetValue, "v_reset"));
  Attribute bias = scaleNumbers(neuron.bias, "bias");
  if (auto number = dyn_cast<IntegerAttr>(bias))
    bias = number.getInt() == 0
               ? Attribute()
               : Attribute(builder.getF64FloatAttr(number.getInt()));
  snn::ReceptorAttr receptor = population.getReceptorList().front();
  auto replaced = snn::ReceptorAttr::get(
      context, receptor.getName(), receptor.getNumOperands(),
      snn::AccumulatorKind::exact, builder.getI32Type(), 0, bias);
  population.setReceptorsAttr(builder.getArrayAttr({replaced}));
  population.setParamsAttr(DictionaryAttr::get(context, params));
  population.setModelAttr(AccumulateAttr::get(
      context, *findLeak(neuron.decay.front()), rule.reset));
}

LogicalResult PopulationQuantizer::run() {
  FailureOr<FloatNeuron> numbers = FloatNeuron::create(population);
  if (failed(numbers))
    return failure();
  neuron = std::move(*numbers);
  if (failed(chooseScale()) || failed(checkThreshold()))
    return failure();
  separateProjections();
  for (Value current : population.getInputs())
    if (failed(scaleWeights(current.getDefiningOp<ProjectOp>())))
      return failure();
  replaceModel();
  return success();
}

/// The float parameters that nothing uses any more.
static void eraseUnused(ModuleOp module, ArrayRef<snn::ParameterOp> before) {
  for (snn::ParameterOp parameter : before)
    if (SymbolTable::symbolKnownUseEmpty(parameter, module))
      parameter.erase();
}

/// Enters this plugin into `snn.requires`, so that the module is refused by
/// name where the plugin is missing.
static void requirePlugin(ModuleOp module) {
  constexpr StringLiteral name = "snn.requires";
  auto self = StringAttr::get(module.getContext(),
                              "Template@" SPIKEFORMER_PLUGIN_VERSION);
  SmallVector<Attribute> list;
  if (auto before = module->getAttrOfType<ArrayAttr>(name))
    llvm::append_range(list, before);
  if (llvm::is_contained(list, self))
    return;
  list.push_back(self);
  module->setAttr(name, ArrayAttr::get(module.getContext(), list));
}

static LogicalResult quantize(ModuleOp module) {
  FailureOr<snn::NetworkOp> network = getNetwork(module);
  if (failed(network))
    return failure();
  SymbolTable symbols(module);
  auto before = llvm::to_vector(module.getOps<snn::ParameterOp>());
  llvm::erase_if(before, [&](snn::ParameterOp parameter) {
    return SymbolTable::symbolKnownUseEmpty(parameter, module);
  });
  Builder builder(module.getContext());
  SmallVector<NamedAttribute> scales;
  for (auto population : network->getBody().getOps<PopulationOp>()) {
    if (isa<AccumulateAttr>(population.getModel()))
      continue;
    PopulationQuantizer quantizer(population, symbols);
    if (failed(quantizer.run()))
      return failure();
    scales.emplace_back(population.getName(),
                        builder.getF64FloatAttr(quantizer.getScale()));
  }
  if (scales.empty())
    return success();
  eraseUnused(module, before);
  snn::appendRelation(
      module, "quantize", snn::RelationKind::requantised,
      builder.getNamedAttr("scales", builder.getDictionaryAttr(scales)));
  requirePlugin(module);
  return success();
}

namespace {
struct Quantize : templ::impl::TemplateQuantizePassBase<Quantize> {
  void runOnOperation() override {
    // Legality is what makes the rounding below well defined.
    if (failed(Legalizer().check(getOperation())) ||
        failed(quantize(getOperation())))
      signalPassFailure();
  }
};
} // namespace
