//===- ImportONNX.cpp - ONNX models as TOSA -------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The walk over the graph: inputs become arguments, initializers are read when
// a node first asks for them, every node is imported even after an error, and
// outputs become results.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/ONNX/ImportONNX.h"
#include "Graph.h"
#include "Operators.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace spikeformer;
using namespace spikeformer::onnximport;

namespace {

class Importer {
public:
  Importer(Model &model, const ImportONNXOptions &options)
      : model(model), graph(model.getGraph()), options(options) {}

  OwningOpRef<ModuleOp> run();

private:
  void createFunction();
  void addInputs();
  bool getInputShape(const ::onnx::ValueInfoProto &info,
                     SmallVectorImpl<int64_t> &shape, std::string &batch);
  Operand *getOperand(StringRef name);
  void importNode(const Graph &order, const ::onnx::NodeProto &proto);
  void countReaders(const Graph &order);
  void releaseInputs(const ::onnx::NodeProto &proto);
  void addOutputs();
  void checkOutput(const ::onnx::ValueInfoProto &info, const Operand &operand);
  void eraseDead();
  void setModuleAttributes();
  InFlightDiagnostic error();

  Model &model;
  const ::onnx::GraphProto &graph;
  const ImportONNXOptions &options;
  OwningOpRef<ModuleOp> module;
  func::FuncOp function;
  std::optional<Emitter> emitter;
  llvm::StringMap<const ::onnx::TensorProto *> initializers;
  llvm::StringMap<Operand> operands;
  /// Nodes and outputs that have still to read a value.
  llvm::StringMap<int64_t> readers;
  bool failed = false;
};

} // namespace

InFlightDiagnostic Importer::error() {
  failed = true;
  return emitError(model.getLocation());
}

void Importer::createFunction() {
  MLIRContext *context = &model.getContext();
  context->loadDialect<arith::ArithDialect, func::FuncDialect,
                       linalg::LinalgDialect, math::MathDialect,
                       quant::QuantDialect, tensor::TensorDialect,
                       tosa::TosaDialect>();
  Location location = model.getLocation();
  module = ModuleOp::create(location);
  OpBuilder builder = OpBuilder::atBlockEnd(module->getBody());
  function = func::FuncOp::create(builder, location, options.functionName,
                                  builder.getFunctionType({}, {}));
  emitter.emplace(function.addEntryBlock());
}

/// The shape of a graph input, with 1 for a dynamic batch axis, whose name goes
/// to `batch`.
bool Importer::getInputShape(const ::onnx::ValueInfoProto &info,
                             SmallVectorImpl<int64_t> &shape,
                             std::string &batch) {
  const auto &type = info.type().tensor_type();
  if (!info.type().has_tensor_type() || !type.has_shape()) {
    error() << "input '" << info.name() << "' is no tensor of a known rank";
    return false;
  }
  if (!getHostType(type.elem_type())) {
    error() << "input '" << info.name() << "' is "
            << getDataTypeName(type.elem_type())
            << "; need float32, float64, bool or an integer";
    return false;
  }
  for (const auto &[axis, extent] : llvm::enumerate(type.shape().dim())) {
    bool isStatic = extent.has_dim_value() && extent.dim_value() >= 0;
    if (!isStatic && axis == 0)
      batch = extent.dim_param().empty() ? "?" : extent.dim_param();
    if (!isStatic && axis != 0) {
      error() << "input '" << info.name() << "': the extent of axis " << axis
              << " is dynamic; export the model with a fixed one";
      return false;
    }
    shape.push_back(isStatic ? extent.dim_value() : 1);
  }
  std::optional<int64_t> count = countElements(shape);
  if (count && *count != 0)
    return true;
  error() << "input '" << info.name() << "' has the shape "
          << formatShape(shape) << "; need from 1 to " << maxElements
          << " elements";
  return false;
}

