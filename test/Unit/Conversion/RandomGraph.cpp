//===- RandomGraph.cpp - random trained networks --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Weights are scaled by their number, as trainers start them, and lean to the
// positive side as biases do: activations neither grow with depth nor die.
//
//===----------------------------------------------------------------------===//

#include "RandomGraph.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include <cmath>
#include <limits>

using namespace spikeformer;

namespace {

ArrayRef<int64_t> getShape(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

/// One axis of a window that fits an extent exactly.
struct Axis {
  int64_t kernel, stride, dilation, before, after, output;
};

struct Window {
  Axis rows, columns;
};

class GraphBuilder {
public:
  GraphBuilder(ModuleOp module, StringRef name, uint64_t seed, float inputScale)
      : random(seed), inputScale(inputScale),
        builder(module.getLoc(), module.getBodyRegion()), name(name) {
    builder.setInsertionPointToEnd(module.getBody());
  }

  func::FuncOp build(GraphFamily family);
  func::FuncOp buildPermuted(ArrayRef<int64_t> order);

private:
  RankedTensorType type(ArrayRef<int64_t> shape) {
    return RankedTensorType::get(shape, builder.getF32Type());
  }
  Value constant(DenseElementsAttr elements);
  Value uniform(ArrayRef<int64_t> shape, float low, float high);
  Value weights(ArrayRef<int64_t> shape, int64_t fanIn, Value input);
  Value bias(int64_t channels);
  Value zero() { return constant(DenseElementsAttr::get(type(1), 0.0f)); }
  Value shape(ArrayRef<int64_t> extents);
  Value reshape(Value value, ArrayRef<int64_t> extents);
  Value transpose(Value value, ArrayRef<int32_t> permutation);

  Axis drawAxis(int64_t extent, bool keepsExtent);
  Window drawWindow(Value image, bool keepsExtents);
  Value convolve(Value image, int64_t channels, const Window &window);
  Value convolveEighths(Value image, ArrayRef<int64_t> outputs,
                        ArrayRef<int64_t> inputs, StringRef activation);
  Value convolveDepthwise(Value image);
  Value convolveGroups(Value image, int64_t groups);
  Value convolveAny(Value image);
  Value normalize(Value value);
  Value activate(Value value);
  Value pool(Value image);
  Value concatenate(Value image);
  Value addResidual(Value image);
  Value dense(Value rows, int64_t outputs);

  Value createInput(ArrayRef<int64_t> extents);
  Value createImage();
  Value buildMLP();
  Value buildCNN(bool residual);
  Value buildHead(Value image);
  func::FuncOp finish(Value result);

  RandomNumbers random;
  float inputScale;
  ImplicitLocOpBuilder builder;
  StringRef name;
  func::FuncOp function;
  /// The input and what only moves it.
  SmallVector<Value> inputs;
};

} // namespace

//===----------------------------------------------------------------------===//
// Constants and moves
//===----------------------------------------------------------------------===//

Value GraphBuilder::constant(DenseElementsAttr elements) {
  return tosa::ConstOp::create(builder, elements.getType(), elements);
}

Value GraphBuilder::uniform(ArrayRef<int64_t> shape, float low, float high) {
  SmallVector<float> numbers(ShapedType::getNumElements(shape));
  for (float &number : numbers)
    number = random.real(low, high);
  return constant(DenseElementsAttr::get(type(shape), ArrayRef(numbers)));
}

Value GraphBuilder::weights(ArrayRef<int64_t> shape, int64_t fanIn,
                            Value input) {
  float limit = std::sqrt(6.0f / static_cast<float>(fanIn));
  if (llvm::is_contained(inputs, input))
    limit /= inputScale;
  return uniform(shape, -0.75f * limit, limit);
}

Value GraphBuilder::bias(int64_t channels) {
  return uniform({channels}, 0, 0.5f);
}

Value GraphBuilder::shape(ArrayRef<int64_t> extents) {
  return tosa::ConstShapeOp::create(
      builder, tosa::shapeType::get(builder.getContext(), extents.size()),
      builder.getIndexTensorAttr(extents));
}

Value GraphBuilder::reshape(Value value, ArrayRef<int64_t> extents) {
  return tosa::ReshapeOp::create(builder, type(extents), value, shape(extents));
}

Value GraphBuilder::transpose(Value value, ArrayRef<int32_t> permutation) {
  SmallVector<int64_t> extents;
  for (int32_t axis : permutation)
    extents.push_back(getShape(value)[axis]);
  return tosa::TransposeOp::create(builder, type(extents), value,
                                   builder.getDenseI32ArrayAttr(permutation));
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// TOSA wants windows to fit: padding at the end makes them.
Axis GraphBuilder::drawAxis(int64_t extent, bool keepsExtent) {
  Axis axis{1, 1, 1, 0, 0, extent};
  axis.kernel = random.integer(1, 3);
  axis.dilation = random.chance(25) ? 2 : 1;
  int64_t reach = (axis.kernel - 1) * axis.dilation;
  axis.before = random.integer(0, reach);
  axis.after = keepsExtent ? reach - axis.before : random.integer(0, reach);
  if (!keepsExtent)
    axis.stride = random.integer(1, 2);
  int64_t room = extent + axis.before + axis.after - reach - 1;
  if (room < 0) {
    axis.after -= room;
    room = 0;
  }
  if (room % axis.stride != 0) {
    ++axis.after;
    ++room;
  }
  axis.output = room / axis.stride + 1;
  return axis;
}

Window GraphBuilder::drawWindow(Value image, bool keepsExtents) {
  Window window;
  window.rows = drawAxis(getShape(image)[1], keepsExtents);
  window.columns = drawAxis(getShape(image)[2], keepsExtents);
  return window;
}

Value GraphBuilder::convolve(Value image, int64_t channels,
                             const Window &window) {
  const auto &[rows, columns] = window;
  int64_t inputs = getShape(image)[3];
  Value kernel = weights({channels, rows.kernel, columns.kernel, inputs},
                         rows.kernel * columns.kernel * inputs, image);
  return tosa::Conv2DOp::create(
      builder, type({1, rows.output, columns.output, channels}), image, kernel,
      bias(channels), zero(), zero(),
      builder.getDenseI64ArrayAttr(
          {rows.before, rows.after, columns.before, columns.after}),
      builder.getDenseI64ArrayAttr({rows.stride, columns.stride}),
      builder.getDenseI64ArrayAttr({rows.dilation, columns.dilation}),
      TypeAttr::get(builder.getF32Type()));
}

Value GraphBuilder::convolveDepthwise(Value image) {
  int64_t channels = getShape(image)[3];
  int64_t multiplier = random.integer(1, 2);
  auto [rows, columns] = drawWindow(image, false);
  Value kernel = weights({rows.kernel, columns.kernel, channels, multiplier},
                         rows.kernel * columns.kernel, image);
  return tosa::DepthwiseConv2DOp::create(
      builder, type({1, rows.output, columns.output, channels * multiplier}),
      image, kernel, bias(channels * multiplier), zero(), zero(),
      builder.getDenseI64ArrayAttr(
          {rows.before, rows.after, columns.before, columns.after}),
      builder.getDenseI64ArrayAttr({rows.stride, columns.stride}),
      builder.getDenseI64ArrayAttr({rows.dilation, columns.dilation}),
      TypeAttr::get(builder.getF32Type()));
}

/// In the form that importers give it.
Value GraphBuilder::convolveGroups(Value image, int64_t groups) {
  ArrayRef<int64_t> extents = getShape(image);
  int64_t inputs = extents[3] / groups, outputs = random.integer(1, 2);
  Window window = drawWindow(image, false);
  NamedAttribute tag =
      builder.getNamedAttr("snn.grouped", builder.getI64IntegerAttr(groups));
  SmallVector<Value> parts;
  for (int64_t group = 0; group < groups; ++group) {
    Value slice = tosa::SliceOp::create(
        builder, type({1, extents[1], extents[2], inputs}), image,
        shape({0, 0, 0, group * inputs}),
        shape({1, extents[1], extents[2], inputs}));
    if (llvm::is_contained(this->inputs, image))
      this->inputs.push_back(slice);
    parts.push_back(convolve(slice, outputs, window));
    for (Value value : {slice, parts.back()})
      value.getDefiningOp()->setAttr(tag.getName(), tag.getValue());
  }
  auto concat = tosa::ConcatOp::create(
      builder,
      type({1, window.rows.output, window.columns.output, groups * outputs}),
      parts, builder.getI32IntegerAttr(3));
  concat->setAttr(tag.getName(), tag.getValue());
  return concat;
}

Value GraphBuilder::convolveAny(Value image) {
  int64_t kind = random.integer(0, 5);
  if (kind == 0)
    return convolveDepthwise(image);
  if (kind == 1 && getShape(image)[3] % 2 == 0)
    return convolveGroups(image, 2);
  int64_t channels = random.integer(3, 6);
  return convolve(image, channels, drawWindow(image, false));
}

//===----------------------------------------------------------------------===//
// Other layers
//===----------------------------------------------------------------------===//

/// A batch norm per channel, the last axis, on every second value.
Value GraphBuilder::normalize(Value value) {
  if (random.chance(50))
    return value;
  SmallVector<int64_t> extents(getShape(value).size(), 1);
  extents.back() = getShape(value).back();
  auto shift = DenseElementsAttr::get(
      RankedTensorType::get(1, builder.getI8Type()), static_cast<int8_t>(0));
  Value product =
      tosa::MulOp::create(builder, value.getType(), value,
                          uniform(extents, 0.5f, 1.5f), constant(shift));
  return tosa::AddOp::create(builder, value.getType(), product,
                             uniform(extents, 0, 0.375f));
}

Value GraphBuilder::activate(Value value) {
  float high = random.chance(30) ? random.real(0.75f, 3)
                                 : std::numeric_limits<float>::max();
  return tosa::ClampOp::create(builder, value.getType(), value,
                               builder.getF32FloatAttr(0),
                               builder.getF32FloatAttr(high));
}

/// An average pool whose windows fit; nothing where the image is too small.
Value GraphBuilder::pool(Value image) {
  ArrayRef<int64_t> extents = getShape(image);
  int64_t kernel[2], stride[2], output[2];
  for (unsigned axis : {0, 1}) {
    int64_t extent = extents[axis + 1];
    kernel[axis] = random.integer(1, std::min<int64_t>(extent, 3));
    stride[axis] = random.integer(1, 2);
    if ((extent - kernel[axis]) % stride[axis] != 0)
      stride[axis] = 1;
    output[axis] = (extent - kernel[axis]) / stride[axis] + 1;
  }
  return tosa::AvgPool2dOp::create(
      builder, type({1, output[0], output[1], extents[3]}), image, zero(),
      zero(), builder.getDenseI64ArrayAttr(kernel),
      builder.getDenseI64ArrayAttr(stride),
      builder.getDenseI64ArrayAttr({0, 0, 0, 0}),
      TypeAttr::get(builder.getF32Type()));
}

/// Two branches behind one image, side by side.
Value GraphBuilder::concatenate(Value image) {
  SmallVector<Value> branches;
  int64_t channels = 0;
  for (unsigned branch = 0; branch < 2; ++branch) {
    int64_t own = random.integer(2, 3);
    Value value = convolve(image, own, drawWindow(image, true));
    branches.push_back(activate(normalize(value)));
    channels += own;
  }
  return tosa::ConcatOp::create(
      builder, type({1, getShape(image)[1], getShape(image)[2], channels}),
      branches, builder.getI32IntegerAttr(3));
}

/// Two convolutions beside the identity, or beside one of a single tap with the
/// stride of both.
Value GraphBuilder::addResidual(Value image) {
  bool projects = random.chance(50);
  int64_t channels = projects ? random.integer(2, 5) : getShape(image)[3];
  Window window = drawWindow(image, true);
  Window tap{{1, 1, 1, 0, 0, window.rows.output},
             {1, 1, 1, 0, 0, window.columns.output}};
  if (projects)
    for (auto [main, side] : {std::pair(&window.rows, &tap.rows),
                              std::pair(&window.columns, &tap.columns)})
      if (main->output % 2 == 1) {
        main->stride = side->stride = 2;
        main->output = side->output = (main->output + 1) / 2;
      }
  Value main = activate(normalize(convolve(image, channels, window)));
  main = normalize(convolve(main, channels, drawWindow(main, true)));
  Value side = projects ? normalize(convolve(image, channels, tap)) : image;
  return activate(tosa::AddOp::create(builder, main.getType(), main, side));
}

/// [1, inputs] to [1, outputs].
Value GraphBuilder::dense(Value rows, int64_t outputs) {
  int64_t inputs = getShape(rows)[1];
  Value row = reshape(rows, {1, 1, inputs});
  if (llvm::is_contained(this->inputs, rows))
    this->inputs.push_back(row);
  Value product = tosa::MatMulOp::create(
      builder, type({1, 1, outputs}), row,
      weights({1, inputs, outputs}, inputs, row), zero(), zero());
  return tosa::AddOp::create(builder, type({1, outputs}),
                             reshape(product, {1, outputs}),
                             uniform({1, outputs}, 0, 0.5f));
}

//===----------------------------------------------------------------------===//
// Families
//===----------------------------------------------------------------------===//

Value GraphBuilder::createInput(ArrayRef<int64_t> extents) {
  function = func::FuncOp::create(builder, name,
                                  builder.getFunctionType({type(extents)}, {}));
  builder.setInsertionPointToStart(function.addEntryBlock());
  inputs = {function.getArgument(0)};
  return inputs.front();
}

/// N, H, W, C, or transposed to it.
Value GraphBuilder::createImage() {
  int64_t rows = random.integer(4, 8), columns = random.integer(4, 8);
  int64_t channels = random.integer(1, 4);
  if (random.chance(50))
    return createInput({1, rows, columns, channels});
  Value image =
      transpose(createInput({1, channels, rows, columns}), {0, 2, 3, 1});
  inputs.push_back(image);
  return image;
}

Value GraphBuilder::buildMLP() {
  Value value = createInput({1, random.integer(2, 12)});
  for (int64_t layer = random.integer(1, 3); layer > 0; --layer) {
    Value next = normalize(dense(value, random.integer(4, 12)));
    bool adds =
        getShape(next) == getShape(value) && !llvm::is_contained(inputs, value);
    if (adds)
      next = tosa::AddOp::create(builder, next.getType(), next, value);
    value = activate(next);
  }
  return dense(value, random.integer(2, 6));
}

/// Dense weights behind a pool of everything, or behind all elements in either
/// order.
Value GraphBuilder::buildHead(Value image) {
  ArrayRef<int64_t> extents = getShape(image);
  int64_t size = ShapedType::getNumElements(extents);
  if (random.chance(30)) {
    image = tosa::AvgPool2dOp::create(
        builder, type({1, 1, 1, extents[3]}), image, zero(), zero(),
        builder.getDenseI64ArrayAttr({extents[1], extents[2]}),
        builder.getDenseI64ArrayAttr({1, 1}),
        builder.getDenseI64ArrayAttr({0, 0, 0, 0}),
        TypeAttr::get(builder.getF32Type()));
    size = extents[3];
  } else if (random.chance(50)) {
    image = transpose(image, {0, 3, 1, 2});
  }
  return dense(reshape(image, {1, size}), random.integer(2, 6));
}

Value GraphBuilder::buildCNN(bool residual) {
  Value image = createImage();
  if (residual || random.chance(75))
    image = activate(normalize(convolveAny(image)));
  else
    image = concatenate(image);
  for (int64_t block = random.integer(1, 2); block > 0; --block) {
    if (residual)
      image = addResidual(image);
    else if (random.chance(70))
      image = activate(normalize(convolveAny(image)));
    else
      image = concatenate(image);
    if (random.chance(40))
      image = pool(image);
  }
  return buildHead(image);
}

func::FuncOp GraphBuilder::finish(Value result) {
  func::ReturnOp::create(builder, result);
  function.setFunctionType(
      builder.getFunctionType(function.getArgumentTypes(), {result.getType()}));
  return function;
}

func::FuncOp GraphBuilder::build(GraphFamily family) {
  if (family == GraphFamily::mlp)
    return finish(buildMLP());
  return finish(buildCNN(family == GraphFamily::residual));
}

/// A convolution of 2x2 taps and its activation. Weights are eighths, drawn in
/// one order and put into that of `outputs` and `inputs`.
Value GraphBuilder::convolveEighths(Value image, ArrayRef<int64_t> outputs,
                                    ArrayRef<int64_t> inputs,
                                    StringRef activation) {
  int64_t rows = outputs.size(), columns = inputs.size();
  SmallVector<float> drawn(rows * 4 * columns), taps, drawnBias(rows), bias;
  for (float &number : drawn)
    number = static_cast<float>(random.integer(-6, 8)) / 8;
  for (float &number : drawnBias)
    number = static_cast<float>(random.integer(0, 4)) / 8;
  for (int64_t output : outputs) {
    bias.push_back(drawnBias[output]);
    for (int64_t tap = 0; tap < 4; ++tap)
      for (int64_t input : inputs)
        taps.push_back(drawn[(output * 4 + tap) * columns + input]);
  }
  int64_t height = getShape(image)[1] - 1, width = getShape(image)[2] - 1;
  Value sum = tosa::Conv2DOp::create(
      builder, type({1, height, width, rows}), image,
      constant(
          DenseElementsAttr::get(type({rows, 2, 2, columns}), ArrayRef(taps))),
      constant(DenseElementsAttr::get(type(rows), ArrayRef(bias))), zero(),
      zero(), builder.getDenseI64ArrayAttr({0, 0, 0, 0}),
      builder.getDenseI64ArrayAttr({1, 1}),
      builder.getDenseI64ArrayAttr({1, 1}),
      TypeAttr::get(builder.getF32Type()));
  auto clamp = tosa::ClampOp::create(
      builder, sum.getType(), sum, builder.getF32FloatAttr(0),
      builder.getF32FloatAttr(std::numeric_limits<float>::max()));
  clamp->setAttr("snn.threshold", builder.getF32FloatAttr(2));
  clamp->setLoc(NameLoc::get(builder.getStringAttr(activation)));
  return clamp;
}

func::FuncOp GraphBuilder::buildPermuted(ArrayRef<int64_t> order) {
  Value image = createInput({1, 6, 6, 2});
  Value first = convolveEighths(image, order, {0, 1}, "first");
  Value pooled =
      tosa::AvgPool2dOp::create(builder, type({1, 4, 4, 5}), first, zero(),
                                zero(), builder.getDenseI64ArrayAttr({2, 2}),
                                builder.getDenseI64ArrayAttr({1, 1}),
                                builder.getDenseI64ArrayAttr({0, 0, 0, 0}),
                                TypeAttr::get(builder.getF32Type()));
  Value second = convolveEighths(pooled, {0, 1, 2}, order, "second");
  return finish(dense(reshape(second, {1, 27}), 4));
}

GraphFamily spikeformer::getFamily(uint64_t seed) {
  return static_cast<GraphFamily>(seed % 3);
}

func::FuncOp spikeformer::addRandomGraph(ModuleOp module, StringRef name,
                                         uint64_t seed, float inputScale) {
  return GraphBuilder(module, name, seed, inputScale).build(getFamily(seed));
}

func::FuncOp spikeformer::addPermutedGraph(ModuleOp module, StringRef name,
                                           uint64_t seed,
                                           ArrayRef<int64_t> order) {
  return GraphBuilder(module, name, seed, 1).buildPermuted(order);
}

SmallVector<Tensor> spikeformer::makeRandomInputs(func::FuncOp function,
                                                  int64_t samples,
                                                  uint64_t seed, float scale) {
  RandomNumbers random(~seed);
  SmallVector<Tensor> inputs;
  for (Type type : function.getArgumentTypes()) {
    SmallVector<int64_t> shape(cast<RankedTensorType>(type).getShape());
    shape[0] = samples;
    Tensor &input = inputs.emplace_back(shape, ElementType::f32);
    for (float &value : input.data<float>())
      value = scale * random.real(-0.5f, 1);
  }
  return inputs;
}
