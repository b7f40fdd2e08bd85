//===- ConstantOps.cpp - operators on what is known at import -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Exporters compute shapes and bounds in the graph (Shape, ConstantOfShape
// ...). With static shapes all of that is constant and leaves no operation
// behind.
//
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include <cstring>

using namespace spikeformer;
using namespace spikeformer::onnximport;
using ::onnx::TensorProto;

template <typename T>
static Tensor makeTensor(ArrayRef<T> values) {
  Tensor tensor(static_cast<int64_t>(values.size()), elementTypeOf<T>());
  llvm::copy(values, tensor.data<T>().begin());
  return tensor;
}

template <typename T>
static Tensor makeScalar(T value) {
  return makeTensor<T>(value).reshape({});
}

static void importConstant(Node &node) {
  const TensorProto *proto = node.getTensor("value");
  float number = node.getFloat("value_float", 0);
  int64_t integer = node.getInteger("value_int", 0);
  SmallVector<float> numbers = node.getFloats("value_floats");
  SmallVector<int64_t> integers = node.getIntegers("value_ints");
  if (!node.isReady())
    return;
  if (proto) {
    llvm::Expected<Tensor> tensor = node.readTensor(*proto);
    if (!tensor)
      return node.error("value: " + llvm::toString(tensor.takeError()));
    return node.setConstant(*tensor);
  }
  if (node.hasAttribute("value_float"))
    return node.setConstant(makeScalar<float>(number));
  if (node.hasAttribute("value_int"))
    return node.setConstant(makeScalar<int64_t>(integer));
  if (node.hasAttribute("value_floats"))
    return node.setConstant(makeTensor<float>(numbers));
  if (node.hasAttribute("value_ints"))
    return node.setConstant(makeTensor<int64_t>(integers));
  node.error("the constant has no value");
}

static void importConstantOfShape(Node &node) {
  const TensorProto *proto = node.getTensor("value");
  if (!node.isReady())
    return;
  std::optional<SmallVector<int64_t>> shape = node.getIntegersOf(0, "input");
  if (!shape || !node.checkSize(*shape, maxComputedElements))
    return;
  Tensor value(1, ElementType::f32);
  if (proto) {
    llvm::Expected<Tensor> tensor = node.readTensor(*proto);
    if (!tensor)
      return node.error("value: " + llvm::toString(tensor.takeError()));
    value = *tensor;
  }
  if (value.getNumElements() != 1)
    return node.error("'value' has " + llvm::Twine(value.getNumElements()) +
                      " elements, need 1");
  Tensor result(*shape, value.getElementType());
  size_t size = getElementSize(value.getElementType());
  for (int64_t index = 0; index < result.getNumElements(); ++index)
    std::memcpy(static_cast<char *>(result.getBytes()) + index * size,
                value.getBytes(), size);
  node.setConstant(result);
}

static void importIdentity(Node &node) {
  if (node.isReady())
    node.forward(0);
}

static void importShape(Node &node) {
  int64_t start = node.getInteger("start", 0);
  int64_t end = node.getInteger("end", INT64_MAX);
  if (!node.isReady())
    return;
  ArrayRef<int64_t> shape = node.getShape(0);
  int64_t rank = shape.size();
  auto clampAxis = [&](int64_t axis) {
    return std::clamp<int64_t>(axis < 0 ? axis + rank : axis, 0, rank);
  };
  start = clampAxis(start);
  end = std::max(start, clampAxis(end));
  node.setConstant(makeTensor<int64_t>(shape.slice(start, end - start)));
}

void onnximport::addConstantOperators(OperatorTable &table) {
  table["Constant"] = {
      importConstant,
      0,
      0,
      noInputs,
      noInputs,
      {"value", "value_float", "value_floats", "value_int", "value_ints"}};
  table["ConstantOfShape"] = {
      importConstantOfShape, 1, 1, noInputs, noInputs, {"value"}};
  table["Identity"] = {importIdentity, 1, 1, noInputs, noInputs, {}};
  table["Shape"] = {importShape, 1, 1, noInputs, noInputs, {"end", "start"}};
}
