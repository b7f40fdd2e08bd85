//===- Node.h - one node while it is imported -------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the import of an operator sees of the graph. It reads attributes first,
// asks `isReady`, then makes operations and sets results. A node reports one
// error at most; a result that is not set is unknown, and what depends on it is
// skipped in silence, so that one mistake makes one message.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_ONNX_NODE_H
#define LIB_IMPORT_ONNX_NODE_H

#include "Emitter.h"
#include "Model.h"
#include "Quantization.h"
#include <deque>

namespace spikeformer::onnximport {

/// What is known about an ONNX value: nothing after an error; else either its
/// elements or the operation results that hold it in one or both layouts.
struct Operand {
  /// In ONNX's order of the axes.
  SmallVector<int64_t> shape;
  std::optional<Tensor> constant;
  /// What `constant` was made from.
  std::optional<Quantization> quantized;
  Value logical;
  Value channelsLast;

  bool isKnown() const { return constant || logical || channelsLast; }
  ElementType getElement() const;
};

struct Operator;

class Node {
public:
  /// `inputs` and `outputs` are one per name; a null input was left out, a null
  /// output is not read by anything.
  Node(const ::onnx::NodeProto &proto, const Operator &op, Model &model,
       Emitter &emitter, ArrayRef<Operand *> inputs,
       ArrayRef<Operand *> outputs);

  /// Checks the number of inputs and the names of attributes against the table.
  void checkSignature();

  StringRef getOperator() const { return proto.op_type(); }
  int64_t getOpset() const { return model.getOpset(); }
  Emitter &emit() { return emitter; }

  /// Reports an error at this node unless one was reported before.
  void error(const llvm::Twine &text);
  bool hasFailed() const { return failed; }
  /// Whether the import can go on: no error so far, all inputs known and of the
  /// kind that `op` wants; an error if they are of another kind.
  bool isReady();

  // Attributes; an error if one has another type.
  bool hasAttribute(StringRef name) const;
  int64_t getInteger(StringRef name, int64_t defaultValue);
  float getFloat(StringRef name, float defaultValue);
  std::string getString(StringRef name, StringRef defaultValue);
  SmallVector<int64_t> getIntegers(StringRef name,
                                   ArrayRef<int64_t> defaultValue = {});
  SmallVector<float> getFloats(StringRef name,
                               ArrayRef<float> defaultValue = {});
  const ::onnx::TensorProto *getTensor(StringRef name);
  llvm::Expected<Tensor> readTensor(const ::onnx::TensorProto &proto) {
    return model.readTensor(proto);
  }

  // Inputs.
  unsigned getNumInputs() const { return inputs.size(); }
  bool hasInput(unsigned index) const {
    return index < inputs.size() && inputs[index];
  }
  ArrayRef<int64_t> getShape(unsigned index) const {
    return inputs[index]->shape;
  }
  ElementType getElement(unsigned index) const {
    return inputs[index]->getElement();
  }
  bool isFloat32(unsigned index) const {
    return getElement(index) == ElementType::f32;
  }
  /// From here on input `index` has another shape of the same size.
  void reshapeInput(unsigned index, ArrayRef<int64_t> shape);
  /// Null unless the input is there and known at import.
  const Tensor *getConstant(unsigned index) const;
  /// A constant input with its integers, if it has them.
  Weights getWeights(unsigned index) const {
    return {*inputs[index]->constant, inputs[index]->quantized};
  }
  /// The elements of an integer constant input, or of the attribute `name` in
  /// operator sets that store it there; none if there is neither. An error if
  /// the input is not constant.
  std::optional<SmallVector<int64_t>> getIntegersOf(unsigned index,
                                                    StringRef name);
  /// The one element of a constant float32 input.
  std::optional<float> getScalar(unsigned index);
  /// ChannelsLast if that is how any of the inputs already exists.
  Layout getPreferredLayout() const;
  Value getValue(unsigned index, Layout layout = Layout::Logical);
  /// The input with leading axes of extent 1 up to `rank`; ChannelsLast only
  /// for rank 4.
  Value getBroadcast(unsigned index, int64_t rank, Layout layout);
  /// `axis` from 0, when it counts from the end if negative; an error if it is
  /// not in [-rank, rank).
  int64_t normalizeAxis(int64_t axis, int64_t rank);

  /// False after an error unless the input is float32 and has elements.
  bool checkFloat(unsigned index);

  /// False after an error if a tensor of `shape` would have more than `limit`
  /// elements.
  bool checkSize(ArrayRef<int64_t> shape, int64_t limit = maxElements);

  // Results.
  unsigned getNumOutputs() const { return outputs.size(); }
  /// Whether anything reads output `index`.
  bool wantsOutput(unsigned index) const {
    return index < outputs.size() && outputs[index];
  }
  /// Sets an output; nothing happens if it is not wanted.
  void setValue(Value value, Layout layout = Layout::Logical,
                unsigned output = 0);
  void setConstant(const Tensor &tensor, unsigned output = 0);
  void setWeights(const Weights &weights);
  /// The result is input `index` itself.
  void forward(unsigned index);

private:
  const ::onnx::AttributeProto *
  find(StringRef name, ::onnx::AttributeProto::AttributeType type);

  void checkInput(unsigned index);

  const ::onnx::NodeProto &proto;
  const Operator &op;
  Model &model;
  Emitter &emitter;
  SmallVector<Operand *> inputs;
  ArrayRef<Operand *> outputs;
  /// What `reshapeInput` made.
  std::deque<Operand> reshaped;
  bool failed = false;
};

} // namespace spikeformer::onnximport

#endif // LIB_IMPORT_ONNX_NODE_H
