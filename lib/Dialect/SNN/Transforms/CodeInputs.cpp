//===- CodeInputs.cpp - spikes in the place of constant currents ----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Beside the network a value becomes a share of the largest one, from 0 to 1;
// the weights behind take the largest value back. What is below 0 is coded by
// spikes of its own, whose weights have the other sign.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/SymbolTable.h"
#include "spikeformer/Dialect/SNN/Analysis/Relations.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNEncoders.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Dialect/SNN/Transforms/NeuronNumbers.h"
#include "spikeformer/Dialect/SNN/Transforms/Passes.h"
#include "spikeformer/Dialect/SNN/Transforms/Simulations.h"
#include "llvm/ADT/StringExtras.h"

namespace spikeformer {
#define GEN_PASS_DEF_SNNCODEINPUTSPASS
#include "spikeformer/Dialect/SNN/Transforms/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::snn;

namespace {

enum class Coding { rate, poisson, latency, phase };
constexpr StringRef codingNames[] = {"rate", "poisson", "latency", "phase"};

/// Bits of a phase code at most: its payloads are bytes.
constexpr int64_t maxPeriod = 8;

class InputCoder {
public:
  InputCoder(NetworkOp network, SimulateOp simulation, Coding coding,
             uint64_t seed)
      : network(network), simulation(simulation), coding(coding), seed(seed),
        steps(*simulation.getSteps()), builder(network.getContext()),
        names(network) {}

  /// Fails with a diagnostic where the coding needs another number of steps.
  LogicalResult checkSteps();
  /// Fails with a diagnostic for each use that spikes cannot have.
  LogicalResult check(EncodeOp encode);
  /// Codes what lies from `low` to `high`.
  void code(EncodeOp encode, double low, double high);

private:
  /// One sign of an input.
  struct Part {
    Value signal;
    /// What a spike, or a payload of 1, adds to the mean over the steps.
    double height;
  };

  Part makePart(EncodeOp encode, BlockArgument argument, StringRef name,
                double extent);
  EncoderAttrInterface makeEncoder();
  Value addLatch(Value spikes, StringRef name, Location location);
  void rewire(Value old, ArrayRef<Part> parts);
  Value project(ProjectOp like, const Part &part);
  Attribute scaleWeights(ProjectOp project, double factor);
  int64_t getPeriod() const;

