//===- CheckParameters.cpp - parameters of NIR nodes ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each parameter against the table: is it there, is it known, does it hold
// numbers, and numbers that mean something.
//
//===----------------------------------------------------------------------===//

#include "Checks.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::nir;

std::string nir::formatIndex(ArrayRef<int64_t> shape, int64_t index) {
  if (shape.empty())
    return "";
  SmallVector<int64_t> position(shape.size());
  for (size_t axis = shape.size(); axis-- > 0; index /= shape[axis])
    position[axis] = index % shape[axis];
  return formatShape(position);
}

/// "0.001", as short as possible.
static std::string formatNumber(double number) {
  if (std::isnan(number))
    return "NaN";
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.6g", number);
  return text;
}

namespace {
/// Checks one node. Numbers that mean nothing are errors, but leave the node's
/// shape known.
class ParameterChecker {
public:
  ParameterChecker(const Node &node, Findings &findings)
      : node(node), findings(findings) {}

  bool check() {
    for (const ParameterInfo &parameter : node.info->parameters)
      checkOne(parameter);
    for (const auto &entry : node.parameters)
      if (!node.info->find(entry.first))
        reportUnknown(entry.first);
    if (ok && valuesRight)
      checkReset();
    return ok;
  }

private:
  void error(StringRef parameter, const llvm::Twine &message) {
    findings.addError(node.getPath(parameter), message);
    ok = false;
  }

  std::string listParameters() const {
    return llvm::join(
        llvm::map_range(node.info->parameters,
                        [](const ParameterInfo &info) { return info.name; }),
        ", ");
  }

  void reportUnknown(StringRef name) {
    if (node.find(name)->isReported())
      return;
    std::string known = listParameters();
    findings.addError(node.getPath(name), "unknown parameter " + quote(name) +
                                              " of " + node.info->name +
                                              " (it has " +
                                              (known.empty() ? "none" : known) +
                                              "); use metadata/ for extras");
  }

  void checkOne(const ParameterInfo &parameter) {
    const Value *value = node.find(parameter.name);
    if (!value) {
      if (parameter.required)
        error(parameter.name,
              parameter.name + " is missing; " + node.info->name + " has " +
                  listParameters() +
                  (node.is(NodeType::Affine) ? "; without bias it is a Linear"
                                             : ""));
      return;
    }
    if (value->isReported()) {
      ok = false;
      return;
    }
    if (parameter.kind == ParameterKind::padding && value->getText())
      checkPaddingWord(parameter, *value->getText());
    else if (parameter.kind == ParameterKind::padding ||
             parameter.kind == ParameterKind::integers)
      checkIntegers(parameter, *value);
    else
      checkNumbers(parameter, *value);
  }

  void checkPaddingWord(const ParameterInfo &parameter, StringRef word) {
    if (word != "same" && word != "valid")
      error(parameter.name,
            "padding is " + quote(word) + ", need 'same', 'valid' or " +
                llvm::Twine(parameter.count) +
                (parameter.count == 1 ? " integer" : " integers"));
  }

  void checkIntegers(const ParameterInfo &parameter, const Value &value) {
    auto integers = node.getIntegers(parameter.name);
    if (!integers) {
      error(parameter.name, parameter.name + " is " + value.describe() +
                                ", need integers" +
                                (parameter.kind == ParameterKind::padding
                                     ? ", 'same' or 'valid'"
                                     : ""));
      return;
    }
    size_t size = integers->size();
    if (value.tensor.getRank() > 1 ||
        (parameter.count && size != 1 && size != parameter.count)) {
      error(parameter.name,
            parameter.name + " has shape " +
                formatShape(value.tensor.getShape()) + ", need " +
                (parameter.count > 1 ? "1 or " + std::to_string(parameter.count)
                 : parameter.count   ? std::string("1")
                                     : std::string("a list of")) +
                (parameter.count == 1 ? " integer" : " integers"));
      return;
    }
    checkRange(parameter, *integers);
  }

