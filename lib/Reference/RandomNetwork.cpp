//===- RandomNetwork.cpp - random networks --------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Puts the parts together: inputs, populations from the first to the last, then
// connections back, outputs and the function that simulates.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Reference/RandomNetwork.h"
#include "RandomParts.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "spikeformer/Dialect/SNN/IR/ReadoutTypes.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "llvm/ADT/StringSwitch.h"

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;
namespace func = mlir::func;

std::optional<RandomKind> spikeformer::parseRandomKind(StringRef name) {
  return llvm::StringSwitch<std::optional<RandomKind>>(name)
      .Case("any", RandomKind::any)
      .Case("feedforward", RandomKind::feedforward)
      .Case("convolutional", RandomKind::convolutional)
      .Case("recurrent", RandomKind::recurrent)
      .Case("custom", RandomKind::custom)
      .Case("wide", RandomKind::wide)
      .Case("nir", RandomKind::nir)
      .Default(std::nullopt);
}

namespace {
/// How often something is chosen.
struct Style {
  double convolution = 0.3, custom = 0.3, feedback = 0.3;
  bool image = false, wide = false;
};

/// Makes one network.
class NetworkMaker {
public:
  NetworkMaker(ModuleOp module, uint64_t seed,
               const RandomNetworkOptions &options)
      : context(module, seed), random(context.random), options(options),
        style(getStyle(options.kind)) {
    context.maxElements = options.neurons;
  }

  void make();

private:
  static Style getStyle(RandomKind kind);

  void makeNetwork();
  void addSource();
  void addPopulation();
  void addProjection(PopulationOp population, Value source,
                     ConnectivityAttrInterface connectivity,
                     int64_t minimumDelay);
  void addFeedback(PopulationOp population);
  PopulationOp createPopulation(const RandomModel &model);
  void addOutputs();
  void addMain();

  RandomContext context;
  RandomSource &random;
  const RandomNetworkOptions &options;
  Style style;
  NetworkOp network;
  SmallVector<PopulationOp> populations;
  /// What later operations can take without a cycle.
  SmallVector<Value> signals;
};
} // namespace

Style NetworkMaker::getStyle(RandomKind kind) {
  Style style;
  switch (kind) {
  case RandomKind::feedforward:
    style.feedback = 0.0;
    break;
  case RandomKind::convolutional:
    style.convolution = 0.8;
    style.image = true;
    break;
  case RandomKind::recurrent:
    style.feedback = 1.0;
    style.convolution = 0.0;
    break;
  case RandomKind::custom:
    style.custom = 0.9;
    break;
  case RandomKind::wide:
    style.wide = true;
    break;
  case RandomKind::nir:
  case RandomKind::any:
    break;
  }
  return style;
}

//===----------------------------------------------------------------------===//
// Network and sources
//===----------------------------------------------------------------------===//

void NetworkMaker::makeNetwork() {
  Builder &builder = context.builder;
  SmallVector<Type> inputs;
  for (int64_t k = style.wide || style.image ? 1 : random.below(4); k > 0;
       --k) {
    SmallVector<int64_t> shape = makeShape(context);
    if (style.image)
      shape = {random.range(1, 3), random.range(5, 12), random.range(5, 12)};
    if (style.wide)
      shape = {random.range(1000, 2500)};
    inputs.push_back(makeInputType(context, boundShape(context, shape)));
  }
  context.builder.setInsertionPointToEnd(context.module.getBody());
  network = NetworkOp::create(context.builder, context.loc, "net", StringAttr(),
                              builder.getFunctionType(inputs, {}));
  Attribute dt = context.seconds
                     ? Attribute(context.getNumber(*context.seconds))
                     : Attribute(builder.getStringAttr("steps"));
  network->setAttr("dt", dt);
  Block &body = network.getBody().emplaceBlock();
  for (Type input : inputs)
    signals.push_back(body.addArgument(input, context.loc));
  context.builder.setInsertionPointToEnd(&body);
  context.moduleBuilder.setInsertionPoint(network);
}

/// A constant, or an input that is encoded.
void NetworkMaker::addSource() {
  SmallVector<Value> rates;
  for (Value input : network.getBody().getArguments()) {
    auto type = cast<SignalType>(input.getType());
    if (type.getKind() == AlphabetKind::analogue &&
        isa<FloatType>(type.getCarrier()))
      rates.push_back(input);
  }
  if (rates.empty() || random.chance(0.4))
    signals.push_back(makeConstantSource(context));
  else
    signals.push_back(makeEncoded(context, random.pick(rates), 1.0));
}

//===----------------------------------------------------------------------===//
// Populations
//===----------------------------------------------------------------------===//

