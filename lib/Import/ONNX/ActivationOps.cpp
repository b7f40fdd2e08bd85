//===- ActivationOps.cpp - elementwise operators of one input -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Relu and Clip keep ONNX's treatment of NaN, which TOSA calls PROPAGATE. The
// forms are those that other importers write, so that one recognition serves
// all: a leaky ReLU of a slope up to 1 is a maximum.
//
//===----------------------------------------------------------------------===//

#include "Loops.h"
#include "Operators.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include <cmath>
#include <limits>

using namespace spikeformer;
using namespace spikeformer::onnximport;

constexpr float largest = std::numeric_limits<float>::max();

/// Sets the result to the first input, limited to [min, max]; limits beyond the
/// range of its integers are none.
static void setClamped(Node &node, double min, double max) {
  Emitter &emit = node.emit();
  ElementType type = node.getElement(0);
  Layout layout = node.getPreferredLayout();
  if (type == ElementType::f32) {
    Value input = node.getValue(0, layout);
    return node.setValue(
        emit.clamp(input, static_cast<float>(min), static_cast<float>(max)),
        layout);
  }
  if (type == ElementType::boolean)
    return node.error("input 0 is bool; cast it to float32 before '" +
                      node.getOperator() + "'");
  Value input = node.getValue(0);
  if (type == ElementType::i8) {
    Builder &builder = emit.getBuilder();
    auto limit = [&](double bound) {
      return builder.getI8IntegerAttr(
          static_cast<int8_t>(std::clamp(bound, -128.0, 127.0)));
    };
    return node.setValue(emit.create<tosa::ClampOp>(input.getType(), input,
                                                    limit(min), limit(max)));
  }
  // Infinite limits of integers are the ends of their range.
  node.setValue(buildElementwise(
      emit, input, getShape(input), type,
      [&](OpBuilder &builder, Location location, ValueRange elements) {
        Value low =
            makeNumber(builder, location, type, std::max(min, getLowest(type)));
        Value high = makeNumber(builder, location, type, max);
        Value above = buildMaximum(builder, location, type, elements[0], low);
        return buildMinimum(builder, location, type, above, high);
      }));
}

static void importRelu(Node &node) {
  if (node.isReady())
    setClamped(node, 0,
               node.isFloat32(0) ? largest
                                 : std::numeric_limits<double>::infinity());
}

/// A bound of Clip: an attribute up to operator set 10, an input since.
static double getBound(Node &node, unsigned index, StringRef name,
                       double defaultValue) {
  if (node.getOpset() < 11)
    return node.getFloat(name, static_cast<float>(defaultValue));
  const Tensor *tensor = node.getConstant(index);
  if (!tensor)
    return defaultValue;
  if (tensor->getNumElements() == 1 &&
      tensor->getElementType() == node.getElement(0))
    return tensor->getAsDouble(0);
  node.error("input " + llvm::Twine(index) + " is not a constant " +
             getElementTypeName(node.getElement(0)) + " of one element");
  return defaultValue;
}

static void importClip(Node &node) {
  if (!node.isReady())
    return;
  double limit =
      node.isFloat32(0) ? largest : std::numeric_limits<double>::infinity();
  double min = getBound(node, 1, "min", -limit);
  double max = getBound(node, 2, "max", limit);
  if (!(min <= max))
    return node.error("the lower bound " + llvm::Twine(std::to_string(min)) +
                      " is not below the upper bound " + std::to_string(max));
  if (!node.hasFailed())
    setClamped(node, min, max);
}

/// Sets the result to `build` of the first input.
static void mapInput(Node &node, llvm::function_ref<Value(Value)> build) {
  if (!node.isReady())
    return;
  Layout layout = node.getPreferredLayout();
  node.setValue(build(node.getValue(0, layout)), layout);
}

template <typename OpTy>
static void importUnary(Node &node) {
  mapInput(node, [&](Value x) {
    return node.emit().create<OpTy>(x.getType(), x).getResult();
  });
}

