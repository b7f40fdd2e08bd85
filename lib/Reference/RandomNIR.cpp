//===- RandomNIR.cpp - random networks that NIR can say -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Neurons of one reset, synapses that are nodes of NIR, delays and loops. The
// module states the profile whose steps its neurons take.
//
//===----------------------------------------------------------------------===//

#include "RandomParts.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Reference/RandomNetwork.h"

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;
namespace func = mlir::func;

namespace {
/// Makes one network.
class NIRMaker {
public:
  NIRMaker(RandomContext &context, const RandomNetworkOptions &options)
      : context(context), random(context.random), options(options),
        subtracts(random.chance(0.5)) {}

  void make();

private:
  static ArrayRef<int64_t> shapeOf(Value signal) {
    return cast<SignalType>(signal.getType()).getShape();
  }
  Value project(Value source, ConnectivityAttrInterface connectivity,
                ArrayRef<int64_t> target, int64_t delay);
  Value flatten(Value signal);
  Value projectAnyhow(Value source, SmallVector<int64_t> &target);
  std::pair<NeuronModelAttrInterface, DictionaryAttr> makeModel();
  void addPopulation();
  void addLoops();
  void addMain(int64_t steps);
  void append(PopulationOp population, Value current);

  RandomContext &context;
  RandomSource &random;
  const RandomNetworkOptions &options;
  bool subtracts;
  NetworkOp network;
  SmallVector<PopulationOp> populations;
  SmallVector<Value> signals;
};
} // namespace

Value NIRMaker::project(Value source, ConnectivityAttrInterface connectivity,
                        ArrayRef<int64_t> target, int64_t delay) {
  SmallVector<int64_t> shape =
      connectivity.getWeightShape(shapeOf(source), target);
  Attribute weights = context.addParameter(
      context.makeTensor(shape, ElementType::f32, -0.75, 1.0));
  return ProjectOp::create(context.builder, context.loc,
                           CurrentType::get(context.getContext(), target),
                           source, connectivity, weights,
                           context.builder.getI64IntegerAttr(delay));
}

Value NIRMaker::flatten(Value signal) {
  auto type = cast<SignalType>(signal.getType());
  if (type.getShape().size() == 1)
    return signal;
  auto flat =
      SignalType::get(context.getContext(), {type.getNumElements()},
                      type.getKind(), type.getLimit(), type.getCarrier());
  return ReshapeOp::create(context.builder, context.loc, flat, signal);
}

/// Synapses to `target`, which is chosen if it is empty.
Value NIRMaker::projectAnyhow(Value source, SmallVector<int64_t> &target) {
  MLIRContext *mlir = context.getContext();
  SmallVector<int64_t> from(shapeOf(source));
  int64_t delay = random.chance(0.2) ? random.range(1, 3) : 0;
  if (target.empty() && from.size() == 3 && random.chance(0.6)) {
    int64_t kernel = random.range(1, std::min<int64_t>({3, from[1], from[2]}));
    int64_t pad = random.below(2), channels = random.range(1, 3);
    target = {channels, from[1] + 2 * pad - kernel + 1,
              from[2] + 2 * pad - kernel + 1};
    auto windows = Conv2DAttr::get(mlir, {kernel, kernel}, {1, 1},
                                   {pad, pad, pad, pad}, {1, 1}, 1);
    return project(source, windows, target, delay);
  }
  if (target.empty() && random.chance(0.2))
    target = from;
  if (ArrayRef<int64_t>(from) == ArrayRef<int64_t>(target))
    return project(source, OneToOneAttr::get(mlir), target, delay);
  if (target.empty())
    target = {random.range(1, 8)};
  return project(flatten(source), DenseAttr::get(mlir), target, delay);
}

/// An IF, or a LIF with the factors that some time constant gives.
std::pair<NeuronModelAttrInterface, DictionaryAttr> NIRMaker::makeModel() {
  Builder &builder = context.builder;
  Type f32 = builder.getF32Type();
  ResetKind reset = subtracts ? ResetKind::subtract : ResetKind::to_value;
  SmallVector<NamedAttribute> params;
  auto add = [&](StringRef name, double value) {
    params.push_back(builder.getNamedAttr(
        name, context.getNumber(static_cast<float>(value))));
  };
  add("v_threshold", random.uniform(0.25, 1.5));
  add("v_init", 0);
  if (!subtracts)
    add("v_reset", random.chance(0.5) ? 0.0 : random.uniform(-0.5, 0.125));
  bool isLeaky = random.chance(0.6);
  if (isLeaky)
    add("decay", random.uniform(0.5, 1.0));
  add("r", random.uniform(0.5, 1.5));
  NeuronModelAttrInterface model =
      isLeaky
          ? NeuronModelAttrInterface(LIFAttr::get(
                builder.getContext(), f32, Integration::discrete, reset,
                FiresKind::above, ResetTime::same_step, RefractoryKind::none))
          : NeuronModelAttrInterface(IFAttr::get(builder.getContext(), f32,
                                                 reset, FiresKind::above,
                                                 ResetTime::same_step));
  return {model, builder.getDictionaryAttr(params)};
}

void NIRMaker::append(PopulationOp population, Value current) {
  ReceptorAttr receptor = population.getReceptorList().front();
  population.getInputsMutable().append(current);
  population.setReceptorsAttr(context.builder.getArrayAttr(ReceptorAttr::get(
      context.getContext(), receptor.getName(), receptor.getNumOperands() + 1,
      receptor.getAccumulator(), receptor.getType(), receptor.getFraction(),
      receptor.getBias())));
}

