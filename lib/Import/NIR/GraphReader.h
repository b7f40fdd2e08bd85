//===- GraphReader.h - groups to a graph ------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The shape of a NIR file in HDF5: /version, /node, and in each graph nodes and
// edges.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_NIR_GRAPHREADER_H
#define LIB_IMPORT_NIR_GRAPHREADER_H

#include "spikeformer/Import/NIR/Graph.h"
#include "spikeformer/Import/NIR/ReadNIR.h"
#include "spikeformer/Support/HDF5/DatasetReader.h"

namespace spikeformer::nir {

using hdf5::DatasetReader;
using hdf5::Handle;
using hdf5::listNames;
using hdf5::openObject;
using hdf5::takeHDF5Error;

/// Reads what a file has; what is wrong goes to the model's findings.
class GraphReader {
public:
  GraphReader(const Limits &limits, uint64_t fileBytes, WorkerOutput &output)
      : limits(limits), output(output), datasets(limits, fileBytes, output) {}

  Model read(hid_t file);

private:
  /// An object and where it lies.
  struct Object {
    Handle handle;
    std::string path;
  };

  void readVersion(hid_t file);
  /// Opens an object after counting it. None after a finding.
  std::optional<Object> open(hid_t group, StringRef path,
                             const std::string &name);
  bool isGroup(const Object &object);
  bool isDataset(const Object &object);
  /// Names in the group, which is from now on on the path from the root. None
  /// after a finding, also if it is on that path already.
  std::optional<std::vector<std::string>> enter(const Object &group);
  void leave() { ancestors.pop_back(); }

  /// A dataset's value; reported if it cannot be read. None: no value.
  std::optional<Value> readValue(const Object &object);
  /// The string of dataset `name`; empty after a finding.
  std::string readType(const Object &group, bool exists, StringRef hint);
  Node readNode(const Object &group);
  void readMember(Node &node, const Object &member, StringRef name);
  void readMetadata(NameMap<Value> &metadata, const Object &group,
                    const std::string &prefix);
  std::shared_ptr<const Graph> readSubgraph(const Object &group,
                                            ArrayRef<std::string> names);
  Graph readGraph(const Object &group, ArrayRef<std::string> names);
  void readNodes(Graph &graph, const Object &group);
  void readEdges(Graph &graph, const Object &dataset);

  const Limits &limits;
  WorkerOutput &output;
  DatasetReader datasets;
  Model model;
  uint64_t objectCount = 0;
  unsigned depth = 0;
  /// A graph without its depths would only give errors that follow.
  bool tooDeep = false;
  /// Addresses of the groups from the root to the current one.
  SmallVector<haddr_t> ancestors;
};

} // namespace spikeformer::nir

#endif // LIB_IMPORT_NIR_GRAPHREADER_H
