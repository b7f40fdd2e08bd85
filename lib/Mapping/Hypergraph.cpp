//===- Hypergraph.cpp - a partition problem to compute with ---------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Hypergraph.h"
#include <algorithm>
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::partition;

void Hypergraph::connect() {
  netOffsets.assign(getNumVertices() + 1, 0);
  for (uint32_t pin : pins)
    ++netOffsets[pin + 1];
  for (uint32_t vertex = 0; vertex < getNumVertices(); ++vertex)
    netOffsets[vertex + 1] += netOffsets[vertex];
  nets.resize(pins.size());
  std::vector<uint64_t> next(netOffsets.begin(), netOffsets.end() - 1);
  for (uint32_t net = 0; net < getNumNets(); ++net)
    for (uint32_t pin : pinsOf(net))
      nets[next[pin]++] = net;
}

//===----------------------------------------------------------------------===//
// Collecting nets
//===----------------------------------------------------------------------===//

namespace {
/// Appends nets with their pins mapped to fewer vertices.
class NetCollector {
public:
  NetCollector(Hypergraph &graph, uint32_t numVertices)
      : graph(graph), seenIn(numVertices, noIndex) {}

  /// Starts a net; pins follow, then finish().
  void pin(uint32_t vertex) {
    if (seenIn[vertex] == serial)
      return;
    seenIn[vertex] = serial;
    graph.pins.push_back(vertex);
  }

  /// `source` is the vertex that sends, which counts as a pin; it is noIndex
  /// where that makes no difference.
  void finish(int64_t weight, int64_t keys, uint32_t source) {
    uint32_t solo = noIndex;
    if (source != noIndex) {
      solo = seenIn[source] == serial ? noIndex : source;
      pin(source);
    }
    ++serial;
    auto begin = graph.pins.begin() + graph.pinOffsets.back();
    if (graph.pins.end() - begin < 2) {
      if (begin != graph.pins.end() && graph.limitsFanIn && solo == noIndex)
        graph.usage[(*begin + 1) * graph.numResources - 1] += keys;
      graph.pins.erase(begin, graph.pins.end());
      return;
    }
    std::sort(begin, graph.pins.end());
    graph.weights.push_back(weight);
    graph.pinOffsets.push_back(graph.pins.size());
    if (!graph.limitsFanIn)
      return;
    graph.keys.push_back(keys);
    graph.soloSources.push_back(solo);
  }

private:
  Hypergraph &graph;
  std::vector<uint32_t> seenIn;
  uint32_t serial = 0;
};
} // namespace

/// The factor, a power of two, that makes integers of packets: as fine as sums
/// over all pins allow.
static double getScale(const Messages &messages) {
  double sum = 0;
  for (size_t message = 0; message < messages.size(); ++message)
    sum += messages.packets[message] *
           (1 + double(messages.targetsOf(message).size()));
  if (sum <= 0)
    return 1;
  int exponent;
  std::frexp(sum, &exponent);
  return std::ldexp(1.0, std::min(60 - exponent, 1000));
}

Hypergraph
spikeformer::partition::makeHypergraph(const PartitionProblem &problem,
                                       const std::vector<uint32_t> &bundles) {
  Hypergraph graph;
  size_t width = problem.resources.size();
  uint32_t count = bundles.empty()
                       ? 0
                       : 1 + *std::max_element(bundles.begin(), bundles.end());
  graph.limitsFanIn = problem.maxFanIn.has_value();
  graph.numResources = width + graph.limitsFanIn;
  graph.fixed.assign(count, noIndex);
  graph.usage.assign(count * graph.numResources, 0);
  for (size_t grain = 0; grain < bundles.size(); ++grain) {
    for (size_t i = 0; i < width; ++i)
      graph.usage[bundles[grain] * graph.numResources + i] +=
          problem.grains.usage[grain * width + i];
    if (!problem.pins.empty() && problem.pins[grain] != noIndex)
      graph.fixed[bundles[grain]] = problem.pins[grain];
  }
  const Messages &messages = problem.messages;
  double scale = getScale(messages);
  NetCollector collector(graph, count);
  for (size_t message = 0; message < messages.size(); ++message) {
    for (uint32_t target : messages.targetsOf(message))
      collector.pin(bundles[target]);
    collector.finish(std::llround(messages.packets[message] * scale),
                     messages.numKeys[message],
                     bundles[messages.sources[message]]);
  }
  graph.connect();
  return graph;
}

//===----------------------------------------------------------------------===//
// Contraction
//===----------------------------------------------------------------------===//