PopulationOp NetworkMaker::createPopulation(const RandomModel &model) {
  Builder &builder = context.builder;
  ArrayRef<int64_t> shape = model.signal.getShape();
  SmallVector<Attribute> receptors, exposed;
  SmallVector<Type> states;
  for (const ModelVariable &receptor : model.receptors)
    receptors.push_back(makeReceptor(context, receptor, shape));
  for (const ModelVariable &state : model.states) {
    Type carrier = state.type;
    if (carrier.isInteger(32))
      carrier = IntegerType::get(context.getContext(), 32, IntegerType::Signed);
    else if (!isa<FloatType>(carrier))
      continue;
    if (!random.chance(0.3))
      continue;
    exposed.push_back(builder.getStringAttr(state.name));
    states.push_back(SignalType::getAnalogue(shape, carrier));
  }
  IntegerAttr onset;
  if (random.chance(0.25))
    onset = builder.getI64IntegerAttr(random.range(0, 4));
  std::string name = ("p" + llvm::Twine(populations.size())).str();
  return PopulationOp::create(
      context.builder, context.loc, model.signal, states, name, ValueRange(),
      builder.getArrayAttr(receptors), model.model,
      builder.getDictionaryAttr(model.params), onset,
      exposed.empty() ? ArrayAttr() : builder.getArrayAttr(exposed));
}

void NetworkMaker::addPopulation() {
  Value source = random.pick(signals);
  if (random.chance(0.6))
    source = makeDerived(context, source);
  ArrayRef<int64_t> from = cast<SignalType>(source.getType()).getShape();
  SmallVector<int64_t> shape = makeShape(context);
  ConnectivityAttrInterface connectivity;
  bool isImage = from.size() == 3 || from.size() == 2;
  if (isImage && random.chance(style.convolution)) {
    auto [convolution, target] = makeConvolution(context, from);
    if (boundShape(context, target) == target) {
      connectivity = convolution;
      shape = target;
    }
  } else if (random.chance(0.2)) {
    shape = boundShape(context, llvm::to_vector(from));
  }
  if (style.wide && populations.empty())
    shape = boundShape(context, {random.range(2, 24)});
  RandomModel model = random.chance(style.custom)
                          ? makeCustomModel(context, shape)
                          : makeBuiltinModel(context, shape);
  PopulationOp population = createPopulation(model);
  if (!connectivity)
    connectivity = makeConnectivity(context, from, shape);
  if (style.wide && populations.empty())
    connectivity = DenseAttr::get(context.getContext());
  addProjection(population, source, connectivity, 0);
  for (int64_t k = random.below(3); k > 0; --k) {
    Value other = random.pick(signals);
    ArrayRef<int64_t> shapeOfOther =
        cast<SignalType>(other.getType()).getShape();
    addProjection(population, other,
                  makeConnectivity(context, shapeOfOther, shape), 0);
  }
  populations.push_back(population);
  llvm::append_range(signals, population.getResults());
}

/// Adds a projection from `source` as the last operand of some receptor.
void NetworkMaker::addProjection(PopulationOp population, Value source,
                                 ConnectivityAttrInterface connectivity,
                                 int64_t minimumDelay) {
  SmallVector<ReceptorAttr> receptors = population.getReceptorList();
  unsigned chosen = random.below(receptors.size());
  bool isInteger = isa<IntegerType>(receptors[chosen].getType()) &&
                   receptors[chosen].getFraction() == 0;
  Value current = makeProjection(context, source, connectivity,
                                 population.getSignalType().getShape(),
                                 isInteger ? 8.0 : 1.0, minimumDelay);
  SmallVector<Value> inputs;
  SmallVector<Attribute> list;
  for (auto [index, receptor] : llvm::enumerate(receptors)) {
    llvm::append_range(inputs, population.getReceptorInputs(index));
    unsigned count = receptor.getNumOperands();
    if (index == chosen) {
      inputs.push_back(current);
      ++count;
    }
    list.push_back(ReceptorAttr::get(context.getContext(), receptor.getName(),
                                     count, receptor.getAccumulator(),
                                     receptor.getType(), receptor.getFraction(),
                                     receptor.getBias()));
  }
  population.getInputsMutable().assign(inputs);
  population.setReceptorsAttr(context.builder.getArrayAttr(list));
}

/// A delayed connection from any population to `population`. Sources are
/// spikes: analogue values would grow along the cycle.
void NetworkMaker::addFeedback(PopulationOp population) {
  Value source = random.pick(populations).getSpikes();
  auto type = cast<SignalType>(source.getType());
  if (type.getKind() == AlphabetKind::analogue)
    return;
  int64_t minimumDelay = 1;
  if (random.chance(0.25)) {
    source = DelayOp::create(context.builder, context.loc, type, source,
                             static_cast<uint64_t>(random.range(1, 3)));
    minimumDelay = 0;
  }
  ArrayRef<int64_t> target = population.getSignalType().getShape();
  addProjection(population, source,
                makeConnectivity(context, type.getShape(), target),
                minimumDelay);
}

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

