//===- Functions.cpp - local functions of a model -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A call is replaced by the nodes of the function. Its values get the name of
// the call in front, which is unique because names of outputs are; its nodes
// do, too, so that errors name both.
//
//===----------------------------------------------------------------------===//

#include "Graph.h"
#include <google/protobuf/unknown_field_set.h>

using namespace spikeformer;
using namespace spikeformer::onnximport;
using ::onnx::AttributeProto;
using ::onnx::FunctionProto;
using ::onnx::NodeProto;

namespace {

/// Beyond it functions are assumed to call each other without end.
constexpr unsigned kMaxDepth = 64;
/// A few functions that call each other twice make any number of calls.
constexpr int kMaxCalls = 1 << 20;

class Inliner {
public:
  explicit Inliner(const Model &model) : model(model) {
    for (const FunctionProto &function : model.getProto().functions())
      functions[getKey(function.domain(), function.name())] = &function;
  }

  /// Appends `node` or what it calls to `nodes`; false after an error.
  bool append(const NodeProto &node, unsigned depth,
              google::protobuf::RepeatedPtrField<NodeProto> &nodes);

private:
  static std::string getKey(StringRef domain, StringRef name) {
    return (domain + "\n" + name).str();
  }
  bool check(const NodeProto &call, const FunctionProto &function,
             unsigned depth);

  const Model &model;
  llvm::StringMap<const FunctionProto *> functions;
  /// Calls that were replaced so far.
  int calls = 0;
};

} // namespace

bool Inliner::check(const NodeProto &call, const FunctionProto &function,
                    unsigned depth) {
  auto error = [&]() {
    return emitError(model.getLocation(getNodeName(call)))
           << "function '" << function.name() << "' ";
  };
  if (depth > kMaxDepth || ++calls > kMaxCalls) {
    error() << "calls itself, or there are more than " << kMaxCalls
            << " calls; inline it before the export";
    return false;
  }
  if (call.input_size() > function.input_size() ||
      call.output_size() > function.output_size()) {
    error() << "takes " << function.input_size() << " inputs and gives "
            << function.output_size() << " outputs, but is called with "
            << call.input_size() << " and " << call.output_size();
    return false;
  }
  for (const auto &set : function.opset_import())
    if ((set.domain().empty() || set.domain() == "ai.onnx") &&
        set.version() != model.getOpset()) {
      error() << "is written in operator set " << set.version()
              << ", the model in " << model.getOpset()
              << "; convert both to one";
      return false;
    }
  return true;
}

/// Default values of a function's attributes: a field that the schema of older
/// ONNX packages does not know.
static std::vector<AttributeProto> getDefaults(const FunctionProto &function) {
  constexpr int kAttributeProto = 11;
  std::vector<AttributeProto> defaults;
  const auto &fields = function.unknown_fields();
  for (int i = 0; i < fields.field_count(); ++i) {
    const auto &field = fields.field(i);
    AttributeProto attribute;
    if (field.number() == kAttributeProto &&
        field.type() == google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED &&
        attribute.ParseFromString(field.length_delimited()))
      defaults.push_back(attribute);
  }
  return defaults;
}

/// The attribute that `reference` names: of the call, or the function's own
/// default; null if there is none.
static const AttributeProto *resolve(const AttributeProto &reference,
                                     const NodeProto &call,
                                     ArrayRef<AttributeProto> defaults) {
  for (const AttributeProto &attribute : call.attribute())
    if (attribute.name() == reference.ref_attr_name())
      return &attribute;
  for (const AttributeProto &attribute : defaults)
    if (attribute.name() == reference.ref_attr_name())
      return &attribute;
  return nullptr;
}

/// A node of a function with the attributes that `call` states.
static NodeProto bindAttributes(const NodeProto &node, const NodeProto &call,
                                ArrayRef<AttributeProto> defaults) {
  NodeProto bound = node;
  bound.clear_attribute();
  for (const AttributeProto &attribute : node.attribute()) {
    const AttributeProto *value = &attribute;
    if (!attribute.ref_attr_name().empty())
      value = resolve(attribute, call, defaults);
    if (!value)
      continue;
    AttributeProto &copy = *bound.add_attribute();
    copy = *value;
    copy.set_name(attribute.name());
  }
  return bound;
}

bool Inliner::append(const NodeProto &node, unsigned depth,
                     google::protobuf::RepeatedPtrField<NodeProto> &nodes) {
  auto found = functions.find(getKey(node.domain(), node.op_type()));
  if (found == functions.end()) {
    *nodes.Add() = node;
    return true;
  }
  const FunctionProto &function = *found->second;
  if (!check(node, function, depth))
    return false;
  llvm::StringMap<std::string> names;
  for (int i = 0; i < function.input_size(); ++i)
    names[function.input(i)] = i < node.input_size() ? node.input(i) : "";
  for (int i = 0; i < node.output_size(); ++i)
    if (!node.output(i).empty())
      names[function.output(i)] = node.output(i);
  std::string prefix =
      (node.output_size() ? StringRef(node.output(0)) : getNodeName(node))
          .str() +
      "/";
  auto rename = [&](std::string &name) {
    if (name.empty())
      return;
    auto known = names.find(name);
    name = known == names.end() ? prefix + name : known->second;
  };
  std::vector<AttributeProto> defaults = getDefaults(function);
  for (const NodeProto &inner : function.node()) {
    NodeProto bound = bindAttributes(inner, node, defaults);
    bound.set_name(getNodeName(node).str() + "/" + getNodeName(inner).str());
    for (std::string &name : *bound.mutable_input())
      rename(name);
    for (std::string &name : *bound.mutable_output())
      rename(name);
    if (!append(bound, depth + 1, nodes))
      return false;
  }
  return true;
}

bool Model::inlineFunctions() {
  if (proto.functions_size() == 0)
    return true;
  Inliner inliner(*this);
  google::protobuf::RepeatedPtrField<NodeProto> nodes;
  bool good = true;
  for (const NodeProto &node : proto.graph().node())
    good &= inliner.append(node, 0, nodes);
  proto.mutable_graph()->mutable_node()->Swap(&nodes);
  return good;
}