  NetworkOp network;
  SimulateOp simulation;
  Coding coding;
  uint64_t seed;
  uint32_t stream = 0;
  int64_t steps;
  OpBuilder builder;
  UniqueNames names;
};

} // namespace

/// The constant currents of `network`, in the order of the inputs.
static SmallVector<EncodeOp> getCurrents(NetworkOp network) {
  SmallVector<EncodeOp> currents;
  for (BlockArgument argument : network.getBody().getArguments())
    for (Operation *user : argument.getUsers())
      if (auto encode = dyn_cast<EncodeOp>(user))
        if (isa<ConstantCurrentAttr>(encode.getEncoder()))
          currents.push_back(encode);
  return currents;
}

/// Whether the weights of `project` are plain numbers; a diagnostic where a
/// parameter has no data.
static FailureOr<bool> hasPlainWeights(ProjectOp project) {
  std::optional<Attribute> weights = project.getWeights();
  auto symbol = dyn_cast_or_null<FlatSymbolRefAttr>(weights.value_or(nullptr));
  if (!symbol)
    return !weights || isa<FloatAttr>(*weights);
  return failed(loadParameter(project, symbol)) ? FailureOr<bool>(failure())
                                                : true;
}

static LogicalResult checkUses(Value value) {
  bool good = true;
  for (Operation *user : value.getUsers()) {
    if (isa<ReshapeOp>(user)) {
      good &= succeeded(checkUses(user->getResult(0)));
      continue;
    }
    auto project = dyn_cast<ProjectOp>(user);
    FailureOr<bool> isPlain = project ? hasPlainWeights(project) : false;
    good &= succeeded(isPlain) && *isPlain;
    if (succeeded(isPlain) && !*isPlain)
      user->emitError("use of an input that becomes spikes: needs a projection "
                      "with a parameter or a number as weights, has '")
          << user->getName() << "'; keep the constant current";
  }
  return success(good);
}

/// What a coding needs of the steps.
LogicalResult InputCoder::checkSteps() {
  if (coding == Coding::latency && steps < 2)
    return simulation.emitError("input coding latency: needs at least 2 "
                                "steps, in which a spike can come, has ")
           << steps << "; choose another coding";
  if (coding == Coding::phase && getPeriod() == 1)
    return simulation.emitError("input coding phase: needs a number of steps "
                                "that 2 to 8 divides, for as many bits, has ")
           << steps << "; choose another number of steps or another coding";
  return success();
}

LogicalResult InputCoder::check(EncodeOp encode) {
  auto input = cast<BlockArgument>(encode.getInput());
  if (!input.hasOneUse())
    return encode.emitError("input of the network: needs 1 user to become "
                            "spikes, has ")
           << std::distance(input.use_begin(), input.use_end())
           << "; keep the constant current";
  auto presented =
      cast<ShapedType>(simulation.getInputs()[input.getArgNumber()].getType());
  auto type = cast<SignalType>(input.getType());
  if (presented.getRank() != static_cast<int64_t>(type.getShape().size()) + 1)
    return encode.emitError("input that becomes spikes: needs numbers that are "
                            "held over the steps, has new ones in each; keep "
                            "the constant current");
  return checkUses(encode.getResult());
}

int64_t InputCoder::getPeriod() const {
  int64_t period = maxPeriod;
  while (steps % period != 0)
    --period;
  return period;
}

EncoderAttrInterface InputCoder::makeEncoder() {
  MLIRContext *context = builder.getContext();
  FloatAttr gain = builder.getF64FloatAttr(1 / network.getStepLength());
  switch (coding) {
  case Coding::rate:
    return RateAttr::get(context, gain);
  case Coding::poisson:
    return PoissonAttr::get(context, Probability::rate_dt, gain, seed,
                            stream++);
  case Coding::latency:
    // Less than half a step of the code is none.
    return LatencyAttr::get(
        context, steps,
        builder.getF64FloatAttr(0.5 / std::max<int64_t>(steps - 1, 1)));
  case Coding::phase:
    return PhaseAttr::get(context, getPeriod());
  }
  llvm_unreachable("an unknown coding");
}

/// Neurons that send in every step from their first spike on, beginning a step
/// later: as many spikes as steps are left.
Value InputCoder::addLatch(Value spikes, StringRef name, Location location) {
  MLIRContext *context = builder.getContext();
  auto type = cast<SignalType>(spikes.getType());
  auto current = ProjectOp::create(
      builder, location, CurrentType::get(context, type.getShape()), spikes,
      OneToOneAttr::get(context), builder.getF64FloatAttr(1),
      builder.getI64IntegerAttr(1));
  auto receptor = ReceptorAttr::get(context, builder.getStringAttr("in"), 1,
                                    AccumulatorKind::ordered,
                                    builder.getF32Type(), 0, Attribute());
  auto model = IFAttr::get(context, builder.getF32Type(), ResetKind::none,
                           FiresKind::at_or_above, ResetTime::same_step);
  auto number = [&](StringRef param, double value) {
    return builder.getNamedAttr(param, builder.getF64FloatAttr(value));
  };
  auto params = builder.getDictionaryAttr(
      {number("r", 1 / network.getStepLength()), number("v_init", 0),
       number("v_threshold", 0.5)});
  return PopulationOp::create(builder, location, type, TypeRange(),
                              names.add(name + ".latch"),
                              ValueRange(current.getResult()),
                              builder.getArrayAttr(Attribute(receptor)), model,
                              params, IntegerAttr(), ArrayAttr())
      .getSpikes();
}

InputCoder::Part InputCoder::makePart(EncodeOp encode, BlockArgument argument,
                                      StringRef name, double extent) {
  auto from = cast<SignalType>(encode.getResult().getType());
  MLIRContext *context = builder.getContext();
  auto type =
      coding == Coding::phase
          ? SignalType::get(context, from.getShape(), AlphabetKind::graded, 0,
                            builder.getIntegerType(8, /*isSigned=*/false))
          : SignalType::get(context, from.getShape(), AlphabetKind::binary);
  builder.setInsertionPoint(encode);
  Value signal = EncodeOp::create(builder, encode.getLoc(), type, name,
                                  argument, makeEncoder());
  switch (coding) {
  case Coding::rate:
  case Coding::poisson:
    return {signal, extent};
  case Coding::latency:
    return {addLatch(signal, name, encode.getLoc()),
            extent * steps / std::max<int64_t>(steps - 1, 1)};
  case Coding::phase:
    return {signal, extent * getPeriod() / ((1 << getPeriod()) - 1)};
  }
  llvm_unreachable("an unknown coding");
}

//===----------------------------------------------------------------------===//
// Behind the input
//===----------------------------------------------------------------------===//

Attribute InputCoder::scaleWeights(ProjectOp project, double factor) {
  std::optional<Attribute> weights = project.getWeights();
  if (!weights)
    return builder.getF64FloatAttr(factor);
  if (auto number = dyn_cast<FloatAttr>(*weights))
    return builder.getF64FloatAttr(number.getValueAsDouble() * factor);
  auto symbol = cast<FlatSymbolRefAttr>(*weights);
  auto parameter = *lookUpParameter(project, symbol);
  Tensor plain = *loadParameter(project, symbol);
  Tensor scaled(plain.getShape(), ElementType::f32);
  for (auto [index, weight] : llvm::enumerate(scaled.data<float>()))
    weight = static_cast<float>(plain.getAsDouble(index) * factor);
  ParameterOp made = addParameter(parameter, parameter.getSymName(), scaled);
  return FlatSymbolRefAttr::get(made.getSymNameAttr());
}

Value InputCoder::project(ProjectOp like, const Part &part) {
  return ProjectOp::create(builder, like.getLoc(), like.getResult().getType(),
                           part.signal, like.getConnectivity(),
                           scaleWeights(like, part.height), like.getDelay());
}

/// Puts the currents `values` in the place of `operand`.
static void replaceInput(OpOperand &operand, ArrayRef<Value> values) {
  auto population = cast<PopulationOp>(operand.getOwner());
  unsigned position = operand.getOperandNumber(), end = 0;
  SmallVector<Attribute> receptors;
  bool found = false;
  for (ReceptorAttr receptor : population.getReceptorList()) {
    end += receptor.getNumOperands();
    bool isOwn = !found && position < end;
    found |= isOwn;
    receptors.push_back(ReceptorAttr::get(
        receptor.getContext(), receptor.getName(),
        receptor.getNumOperands() + (isOwn ? values.size() - 1 : 0),
        receptor.getAccumulator(), receptor.getType(), receptor.getFraction(),
        receptor.getBias()));
  }
  operand.set(values.front());
  population->insertOperands(position + 1, values.drop_front());
  population.setReceptorsAttr(
      ArrayAttr::get(population.getContext(), receptors));
}

void InputCoder::rewire(Value old, ArrayRef<Part> parts) {
  for (Operation *user : llvm::make_early_inc_range(old.getUsers())) {
    builder.setInsertionPoint(user);
    if (auto reshape = dyn_cast<ReshapeOp>(user)) {
      SmallVector<Part> reshaped;
      for (const Part &part : parts) {
        auto type = cast<SignalType>(part.signal.getType());
        auto to =
            SignalType::get(builder.getContext(),
                            cast<SignalType>(reshape.getType()).getShape(),
                            type.getKind(), type.getLimit(), type.getCarrier());
        reshaped.push_back(
            {ReshapeOp::create(builder, reshape.getLoc(), to, part.signal),
             part.height});
      }
      rewire(reshape.getResult(), reshaped);
      reshape.erase();
      continue;
    }
    auto like = cast<ProjectOp>(user);
    SmallVector<Value> currents = llvm::map_to_vector(
        parts, [&](const Part &part) { return project(like, part); });
    while (!like.getResult().use_empty())
      replaceInput(*like.getResult().use_begin(), currents);
    std::optional<Attribute> weights = like.getWeights();
    like.erase();
    auto symbol =
        dyn_cast_or_null<FlatSymbolRefAttr>(weights.value_or(Attribute()));
    Operation *module = network->getParentOp();
    if (symbol && SymbolTable::symbolKnownUseEmpty(symbol.getAttr(), module))
      SymbolTable::lookupSymbolIn(module, symbol)->erase();
  }
}

/// `value` divided by `extent`, what is left of 0 to 1.
static Value makeShare(OpBuilder &builder, Location location, Value value,
                       double extent) {
  Value share = scaleTensor(builder, location, value, 1 / extent, 0);
  return tosa::ClampOp::create(builder, location, share.getType(), share,
                               builder.getF32FloatAttr(0),
                               builder.getF32FloatAttr(1));
}

void InputCoder::code(EncodeOp encode, double low, double high) {
  auto argument = cast<BlockArgument>(encode.getInput());
  unsigned position = argument.getArgNumber();
  Value value = simulation.getInputs()[position];
  Location location = simulation.getLoc();
  SmallVector<Part> parts;
  builder.setInsertionPoint(simulation);
  simulation.getInputsMutable()
      .slice(position, 1)
      .assign(makeShare(builder, location, value, high));
  parts.push_back(makePart(encode, argument, encode.getName(), high));
  if (low < 0) {
    builder.setInsertionPoint(simulation);
    simulation->insertOperands(position + 1,
                               makeShare(builder, location, value, low));
    BlockArgument below = network.getBody().insertArgument(
        position + 1, argument.getType(), argument.getLoc());
    Part part = makePart(encode, below,
                         names.add(encode.getName() + ".negative"), -low);
    parts.push_back({part.signal, -part.height});
  }
  rewire(encode.getResult(), parts);
  encode.erase();
  network.setFunctionType(
      builder.getFunctionType(network.getBody().getArgumentTypes(),
                              network.getFunctionType().getResults()));
}

namespace {

struct CodeInputs : spikeformer::impl::SNNCodeInputsPassBase<CodeInputs> {
  using SNNCodeInputsPassBase::SNNCodeInputsPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    const auto *found = llvm::find(codingNames, StringRef(coding));
    if (found == std::end(codingNames)) {
      module.emitError("snn-code-inputs: there is no coding '")
          << coding << "'; there are "
          << llvm::join(ArrayRef(codingNames), ", ");
      return signalPassFailure();
    }
    kind = static_cast<Coding>(found - std::begin(codingNames));
    bool good = true;
    for (NetworkOp network : module.getOps<NetworkOp>())
      good &= succeeded(run(network));
    if (!good)
      return signalPassFailure();
  }

private:
  LogicalResult checkRanges(NetworkOp network,
                            ArrayRef<EncodeOp> currents) const {
    if (low.size() != currents.size() || high.size() != currents.size())
      return network.emitError(
                 "ranges of the inputs that become spikes: needs ")
             << currents.size() << ", has " << low.size()
             << " numbers for low= and " << high.size()
             << " for high=; give one of each for every input";
    bool good = true;
    for (auto [index, from, to] : llvm::enumerate(low, high)) {
      if (to > 0 && std::isfinite(to) && std::isfinite(from))
        continue;
      EncodeOp encode = currents[index];
      encode.emitError("range of input \"")
          << encode.getName()
          << "\", which becomes spikes: needs a finite one that reaches above "
             "0, has "
          << from << " to " << to;
      good = false;
    }
    return success(good);
  }

  LogicalResult run(NetworkOp network) {
    SmallVector<EncodeOp> currents = getCurrents(network);
    if (currents.empty())
      return success();
    FailureOr<SimulateOp> simulation = getOnlySimulation(network);
    if (failed(simulation))
      return failure();
    InputCoder coder(network, *simulation, kind, seed);
    bool good = succeeded(coder.checkSteps());
    good &= succeeded(checkRanges(network, currents));
    for (EncodeOp encode : currents)
      good &= succeeded(coder.check(encode));
    if (!good)
      return failure();
    for (auto [encode, from, to] : llvm::zip_equal(currents, low, high))
      coder.code(encode, from, to);
    Builder builder(network.getContext());
    appendRelation(
        getOperation(), "convert", RelationKind::approximates,
        builder.getNamedAttr("metric", builder.getStringAttr("input coding")));
    return success();
  }

  Coding kind = Coding::rate;
};

} // namespace
