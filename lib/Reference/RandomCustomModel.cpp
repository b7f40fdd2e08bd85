//===- RandomCustomModel.cpp - random models of the module ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A body of random elementwise operations. No operation can give a NaN, whose
// bits nothing defines: magnitudes are bounded, denominators and radicands are
// kept positive.
//
//===----------------------------------------------------------------------===//

#include "RandomParts.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;
namespace arith = mlir::arith;
namespace math = mlir::math;

/// States and inputs of floats are kept below this.
static constexpr double kStateBound = 1024.0;
/// Largest magnitude of anything computed, far from the end of f32.
static constexpr double kBound = 1e25;

/// Largest operand of exp.
static constexpr int64_t kExpBound = 16;
/// No logarithm of 2^-20 to kBound is larger.
static constexpr double kLogBound = 64.0;

namespace {
/// A value of the body and a bound on its magnitude.
struct Term {
  Value value;
  double bound = 0;
};

/// Builds one body.
class BodyMaker {
public:
  BodyMaker(RandomContext &context, ModelOp model)
      : random(context.random), context(context), loc(context.loc),
        builder(OpBuilder::atBlockEnd(&model.getBody().front())) {}

  void addArgument(Value value, bool isInput);
  void addOperations(int64_t count);
  /// A term of `type`; one is made if there is none.
  Value take(Type type);
  /// `take`, kept between -bound and bound.
  Value takeState(Type type);
  Value clamp(Value value, int64_t low, int64_t high);

  OpBuilder &getBuilder() { return builder; }

private:
  void addFloat();
  void addFloatUnary(Term a);
  void addInteger();
  void addComparison();
  void addSelect();
  void addConversion();
  Value makeFloatConversion(Value value, Type type);
  Value makeIntegerConversion(Value value, Type type);

  Value constant(Type type, double number);
  void add(Value value, double bound = 0) { terms.push_back({value, bound}); }
  Term pick(function_ref<bool(Type)> accept);
  Term pickOf(Type type) {
    return pick([&](Type other) { return other == type; });
  }
  template <typename Op, typename... Args>
  Value make(Args... args) {
    return Op::create(builder, loc, args...).getResult();
  }

  RandomSource &random;
  RandomContext &context;
  Location loc;
  OpBuilder builder;
  SmallVector<Term> terms;
};
} // namespace

static bool isAnyFloat(Type type) { return isa<FloatType>(type); }
/// An integer that is not a flag.
static bool isNumber(Type type) {
  return isa<IntegerType>(type) && !type.isInteger(1);
}

Value BodyMaker::constant(Type type, double number) {
  if (isAnyFloat(type))
    return make<arith::ConstantOp>(
        cast<TypedAttr>(builder.getFloatAttr(type, number)));
  return make<arith::ConstantOp>(cast<TypedAttr>(
      builder.getIntegerAttr(type, static_cast<int64_t>(number))));
}

/// One of the latest terms whose type is accepted; none if there is none.
Term BodyMaker::pick(function_ref<bool(Type)> accept) {
  SmallVector<Term> fits;
  for (const Term &term : llvm::reverse(terms))
    if (accept(term.value.getType()) && fits.size() < 6)
      fits.push_back(term);
  return fits.empty() ? Term() : random.pick(fits);
}

Value BodyMaker::clamp(Value value, int64_t low, int64_t high) {
  Type type = value.getType();
  Value least = constant(type, low), most = constant(type, high);
  if (isAnyFloat(type))
    return make<arith::MinimumFOp>(make<arith::MaximumFOp>(value, least), most);
  return make<arith::MinSIOp>(make<arith::MaxSIOp>(value, least), most);
}

