//===- Node.cpp - one node while it is imported ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Node.h"
#include "Graph.h"
#include "Operators.h"

using namespace spikeformer;
using namespace spikeformer::onnximport;
using ::onnx::AttributeProto;

ElementType Operand::getElement() const {
  if (constant)
    return constant->getElementType();
  return onnximport::getElement(logical ? logical : channelsLast);
}

Node::Node(const ::onnx::NodeProto &proto, const Operator &op, Model &model,
           Emitter &emitter, ArrayRef<Operand *> inputs,
           ArrayRef<Operand *> outputs)
    : proto(proto), op(op), model(model), emitter(emitter), inputs(inputs),
      outputs(outputs) {
  emitter.setLocation(model.getLocation(getNodeName(proto)));
}

void Node::checkSignature() {
  if (inputs.size() < op.minInputs || inputs.size() > op.maxInputs)
    return error("'" + getOperator() + "' has " + llvm::Twine(inputs.size()) +
                 " inputs, need " + llvm::Twine(op.minInputs) +
                 (op.maxInputs == op.minInputs ? "" : " or more"));
  // Of a list none may be left out.
  unsigned required = op.maxInputs == anyNumber ? inputs.size() : op.minInputs;
  for (unsigned index = 0; index < required; ++index)
    if (!inputs[index])
      return error("input " + llvm::Twine(index) + " is left out");
  for (const AttributeProto &attribute : proto.attribute()) {
    // A hint of operator sets before 6: which inputs may be overwritten.
    if (getOpset() < 6 && attribute.name() == "consumed_inputs")
      continue;
    if (!llvm::is_contained(op.attributes, StringRef(attribute.name())))
      return error("attribute '" + attribute.name() + "' of '" + getOperator() +
                   "' is not supported");
  }
}

void Node::error(const llvm::Twine &text) {
  if (!failed)
    emitError(model.getLocation(getNodeName(proto))) << text;
  failed = true;
}

bool Node::isReady() {
  for (const Operand *operand : inputs)
    if (operand && !operand->isKnown())
      return false;
  for (unsigned index = 0; index < inputs.size(); ++index)
    if (inputs[index])
      checkInput(index);
  return !failed;
}

void Node::checkInput(unsigned index) {
  // Of an operator with any number of inputs the last bit stands for the rest.
  InputSet bit = input(std::min(index, 31u));
  if (!getConstant(index) && (op.constants & bit))
    error("input " + llvm::Twine(index) + " of '" + getOperator() +
          "' is computed by the network; only constants are supported");
  if (op.floats & bit)
    checkFloat(index);
}

bool Node::checkFloat(unsigned index) {
  if (!isFloat32(index))
    error("input " + llvm::Twine(index) + " is " +
          getElementTypeName(getElement(index)) + ", need float32");
  else if (llvm::is_contained(getShape(index), 0))
    error("input " + llvm::Twine(index) + " has no elements");
  return !failed;
}

void Node::reshapeInput(unsigned index, ArrayRef<int64_t> shape) {
  if (getShape(index) == shape)
    return;
  Operand &operand = reshaped.emplace_back();
  operand.shape.assign(shape.begin(), shape.end());
  if (getConstant(index)) {
    Weights weights = getWeights(index).reshape(shape);
    operand.constant = weights.numbers;
    operand.quantized = weights.quantized;
  } else {
    operand.logical = emitter.reshape(getValue(index), shape);
  }
  inputs[index] = &operand;
}

bool Node::hasAttribute(StringRef name) const {
  return llvm::any_of(proto.attribute(), [&](const AttributeProto &attribute) {
    return attribute.name() == name;
  });
}

const AttributeProto *Node::find(StringRef name,
                                 AttributeProto::AttributeType type) {
  for (const AttributeProto &attribute : proto.attribute()) {
    if (attribute.name() != name)
      continue;
    if (attribute.type() == type)
      return &attribute;
    error("attribute '" + name + "' has type " +
          AttributeProto::AttributeType_Name(attribute.type()) + ", need " +
          AttributeProto::AttributeType_Name(type));
  }
  return nullptr;
}

int64_t Node::getInteger(StringRef name, int64_t defaultValue) {
  const auto *attribute = find(name, AttributeProto::INT);
  return attribute ? attribute->i() : defaultValue;
}

float Node::getFloat(StringRef name, float defaultValue) {
  const auto *attribute = find(name, AttributeProto::FLOAT);
  return attribute ? attribute->f() : defaultValue;
}

std::string Node::getString(StringRef name, StringRef defaultValue) {
  const auto *attribute = find(name, AttributeProto::STRING);
  return attribute ? attribute->s() : defaultValue.str();
}

SmallVector<int64_t> Node::getIntegers(StringRef name,
                                       ArrayRef<int64_t> defaultValue) {
  SmallVector<int64_t> values(defaultValue);
  if (const auto *attribute = find(name, AttributeProto::INTS))
    values.assign(attribute->ints().begin(), attribute->ints().end());
  return values;
}