static void importNeg(Node &node) {
  if (node.isReady() && !node.isFloat32(0)) {
    ElementType type = node.getElement(0);
    if (type == ElementType::boolean || isUnsigned(type))
      return node.error("'Neg' of " + getElementTypeName(type) +
                        " is not supported; need a signed type");
    Value x = node.getValue(0);
    return node.setValue(buildElementwise(
        node.emit(), x, getShape(x), type,
        [&](OpBuilder &builder, Location location,
            ValueRange elements) -> Value {
          if (isFloat(type))
            return arith::NegFOp::create(builder, location, elements[0]);
          Value zero = makeNumber(builder, location, type, 0);
          return arith::SubIOp::create(builder, location, zero, elements[0]);
        }));
  }
  mapInput(node, [&](Value x) {
    Value zeroPoint = node.emit().scalar(0);
    return node.emit()
        .create<tosa::NegateOp>(x.getType(), x, zeroPoint, zeroPoint)
        .getResult();
  });
}

/// A float32 constant that broadcasts to `like`.
static Value makeScalar(Node &node, double number, Value like) {
  return node.emit().scalar(static_cast<float>(number), getShape(like).size());
}

/// x where it is positive, else `other`.
static Value selectPositive(Node &node, Value x, Value other) {
  Emitter &emit = node.emit();
  Value zero = makeScalar(node, 0, x);
  auto type = RankedTensorType::get(getShape(x), emit.getBuilder().getI1Type());
  Value isPositive = emit.create<tosa::GreaterEqualOp>(type, x, zero);
  return emit.create<tosa::SelectOp>(x.getType(), isPositive, x, other);
}

/// x where it is positive, else `slope` times x.
static Value buildLeaky(Node &node, Value x, Value slope, bool isGentle) {
  Value scaled = node.emit().multiply(x, slope);
  return isGentle ? node.emit().maximum(x, scaled)
                  : selectPositive(node, x, scaled);
}

static void importLeakyRelu(Node &node) {
  float alpha = node.getFloat("alpha", 0.01f);
  mapInput(node, [&](Value x) {
    return buildLeaky(node, x, makeScalar(node, alpha, x),
                      alpha >= 0 && alpha <= 1);
  });
}

/// The slopes broadcast as in NumPy; before operator set 7 a vector of them was
/// one per channel.
static void importPRelu(Node &node) {
  if (!node.isReady())
    return;
  ArrayRef<int64_t> shape = node.getShape(0);
  ArrayRef<int64_t> slopes = node.getShape(1);
  if (node.getOpset() < 7 && slopes.size() == 1 && shape.size() > 1) {
    SmallVector<int64_t> channels(shape.size() - 1, 1);
    channels.front() = slopes.front();
    node.reshapeInput(1, channels);
    slopes = node.getShape(1);
  }
  bool fits = slopes.size() <= shape.size();
  for (auto [extent, slope] :
       llvm::zip(llvm::reverse(shape), llvm::reverse(slopes)))
    fits &= slope == 1 || slope == extent;
  if (!fits)
    return node.error("slopes " + formatShape(slopes) +
                      " do not broadcast to the input " + formatShape(shape));
  bool isGentle =
      llvm::all_of(node.getConstant(1)->data<float>(),
                   [](float slope) { return slope >= 0 && slope <= 1; });
  Layout layout = node.getPreferredLayout();
  Value slope = node.getBroadcast(1, shape.size(), layout);
  node.setValue(buildLeaky(node, node.getValue(0, layout), slope, isGentle),
                layout);
}

static void importElu(Node &node) {
  float alpha = node.getFloat("alpha", 1);
  mapInput(node, [&](Value x) {
    Emitter &emit = node.emit();
    Value exp = emit.create<tosa::ExpOp>(x.getType(), x);
    Value below = emit.multiply(emit.subtract(exp, makeScalar(node, 1, x)),
                                makeScalar(node, alpha, x));
    return selectPositive(node, x, below);
  });
}