  void checkRange(const ParameterInfo &parameter, ArrayRef<int64_t> integers) {
    std::string have = (parameter.name + " is " + formatShape(integers)).str();
    uint64_t product = 1;
    for (int64_t number : integers) {
      if (number < parameter.least)
        return error(parameter.name, have + ", need numbers from " +
                                         llvm::Twine(parameter.least));
      if (std::abs(number) > maxElements)
        return error(parameter.name,
                     have + ", need numbers up to " + llvm::Twine(maxElements));
      product = llvm::SaturatingMultiply<uint64_t>(product, std::abs(number));
    }
    if (parameter.count == 0 && product > static_cast<uint64_t>(maxElements))
      error(parameter.name,
            have + ", need at most " + llvm::Twine(maxElements) + " elements");
  }

  void checkNumbers(const ParameterInfo &parameter, const Value &value) {
    if (value.kind != Value::Kind::number)
      return error(parameter.name, parameter.name + " is " + value.describe() +
                                       ", need float32 or float64");
    const Tensor &tensor = value.tensor;
    if (tensor.getNumElements() == 0)
      return error(parameter.name, parameter.name + " has shape " +
                                       formatShape(tensor.getShape()) +
                                       ", need at least one element");
    double least = -HUGE_VAL;
    if (parameter.kind != ParameterKind::real)
      least = 0;
    bool isOpen = parameter.kind == ParameterKind::positive;
    int64_t index = findBad(tensor, least, isOpen);
    if (index < 0)
      return;
    double number = tensor.getAsDouble(index);
    std::string have =
        parameter.name.str() + formatIndex(tensor.getShape(), index) +
        (std::isfinite(number) ? " = " : " is ") + formatNumber(number);
    valuesRight = false;
    findings.addError(node.getPath(parameter.name),
                      have + (!std::isfinite(number) ? ", need a finite number"
                              : isOpen               ? ", need > 0"
                                                     : ", need >= 0"));
  }

  /// The first element that is not finite or not in range, -1 if there is none.
  static int64_t findBad(const Tensor &tensor, double least, bool isOpen) {
    auto find = [&](auto elements) -> int64_t {
      auto *bad = llvm::find_if(elements, [&](auto number) {
        return !(number >= least && number < HUGE_VAL) || number == -HUGE_VAL ||
               (isOpen && number == 0);
      });
      return bad == elements.end() ? -1 : bad - elements.begin();
    };
    if (tensor.getElementType() == ElementType::f32)
      return find(tensor.data<float>());
    if (tensor.getElementType() == ElementType::f64)
      return find(tensor.data<double>());
    for (int64_t i = 0, e = tensor.getNumElements(); i < e; ++i) {
      double number = tensor.getAsDouble(i);
      if (number < least || (isOpen && number == 0))
        return i;
    }
    return -1;
  }

  /// Warns of a neuron that resets to where it fires.
  void checkReset() {
    const Tensor *threshold = node.findTensor("v_threshold");
    if (!threshold)
      return;
    Tensor zero({}, ElementType::f64);
    const Tensor *found = node.findTensor("v_reset");
    const Tensor &reset = found ? *found : zero;
    int64_t count =
        std::max(reset.getNumElements(), threshold->getNumElements());
    for (int64_t i = 0; i < count; ++i) {
      int64_t r = isSingle(reset) ? 0 : i, t = isSingle(*threshold) ? 0 : i;
      if (r >= reset.getNumElements() || t >= threshold->getNumElements())
        return;
      double low = reset.getAsDouble(r), high = threshold->getAsDouble(t);
      if (low < high)
        continue;
      findings.addWarning(
          node.getPath("v_reset"),
          "v_reset" + formatIndex(reset.getShape(), r) + " = " +
              formatNumber(low) + (found ? "" : " (by default)") +
              " >= v_threshold" + formatIndex(threshold->getShape(), t) +
              " = " + formatNumber(high) +
              ": the neuron can fire in every step for ever");
      return;
    }
  }

  const Node &node;
  Findings &findings;
  bool ok = true;
  /// The numbers mean something, too.
  bool valuesRight = true;
};
} // namespace

bool nir::checkParameters(const Node &node, Findings &findings) {
  return ParameterChecker(node, findings).check();
}
