//===- NetworkBuilder.cpp - building the network of a conversion ----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Thresholds are rounded to float32 before anything is computed of them, so
// that the weights behind a population are scaled by the threshold that it has.
//
//===----------------------------------------------------------------------===//

#include "NetworkBuilder.h"
#include "Weights.h"
#include "spikeformer/Dialect/SNN/IR/SNNEncoders.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Support/TensorAttr.h"

using namespace spikeformer;
using namespace spikeformer::snn;
using namespace spikeformer::tosatosnn;

SignalNumbers tosatosnn::roundToFloat(const SignalNumbers &numbers) {
  return SignalNumbers(llvm::map_to_vector(numbers.get(), [](double number) {
    return static_cast<double>(static_cast<float>(number));
  }));
}

NetworkBuilder::NetworkBuilder(func::FuncOp function,
                               const TosaToSNNOptions &options)
    : neuron(options.neuron), startsAtHalf(options.startsAtHalf),
      symbols(SymbolTable::getNearestSymbolTable(function)), builder(function) {
  auto none = builder.getFunctionType({}, {});
  network = NetworkOp::create(builder, function.getLoc(), options.network,
                              builder.getStringAttr(""), none);
  network.removeSymVisibilityAttr();
  network->setAttr("dt", builder.getStringAttr("steps"));
  symbols.insert(network);
  builder.setInsertionPointToStart(&network.getBody().emplaceBlock());
  names.insert("input");
  names.insert("output");
}

//===----------------------------------------------------------------------===//
// Signals
//===----------------------------------------------------------------------===//

Signal NetworkBuilder::enter(const Signal &signal) {
  if (!signal.isTensor())
    return signal;
  Signal result = signal;
  result.tensor = nullptr;
  Value &value = inputs[signal.tensor];
  if (!value) {
    Location location = signal.tensor.getLoc();
    auto type =
        SignalType::getAnalogue(signal.getShape(), builder.getF32Type());
    Value argument = network.getBody().front().addArgument(type, location);
    std::string name = inputs.size() == 1 ? "input" : makeName("input");
    value = EncodeOp::create(builder, location, type, name, argument,
                             ConstantCurrentAttr::get(builder.getContext()));
    if (sendsChanges())
      value = addChanges(value, makeName(name + ".delta"), location);
  }
  result.value = value;
  return result;
}

static SignalType getSignalType(Value value) {
  return cast<SignalType>(value.getType());
}

Signal NetworkBuilder::reshape(const Signal &signal, ArrayRef<int64_t> shape) {
  SignalType type = getSignalType(signal.value);
  if (type.getShape() == shape)
    return signal;
  Signal result = signal;
  auto reshaped = SignalType::get(type.getContext(), shape, type.getKind(),
                                  type.getLimit(), type.getCarrier());
  result.value =
      ReshapeOp::create(builder, signal.value.getLoc(), reshaped, signal.value);
  return result;
}

Value NetworkBuilder::addPool(Reduction reduction, Value source,
                              ArrayRef<int64_t> kernel,
                              ArrayRef<int64_t> stride, Location location) {
  SignalType type = getSignalType(source);
  SmallVector<int64_t> shape = llvm::to_vector(type.getShape());
  for (unsigned axis : {0, 1})
    shape[axis + 1] = (shape[axis + 1] - kernel[axis]) / stride[axis] + 1;
  AlphabetKind kind = type.getKind();
  unsigned limit = type.getLimit();
  if (reduction == Reduction::sum && kind != AlphabetKind::analogue) {
    limit = (kind == AlphabetKind::count ? limit : 1) * kernel[0] * kernel[1];
    kind = AlphabetKind::count;
  }
  auto pooled =
      SignalType::get(type.getContext(), shape, kind, limit, type.getCarrier());
  return PoolOp::create(builder, location, pooled,
                        static_cast<uint32_t>(reduction), source, kernel,
                        stride);
}

