//===- ParameterShapes.cpp - shapes of NIR parameters ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whether the parameters of one node fit each other; what arrives at the node
// is another question.
//
//===----------------------------------------------------------------------===//

#include "Checks.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;
using namespace spikeformer::nir;

namespace {
class ShapeChecker {
public:
  ShapeChecker(const Node &node, Findings &findings)
      : node(node), findings(findings) {}

  bool check() {
    switch (node.info->nodeClass) {
    case NodeClass::matrix:
      checkMatrix();
      break;
    case NodeClass::convolution:
      checkConvolution();
      break;
    case NodeClass::neuron:
    case NodeClass::elementwise:
      checkPerElement();
      break;
    default:
      break;
    }
    return ok;
  }

private:
  void error(StringRef parameter, const llvm::Twine &message) {
    findings.addError(node.getPath(parameter), message);
    ok = false;
  }

  /// The bias has `shape` or one element; it does not change the node's shape.
  void checkBias(ArrayRef<int64_t> shape, ArrayRef<int64_t> weight) {
    const Tensor *bias = node.findTensor("bias");
    if (bias && !isSingle(*bias) && bias->getShape() != shape)
      findings.addError(node.getPath("bias"),
                        "bias has shape " + formatShape(bias->getShape()) +
                            ", need " + formatShape(shape) +
                            ": weight has shape " + formatShape(weight));
  }

  void checkMatrix() {
    ArrayRef<int64_t> weight = node.findTensor("weight")->getShape();
    if (weight.size() < 2)
      return error("weight", "weight has rank " + llvm::Twine(weight.size()) +
                                 ", need at least 2: (..., out, in)");
    checkBias(weight.drop_back(), weight);
  }

  void checkConvolution() {
    ArrayRef<int64_t> weight = node.findTensor("weight")->getShape();
    bool isImage = node.is(NodeType::Conv2d);
    if (weight.size() != (isImage ? 4 : 3))
      return error("weight", "weight has shape " + formatShape(weight) +
                                 ", need rank " +
                                 (isImage ? "4: (out, in, height, width)"
                                          : "3: (out, in, length)"));
    checkBias(weight.take_front(), weight);
    int64_t groups = node.getIntegers("groups")->front();
    if (weight[0] % groups)
      error("groups", "groups is " + llvm::Twine(groups) +
                          ", which does not divide the " +
                          llvm::Twine(weight[0]) +
                          " output channels of weight " + formatShape(weight));
    checkSamePadding();
  }

  /// With a stride frameworks do not agree on what 'same' means.
  void checkSamePadding() {
    auto word = node.find("padding")->getText();
    auto strides = *node.getIntegers("stride");
    if (word && *word == "same" &&
        llvm::any_of(strides, [](int64_t stride) { return stride != 1; }))
      error("padding", "padding is 'same' with stride " + formatShape(strides) +
                           ", need stride 1; give the padding as integers");
  }

  /// All arrays of more than one element have one shape.
  void checkPerElement() {
    SmallVector<std::pair<StringRef, ArrayRef<int64_t>>> arrays;
    for (const ParameterInfo &parameter : node.info->parameters)
      if (const Tensor *tensor = node.findTensor(parameter.name);
          tensor && !isSingle(*tensor))
        arrays.push_back({parameter.name, tensor->getShape()});
    auto countOf = [&](ArrayRef<int64_t> shape) {
      return llvm::count_if(arrays,
                            [&](auto &array) { return array.second == shape; });
    };
    // What most have is taken for right; among equals, what comes first.
    ArrayRef<int64_t> common;
    for (auto &array : arrays)
      if (common.empty() || countOf(array.second) > countOf(common))
        common = array.second;
    std::string holders;
    for (auto &[name, shape] : arrays)
      if (shape == common)
        holders += (holders.empty() ? "" : ", ") + name.str();
    for (auto &[name, shape] : arrays)
      if (shape != common)
        error(name, name + " has shape " + formatShape(shape) + ", need " +
                        formatShape(common) + " as " + holders +
                        ", or one element");
  }

  const Node &node;
  Findings &findings;
  bool ok = true;
};
} // namespace

bool nir::checkParameterShapes(const Node &node, Findings &findings) {
  return ShapeChecker(node, findings).check();
}
