//===- RandomSignals.cpp - signals of random networks ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Alphabets and shapes, and the operations that turn signals into signals.
//
//===----------------------------------------------------------------------===//

#include "RandomParts.h"
#include "spikeformer/Dialect/SNN/IR/SNNEncoders.h"

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

SmallVector<int64_t> reference::boundShape(const RandomContext &context,
                                           SmallVector<int64_t> shape) {
  while (ShapedType::getNumElements(shape) >
         context.maxElements.value_or(ShapedType::getNumElements(shape))) {
    int64_t &largest = *llvm::max_element(shape);
    largest = (largest + 1) / 2;
  }
  return shape;
}

/// A shape of a random rank.
static SmallVector<int64_t> drawShape(RandomSource &random) {
  SmallVector<int64_t> shape;
  switch (random.below(6)) {
  case 0:
  case 1: // An image.
    for (int64_t most : {3, 8, 8})
      shape.push_back(random.range(most == 3 ? 1 : 3, most));
    return shape;
  case 2:
    for (unsigned axis = 0; axis < 2; ++axis)
      shape.push_back(random.range(1, 7));
    return shape;
  case 3:
    return {random.range(30, 200)};
  default:
    return {random.range(1, 24)};
  }
}

SmallVector<int64_t> reference::makeShape(RandomContext &context) {
  return boundShape(context, drawShape(context.random));
}

SignalType reference::makeInputType(RandomContext &context,
                                    ArrayRef<int64_t> shape) {
  RandomSource &random = context.random;
  MLIRContext *mlir = context.getContext();
  auto integer = [&](IntegerType::SignednessSemantics sign) -> Type {
    unsigned width = random.pick({4u, 8u, 16u, 32u});
    return IntegerType::get(mlir, width, sign);
  };
  switch (random.below(9)) {
  case 0:
  case 1:
    return SignalType::get(mlir, shape, AlphabetKind::binary);
  case 2:
    return SignalType::get(mlir, shape, AlphabetKind::ternary);
  case 3:
    return SignalType::get(mlir, shape, AlphabetKind::count, random.range(1, 9),
                           Type());
  case 4:
    return SignalType::get(mlir, shape, AlphabetKind::graded, 0,
                           integer(IntegerType::Unsigned));
  case 5:
    return SignalType::get(mlir, shape, AlphabetKind::graded, 0,
                           integer(IntegerType::Signed));
  case 6:
    return SignalType::getAnalogue(shape, integer(IntegerType::Signed));
  case 7:
    return SignalType::getAnalogue(shape, context.builder.getF64Type());
  default:
    return SignalType::getAnalogue(shape, context.builder.getF32Type());
  }
}

static SignalType withShape(SignalType type, ArrayRef<int64_t> shape) {
  return SignalType::get(type.getContext(), shape, type.getKind(),
                         type.getLimit(), type.getCarrier());
}

//===----------------------------------------------------------------------===//
// Encoders
//===----------------------------------------------------------------------===//

static StringAttr makeEncoderName(RandomContext &context) {
  return context.makeSymbol("encoder").getAttr();
}

/// A gain that makes at most a spike per step of `largest`.
static FloatAttr makeGain(RandomContext &context, double largest) {
  return context.getNumber(context.makeNumber(0.25, 0.95) /
                           (largest * context.seconds.value_or(1.0)));
}

static PoissonAttr makePoisson(RandomContext &context, double largest) {
  bool isRate = context.random.chance(0.5);
  return PoissonAttr::get(
      context.getContext(),
      isRate ? Probability::rate_dt : Probability::one_minus_exp,
      makeGain(context, largest), context.random.below(1000), 3);
}

