//===- Translator.cpp - meanings and refusals of a conversion -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What one operation needs of its operands. A refusal is made where the cause
// is, and once: what depends on a refused operation is not complained about.
//
//===----------------------------------------------------------------------===//

#include "Translator.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Support/TensorAttr.h"

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

StringRef tosatosnn::getNodeName(Operation *op) {
  auto name = dyn_cast<NameLoc>(op->getLoc());
  return name ? name.getName().getValue() : StringRef();
}

//===----------------------------------------------------------------------===//
// Refusals
//===----------------------------------------------------------------------===//

void Translator::refuse(Operation *op, StringRef rule, const Twine &need,
                        const Twine &have, const Twine &next) {
  if (!refused.insert(op).second)
    return;
  StringRef node = getNodeName(op);
  report.refusals.push_back(
      {node.empty() ? op->getName().getStringRef().str() : node.str(),
       rule.str(), need.str(), have.str(), next.str()});
  InFlightDiagnostic diagnostic = emitError(op->getLoc())
                                  << "cannot convert '" << op->getName()
                                  << "' to spikes (" << rule << "): need "
                                  << need << ", have " << have;
  diagnostic.attachNote() << next;
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

const Meaning &Translator::get(Value value) const {
  static const Meaning unknown = Unknown();
  auto it = meanings.find(value);
  return it == meanings.end() ? unknown : it->second;
}

bool Translator::isTensor(Value value) const {
  const auto *signal = getIf<Signal>(value);
  return signal && signal->isTensor();
}

bool Translator::isConstant(Value value) {
  Operation *op = value.getDefiningOp();
  return op &&
         (op->hasTrait<OpTrait::ConstantLike>() || isa<tosa::ConstShapeOp>(op));
}

std::optional<Tensor> Translator::getConstant(Operation *op, Value value) {
  ElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements))) {
    refuse(op, "constant", "a constant operand", "one that is computed",
           "fold constants first, for example with "
           "--tosa-layerwise-constant-fold");
    return std::nullopt;
  }
  if (!elements.getElementType().isF32()) {
    std::string text;
    llvm::raw_string_ostream(text) << elements.getElementType();
    refuse(op, "type", "a float network (f32)", text,
           "convert the network before it is quantised");
    return std::nullopt;
  }
  FailureOr<Tensor> tensor =
      getTensor(elements, [&] { return op->emitOpError(); });
  if (failed(tensor)) {
    refuse(op, "constant", "the data of its constant", "none",
           "keep the resources of the file");
    return std::nullopt;
  }
  return *tensor;
}

std::optional<Signal> Translator::getSignal(Operation *op, Value value) {
  const Meaning &meaning = get(value);
  if (const auto *signal = std::get_if<Signal>(&meaning))
    return network.enter(*signal);
  const auto *tail = std::get_if<Tail>(&meaning);
  if (tail && isa<tosa::MaxPool2dOp>(tail->first))
    refuse(tail->first, "max_pool",
           "spikes, or an activation right behind the pool",
           "a maximum of sums", "choose max-pool=current");
  else if (tail)
    refuse(tail->first, "activation",
           "max(x, 0), or clamp from 0, as the activation",
           "'" + tail->first->getName().getStringRef() + "'",
           "retrain with ReLU, or with ReLU6; other functions are kept only "
           "behind the last weights");
  if (std::holds_alternative<Current>(meaning))
    refuse(op, "activation",
           "an activation between this and the weights "
           "before it",
           "none",
           "merge the two linear operations, or put a ReLU between them");
  if (isConstant(value))
    refuse(op, "constant", "an operand that depends on the input", "a constant",
           "fold constants first, for example with "
           "--tosa-layerwise-constant-fold");
  return std::nullopt;
}