static uint64_t mix(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

static bool haveSamePins(const Hypergraph &graph, uint32_t a, uint32_t b) {
  return graph.pinsOf(a) == graph.pinsOf(b) &&
         (!graph.limitsFanIn || graph.soloSources[a] == graph.soloSources[b]);
}

/// The net that each net is added to: itself, or an earlier one with equal
/// pins.
static std::vector<uint32_t> findEqualNets(const Hypergraph &graph) {
  struct Fingerprint {
    uint64_t hash;
    uint32_t net;
    bool operator<(const Fingerprint &other) const {
      return hash != other.hash ? hash < other.hash : net < other.net;
    }
  };
  std::vector<Fingerprint> prints(graph.getNumNets());
  for (uint32_t net = 0; net < graph.getNumNets(); ++net) {
    uint64_t hash = graph.limitsFanIn ? mix(graph.soloSources[net]) : 0;
    for (uint32_t pin : graph.pinsOf(net))
      hash += mix(pin + 0x9e3779b97f4a7c15);
    prints[net] = {hash, net};
  }
  std::sort(prints.begin(), prints.end());
  std::vector<uint32_t> into(graph.getNumNets());
  for (size_t i = 0; i < prints.size(); ++i) {
    uint32_t net = prints[i].net;
    bool isEqual = i > 0 && prints[i].hash == prints[i - 1].hash &&
                   haveSamePins(graph, net, prints[i - 1].net);
    into[net] = isEqual ? into[prints[i - 1].net] : net;
  }
  return into;
}

static void mergeEqualNets(Hypergraph &graph) {
  std::vector<uint32_t> into = findEqualNets(graph);
  std::vector<uint32_t> renamed(graph.getNumNets());
  uint32_t count = 0;
  uint64_t end = 0;
  for (uint32_t net = 0; net < into.size(); ++net) {
    if (into[net] != net) {
      graph.weights[renamed[into[net]]] += graph.weights[net];
      if (graph.limitsFanIn)
        graph.keys[renamed[into[net]]] += graph.keys[net];
      continue;
    }
    renamed[net] = count;
    graph.weights[count] = graph.weights[net];
    if (graph.limitsFanIn) {
      graph.keys[count] = graph.keys[net];
      graph.soloSources[count] = graph.soloSources[net];
    }
    llvm::ArrayRef<uint32_t> pins = graph.pinsOf(net);
    std::copy(pins.begin(), pins.end(), graph.pins.begin() + end);
    end += pins.size();
    graph.pinOffsets[++count] = end;
  }
  graph.pins.resize(end);
  graph.pinOffsets.resize(count + 1);
  graph.weights.resize(count);
  if (graph.limitsFanIn) {
    graph.keys.resize(count);
    graph.soloSources.resize(count);
  }
}

/// An empty hypergraph with the vertices that clusters are.
static Hypergraph makeClusters(const Hypergraph &fine,
                               const std::vector<uint32_t> &clusterOf,
                               uint32_t numClusters) {
  Hypergraph coarse;
  coarse.numResources = fine.numResources;
  coarse.limitsFanIn = fine.limitsFanIn;
  coarse.fixed.assign(numClusters, noIndex);
  coarse.usage.assign(numClusters * fine.numResources, 0);
  for (uint32_t vertex = 0; vertex < fine.getNumVertices(); ++vertex) {
    uint32_t cluster = clusterOf[vertex];
    for (size_t i = 0; i < fine.numResources; ++i)
      coarse.usage[cluster * fine.numResources + i] +=
          fine.usage[vertex * fine.numResources + i];
    if (fine.fixed[vertex] != noIndex)
      coarse.fixed[cluster] = fine.fixed[vertex];
  }
  return coarse;
}

Hypergraph
spikeformer::partition::contract(const Hypergraph &fine,
                                 const std::vector<uint32_t> &clusterOf,
                                 uint32_t numClusters) {
  Hypergraph coarse = makeClusters(fine, clusterOf, numClusters);
  NetCollector collector(coarse, numClusters);
  for (uint32_t net = 0; net < fine.getNumNets(); ++net) {
    uint32_t solo = fine.limitsFanIn ? fine.soloSources[net] : noIndex;
    for (uint32_t pin : fine.pinsOf(net))
      if (pin != solo)
        collector.pin(clusterOf[pin]);
    collector.finish(fine.weights[net], fine.limitsFanIn ? fine.keys[net] : 0,
                     solo == noIndex ? noIndex : clusterOf[solo]);
  }
  mergeEqualNets(coarse);
  coarse.connect();
  return coarse;
}

Hypergraph
spikeformer::partition::extract(const Hypergraph &whole,
                                const std::vector<uint32_t> &chosen) {
  Hypergraph part;
  part.numResources = whole.numResources;
  std::vector<uint32_t> renamed(whole.getNumVertices(), noIndex);
  for (uint32_t i = 0; i < chosen.size(); ++i) {
    renamed[chosen[i]] = i;
    part.fixed.push_back(whole.fixed[chosen[i]]);
    llvm::ArrayRef<int64_t> usage = whole.usageOf(chosen[i]);
    part.usage.insert(part.usage.end(), usage.begin(), usage.end());
  }
  NetCollector collector(part, chosen.size());
  for (uint32_t net = 0; net < whole.getNumNets(); ++net) {
    for (uint32_t pin : whole.pinsOf(net))
      if (renamed[pin] != noIndex)
        collector.pin(renamed[pin]);
    collector.finish(whole.weights[net], 0, noIndex);
  }
  part.connect();
  return part;
}