/// An encoder of values from 0 to 1 in binary spikes.
static EncoderAttrInterface makeTrainEncoder(RandomContext &context) {
  RandomSource &random = context.random;
  MLIRContext *mlir = context.getContext();
  auto window = static_cast<uint32_t>(random.range(1, 12));
  double threshold = context.makeNumber(0.05, 0.3);
  switch (random.below(3)) {
  case 0:
    if (random.chance(0.3))
      threshold = 0.0;
    return LatencyAttr::get(mlir, window, context.getNumber(threshold));
  case 1: {
    double tau = context.makeNumber(0.5, 6.0) * context.seconds.value_or(1.0);
    return LatencyRCAttr::get(mlir, window, context.getNumber(threshold),
                              context.getNumber(tau));
  }
  default: {
    uint32_t spikes = random.range(1, 6), shortest = random.range(1, 3);
    return BurstAttr::get(mlir, spikes, shortest, shortest + random.below(4));
  }
  }
}

static Value makeEncode(RandomContext &context, Value signal,
                        EncoderAttrInterface encoder, SignalType type) {
  return EncodeOp::create(context.builder, context.loc, type,
                          makeEncoderName(context), signal, encoder);
}

/// Values as tuning curves, often with spikes made of them.
static Value makePopulationCode(RandomContext &context, Value signal) {
  RandomSource &random = context.random;
  auto type = cast<SignalType>(signal.getType());
  uint32_t neurons = random.range(2, 5);
  FloatAttr low = context.getNumber(context.makeNumber(-0.5, 0.25));
  FloatAttr high = context.getNumber(context.makeNumber(0.5, 1.5));
  FloatAttr width = context.getNumber(context.makeNumber(0.125, 0.75));
  auto encoder =
      PopulationCodeAttr::get(context.getContext(), neurons, low, high, width);
  SmallVector<int64_t> shape = encoder.getResultShape(type.getShape());
  Type carrier = random.pick(
      {Type(context.builder.getF32Type()), Type(context.builder.getF64Type())});
  Value code = makeEncode(context, signal, encoder,
                          SignalType::getAnalogue(shape, carrier));
  return random.chance(0.6) ? makeEncoded(context, code, 1.0) : code;
}

Value reference::makeEncoded(RandomContext &context, Value signal,
                             double largest) {
  RandomSource &random = context.random;
  MLIRContext *mlir = context.getContext();
  ArrayRef<int64_t> shape = cast<SignalType>(signal.getType()).getShape();
  auto binary = SignalType::get(mlir, shape, AlphabetKind::binary);
  switch (random.below(8)) {
  case 0:
    return makeEncode(context, signal,
                      RateAttr::get(mlir, makeGain(context, largest)), binary);
  case 1:
  case 2:
    return makeEncode(context, signal, makeTrainEncoder(context), binary);
  case 3: {
    bool off = random.chance(0.6), fromZero = random.chance(0.5);
    auto threshold = context.getNumber(context.makeNumber(0.1, 0.6));
    auto kind = off ? AlphabetKind::ternary : AlphabetKind::binary;
    return makeEncode(context, signal,
                      DeltaAttr::get(mlir, threshold, off, fromZero),
                      SignalType::get(mlir, shape, kind));
  }
  case 4: {
    auto period = static_cast<uint32_t>(random.range(1, 10));
    auto carrier =
        IntegerType::get(mlir, period + random.below(8), IntegerType::Unsigned);
    return makeEncode(
        context, signal, PhaseAttr::get(mlir, period),
        SignalType::get(mlir, shape, AlphabetKind::graded, 0, carrier));
  }
  case 5:
    if (shape.size() < 4)
      return makePopulationCode(context, signal);
    [[fallthrough]];
  default:
    return makeEncode(context, signal, makePoisson(context, largest), binary);
  }
}

Value reference::makeConstantSource(RandomContext &context) {
  SmallVector<int64_t> shape = makeShape(context);
  Type carrier = context.random.pick(
      {Type(context.builder.getF32Type()), Type(context.builder.getF64Type()),
       Type(IntegerType::get(context.getContext(), 8, IntegerType::Signed))});
  bool isFloat = isa<FloatType>(carrier);
  double high = isFloat ? 1.0 : 20.0;
  bool encode = isFloat && context.random.chance(0.7);
  Attribute number = context.makeParam(shape, encode ? 0.0 : -high, high);
  Value constant =
      ConstantOp::create(context.builder, context.loc,
                         SignalType::getAnalogue(shape, carrier), number);
  return encode ? makeEncoded(context, constant, high) : constant;
}

