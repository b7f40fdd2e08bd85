//===- NodeShapes.cpp - what a NIR node makes of a shape ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One rule per class of nodes. A problem belongs to the edge where the arriving
// shape is not what the node takes, and to the node where it takes it and
// cannot work.
//
//===----------------------------------------------------------------------===//

#include "Checks.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace spikeformer;
using namespace spikeformer::nir;

static ShapeStep give(ArrayRef<int64_t> shape) {
  uint64_t size = 1;
  for (int64_t extent : shape)
    size = llvm::SaturatingMultiply<uint64_t>(size, extent);
  if (size > static_cast<uint64_t>(maxElements))
    return {std::nullopt, "",
            "its output of shape " + formatShape(shape) +
                " has more than the limit of " + std::to_string(maxElements) +
                " elements"};
  return {Shape(shape), "", ""};
}

static ShapeStep refuse(const llvm::Twine &message) {
  return {std::nullopt, message.str(), ""};
}

static ShapeStep fail(const llvm::Twine &message) {
  return {std::nullopt, "", message.str()};
}

static int64_t getProduct(ArrayRef<int64_t> shape) {
  int64_t product = 1;
  for (int64_t extent : shape)
    product *= extent;
  return product;
}

/// "9x9".
static std::string joinExtents(ArrayRef<int64_t> extents) {
  return llvm::join(
      llvm::map_range(extents,
                      [](int64_t extent) { return std::to_string(extent); }),
      "x");
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// Parameter `name` for `rank` axes: one number stands for all.
static Shape getPerAxis(const Node &node, StringRef name, size_t rank) {
  auto integers = node.getIntegers(name);
  Shape result(integers->begin(), integers->end());
  if (result.size() == 1)
    result.resize(rank, result.front());
  return result;
}

/// Sizes after a window of `kernel` elements moves over `input`.
static ShapeStep slide(const Node &node, ArrayRef<int64_t> input,
                       ArrayRef<int64_t> kernel, ArrayRef<int64_t> dilation) {
  const Value *padding = node.find("padding");
  if (padding->getText() && *padding->getText() == "same")
    return give(input);
  Shape stride = getPerAxis(node, "stride", input.size());
  Shape pad(input.size(), 0);
  if (!padding->getText())
    pad = getPerAxis(node, "padding", input.size());
  Shape output, covers, padded;
  bool fits = true;
  for (size_t axis = 0; axis < input.size(); ++axis) {
    covers.push_back(dilation[axis] * (kernel[axis] - 1) + 1);
    padded.push_back(input[axis] + 2 * pad[axis]);
    fits &= covers[axis] <= padded[axis];
    output.push_back((padded[axis] - covers[axis]) / stride[axis] + 1);
  }
  if (!fits)
    return fail("the kernel covers " + joinExtents(covers) +
                ", the padded input is only " + joinExtents(padded));
  return give(output);
}

static ShapeStep inferConvolution(const Node &node, ArrayRef<int64_t> input) {
  ArrayRef<int64_t> weight = node.findTensor("weight")->getShape();
  ArrayRef<int64_t> kernel = weight.drop_front(2);
  if (input.size() != weight.size() - 1)
    return refuse("shape " + formatShape(input) + " meets " + node.info->name +
                  ", need rank " + llvm::Twine(weight.size() - 1) +
                  " with channels first");
  int64_t groups = node.getIntegers("groups")->front();
  if (input[0] != weight[1] * groups)
    return refuse(llvm::Twine(input[0]) + " channels meet weight " +
                  formatShape(weight) + " with " + llvm::Twine(groups) +
                  " groups, need " + llvm::Twine(weight[1] * groups) +
                  " channels");
  ArrayRef<int64_t> sizes = input.drop_front();
  if (node.find("input_shape")) {
    Shape stated = getPerAxis(node, "input_shape", sizes.size());
    if (ArrayRef<int64_t>(stated) != sizes)
      return fail("input_shape is " + formatShape(stated) + ", but " +
                  formatShape(sizes) + " arrives");
  }
  ShapeStep step =
      slide(node, sizes, kernel, getPerAxis(node, "dilation", sizes.size()));
  if (!step.output)
    return step;
  step.output->insert(step.output->begin(), weight[0]);
  return give(*step.output);
}

static ShapeStep inferPool(const Node &node, ArrayRef<int64_t> input) {
  if (input.size() != 3)
    return refuse("shape " + formatShape(input) + " meets " + node.info->name +
                  ", need rank 3: (channels, height, width)");
  Shape kernel = getPerAxis(node, "kernel_size", 2);
  ShapeStep step = slide(node, input.drop_front(), kernel, {1, 1});
  if (step.output)
    step.output->insert(step.output->begin(), input.front());
  return step;
}

//===----------------------------------------------------------------------===//
// Others
//===----------------------------------------------------------------------===//

static ShapeStep inferMatrix(const Node &node, ArrayRef<int64_t> input) {
  ArrayRef<int64_t> weight = node.findTensor("weight")->getShape();
  Shape need(weight.drop_back(2)), output(need);
  need.push_back(weight.back());
  output.push_back(weight[weight.size() - 2]);
  if (input == ArrayRef<int64_t>(need))
    return give(output);
  std::string have =
      input.size() == 1
          ? std::to_string(input[0]) +
                (input[0] == 1 ? " value meets " : " values meet ")
          : "shape " + formatShape(input) + " meets ";
  std::string advice;
  if (input == ArrayRef<int64_t>(output))
    advice = "; is weight transposed?";
  else if (input.size() > 1 && getProduct(input) == weight.back())
    advice = "; put a Flatten between";
  return refuse(have + llvm::Twine(weight.back()) + " columns of weight " +
                formatShape(weight) + ", need " + formatShape(need) + advice);
}

static ShapeStep inferPort(const Node &node, ArrayRef<int64_t> input) {
  auto stated = node.getIntegers("shape");
  // Leading axes more than what arrives: batch and time.
  if (stated->size() >= input.size() &&
      ArrayRef(*stated).take_back(input.size()) == input)
    return give(input);
  std::string have = input.size() == 1
                         ? std::to_string(input[0]) + " values meet "
                         : "shape " + formatShape(input) + " meets ";
  return refuse(have + "shape " + formatShape(*stated) + " of the " +
                node.info->name);
}

/// The axis that `dimension` means, which counts from the end if negative.
static int64_t toAxis(int64_t dimension, int64_t rank) {
  return dimension < 0 ? dimension + rank : dimension;
}

static ShapeStep inferFlatten(const Node &node, ArrayRef<int64_t> input) {
  int64_t rank = input.size(), extra = 0;
  if (auto stated = node.getIntegers("input_type")) {
    extra = static_cast<int64_t>(stated->size()) - rank;
    if (extra < 0 || ArrayRef(*stated).take_back(rank) != input)
      return fail("input_type is " + formatShape(*stated) + ", but " +
                  formatShape(input) + " arrives");
  }
  int64_t startDim = node.getIntegers("start_dim")->front();
  int64_t endDim = node.getIntegers("end_dim")->front();
  // Dimensions count in input_type, whose batch axes are not ours.
  int64_t start = toAxis(startDim, rank + extra) - extra;
  int64_t end = toAxis(endDim, rank + extra) - extra;
  for (auto [name, dimension, axis] :
       {std::tuple("start_dim", startDim, start), {"end_dim", endDim, end}})
    if (axis < 0 || axis >= rank)
      return fail(llvm::Twine(name) + " " + llvm::Twine(dimension) +
                  " is outside rank " + llvm::Twine(rank) + " of " +
                  formatShape(input));
  if (start > end)
    return fail("start_dim " + llvm::Twine(startDim) + " is behind end_dim " +
                llvm::Twine(endDim) + " of rank " + llvm::Twine(rank));
  Shape output(input.take_front(start));
  output.push_back(getProduct(input.slice(start, end - start + 1)));
  llvm::append_range(output, input.drop_front(end + 1));
  return give(output);
}

/// The common shape of the parameters that have more than one element; empty
/// if there is none.
static ArrayRef<int64_t> getElementShape(const Node &node) {
  for (const ParameterInfo &parameter : node.info->parameters)
    if (const Tensor *tensor = node.findTensor(parameter.name);
        tensor && !isSingle(*tensor))
      return tensor->getShape();
  return {};
}

/// True if every extent of `shape` is that of `input`, or 1.
static bool broadcastsTo(ArrayRef<int64_t> shape, ArrayRef<int64_t> input) {
  return shape.size() == input.size() &&
         llvm::all_of(llvm::zip(shape, input), [](auto pair) {
           auto [extent, whole] = pair;
           return extent == whole || extent == 1;
         });
}

static ShapeStep inferPerElement(const Node &node, ArrayRef<int64_t> input) {
  ArrayRef<int64_t> shape = getElementShape(node);
  ArrayRef<int64_t> core = shape;
  while (core.size() > input.size() && core.front() == 1)
    core = core.drop_front();
  bool isPerChannel =
      core.size() == 1 && input.size() > 1 && core[0] == input[0];
  if (shape.empty() || isPerChannel || broadcastsTo(core, input))
    return give(input);
  return refuse("shape " + formatShape(input) + " meets parameters of shape " +
                formatShape(shape) + " of " + node.info->name +
                ", need the same shape, one value, or one per channel");
}

ShapeStep nir::inferOutput(const Node &node, ArrayRef<int64_t> input) {
  switch (node.info->nodeClass) {
  case NodeClass::border:
    return inferPort(node, input);
  case NodeClass::matrix:
    return inferMatrix(node, input);
  case NodeClass::convolution:
    return inferConvolution(node, input);
  case NodeClass::pool:
    return inferPool(node, input);
  case NodeClass::reshape:
    return inferFlatten(node, input);
  case NodeClass::elementwise:
  case NodeClass::neuron:
    return inferPerElement(node, input);
  case NodeClass::graph:
    break;
  }
  llvm_unreachable("a flat graph has no sub-graphs");
}

std::optional<Shape> nir::getOwnShape(const Node &node) {
  if (node.info->nodeClass == NodeClass::matrix)
    return Shape(node.findTensor("weight")->getShape().drop_back());
  // One axis may be channels only.
  if (node.info->isPerElement() && getElementShape(node).size() > 1)
    return Shape(getElementShape(node));
  return std::nullopt;
}
