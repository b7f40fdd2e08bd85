//===- Network.h - SONATA networks in memory --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_SONATA_NETWORK_H
#define LIB_IMPORT_SONATA_NETWORK_H

#include "Config.h"
#include "TypeTable.h"

namespace spikeformer::sonata {

/// A type of neuron. Virtual ones only emit what their spike trains say.
struct NeuronType {
  bool isVirtual = false;
  /// In seconds.
  double tau = 0, refractory = 0;
};

/// A population of nodes; node ids are 0 to types.size() - 1.
struct Population {
  std::string name;
  /// Where it lies.
  std::string file, path;
  /// Of each node.
  std::vector<NeuronType> types;
  bool isVirtual = false;
};

/// A population of edges, in the order of the file.
struct Projection {
  std::string name, source, target;
  /// Where it lies.
  std::string file, path;
  std::vector<uint64_t> sources, targets;
  /// What an event adds: syn_weight x nsyns x sign.
  std::vector<double> weights;
  /// In ms.
  std::vector<double> delays;
};

struct Network {
  std::vector<Population> populations;
  std::vector<Projection> projections;

  const Population *find(StringRef name) const;
};

/// Reads the files of nodes and edges that `config` names. What is wrong, or
/// no neuron that can be imported, goes to `problems`.
Network readNetwork(const Config &config, Problems &problems);

} // namespace spikeformer::sonata

#endif // LIB_IMPORT_SONATA_NETWORK_H
