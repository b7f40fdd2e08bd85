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

Value reference::makePoisson(RandomContext &context, Value signal,
                             double largest) {
  auto type = cast<SignalType>(signal.getType());
  bool isRate = context.random.chance(0.5);
  double gain = context.makeNumber(0.25, 0.95) /
                (largest * context.seconds.value_or(1.0));
  auto encoder = PoissonAttr::get(
      context.getContext(),
      isRate ? Probability::rate_dt : Probability::one_minus_exp,
      context.getNumber(gain), context.random.below(1000), 3);
  auto spikes = SignalType::get(context.getContext(), type.getShape(),
                                AlphabetKind::binary);
  return EncodeOp::create(context.builder, context.loc, spikes,
                          makeEncoderName(context), signal, encoder);
}

Value reference::makeConstantSource(RandomContext &context) {
  SmallVector<int64_t> shape = makeShape(context);
  Type carrier = context.random.pick(
      {Type(context.builder.getF32Type()), Type(context.builder.getF64Type()),
       Type(IntegerType::get(context.getContext(), 8, IntegerType::Signed))});
  bool isFloat = isa<FloatType>(carrier);
  double high = isFloat ? 1.0 : 20.0;
  bool encode = isFloat && context.random.chance(0.5);
  Attribute number = context.makeParam(shape, encode ? 0.0 : -high, high);
  Value constant =
      ConstantOp::create(context.builder, context.loc,
                         SignalType::getAnalogue(shape, carrier), number);
  return encode ? makePoisson(context, constant, high) : constant;
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
