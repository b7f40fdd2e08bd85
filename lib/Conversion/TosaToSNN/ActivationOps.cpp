//===- ActivationOps.cpp - activations ------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An activation becomes neurons whose threshold is what the activation states,
// of which a spike is one, or a part of it: a level, or what changes are sent
// from.
//
//===----------------------------------------------------------------------===//

#include "Activation.h"
#include "Translator.h"
#include "spikeformer/Conversion/TosaToSNN/Activations.h"
#include "spikeformer/Support/TensorAttr.h"
#include <cmath>
#include <limits>

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

std::optional<Activation> tosatosnn::matchActivation(Operation *op) {
  double infinity = std::numeric_limits<double>::infinity();
  if (auto clamp = dyn_cast<tosa::ClampOp>(op)) {
    auto low = dyn_cast<FloatAttr>(clamp.getMinVal());
    auto high = dyn_cast<FloatAttr>(clamp.getMaxVal());
    if (!low || !high || !low.getValue().isZero() ||
        high.getValueAsDouble() <= 0)
      return std::nullopt;
    double upper = high.getValueAsDouble();
    bool bounded = upper < std::numeric_limits<float>::max();
    return Activation{clamp.getInput(), bounded ? upper : infinity};
  }
  auto maximum = dyn_cast<tosa::MaximumOp>(op);
  if (!maximum)
    return std::nullopt;
  for (unsigned index : {0, 1})
    if (matchPattern(op->getOperand(index), m_AnyZeroFloat()) &&
        op->getOperand(1 - index).getType() == op->getResult(0).getType())
      return Activation{op->getOperand(1 - index), infinity};
  return std::nullopt;
}

/// What the threshold attribute of `op` says for the elements of `current`, at
/// most `upper`; none after a refusal.
static std::optional<SignalNumbers> getThreshold(Translator &translator,
                                                 Operation *op,
                                                 const Current &current,
                                                 double upper) {
  // A network that was trained with levels has learned its bound.
  if (current.levelHeight)
    return roundToFloat(SignalNumbers(upper));
  Attribute attribute = op->getAttr(thresholdAttrName);
  std::optional<SignalNumbers> threshold;
  if (auto number = dyn_cast_or_null<FloatAttr>(attribute))
    threshold.emplace(number.getValueAsDouble());
  auto elements = dyn_cast_or_null<ElementsAttr>(attribute);
  if (elements && isa<FloatType>(elements.getElementType()) &&
      elements.getShapedType().getRank() == current.view.getRank()) {
    auto tensor = getTensor(elements, [&] { return op->emitOpError(); });
    if (succeeded(tensor))
      threshold = SignalNumbers::fromConstant(*tensor, current.view,
                                              current.shape.front());
  }
  if (!threshold) {
    translator.refuse(op, "threshold",
                      "the threshold of its neurons as 'snn.threshold'", "none",
                      "calibrate the network on samples first");
    return std::nullopt;
  }
  // Above its upper bound an activation does not grow: the neuron must
  // saturate.
  threshold = roundToFloat(SignalNumbers::combine(
      *threshold, SignalNumbers(upper),
      [](double number, double bound) { return std::min(number, bound); }));
  for (double number : threshold->get())
    if (!(number > 0) || !std::isfinite(number)) {
      translator.refuse(op, "threshold", "a positive finite threshold",
                        Twine(std::to_string(number)),
                        "calibrate with samples on which it is active");
      return std::nullopt;
    }
  return threshold;
}

static void refuseKind(Translator &translator, Operation *op) {
  std::string have = "'" + op->getName().getStringRef().str() + "'";
  StringRef next = "retrain with ReLU, or with ReLU6: spikes add up to no "
                   "negative value";
  if (auto clamp = dyn_cast<tosa::ClampOp>(op)) {
    llvm::raw_string_ostream os(have);
    os << " from " << clamp.getMinVal() << " to " << clamp.getMaxVal();
  } else {
    have += " of something else than 0";
    next = "run tosa-split-leaky-relu before if it is a LeakyReLU, or retrain "
           "with ReLU";
  }
  translator.refuse(op, "activation",
                    "max(x, 0), or clamp from 0, as the activation", have,
                    next);
}

namespace {
/// What an activation becomes for neurons that send levels.
struct Levels {
  SignalNumbers height, count;
};
} // namespace