SmallVector<float> Node::getFloats(StringRef name,
                                   ArrayRef<float> defaultValue) {
  SmallVector<float> values(defaultValue);
  if (const auto *attribute = find(name, AttributeProto::FLOATS))
    values.assign(attribute->floats().begin(), attribute->floats().end());
  return values;
}

const ::onnx::TensorProto *Node::getTensor(StringRef name) {
  const auto *attribute = find(name, AttributeProto::TENSOR);
  return attribute ? &attribute->t() : nullptr;
}

const Tensor *Node::getConstant(unsigned index) const {
  return hasInput(index) && inputs[index]->constant ? &*inputs[index]->constant
                                                    : nullptr;
}

std::optional<SmallVector<int64_t>> Node::getIntegersOf(unsigned index,
                                                        StringRef name) {
  if (!hasInput(index)) {
    if (hasAttribute(name))
      return getIntegers(name);
    return std::nullopt;
  }
  const Tensor *tensor = getConstant(index);
  if (!tensor) {
    error("'" + name + "' (input " + llvm::Twine(index) +
          ") is computed by the network; need a constant");
    return std::nullopt;
  }
  if (tensor->getElementType() == ElementType::i64)
    return SmallVector<int64_t>(tensor->data<int64_t>());
  if (tensor->getElementType() == ElementType::i32)
    return SmallVector<int64_t>(tensor->data<int32_t>());
  error("'" + name + "' (input " + llvm::Twine(index) + ") is " +
        getElementTypeName(tensor->getElementType()) + ", need int64");
  return std::nullopt;
}

std::optional<float> Node::getScalar(unsigned index) {
  const Tensor *tensor = getConstant(index);
  if (tensor && tensor->getElementType() == ElementType::f32 &&
      tensor->getNumElements() == 1)
    return tensor->data<float>().front();
  error("input " + llvm::Twine(index) +
        " is not a constant float32 of one element");
  return std::nullopt;
}

Layout Node::getPreferredLayout() const {
  bool any = llvm::any_of(inputs, [](const Operand *input) {
    return input && input->channelsLast;
  });
  return any ? Layout::ChannelsLast : Layout::Logical;
}

Value Node::getValue(unsigned index, Layout layout) {
  Operand &input = *inputs[index];
  if (input.constant) {
    Weights weights = getWeights(index);
    return (layout == Layout::Logical ? weights
                                      : weights.permute(toChannelsLast))
        .emit(emitter);
  }
  if (layout == Layout::Logical && !input.logical)
    input.logical = emitter.transpose(input.channelsLast, fromChannelsLast);
  if (layout == Layout::ChannelsLast && !input.channelsLast)
    input.channelsLast = emitter.transpose(input.logical, toChannelsLast);
  return layout == Layout::Logical ? input.logical : input.channelsLast;
}

Value Node::getBroadcast(unsigned index, int64_t rank, Layout layout) {
  Operand &input = *inputs[index];
  if (static_cast<int64_t>(input.shape.size()) == rank)
    return getValue(index, layout);
  SmallVector<int64_t> shape(rank - input.shape.size(), 1);
  shape.append(input.shape);
  bool isLast = layout == Layout::ChannelsLast;
  if (input.constant) {
    Weights weights = getWeights(index).reshape(shape);
    return (isLast ? weights.permute(toChannelsLast) : weights).emit(emitter);
  }
  Value value = emitter.reshape(getValue(index), shape);
  return isLast ? emitter.transpose(value, toChannelsLast) : value;
}

int64_t Node::normalizeAxis(int64_t axis, int64_t rank) {
  if (axis >= -rank && axis < rank)
    return axis < 0 ? axis + rank : axis;
  error("axis " + llvm::Twine(axis) + " is out of range for rank " +
        llvm::Twine(rank));
  return 0;
}

bool Node::checkSize(ArrayRef<int64_t> shape, int64_t limit) {
  std::optional<int64_t> count = countElements(shape);
  if (count && *count <= limit)
    return true;
  error("the result would have the shape " + formatShape(shape) +
        ", more than " + llvm::Twine(limit) + " elements");
  return false;
}

void Node::setValue(Value value, Layout layout, unsigned index) {
  if (!wantsOutput(index))
    return;
  Operand &output = *outputs[index];
  ArrayRef<int64_t> shape = onnximport::getShape(value);
  if (layout == Layout::Logical) {
    output.logical = value;
    output.shape.assign(shape.begin(), shape.end());
  } else {
    output.channelsLast = value;
    output.shape = permuteShape(shape, fromChannelsLast);
  }
}

void Node::setConstant(const Tensor &tensor, unsigned index) {
  if (!wantsOutput(index))
    return;
  Operand &output = *outputs[index];
  output.constant = tensor;
  output.shape.assign(tensor.getShape().begin(), tensor.getShape().end());
}

void Node::setWeights(const Weights &weights) {
  setConstant(weights.numbers);
  if (wantsOutput(0))
    outputs.front()->quantized = weights.quantized;
}

void Node::forward(unsigned index) {
  if (wantsOutput(0))
    *outputs.front() = *inputs[index];
}