static Value makeConstantCurrent(RandomContext &context, Value signal) {
  return EncodeOp::create(context.builder, context.loc, signal.getType(),
                          makeEncoderName(context), signal,
                          ConstantCurrentAttr::get(context.getContext()));
}

//===----------------------------------------------------------------------===//
// Signals to signals
//===----------------------------------------------------------------------===//

/// Whether sums of `type` are in an alphabet.
static bool canSum(SignalType type) {
  if (type.getKind() == AlphabetKind::analogue)
    return !isa<IntegerType>(type.getCarrier()) ||
           type.getCarrier().getIntOrFloatBitWidth() == 32;
  return type.getKind() == AlphabetKind::binary ||
         (type.getKind() == AlphabetKind::count && type.getLimit() < 1000);
}

static Value makePool(RandomContext &context, Value signal) {
  auto type = cast<SignalType>(signal.getType());
  SmallVector<int64_t> shape{type.getShape()[0]}, kernel, stride;
  for (int64_t extent : type.getShape().drop_front()) {
    kernel.push_back(context.random.range(1, std::min<int64_t>(extent, 3)));
    stride.push_back(context.random.range(1, 3));
    shape.push_back((extent - kernel.back()) / stride.back() + 1);
  }
  bool isSum = canSum(type) && context.random.chance(0.6);
  SignalType result = withShape(type, shape);
  if (isSum && type.getKind() != AlphabetKind::analogue) {
    unsigned most = type.getKind() == AlphabetKind::count ? type.getLimit() : 1;
    result = SignalType::get(context.getContext(), shape, AlphabetKind::count,
                             most * kernel[0] * kernel[1], Type());
  }
  return PoolOp::create(
      context.builder, context.loc, result,
      static_cast<uint32_t>(isSum ? Reduction::sum : Reduction::max), signal,
      kernel, stride);
}

/// Flat, or with an axis of 1 in front.
static Value makeReshape(RandomContext &context, Value signal) {
  auto type = cast<SignalType>(signal.getType());
  SmallVector<int64_t> shape{type.getNumElements()};
  if (type.getShape().size() == 1)
    shape = {1, shape[0]};
  return ReshapeOp::create(context.builder, context.loc, withShape(type, shape),
                           signal);
}

static Value makeSlice(RandomContext &context, Value signal) {
  auto type = cast<SignalType>(signal.getType());
  SmallVector<int64_t> shape = llvm::to_vector(type.getShape());
  int64_t rows = context.random.range(1, shape[0]);
  int64_t begin = context.random.below(shape[0] - rows + 1);
  shape[0] = rows;
  return SliceOp::create(context.builder, context.loc, withShape(type, shape),
                         signal, static_cast<uint64_t>(begin));
}

static Value makeDelay(RandomContext &context, Value signal) {
  return DelayOp::create(context.builder, context.loc, signal.getType(), signal,
                         static_cast<uint64_t>(context.random.range(1, 4)));
}

static Value makeConcat(RandomContext &context, Value signal) {
  auto type = cast<SignalType>(signal.getType());
  Value other = makeDelay(context, makeSlice(context, signal));
  SmallVector<int64_t> shape = llvm::to_vector(type.getShape());
  shape[0] += cast<SignalType>(other.getType()).getShape()[0];
  SmallVector<Value> sources{signal, other};
  if (context.random.chance(0.5))
    std::swap(sources[0], sources[1]);
  return ConcatOp::create(context.builder, context.loc, withShape(type, shape),
                          sources);
}

Value reference::makeDerived(RandomContext &context, Value signal) {
  auto type = cast<SignalType>(signal.getType());
  bool isAnalogue = type.getKind() == AlphabetKind::analogue;
  switch (context.random.below(8)) {
  case 0:
  case 1:
    return type.getShape().size() == 3 ? makePool(context, signal) : signal;
  case 2:
    return makeReshape(context, signal);
  case 3:
    return makeSlice(context, signal);
  case 4:
    return makeConcat(context, signal);
  case 5:
    return makeDelay(context, signal);
  case 6:
    return isAnalogue ? makeConstantCurrent(context, signal) : signal;
  default:
    return signal;
  }
}