/// clamp(alpha x + beta, 0, 1).
static Value buildHardSigmoid(Node &node, Value x, float alpha, float beta) {
  Emitter &emit = node.emit();
  Value line = emit.add(emit.multiply(x, makeScalar(node, alpha, x)),
                        makeScalar(node, beta, x));
  return emit.clamp(line, 0, 1);
}

static void importHardSigmoid(Node &node) {
  float alpha = node.getFloat("alpha", 0.2f);
  float beta = node.getFloat("beta", 0.5f);
  mapInput(node,
           [&](Value x) { return buildHardSigmoid(node, x, alpha, beta); });
}

static void importHardSwish(Node &node) {
  mapInput(node, [&](Value x) {
    return node.emit().multiply(x, buildHardSigmoid(node, x, 1.0f / 6, 0.5f));
  });
}

/// x / 2 (1 + erf(x / sqrt 2)), or the form with tanh.
static void importGelu(Node &node) {
  std::string form = node.getString("approximate", "none");
  if (form != "none" && form != "tanh")
    node.error("approximate is '" + form + "', need none or tanh");
  mapInput(node, [&](Value x) {
    Emitter &emit = node.emit();
    Value curve;
    if (form == "none") {
      Value scaled = emit.multiply(x, makeScalar(node, M_SQRT1_2, x));
      curve = emit.create<tosa::ErfOp>(x.getType(), scaled);
    } else {
      Value cube = emit.multiply(emit.multiply(x, x), x);
      Value sum =
          emit.add(x, emit.multiply(cube, makeScalar(node, 0.044715, x)));
      Value scaled =
          emit.multiply(sum, makeScalar(node, std::sqrt(2 / M_PI), x));
      curve = emit.create<tosa::TanhOp>(x.getType(), scaled);
    }
    Value half = emit.multiply(x, makeScalar(node, 0.5, x));
    return emit.multiply(half, emit.add(curve, makeScalar(node, 1, x)));
  });
}

static void importSqrt(Node &node) {
  mapInput(node, [&](Value x) {
    return node.emit().power(x, makeScalar(node, 0.5, x));
  });
}

void onnximport::addActivationOperators(OperatorTable &table) {
  table["Relu"] = {importRelu, 1, 1, noInputs, noInputs, {}};
  table["Clip"] = {importClip,    1, 3, noInputs, input(1) | input(2),
                   {"max", "min"}};
  table["Neg"] = {importNeg, 1, 1, noInputs, noInputs, {}};
  table["PRelu"] = {importPRelu, 2, 2, allInputs, input(1), {}};
  auto add = [&](StringRef name, void (*import)(Node &),
                 SmallVector<StringRef> attributes = {}) {
    table[name] = {import, 1, 1, allInputs, noInputs, attributes};
  };
  add("Abs", importUnary<tosa::AbsOp>);
  add("Ceil", importUnary<tosa::CeilOp>);
  add("Cos", importUnary<tosa::CosOp>);
  add("Elu", importElu, {"alpha"});
  add("Erf", importUnary<tosa::ErfOp>);
  add("Exp", importUnary<tosa::ExpOp>);
  add("Floor", importUnary<tosa::FloorOp>);
  add("Gelu", importGelu, {"approximate"});
  add("HardSigmoid", importHardSigmoid, {"alpha", "beta"});
  add("HardSwish", importHardSwish);
  add("LeakyRelu", importLeakyRelu, {"alpha"});
  add("Log", importUnary<tosa::LogOp>);
  add("Reciprocal", importUnary<tosa::ReciprocalOp>);
  add("Sigmoid", importUnary<tosa::SigmoidOp>);
  add("Sin", importUnary<tosa::SinOp>);
  add("Sqrt", importSqrt);
  add("Tanh", importUnary<tosa::TanhOp>);
}
