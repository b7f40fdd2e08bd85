//===- Graph.cpp - a NIR file in memory -----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/NIR/Graph.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::nir;

std::optional<StringRef> Value::getText() const {
  if (kind != Kind::text || !textShape.empty() || texts.size() != 1)
    return std::nullopt;
  return StringRef(texts.front());
}

bool Value::isReported() const {
  return kind == Kind::other && description.empty();
}

std::string Value::describe() const {
  if (kind == Kind::other)
    return description;
  if (kind == Kind::text)
    return textShape.empty() ? "a string"
                             : "a string array " + formatShape(textShape);
  std::string name = getElementTypeName(tensor.getElementType()).str();
  return tensor.getRank() ? name + " " + formatShape(tensor.getShape()) : name;
}

const Value *Node::find(StringRef name) const {
  const auto *found = parameters.find(name.str());
  return found == parameters.end() ? nullptr : &found->second;
}

const Tensor *Node::findTensor(StringRef name) const {
  const Value *value = find(name);
  return value && value->kind == Value::Kind::number ? &value->tensor : nullptr;
}

std::optional<SmallVector<int64_t>> Node::getIntegers(StringRef name) const {
  const Value *value = find(name);
  SmallVector<int64_t> result;
  if (!value) {
    const ParameterInfo *parameter = info ? info->find(name) : nullptr;
    if (!parameter || !parameter->fallback)
      return std::nullopt;
    result.push_back(*parameter->fallback);
    return result;
  }
  if (value->kind != Value::Kind::number)
    return std::nullopt;
  for (int64_t i = 0, e = value->tensor.getNumElements(); i < e; ++i) {
    // Beyond 2^53 an extent is a mistake whatever its last digits are.
    double number = value->tensor.getAsDouble(i);
    if (std::floor(number) != number || std::fabs(number) > 9e15)
      return std::nullopt;
    result.push_back(static_cast<int64_t>(number));
  }
  return result;
}

/// `text` with everything escaped that could break a line or a terminal.
static std::string escape(std::string text) {
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data());
  bool isUTF8 = llvm::isLegalUTF8String(&begin, begin + text.size());
  auto isPlain = [&](unsigned char byte) {
    return byte >= 0x20 && byte != 0x7f && (byte < 0x80 || isUTF8);
  };
  if (llvm::all_of(text, isPlain))
    return text;
  std::string result;
  for (unsigned char byte : text)
    result += isPlain(byte) ? std::string(1, static_cast<char>(byte))
                            : "\\x" + llvm::utohexstr(byte, true, 2);
  return result;
}

void Findings::add(bool isError, StringRef location,
                   const llvm::Twine &message) {
  findings.push_back({isError, escape(location.str()), escape(message.str())});
}

void Findings::append(const Findings &others) {
  llvm::append_range(findings, others.findings);
}

bool Findings::hasErrors() const {
  return llvm::any_of(findings,
                      [](const Finding &finding) { return finding.isError; });
}

llvm::Error Findings::takeErrors(StringRef file) const {
  llvm::Error errors = llvm::Error::success();
  for (const Finding &finding : findings)
    if (finding.isError)
      errors = llvm::joinErrors(
          std::move(errors),
          makeInputError(file, finding.location, finding.message));
  return errors;
}

void Findings::printWarnings(raw_ostream &os, StringRef file) const {
  for (const Finding &finding : findings) {
    if (finding.isError)
      continue;
    os << file << ": ";
    if (!finding.location.empty())
      os << finding.location << ": ";
    os << "warning: " << finding.message << '\n';
  }
}

std::string nir::quote(StringRef name) { return "'" + name.str() + "'"; }