/// The levels up to `threshold`; those of training where there are some. None
/// after a refusal.
static std::optional<Levels> getLevels(Translator &translator, Operation *op,
                                       const Current &current,
                                       const SignalNumbers &threshold) {
  SignalNumbers count(static_cast<double>(translator.getLevels()));
  if (!current.levelHeight)
    return Levels{roundToFloat(SignalNumbers::combine(threshold, count,
                                                      std::divides<double>())),
                  count};
  // Factors are float32, so a bound is off by some of its last digits.
  constexpr double tolerance = 1e-5;
  SmallVector<double> counts;
  SignalNumbers ratios = SignalNumbers::combine(threshold, *current.levelHeight,
                                                std::divides<double>());
  for (double ratio : ratios.get()) {
    counts.push_back(std::round(ratio));
    if (counts.back() >= 1 && counts.back() <= maxLevels &&
        std::abs(ratio - counts.back()) <= tolerance * ratio)
      continue;
    translator.refuse(op, "neuron",
                      "a bound of 1 to " + Twine(maxLevels) + " whole levels",
                      Twine(std::to_string(ratio)) + " levels",
                      "choose neurons that spike, or train with a bound that "
                      "is a level");
    return std::nullopt;
  }
  return Levels{roundToFloat(*current.levelHeight),
                SignalNumbers(std::move(counts))};
}

/// Adds the neurons of `op` and gives what they stand for.
static void addLevels(Translator &translator, Operation *op, StringRef name,
                      const Current &current, const Levels &levels) {
  Value sent = translator.getNetwork().addGraded(current, name, levels.height,
                                                 levels.count, op->getLoc());
  translator.set(op->getResult(0),
                 Signal{sent, Value(), levels.height, current.view});
  translator.record(name, op, levels.height, current.view);
}

void tosatosnn::translateActivation(Translator &translator, Operation *op) {
  auto isOutside = [&](Value operand) {
    return translator.isTensor(operand) || translator.getIf<Tail>(operand);
  };
  if (llvm::any_of(op->getOperands(), isOutside))
    return translator.translateOther(op);
  std::optional<Activation> activation = matchActivation(op);
  if (!activation)
    return refuseKind(translator, op);
  std::optional<Current> current = translator.getCurrent(op, activation->input);
  if (!current)
    return;
  NetworkBuilder &network = translator.getNetwork();
  if (current->levelHeight && network.sendsChanges())
    return translator.refuse(op, "neuron", "an activation without levels",
                             "one that is rounded to levels",
                             "choose neurons that spike or send levels");
  std::optional<SignalNumbers> threshold =
      getThreshold(translator, op, *current, activation->upper);
  if (!threshold)
    return;
  StringRef node = getNodeName(op);
  std::string name = network.makeName(node.empty() ? "relu" : node);
  if (network.getNeuron() == NeuronKind::Graded) {
    if (auto levels = getLevels(translator, op, *current, *threshold))
      addLevels(translator, op, name, *current, *levels);
    return;
  }
  // A spike stands for the threshold, a change for itself.
  SignalNumbers height = *threshold;
  if (network.sendsChanges()) {
    threshold = SignalNumbers::combine(
        *threshold, SignalNumbers(translator.getSmallestChange()),
        std::multiplies<double>());
    height = SignalNumbers(1);
  }
  Value spikes = network.addActivation(*current, name, *threshold,
                                       activation->upper, op->getLoc());
  translator.set(op->getResult(0),
                 Signal{spikes, Value(), height, current->view});
  translator.record(name, op, *threshold, current->view);
}

/// Whether `value` goes through constant factors to a bounded activation and
/// nowhere else.
static bool isQuantized(Value value) {
  while (value.hasOneUse()) {
    Operation *user = *value.user_begin();
    if (std::optional<Activation> activation = matchActivation(user))
      return std::isfinite(activation->upper);
    bool scales = isa<tosa::MulOp>(user) &&
                  llvm::any_of(user->getOperands(), [&](Value operand) {
                    return operand != value && Translator::isConstant(operand);
                  });
    if (!scales && !isa<tosa::ReshapeOp, tosa::TransposeOp>(user))
      return false;
    value = user->getResult(0);
  }
  return false;
}

void spikeformer::dropTrainedLevels(func::FuncOp function) {
  for (auto floor :
       llvm::make_early_inc_range(function.getOps<tosa::FloorOp>())) {
    auto type = cast<RankedTensorType>(floor.getType());
    if (!isQuantized(floor) || !type.getElementType().isF32())
      continue;
    OpBuilder builder(floor);
    auto halfType = RankedTensorType::get(
        SmallVector<int64_t>(type.getRank(), 1), type.getElementType());
    Value half = tosa::ConstOp::create(builder, floor.getLoc(), halfType,
                                       DenseElementsAttr::get(halfType, 0.5f));
    Value value = tosa::SubOp::create(builder, floor.getLoc(), type,
                                      floor.getInput1(), half);
    floor.replaceAllUsesWith(value);
    floor.erase();
  }
}

/// Rounding down to levels before an activation is what neurons do by counting:
/// on average it takes away half a level, which the start at half the threshold
/// brings back.
void tosatosnn::translateFloor(Translator &translator, tosa::FloorOp op) {
  const auto *current = translator.getIf<Current>(op.getInput1());
  if (!current || !isQuantized(op))
    return translator.translateOther(op);
  Current rounded = *current;
  rounded.bias = SignalNumbers::combine(rounded.bias, SignalNumbers(0.5),
                                        std::minus<double>());
  rounded.levelHeight = SignalNumbers(1);
  translator.set(op, std::move(rounded));
}
