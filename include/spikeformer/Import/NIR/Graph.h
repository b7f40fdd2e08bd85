//===- Graph.h - a NIR file in memory ---------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The contents of a NIR file as they are stored: nothing is computed, nothing
// is guessed, and what cannot be a parameter is kept as a description of what
// it is. Checking and lowering work on this model and never see HDF5.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_IMPORT_NIR_GRAPH_H
#define SPIKEFORMER_IMPORT_NIR_GRAPH_H

#include "spikeformer/Import/NIR/NodeTypes.h"
#include "spikeformer/Support/LLVM.h"
#include "spikeformer/Support/Tensor.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spikeformer::nir {

/// A map that keeps the file's order, which for groups of HDF5 is alphabetical.
template <typename T>
using NameMap = llvm::MapVector<std::string, T, llvm::StringMap<unsigned>>;

/// What a dataset holds.
struct Value {
  enum class Kind : uint8_t {
    /// `tensor`; a scalar has rank 0.
    number,
    /// `texts` in the shape `textShape`, valid UTF-8.
    text,
    /// Something else; `description` is "a compound type" or the like. An empty
    /// description: reading failed and has been reported.
    other
  };
  Kind kind = Kind::other;
  Tensor tensor;
  SmallVector<int64_t, 2> textShape;
  std::vector<std::string> texts;
  std::string description;

  /// The string, if it is a single one.
  std::optional<StringRef> getText() const;
  /// True if reading failed and has been reported.
  bool isReported() const;
  /// What it is, for messages: "float32 [3, 4]", "a string", "a compound type".
  std::string describe() const;
};

struct Graph;

/// A node as the file has it.
struct Node {
  /// Null if `typeName` is no type of NIR's.
  const NodeInfo *info = nullptr;
  /// Empty if the file has none; that has been reported.
  std::string typeName;
  /// Where it lies in the file: "/node/nodes/fc".
  std::string path;
  NameMap<Value> parameters;
  /// Names of nested groups are joined by '/'.
  NameMap<Value> metadata;
  /// Of a NIRGraph, and of nothing else.
  std::shared_ptr<const Graph> subgraph;

  bool is(NodeType type) const { return info && info->type == type; }
  /// The parameter of that name, null if the file has none.
  const Value *find(StringRef name) const;
  /// The array of that name, null if there is none or it holds no numbers.
  const Tensor *findTensor(StringRef name) const;
  /// The integers of that name in row-major order; if absent the default of the
  /// type's table. None: neither, or not integers (floats with integral values
  /// are).
  std::optional<SmallVector<int64_t>> getIntegers(StringRef name) const;
  /// Where parameter `name` lies in the file.
  std::string getPath(StringRef name) const { return path + "/" + name.str(); }
};

/// A signal's way from node to node.
struct Edge {
  std::string source, target;
  /// The dataset that lists it: "/node/edges".
  std::string path;
};

struct Graph {
  /// Its group: "/node".
  std::string path;
  NameMap<Node> nodes;
  std::vector<Edge> edges;
  /// False if the file's edges could not be read; that has been reported.
  bool edgesKnown = false;
};

/// One thing wrong with a file.
struct Finding {
  bool isError;
  /// HDF5 path; empty for the file as a whole.
  std::string location;
  std::string message;
};

/// What is wrong with a file, in the order in which it was found. Bytes that
/// are not printable are escaped.
class Findings {
public:
  void addError(StringRef location, const llvm::Twine &message) {
    add(true, location, message);
  }
  void addWarning(StringRef location, const llvm::Twine &message) {
    add(false, location, message);
  }
  void add(bool isError, StringRef location, const llvm::Twine &message);
  void append(const Findings &others);

  ArrayRef<Finding> get() const { return findings; }
  bool hasErrors() const;

  /// The errors as one InputError each; success if there are only warnings.
  llvm::Error takeErrors(StringRef file) const;
  /// Prints the warnings as `file: location: warning: message` lines.
  void printWarnings(raw_ostream &os, StringRef file) const;

private:
  std::vector<Finding> findings;
};

/// A whole file.
struct Model {
  std::string file;
  /// What `/version` says; empty if nothing.
  std::string version;
  /// Empty if there is none; that has been reported.
  std::optional<Graph> graph;
  /// What was wrong while reading.
  Findings findings;
};

/// "'name'", for messages.
std::string quote(StringRef name);

} // namespace spikeformer::nir

#endif // SPIKEFORMER_IMPORT_NIR_GRAPH_H
