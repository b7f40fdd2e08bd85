//===- IntegerForms.cpp - operators on integers as float ones -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two forms of a quantised graph say the same: operators on integers, and float
// operators between casts. The first becomes the second before the import, so
// that integers have one meaning everywhere behind it. The casts of node "conv"
// are called "conv/input", "conv/weights", "conv/bias" and "conv/output".
//
//===----------------------------------------------------------------------===//

#include "Graph.h"

using namespace spikeformer;
using namespace spikeformer::onnximport;
using ::onnx::AttributeProto;
using ::onnx::NodeProto;

using NodeList = google::protobuf::RepeatedPtrField<NodeProto>;

namespace {

/// Writes the nodes that stand for one.
class Expansion {
public:
  Expansion(const NodeProto &node, NodeList &nodes)
      : node(node), nodes(nodes), name(getNodeName(node).str()) {}

  /// Adds "NAME/part", which gives a value of that name, or `output`.
  std::string add(StringRef part, StringRef op,
                  std::initializer_list<std::string> inputs,
                  StringRef output = "") {
    NodeProto &made = *nodes.Add();
    made.set_op_type(op.str());
    made.set_name(name + (part.empty() ? "" : "/") + part.str());
    for (const std::string &input : inputs)
      made.add_input(input);
    std::string value =
        output.empty() ? node.output(0) + "/" + part.str() : output.str();
    made.add_output(value);
    return value;
  }

  /// A DequantizeLinear of inputs `first` and the two behind it; `axis` is that
  /// of several scales.
  std::string addNumbers(StringRef part, int first, int64_t axis) {
    std::string value =
        add(part, "DequantizeLinear",
            {node.input(first), node.input(first + 1), node.input(first + 2)});
    setInteger("axis", axis);
    return value;
  }

  /// Sets an attribute of the node added last.
  void setInteger(StringRef attributeName, int64_t value) {
    AttributeProto &attribute = *nodes.rbegin()->add_attribute();
    attribute.set_name(attributeName.str());
    attribute.set_type(AttributeProto::INT);
    attribute.set_i(value);
  }

  /// The node added last has the attributes of the one it stands for.
  void copyAttributes() {
    *nodes.rbegin()->mutable_attribute() = node.attribute();
  }

private:
  const NodeProto &node;
  NodeList &nodes;
  std::string name;
};

/// An operator on integers.
struct Form {
  int minInputs, maxInputs;
  void (*expand)(const NodeProto &, Expansion &);
};

} // namespace

/// Inputs: x, its scale and zero point, w, ..., y's, bias.
static void expandQLinearConv(const NodeProto &node, Expansion &expansion) {
  std::string input = expansion.addNumbers("input", 0, 1);
  std::string weights = expansion.addNumbers("weights", 3, 0);
  std::string bias;
  if (node.input_size() > 8 && !node.input(8).empty()) {
    std::string scale =
        expansion.add("scale", "Mul", {node.input(1), node.input(4)});
    bias = expansion.add("bias", "DequantizeLinear", {node.input(8), scale});
    expansion.setInteger("axis", 0);
  }
  std::string sum = expansion.add("", "Conv", {input, weights, bias},
                                  node.output(0) + "/sum");
  expansion.copyAttributes();
  expansion.add("output", "QuantizeLinear", {sum, node.input(6), node.input(7)},
                node.output(0));
}

/// Inputs: a, its scale and zero point, b, ..., y's.
static void expandQLinearMatMul(const NodeProto &node, Expansion &expansion) {
  std::string input = expansion.addNumbers("input", 0, -2);
  std::string weights = expansion.addNumbers("weights", 3, -1);
  std::string product = expansion.add("", "MatMul", {input, weights},
                                      node.output(0) + "/product");
  expansion.add("output", "QuantizeLinear",
                {product, node.input(6), node.input(7)}, node.output(0));
}

/// The operator that `node` calls if it is one of these; null if not.
static const Form *getForm(const NodeProto &node) {
  static const llvm::StringMap<Form> forms = {
      {"QLinearConv", {8, 9, expandQLinearConv}},
      {"QLinearMatMul", {8, 8, expandQLinearMatMul}}};
  if (!node.domain().empty() && node.domain() != "ai.onnx")
    return nullptr;
  auto found = forms.find(node.op_type());
  return found == forms.end() ? nullptr : &found->second;
}

bool Model::expandIntegerForms() {
  auto isPlain = [](const NodeProto &node) { return !getForm(node); };
  if (llvm::all_of(proto.graph().node(), isPlain))
    return true;
  NodeList nodes;
  bool good = true;
  for (const NodeProto &node : proto.graph().node()) {
    const Form *form = getForm(node);
    if (!form) {
      *nodes.Add() = node;
      continue;
    }
    if (node.input_size() < form->minInputs ||
        node.input_size() > form->maxInputs || node.output_size() != 1) {
      emitError(getLocation(getNodeName(node)))
          << "'" << node.op_type() << "' has " << node.input_size()
          << " inputs and " << node.output_size() << " outputs, need from "
          << form->minInputs << " to " << form->maxInputs << " and 1";
      good = false;
      continue;
    }
    Expansion expansion(node, nodes);
    form->expand(node, expansion);
  }
  proto.mutable_graph()->mutable_node()->Swap(&nodes);
  return good;
}
