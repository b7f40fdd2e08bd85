//===- NodeTypes.h - the node types of NIR ----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one table of NIR's node types and their parameters. Reading, checking and
// lowering ask it; nothing else lists them.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_IMPORT_NIR_NODETYPES_H
#define SPIKEFORMER_IMPORT_NIR_NODETYPES_H

#include "spikeformer/Support/LLVM.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>

namespace spikeformer::nir {

enum class NodeType : uint8_t {
  Affine,
  AvgPool2d,
  Conv1d,
  Conv2d,
  CubaLI,
  CubaLIF,
  Delay,
  Flatten,
  I,
  IF,
  Input,
  LI,
  LIF,
  Linear,
  NIRGraph,
  Output,
  Scale,
  SumPool2d,
  Threshold
};

/// What the values of a parameter are.
enum class ParameterKind : uint8_t {
  /// Finite numbers.
  real,
  /// Finite numbers above 0.
  positive,
  /// Finite numbers from 0.
  notNegative,
  /// Integers, or the words "same" and "valid".
  padding,
  /// Integers.
  integers
};

struct ParameterInfo {
  StringRef name;
  ParameterKind kind;
  bool required = true;
  /// What an absent one means, where it means anything.
  std::optional<int64_t> fallback = std::nullopt;
  /// Integers: the least that is allowed, and how many there are at most; 0 for
  /// any number. One stands for all.
  int64_t least = INT64_MIN;
  unsigned count = 1;
};

/// What all types of one kind have in common.
enum class NodeClass : uint8_t {
  /// Input, Output.
  border,
  /// Affine, Linear.
  matrix,
  convolution,
  pool,
  /// Flatten.
  reshape,
  /// Stateless or delaying, parameters per element: Delay, Scale, Threshold.
  elementwise,
  /// State that follows an equation, parameters per element.
  neuron,
  /// NIRGraph.
  graph
};

struct NodeInfo {
  NodeType type;
  StringRef name;
  NodeClass nodeClass;
  ArrayRef<ParameterInfo> parameters;

  /// Null if the type has no such parameter.
  const ParameterInfo *find(StringRef parameter) const;
  /// True if parameters are given per element of the signal.
  bool isPerElement() const {
    return nodeClass == NodeClass::elementwise ||
           nodeClass == NodeClass::neuron;
  }
};

/// All types, by name.
ArrayRef<NodeInfo> getNodeTypes();
/// The type of that name, null if there is none.
const NodeInfo *findNodeType(StringRef name);
/// "Affine, AvgPool2d, ...", for messages.
std::string listNodeTypes();

} // namespace spikeformer::nir

#endif // SPIKEFORMER_IMPORT_NIR_NODETYPES_H