void BodyMaker::addArgument(Value value, bool isInput) {
  if (isInput && isAnyFloat(value.getType()))
    value = clamp(value, -kStateBound, kStateBound);
  add(value, kStateBound);
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

void BodyMaker::addFloatUnary(Term a) {
  Value v = a.value;
  switch (random.below(9)) {
  case 0:
    return add(make<arith::NegFOp>(v), a.bound);
  case 1:
    return add(make<math::AbsFOp>(v), a.bound);
  case 2:
    return add(make<math::SqrtOp>(make<math::AbsFOp>(v)), a.bound + 1);
  case 3:
    return add(make<math::FloorOp>(v), a.bound + 1);
  case 4:
    return add(make<math::CeilOp>(v), a.bound + 1);
  case 5:
    return add(make<math::TruncOp>(v), a.bound);
  case 6:
    return add(make<math::ExpOp>(clamp(v, -kExpBound, kExpBound)),
               std::exp(kExpBound));
  case 7:
    return add(make<math::LogOp>(make<arith::MaximumFOp>(
                   make<math::AbsFOp>(v), constant(v.getType(), 0x1p-20))),
               kLogBound);
  default:
    return add(make<math::RoundEvenOp>(v), a.bound + 1);
  }
}

void BodyMaker::addFloat() {
  Term a = pick(isAnyFloat);
  if (!a.value)
    return;
  Type type = a.value.getType();
  Term b = pickOf(type);
  if (random.chance(0.3))
    b = {constant(type, context.makeNumber(-2.0, 2.0)), 2.0};
  Value x = a.value, y = b.value;
  double sum = a.bound + b.bound, larger = std::max(a.bound, b.bound);
  switch (random.below(10)) {
  case 0:
  case 1:
    return add(make<arith::AddFOp>(x, y), sum);
  case 2:
    return add(make<arith::SubFOp>(x, y), sum);
  case 3:
  case 4:
    return add(make<arith::MulFOp>(x, y), a.bound * b.bound);
  case 5: {
    Value positive =
        make<arith::MaximumFOp>(make<math::AbsFOp>(y), constant(type, 0.25));
    return add(make<arith::DivFOp>(x, positive), a.bound * 4);
  }
  case 6:
    return add(make<arith::MinimumFOp>(x, y), larger);
  case 7:
    return add(make<arith::MaximumFOp>(x, y), larger);
  case 8:
    return add(make<math::CopySignOp>(x, y), a.bound);
  default:
    return addFloatUnary(a);
  }
}

void BodyMaker::addInteger() {
  Term a = pick([](Type type) { return isa<IntegerType>(type); });
  if (!a.value)
    return;
  Type type = a.value.getType();
  Value x = a.value, y = pickOf(type).value;
  if (random.chance(0.3))
    y = constant(type, type.isInteger(1) ? 1 : random.range(-100, 100));
  Value amount = constant(type, random.below(type.getIntOrFloatBitWidth()));
  switch (random.below(type.isInteger(1) ? 3 : 12)) {
  case 0:
    return add(make<arith::AndIOp>(x, y));
  case 1:
    return add(make<arith::OrIOp>(x, y));
  case 2:
    return add(make<arith::XOrIOp>(x, y));
  case 3:
    return add(make<arith::SubIOp>(x, y));
  case 4:
    return add(make<arith::MulIOp>(x, y));
  case 5:
    return add(make<arith::MinSIOp>(x, y));
  case 6:
    return add(make<arith::MaxSIOp>(x, y));
  case 7:
    return add(make<arith::ShLIOp>(x, amount));
  case 8:
    return add(make<arith::ShRSIOp>(x, amount));
  case 9:
    return add(make<arith::ShRUIOp>(x, amount));
  case 10:
    return add(make<math::AbsIOp>(x));
  default:
    return add(make<arith::AddIOp>(x, y));
  }
}

void BodyMaker::addComparison() {
  Term a = random.chance(0.5) ? pick(isAnyFloat) : pick(isNumber);
  if (!a.value)
    return;
  Type type = a.value.getType();
  Value y = pickOf(type).value;
  if (random.chance(0.5))
    y = constant(type, isAnyFloat(type) ? context.makeNumber(-2.0, 2.0)
                                        : random.range(-20, 20));
  if (isAnyFloat(type))
    add(make<arith::CmpFOp>(static_cast<arith::CmpFPredicate>(random.below(16)),
                            a.value, y));
  else
    add(make<arith::CmpIOp>(static_cast<arith::CmpIPredicate>(random.below(10)),
                            a.value, y));
}

void BodyMaker::addSelect() {
  Term condition = pick([](Type type) { return type.isInteger(1); });
  Term a = pick([](Type type) { return !type.isInteger(1); });
  if (!condition.value || !a.value)
    return;
  Term b = pickOf(a.value.getType());
  add(make<arith::SelectOp>(condition.value, a.value, b.value),
      std::max(a.bound, b.bound));
}

Value BodyMaker::makeFloatConversion(Value value, Type type) {
  if (isa<IntegerType>(value.getType()))
    return random.chance(0.5) ? make<arith::SIToFPOp>(type, value)
                              : make<arith::UIToFPOp>(type, value);
  if (value.getType().isF32())
    return make<arith::ExtFOp>(type, value);
  return make<arith::TruncFOp>(type, value);
}

Value BodyMaker::makeIntegerConversion(Value value, Type type) {
  if (isAnyFloat(value.getType()))
    return make<arith::FPToSIOp>(type, value);
  if (value.getType().getIntOrFloatBitWidth() > type.getIntOrFloatBitWidth())
    return make<arith::TruncIOp>(type, value);
  return random.chance(0.5) ? make<arith::ExtSIOp>(type, value)
                            : make<arith::ExtUIOp>(type, value);
}

void BodyMaker::addConversion() {
  Term a = pick([](Type) { return true; });
  Type from = a.value.getType();
  Type to = random.pick({Type(builder.getF32Type()), Type(builder.getF64Type()),
                         Type(builder.getI1Type()), Type(builder.getI8Type()),
                         Type(builder.getI16Type()), Type(builder.getI32Type()),
                         Type(builder.getI64Type())});
  if (from == to)
    return;
  if (isAnyFloat(to))
    add(makeFloatConversion(a.value, to),
        isAnyFloat(from) ? a.bound + 1 : 0x1p64);
  else
    add(makeIntegerConversion(a.value, to));
}

void BodyMaker::addOperations(int64_t count) {
  for (int64_t k = 0; k < count; ++k) {
    switch (random.below(10)) {
    case 0:
      addConversion();
      break;
    case 1:
      addSelect();
      break;
    case 2:
      addComparison();
      break;
    case 3:
    case 4:
    case 5:
      addInteger();
      break;
    default:
      addFloat();
      break;
    }
    // What could overflow is not used any further.
    if (terms.back().bound > kBound)
      terms.pop_back();
  }
}

Value BodyMaker::take(Type type) {
  if (Value value = pickOf(type).value)
    return value;
  if (!type.isInteger(1))
    return constant(type, 1);
  if (Term number = pick(isAnyFloat); number.value)
    return make<arith::CmpFOp>(arith::CmpFPredicate::OGT, number.value,
                               constant(number.value.getType(), 0.5));
  Value number = pick(isNumber).value;
  return make<arith::CmpIOp>(arith::CmpIPredicate::sgt, number,
                             constant(number.getType(), 3));
}

Value BodyMaker::takeState(Type type) {
  Value value = take(type);
  return isAnyFloat(type) ? clamp(value, -kStateBound, kStateBound) : value;
}

//===----------------------------------------------------------------------===//
// makeCustomModel
//===----------------------------------------------------------------------===//

/// Any signal type that a population can emit.
static SignalType makeEmittedType(RandomContext &context,
                                  ArrayRef<int64_t> shape) {
  if (context.random.chance(0.4))
    return SignalType::get(context.getContext(), shape, AlphabetKind::binary);
  return makeInputType(context, shape);
}

/// A term of the element type of `signal`, inside its alphabet.
static Value takeEmitted(BodyMaker &body, SignalType signal) {
  Type type = signal.getElementType();
  switch (signal.getKind()) {
  case AlphabetKind::binary:
    return body.take(type);
  case AlphabetKind::ternary:
    return body.clamp(body.take(type), -1, 1);
  case AlphabetKind::count:
    return body.clamp(body.take(type), 0, signal.getLimit());
  case AlphabetKind::graded:
  case AlphabetKind::analogue:
    break;
  }
  auto carrier = dyn_cast<IntegerType>(signal.getCarrier());
  if (!carrier)
    return body.takeState(type);
  unsigned width = std::min(carrier.getWidth(), 31u);
  if (carrier.isUnsigned())
    return body.clamp(body.take(type), 0, llvm::maxUIntN(width));
  return body.clamp(body.take(type), llvm::minIntN(width),
                    llvm::maxIntN(width));
}

static SmallVector<ModelVariable> makeVariables(RandomContext &context,
                                                StringRef prefix, int64_t count,
                                                ArrayRef<Type> types) {
  SmallVector<ModelVariable> variables;
  for (int64_t k = 0; k < count; ++k) {
    Type type = context.random.pick(types);
    variables.push_back({(prefix + llvm::Twine(k)).str(), type});
  }
  return variables;
}

static ModelOp createModel(RandomContext &context, FlatSymbolRefAttr symbol,
                           ArrayRef<ModelVariable> states,
                           ArrayRef<ModelVariable> receptors,
                           ArrayRef<ModelVariable> params) {
  Builder &builder = context.builder;
  auto getNames = [&](ArrayRef<ModelVariable> variables) {
    return builder.getArrayAttr(
        llvm::map_to_vector(variables, [&](const ModelVariable &variable) {
          return Attribute(builder.getStringAttr(variable.name));
        }));
  };
  auto model = ModelOp::create(
      context.moduleBuilder, context.loc, symbol.getValue(), StringAttr(),
      getNames(states), getNames(receptors), getNames(params));
  Block &block = model.getBody().emplaceBlock();
  for (ArrayRef<ModelVariable> list : {states, receptors, params})
    for (const ModelVariable &variable : list)
      block.addArgument(variable.type, context.loc);
  return model;
}

RandomModel reference::makeCustomModel(RandomContext &context,
                                       ArrayRef<int64_t> shape) {
  Builder &b = context.builder;
  RandomSource &random = context.random;
  Type f32 = b.getF32Type(), f64 = b.getF64Type(), i32 = b.getI32Type(),
       i64 = b.getI64Type();
  RandomModel result;
  // Half of the models stay with f32 and i32, as most real ones do.
  bool isPlain = random.chance(0.5);
  SmallVector<Type> all{f32,           f64,           i32,           i64,
                        b.getI1Type(), b.getI8Type(), b.getI16Type()};
  SmallVector<Type> plain{f32, i32};
  SmallVector<Type> inputs =
      isPlain ? plain : SmallVector<Type>{f32, f64, i32, i64};
  result.states =
      makeVariables(context, "s", random.range(0, 3), isPlain ? plain : all);
  result.receptors = makeVariables(context, "r", random.range(1, 3), inputs);
  SmallVector<ModelVariable> params =
      makeVariables(context, "p", random.range(0, 2), isPlain ? plain : all);

  FlatSymbolRefAttr symbol = context.makeSymbol("model");
  ModelOp model =
      createModel(context, symbol, result.states, result.receptors, params);
  BodyMaker body(context, model);
  for (Value argument : model.getParamArguments())
    body.addArgument(argument, /*isInput=*/false);
  for (Value argument : model.getStateArguments())
    body.addArgument(argument, /*isInput=*/false);
  for (Value argument : model.getReceptorArguments())
    body.addArgument(argument, /*isInput=*/true);
  body.addOperations(random.range(3, 24));

  result.signal = makeEmittedType(context, shape);
  SmallVector<Value> states;
  for (const ModelVariable &state : result.states)
    states.push_back(body.takeState(state.type));
  Value emitted = takeEmitted(body, result.signal);
  YieldOp::create(body.getBuilder(), context.loc, emitted, states);

  result.model = CustomAttr::get(context.getContext(), symbol);
  for (const ModelVariable &param : params)
    result.params.push_back(
        b.getNamedAttr(param.name, context.makeParam(shape, -2.0, 2.0)));
  for (const ModelVariable &state : result.states)
    result.params.push_back(b.getNamedAttr(
        state.name + "_init", context.makeParam(shape, -1.0, 1.0)));
  return result;
}