void Importer::addInputs() {
  for (const auto &initializer : graph.initializer())
    initializers[initializer.name()] = &initializer;
  Builder builder(&model.getContext());
  for (const auto &info : graph.input()) {
    // Up to IR version 3 initializers are listed as inputs, too.
    if (initializers.contains(info.name()))
      continue;
    SmallVector<int64_t> shape;
    std::string batch;
    Operand &operand = operands[info.name()];
    if (!getInputShape(info, shape, batch))
      continue;
    NamedAttrList attributes;
    attributes.set("onnx.name", builder.getStringAttr(info.name()));
    if (!batch.empty())
      attributes.set("onnx.dynamic_batch", builder.getStringAttr(batch));
    unsigned index = function.getNumArguments();
    if (mlir::failed(function.insertArgument(
            index,
            emitter->getType(
                shape, *getHostType(info.type().tensor_type().elem_type())),
            attributes.getDictionary(&model.getContext()),
            model.getLocation(info.name()))))
      continue;
    operand.shape = shape;
    operand.logical = function.getArgument(index);
  }
}

Operand *Importer::getOperand(StringRef name) {
  if (name.empty())
    return nullptr;
  auto [entry, isNew] = operands.try_emplace(name);
  Operand &operand = entry->second;
  auto initializer = initializers.find(name);
  if (!isNew || initializer == initializers.end())
    return &operand;
  llvm::Expected<Tensor> tensor = model.readTensor(*initializer->second);
  if (!tensor) {
    error() << "initializer '" << name
            << "': " << llvm::toString(tensor.takeError());
    return &operand;
  }
  operand.constant = *tensor;
  operand.shape.assign(tensor->getShape().begin(), tensor->getShape().end());
  return &operand;
}

/// What to do where integers are computed in a way that has no quantised type.
static StringRef getRemedy(const ::onnx::NodeProto &proto) {
  bool isVendor = !proto.domain().empty() && proto.domain() != "ai.onnx";
  if (isVendor && StringRef(proto.op_type()).starts_with("QLinear"))
    return "; quantise the model statically, in the form with QuantizeLinear "
           "and DequantizeLinear";
  return "";
}

void Importer::importNode(const Graph &order, const ::onnx::NodeProto &proto) {
  SmallVector<Operand *> inputs;
  for (const std::string &name : proto.input())
    inputs.push_back(getOperand(name));
  // Trailing inputs that are left out are as good as absent.
  while (!inputs.empty() && !inputs.back())
    inputs.pop_back();
  SmallVector<Operand *> outputs;
  for (const auto &[index, name] : llvm::enumerate(proto.output()))
    outputs.push_back(index == 0 || order.isUsed(name) ? getOperand(name)
                                                       : nullptr);

  static const Operator unknown = {nullptr, 0, 0, noInputs, noInputs, {}};
  bool isStandard = proto.domain().empty() || proto.domain() == "ai.onnx";
  auto found = getOperators().find(proto.op_type());
  bool isKnown = isStandard && found != getOperators().end();
  Node node(proto, isKnown ? found->second : unknown, model, *emitter, inputs,
            outputs);
  if (!isKnown)
    node.error("operator '" + (isStandard ? "" : proto.domain() + ".") +
               proto.op_type() + "' is not supported" + getRemedy(proto));
  else
    node.checkSignature();
  unsigned readable = isKnown ? found->second.maxOutputs : outputs.size();
  for (const auto &[index, name] : llvm::enumerate(proto.output()))
    if (index >= readable && outputs[index])
      node.error(
          "output '" + name + "' of '" + proto.op_type() +
          "' is used, but only its first " +
          (readable == 1 ? "output is" : llvm::Twine(readable) + " are") +
          " supported");
  if (!node.hasFailed())
    found->second.import(node);
  failed |= node.hasFailed();
}

void Importer::countReaders(const Graph &order) {
  for (const ::onnx::NodeProto *proto : order.getNodes())
    for (const std::string &name : proto->input())
      ++readers[name];
  for (const auto &info : graph.output())
    ++readers[info.name()];
}

/// Forgets constants that were read for the last time: what the module needs of
/// them it holds itself.
void Importer::releaseInputs(const ::onnx::NodeProto &proto) {
  for (const std::string &name : proto.input())
    if (!name.empty() && --readers[name] == 0)
      operands.erase(name);
}