Value NetworkBuilder::addConcat(ValueRange sources, Location location) {
  SignalType type = getSignalType(sources.front());
  SmallVector<int64_t> shape = llvm::to_vector(type.getShape());
  shape[0] = 0;
  for (Value source : sources)
    shape[0] += getSignalType(source).getShape()[0];
  auto joined = SignalType::get(type.getContext(), shape, type.getKind(),
                                type.getLimit(), type.getCarrier());
  return ConcatOp::create(builder, location, joined, sources);
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

FlatSymbolRefAttr NetworkBuilder::addParameter(StringRef name,
                                               const Tensor &tensor,
                                               Location location) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(network);
  ElementsAttr elements = getElementsAttr(tensor, builder.getContext());
  auto parameter = ParameterOp::create(builder, location, name, StringAttr(),
                                       elements.getShapedType(), elements);
  symbols.insert(parameter);
  parameters.push_back(parameter);
  return FlatSymbolRefAttr::get(parameter.getSymNameAttr());
}

Attribute NetworkBuilder::getNumbers(const SignalNumbers &numbers,
                                     ArrayRef<int64_t> shape, StringRef name,
                                     Location location) {
  SignalNumbers rounded = roundToFloat(numbers);
  if (rounded.isUniform())
    return builder.getF64FloatAttr(rounded.get().front());
  int64_t count = rounded.get().size();
  bool perChannel = count == shape.front();
  Tensor tensor(perChannel ? shape.take_front() : shape, ElementType::f32);
  for (auto [index, element] : llvm::enumerate(tensor.data<float>()))
    element = static_cast<float>(rounded.at(index, tensor.getNumElements()));
  return ParamAttr::get(builder.getContext(),
                        addParameter(name, tensor, location));
}

//===----------------------------------------------------------------------===//
// Populations
//===----------------------------------------------------------------------===//

std::string NetworkBuilder::makeName(StringRef wanted) {
  std::string name = wanted.str();
  for (unsigned number = 1; !names.insert(name).second; ++number)
    name = (wanted + "_" + Twine(number)).str();
  return name;
}

/// Name of the projection's operation, or of the population that it enters.
static std::string getWeightsName(const Projection &projection,
                                  StringRef population) {
  auto name = dyn_cast<NameLoc>(projection.location);
  return ((name ? name.getName().getValue() : population) + ".weights").str();
}

Attribute NetworkBuilder::getHeights(const Projection &projection,
                                     ArrayRef<int64_t> shape, StringRef name) {
  SignalNumbers heights = roundToFloat(SignalNumbers::combine(
      projection.scale, projection.source.height, std::multiplies<double>()));
  if (heights.isUniform())
    return builder.getF64FloatAttr(heights.get().front());
  Tensor tensor(shape, ElementType::f32);
  llvm::copy(heights.expand(tensor.getNumElements()),
             tensor.data<float>().begin());
  return addParameter(name, tensor, projection.location);
}

Value NetworkBuilder::addProjection(const Projection &projection,
                                    ArrayRef<int64_t> shape,
                                    StringRef population) {
  ArrayRef<int64_t> sourceShape =
      getSignalType(projection.source.value).getShape();
  std::string name = getWeightsName(projection, population);
  Attribute weights;
  if (projection.weights) {
    SmallVector<int64_t> weightShape =
        projection.connectivity.getWeightShape(sourceShape, shape);
    weights = addParameter(name, makeWeights(projection, weightShape),
                           projection.location);
  } else {
    weights = getHeights(projection, shape, name);
  }
  auto current = CurrentType::get(builder.getContext(), shape);
  return ProjectOp::create(builder, projection.location, current,
                           projection.source.value, projection.connectivity,
                           weights, builder.getI64IntegerAttr(0));
}