/// The image that `signal` is without transposing it, if it is one.
static std::optional<Image> matchImage(NetworkBuilder &network,
                                       const Signal &signal) {
  SmallVector<int64_t> extents = signal.view.getShape();
  if (extents.size() != 4 || extents[0] != 1 || signal.view.getOffset() != 0)
    return std::nullopt;
  int64_t height = extents[1], width = extents[2], channels = extents[3];
  SmallVector<int64_t> shape = signal.getShape();
  bool same = shape.size() == 3 && shape[0] == channels;
  // Only a signal of rank 3 shows where rows end that a slice made shorter.
  if (!same)
    shape = {channels, height, width};
  auto hasStride = [&](unsigned axis, int64_t stride) {
    return signal.view.getStride(axis, stride) == stride;
  };
  if (!hasStride(2, 1) || !hasStride(1, shape[2]) ||
      !hasStride(3, shape[1] * shape[2]) || height > shape[1] ||
      width > shape[2] ||
      ShapedType::getNumElements(shape) !=
          ShapedType::getNumElements(signal.getShape()))
    return std::nullopt;
  return Image{network.reshape(network.enter(signal), shape),
               channels,
               height,
               width,
               shape[1] - height,
               shape[2] - width};
}

/// `value`, a tensor N, H, W, C, transposed before the network.
Signal Translator::transposeTensor(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  ArrayRef<int64_t> extents = type.getShape();
  int64_t shape[] = {1, extents[3], extents[1], extents[2]};
  OpBuilder builder(value.getContext());
  builder.setInsertionPointAfterValue(value);
  Value transposed = tosa::TransposeOp::create(
      builder, value.getLoc(),
      RankedTensorType::get(shape, type.getElementType()), value,
      builder.getDenseI32ArrayAttr({0, 3, 1, 2}));
  transposes.push_back(transposed.getDefiningOp());
  return Signal{Value(), transposed, SignalNumbers(1),
                SignalView::getRowMajor(shape).transpose({0, 2, 3, 1})};
}

std::optional<Image> Translator::getImage(Operation *op, Value value) {
  if (isTensor(value)) {
    if (std::optional<Image> image = matchImage(network, *getIf<Signal>(value)))
      return image;
    return matchImage(network, transposeTensor(value));
  }
  std::optional<Signal> signal = getSignal(op, value);
  return signal ? getImage(op, *signal) : std::nullopt;
}

std::optional<Image> Translator::getImage(Operation *op, const Signal &signal) {
  std::optional<Image> image = matchImage(network, signal);
  if (!image) {
    refuse(op, "layout", "the axes N, H, W, C of an image as its neurons lie",
           "another order of their elements",
           "leave out the transpose, reshape or slice before it");
    return std::nullopt;
  }
  int64_t heights = image->signal.height.get().size();
  if (heights > image->channels) {
    refuse(op, "threshold", "one threshold per channel of its input",
           Twine(heights) + " for " + Twine(image->channels) + " channels",
           "calibrate per channel or per layer");
    return std::nullopt;
  }
  return image;
}

Signal Translator::getSums(Operation *op, const Current &current) {
  StringRef node = getNodeName(op);
  std::string name =
      network.makeName(node.empty() ? "sums" : (node + ".sums").str());
  return Signal{network.addSums(current, name, op->getLoc()), Value(),
                SignalNumbers(1), current.view};
}

std::optional<Current> Translator::getCurrent(Operation *op, Value value) {
  if (const auto *current = getIf<Current>(value))
    return *current;
  std::optional<Signal> signal = getSignal(op, value);
  if (!signal)
    return std::nullopt;
  SmallVector<int64_t> shape = signal->getShape();
  if (signal->isPadded() ||
      signal->view.getNumElements() != ShapedType::getNumElements(shape)) {
    refuse(op, "layout", "all elements of its operand and no others",
           "a slice or a padding of them",
           "slice or pad only in front of a convolution");
    return std::nullopt;
  }
  Projection projection{
      *signal,          snn::OneToOneAttr::get(value.getContext()),
      Tensor(),         WeightLayout(),
      SignalNumbers(1), op->getLoc()};
  return Current{{projection}, SignalNumbers(0.0), shape, signal->view};
}