/// Warns of a result that has another shape than the model states: files whose
/// statement is wrong run everywhere else, too.
void Importer::checkOutput(const ::onnx::ValueInfoProto &info,
                           const Operand &operand) {
  const auto &type = info.type().tensor_type();
  if (!info.type().has_tensor_type() || !type.has_shape())
    return;
  bool fits = type.shape().dim_size() == static_cast<int>(operand.shape.size());
  std::string stated;
  llvm::raw_string_ostream os(stated);
  for (const auto &[axis, extent] : llvm::enumerate(type.shape().dim())) {
    os << (axis ? "x" : "");
    if (!extent.has_dim_value() || extent.dim_value() <= 0) {
      os << '?';
      continue;
    }
    os << extent.dim_value();
    fits = fits && extent.dim_value() == operand.shape[axis];
  }
  if (!fits)
    emitWarning(model.getLocation())
        << "output '" << info.name() << "' has the shape "
        << formatShape(operand.shape) << ", but the model states " << stated;
}

void Importer::addOutputs() {
  Builder builder(&model.getContext());
  SmallVector<Value> results;
  SmallVector<Attribute> attributes;
  for (const auto &info : graph.output()) {
    emitter->setLocation(model.getLocation(info.name()));
    Operand &operand = *getOperand(info.name());
    // Not known only after an error in what it depends on.
    if (!operand.isKnown())
      continue;
    checkOutput(info, operand);
    if (operand.constant)
      operand.logical = emitter->constant(*operand.constant);
    if (!operand.logical)
      operand.logical =
          emitter->transpose(operand.channelsLast, fromChannelsLast);
    // Whoever calls the function knows integers, not what they stand for.
    operand.logical = emitter->toStored(operand.logical);
    results.push_back(operand.logical);
    attributes.push_back(builder.getDictionaryAttr(
        builder.getNamedAttr("onnx.name", builder.getStringAttr(info.name()))));
  }
  if (failed)
    return;
  emitter->setLocation(model.getLocation());
  emitter->create<func::ReturnOp>(results);
  function.setType(builder.getFunctionType(function.getArgumentTypes(),
                                           TypeRange(ValueRange(results))));
  function.setAllResultAttrs(attributes);
}

/// Transposes that composed with others, and constants that only they used.
void Importer::eraseDead() {
  for (Operation &op :
       llvm::make_early_inc_range(llvm::reverse(function.front())))
    if (isOpTriviallyDead(&op))
      op.erase();
}

void Importer::setModuleAttributes() {
  Builder builder(&model.getContext());
  (*module)->setAttr("onnx.opset", builder.getI64IntegerAttr(model.getOpset()));
  NamedAttrList metadata;
  for (const auto &entry : model.getProto().metadata_props())
    if (!entry.key().empty())
      metadata.set(entry.key(), builder.getStringAttr(entry.value()));
  if (!metadata.empty())
    (*module)->setAttr("onnx.metadata",
                       metadata.getDictionary(&model.getContext()));
}

OwningOpRef<ModuleOp> Importer::run() {
  if (graph.output_size() == 0)
    error() << "the graph has no outputs";
  if (graph.sparse_initializer_size() != 0) {
    // Who reads them would be told that there are none.
    error() << "sparse initializers are not supported; store the weights as "
               "dense ones";
    return nullptr;
  }
  Graph order(model);
  if (failed || order.hasFailed())
    return nullptr;
  createFunction();
  addInputs();
  countReaders(order);
  for (const ::onnx::NodeProto *proto : order.getNodes()) {
    importNode(order, *proto);
    releaseInputs(*proto);
  }
  addOutputs();
  if (failed)
    return nullptr;
  eraseDead();
  setModuleAttributes();
  return std::move(module);
}

OwningOpRef<ModuleOp>
spikeformer::importONNX(llvm::MemoryBufferRef buffer, MLIRContext &context,
                        const ImportONNXOptions &options) {
  Model model(context, buffer);
  if (!model.parse(options))
    return nullptr;
  return Importer(model, options).run();
}

OwningOpRef<ModuleOp>
spikeformer::importONNX(StringRef path, MLIRContext &context,
                        const ImportONNXOptions &options) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer) {
    emitError(FileLineColLoc::get(&context, path, 0, 0))
        << "cannot read the model: " << buffer.getError().message();
    return nullptr;
  }
  return importONNX((*buffer)->getMemBufferRef(), context, options);
}