Value NetworkBuilder::addPopulation(const Current &current, StringRef name,
                                    Location location,
                                    NeuronModelAttrInterface model,
                                    ArrayRef<NamedAttribute> params,
                                    SignalType type) {
  SmallVector<Value> currents;
  for (const Projection &projection : current.projections)
    currents.push_back(addProjection(projection, current.shape, name));
  Attribute bias;
  if (!current.bias.isZero())
    bias = getNumbers(current.bias, current.shape, (name + ".bias").str(),
                      location);
  MLIRContext *context = builder.getContext();
  Attribute receptor = ReceptorAttr::get(
      context, builder.getStringAttr("in"), currents.size(),
      AccumulatorKind::ordered, builder.getF32Type(), 0, bias);
  auto population = PopulationOp::create(
      builder, location, type, TypeRange(), name, currents,
      builder.getArrayAttr(receptor), model, builder.getDictionaryAttr(params),
      IntegerAttr(), ArrayAttr());
  return population.getSpikes();
}

Value NetworkBuilder::addRelay(const Current &current, StringRef name,
                               const SignalNumbers &height, Location location) {
  threshold =
      getNumbers(height, current.shape, (name + ".theta").str(), location);
  MLIRContext *context = builder.getContext();
  auto model = ThresholdAttr::get(context, builder.getF32Type(),
                                  FiresKind::at_or_above, SpikeKind::one);
  auto type = SignalType::get(context, current.shape, AlphabetKind::binary);
  return addPopulation(current, name, location, model,
                       builder.getNamedAttr("v_threshold", threshold), type);
}

Value NetworkBuilder::addIntegrator(const Current &current, StringRef name,
                                    Location location) {
  NamedAttribute params[] = {
      builder.getNamedAttr("r", builder.getF64FloatAttr(1)),
      builder.getNamedAttr("v_init", builder.getF64FloatAttr(0))};
  auto model = IAttr::get(builder.getContext(), builder.getF32Type());
  auto type = SignalType::getAnalogue(current.shape, builder.getF32Type());
  return addPopulation(current, name, location, model, params, type);
}

NeuronModelAttrInterface NetworkBuilder::getModel(ModelMaker make,
                                                  Location location) {
  auto made = llvm::find_if(
      models, [&](const auto &entry) { return entry.first == make; });
  if (made == models.end()) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(network);
    models.emplace_back(make, make(builder, location));
    made = std::prev(models.end());
    symbols.insert(made->second);
  }
  return CustomAttr::get(builder.getContext(),
                         FlatSymbolRefAttr::get(made->second.getSymNameAttr()));
}

// What was sent is added up as the integrators of the window add up, in the
// same order, so the comparison is exact.
Value NetworkBuilder::addGate(const Current &current, StringRef name,
                              const SignalNumbers &height, Location location) {
  threshold =
      getNumbers(height, current.shape, (name + ".theta").str(), location);
  NamedAttribute params[] = {
      builder.getNamedAttr("sent_init", builder.getF64FloatAttr(0)),
      builder.getNamedAttr("v_threshold", threshold)};
  auto type = SignalType::get(builder.getContext(), current.shape,
                              AlphabetKind::binary);
  return addPopulation(current, name, location,
                       getModel(addGateModel, location), params, type);
}

Value NetworkBuilder::addLinear(const Current &current, StringRef name,
                                Location location) {
  auto model = LinearAttr::get(builder.getContext(), builder.getF32Type());
  auto type = SignalType::getAnalogue(current.shape, builder.getF32Type());
  return addPopulation(current, name, location, model, {}, type);
}

//===----------------------------------------------------------------------===//
// Whole networks
//===----------------------------------------------------------------------===//

void NetworkBuilder::finish(Value output) {
  OutputOp::create(builder, network.getLoc(), output);
  network.setFunctionType(builder.getFunctionType(
      network.getBody().front().getArgumentTypes(), output.getType()));
}

void NetworkBuilder::discard() {
  network.erase();
  for (Operation *parameter : parameters)
    parameter->erase();
  for (auto &[make, model] : models)
    model.erase();
}

SmallVector<Value> NetworkBuilder::getInputs() const {
  return llvm::map_to_vector(inputs,
                             [](const auto &entry) { return entry.first; });
}
