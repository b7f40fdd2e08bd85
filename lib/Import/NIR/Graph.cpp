//===- Graph.cpp - a NIR file in memory -----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/NIR/Graph.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::nir;

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

/// Whether name `a` comes before `b`, level by level.
static bool isBefore(StringRef a, StringRef b) {
  while (true) {
    auto [headA, restA] = a.split('/');
    auto [headB, restB] = b.split('/');
    if (headA != headB)
      return headA < headB;
    if (restA.empty() || restB.empty())
      return restA.empty() && !restB.empty();
    a = restA;
    b = restB;
  }
}

void nir::sortNodes(Graph &graph) {
  auto nodes = graph.nodes.takeVector();
  llvm::sort(nodes, [](const auto &a, const auto &b) {
    return isBefore(a.first, b.first);
  });
  for (auto &[name, node] : nodes)
    graph.nodes.insert({name, std::move(node)});
}