void NetworkMaker::addOutputs() {
  SmallVector<Value> outputs{populations.back().getSpikes()};
  for (int64_t k = random.below(3); k > 0; --k)
    outputs.push_back(random.pick(signals));
  OutputOp::create(context.builder, context.loc, outputs);
  FunctionType type = network.getFunctionType();
  network.setFunctionType(context.builder.getFunctionType(
      type.getInputs(), TypeRange(ValueRange(outputs))));
}

/// The element type of a tensor that carries `type`.
static Type getTensorElement(SignalType type) {
  switch (type.getKind()) {
  case AlphabetKind::binary:
  case AlphabetKind::ternary:
    return IntegerType::get(type.getContext(), 8);
  default:
    return type.getElementType();
  }
}

static RankedTensorType getTensor(ArrayRef<int64_t> leading, SignalType type,
                                  Type element) {
  SmallVector<int64_t> shape = llvm::to_vector(leading);
  llvm::append_range(shape, type.getShape());
  return RankedTensorType::get(shape, element);
}

static Readout makeReadout(RandomSource &random, SignalType type) {
  if (type.getKind() == AlphabetKind::analogue)
    return random.pick(
        {Readout::current_sum, Readout::membrane_last, Readout::membrane_max});
  bool isVector = type.getShape().back() > 1 && type.getRange().first >= 0;
  if (isVector && random.chance(0.2))
    return Readout::population_vector;
  return random.pick({Readout::count, Readout::first_spike, Readout::rate});
}

void NetworkMaker::addMain() {
  constexpr int64_t dynamic = ShapedType::kDynamic;
  OpBuilder builder = OpBuilder::atBlockEnd(context.module.getBody());
  int64_t drawn = random.range(1, 16);
  int64_t steps = options.steps.value_or(drawn);
  SmallVector<Type> inputs, results;
  for (Type input : network.getFunctionType().getInputs()) {
    auto type = cast<SignalType>(input);
    SmallVector<int64_t> leading{dynamic};
    if (random.chance(0.6))
      leading.push_back(steps);
    inputs.push_back(getTensor(leading, type, getTensorElement(type)));
  }
  SmallVector<int32_t> readouts;
  for (Type output : network.getFunctionType().getResults()) {
    auto type = cast<SignalType>(output);
    Readout readout = makeReadout(random, type);
    readouts.push_back(static_cast<int32_t>(readout));
    results.push_back(getReadoutType(readout, type));
  }
  auto main = func::FuncOp::create(builder, context.loc, "main",
                                   builder.getFunctionType(inputs, results));
  builder.setInsertionPointToStart(main.addEntryBlock());
  auto reset =
      random.chance(0.8) ? SampleReset::per_sample : SampleReset::never;
  auto simulate = SimulateOp::create(
      builder, context.loc, results, "net", main.getArguments(),
      builder.getI64IntegerAttr(steps), static_cast<uint32_t>(reset), readouts);
  func::ReturnOp::create(builder, context.loc, simulate.getResults());
}

void NetworkMaker::make() {
  makeNetwork();
  while (signals.empty() || random.chance(0.45))
    addSource();
  int64_t drawn = random.range(1, 5);
  for (int64_t k = options.populations.value_or(drawn); k > 0; --k)
    addPopulation();
  for (PopulationOp population : populations)
    while (random.chance(style.feedback * 0.6))
      addFeedback(population);
  addOutputs();
  addMain();
}

OwningOpRef<ModuleOp>
spikeformer::createRandomNetwork(MLIRContext *context, uint64_t seed,
                                 const RandomNetworkOptions &options) {
  context->loadDialect<SNNDialect, func::FuncDialect>();
  RandomNetworkOptions chosen = options;
  if (chosen.kind == RandomKind::any) {
    constexpr RandomKind kinds[] = {
        RandomKind::feedforward, RandomKind::convolutional,
        RandomKind::recurrent, RandomKind::custom, RandomKind::wide};
    chosen.kind = kinds[rt::hashMix(seed) % std::size(kinds)];
  }
  Builder builder(context);
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder.getUnknownLoc());
  if (chosen.kind == RandomKind::nir) {
    RandomContext random(*module, seed);
    makeNIRNetwork(random, chosen);
    return module;
  }
  NetworkMaker(*module, seed, chosen).make();
  return module;
}