void NIRMaker::addPopulation() {
  Builder &builder = context.builder;
  SmallVector<int64_t> target;
  Value first = projectAnyhow(random.pick(signals), target);
  bool hasWeights =
      !isa<OneToOneAttr>(first.getDefiningOp<ProjectOp>().getConnectivity());
  Attribute bias;
  if (hasWeights && random.chance(0.5))
    bias = context.getNumber(static_cast<float>(random.uniform(-0.125, 0.25)));
  auto receptor = ReceptorAttr::get(
      builder.getContext(), builder.getStringAttr("in"), 1,
      AccumulatorKind::ordered, builder.getF32Type(), 0, bias);
  auto [model, params] = makeModel();
  auto population = PopulationOp::create(
      context.builder, context.loc,
      SignalType::get(context.getContext(), target, AlphabetKind::binary),
      TypeRange(), ("p" + llvm::Twine(populations.size())).str(), first,
      builder.getArrayAttr(receptor), model, params, IntegerAttr(),
      ArrayAttr());
  if (target.size() == 1 && random.chance(0.3)) {
    context.builder.setInsertionPoint(population);
    append(population, projectAnyhow(random.pick(signals), target));
    context.builder.setInsertionPointAfter(population);
  }
  populations.push_back(population);
  signals.push_back(population.getSpikes());
}

/// Weights from a population to itself or to an earlier one, a step later.
void NIRMaker::addLoops() {
  for (PopulationOp population : populations) {
    SmallVector<int64_t> target(shapeOf(population.getSpikes()));
    if (target.size() != 1 || !random.chance(0.3))
      continue;
    append(population,
           project(flatten(population.getSpikes()),
                   DenseAttr::get(context.getContext()), target, 1));
  }
}

void NIRMaker::addMain(int64_t steps) {
  OpBuilder builder = OpBuilder::atBlockEnd(context.module.getBody());
  SmallVector<Type> arguments, results;
  SmallVector<int32_t> readouts;
  auto tensorOf = [&](ArrayRef<int64_t> lead, Type signal, Type element) {
    SmallVector<int64_t> shape(lead);
    llvm::append_range(shape, cast<SignalType>(signal).getShape());
    return RankedTensorType::get(shape, element);
  };
  constexpr int64_t open = ShapedType::kDynamic;
  for (Type input : network.getFunctionType().getInputs())
    arguments.push_back(tensorOf({open, steps}, input, builder.getF32Type()));
  for (Type output : network.getFunctionType().getResults()) {
    results.push_back(tensorOf({open}, output, builder.getI32Type()));
    readouts.push_back(static_cast<int32_t>(Readout::count));
  }
  auto main = func::FuncOp::create(builder, context.loc, "main",
                                   builder.getFunctionType(arguments, results));
  builder.setInsertionPointToStart(main.addEntryBlock());
  auto simulate = SimulateOp::create(
      builder, context.loc, results, "net", main.getArguments(),
      builder.getI64IntegerAttr(steps),
      static_cast<uint32_t>(SampleReset::per_sample), readouts);
  func::ReturnOp::create(builder, context.loc, simulate.getResults());
}

void NIRMaker::make() {
  Builder &builder = context.builder;
  Type f32 = builder.getF32Type();
  SmallVector<Type> types;
  // Inputs of one rank, so that one order of axes describes all data.
  bool takesImages = random.chance(0.4);
  for (int64_t k = random.range(1, 2); k > 0; --k) {
    SmallVector<int64_t> shape{random.range(1, 8)};
    if (takesImages)
      shape = {random.range(1, 2), random.range(3, 5), random.range(3, 5)};
    types.push_back(SignalType::getAnalogue(shape, f32));
  }
  context.module->setAttr(
      "nir.profiles",
      builder.getStrArrayAttr({subtracts ? "nir-subtract" : "nir"}));
  context.builder.setInsertionPointToEnd(context.module.getBody());
  network = NetworkOp::create(context.builder, context.loc, "net", StringAttr(),
                              builder.getFunctionType(types, {}));
  network->setAttr("dt", builder.getStringAttr("steps"));
  Block &body = network.getBody().emplaceBlock();
  for (Type type : types)
    signals.push_back(body.addArgument(type, context.loc));
  context.builder.setInsertionPointToEnd(&body);
  context.moduleBuilder.setInsertionPoint(network);
  int64_t drawn = random.range(1, 5);
  for (int64_t k = options.populations.value_or(drawn); k > 0; --k)
    addPopulation();
  addLoops();
  SmallVector<Value> outputs;
  for (PopulationOp population : populations)
    if (population.getSpikes().use_empty() || random.chance(0.2))
      outputs.push_back(population.getSpikes());
  if (outputs.empty())
    outputs.push_back(populations.back().getSpikes());
  OutputOp::create(context.builder, context.loc, outputs);
  network.setFunctionType(
      builder.getFunctionType(types, TypeRange(ValueRange(outputs))));
  addMain(options.steps.value_or(random.range(4, 16)));
}

void reference::makeNIRNetwork(RandomContext &context,
                               const RandomNetworkOptions &options) {
  NIRMaker(context, options).make();
}
