//===- MachineGraph.h - routers, cores, links -------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A machine as mapping sees it: routers with cores, directed links between
// them, and how much of each named resource everything has. What is dead or
// kept for the machine's own software is not in the graph. Whoever makes one
// (a plugin, a JSON file, a builder of Fabrics.h) adds routers, then links;
// from then on it is read only.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TARGETMODEL_MACHINEGRAPH_H
#define SPIKEFORMER_TARGETMODEL_MACHINEGRAPH_H

#include "spikeformer/TargetModel/Violation.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringRef.h"
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace spikeformer {

/// Indices into a MachineGraph, from 0.
using RouterIndex = uint32_t;
using CoreIndex = uint32_t;
using LinkIndex = uint32_t;
/// No router, core or link; in an answer: not decided, `?`.
inline constexpr uint32_t noIndex = ~uint32_t(0);

/// Whose amount a resource is: that of a core, or of a router, which its cores
/// share.
enum class ResourceScope { core, router };

/// A named resource, such as synapse memory in bytes.
struct Resource {
  std::string name;
  /// Plural noun or unit, for messages: "bytes", "neurons".
  std::string unit;
  ResourceScope scope = ResourceScope::core;
};

/// How links lie. The ports of a mesh are E N W S; those of a hexagonal fabric
/// E NE N W SW S, where NE is (+1, +1); those of a tree are 0 for the parent
/// and one for each child; those of a graph mean nothing.
enum class Fabric { mesh, hexagonal, tree, graph };

/// What becomes of a packet whose next link is full for long: it is dropped, or
/// waits and holds the link that it came by.
enum class Flow { dropping, blocking };

/// Where links meet: a router with its cores.
struct Router {
  /// Coordinates, unique in a machine.
  int32_t x, y;
  /// The chip and the board that it is on, counted from 0.
  uint32_t chip, board;
  /// The cores are [firstCore, firstCore + numCores).
  CoreIndex firstCore;
  uint32_t numCores;
  /// Entries that its table holds.
  uint32_t tableEntries;
};

/// Something that runs slices.
struct Core {
  RouterIndex router;
  /// What the machine's software calls it, below maxCoresPerRouter.
  uint32_t id;
};

/// A wire in one direction.
struct Link {
  RouterIndex from, to;
  /// Port of `from` that it leaves by.
  uint32_t port;
  /// Packets per step that it carries; infinity: no limit is known.
  double capacity;
  /// Joules of one packet; 0: not known.
  double energy;
};

/// Ports and core ids stay below these, so that a route fits a few words.
inline constexpr uint32_t maxPorts = 32, maxCoresPerRouter = 192;

/// Steps along the axes of a mesh (E, N) or of a hexagonal fabric (E, NE, N),
/// negative in the opposite direction.
using FabricVector = std::array<int32_t, 3>;

/// A machine.
class MachineGraph {
public:
  MachineGraph() = default;
  /// `width` and `height` bound the coordinates of a mesh or hexagonal fabric,
  /// `wrapX` and `wrapY` join its edges. `numPorts` counts for trees and
  /// graphs; the others have theirs.
  MachineGraph(llvm::StringRef name, Fabric fabric, uint32_t width,
               uint32_t height, bool wrapX, bool wrapY, uint32_t numPorts = 0);

  //===--------------------------------------------------------------------===//
  // Making one
  //===--------------------------------------------------------------------===//

  /// Adds a resource before the first router; returns its index.
  unsigned addResource(Resource resource);
  /// Adds a router; `capacity` has an amount for each resource, of which those
  /// of scope router count.
  RouterIndex addRouter(int32_t x, int32_t y, uint32_t chip, uint32_t board,
                        uint32_t tableEntries,
                        llvm::ArrayRef<int64_t> capacity);
  /// Adds a core to the last router; those of scope core count.
  CoreIndex addCore(uint32_t id, llvm::ArrayRef<int64_t> capacity);
  /// Adds a link; the port of `from` must be free.
  LinkIndex addLink(RouterIndex from, uint32_t port, RouterIndex to,
                    double capacity, double energy);

  /// Says how links behave; before that they drop packets.
  void setFlow(Flow newFlow) { flow = newFlow; }

  /// What is wrong with the machine: no core, a link to nowhere or against the
  /// geometry, a core id twice.
  Violations check() const;

  //===--------------------------------------------------------------------===//
  // Reading it
  //===--------------------------------------------------------------------===//

  llvm::StringRef getName() const { return name; }
  Fabric getFabric() const { return fabric; }
  Flow getFlow() const { return flow; }
  uint32_t getWidth() const { return width; }
  uint32_t getHeight() const { return height; }
  bool wrapsX() const { return wrapX; }
  bool wrapsY() const { return wrapY; }
  uint32_t getNumPorts() const { return numPorts; }

  llvm::ArrayRef<Resource> getResources() const { return resources; }
  llvm::ArrayRef<Router> getRouters() const { return routers; }
  llvm::ArrayRef<Core> getCores() const { return cores; }
  llvm::ArrayRef<Link> getLinks() const { return links; }
  uint32_t getNumChips() const { return numChips; }

  /// An amount for each resource; 0 for those of the other scope.
  llvm::ArrayRef<int64_t> getRouterCapacity(RouterIndex router) const {
    return llvm::ArrayRef(routerCapacity)
        .slice(router * resources.size(), resources.size());
  }
  llvm::ArrayRef<int64_t> getCoreCapacity(CoreIndex core) const {
    return llvm::ArrayRef(coreCapacity)
        .slice(core * resources.size(), resources.size());
  }

  /// The router at (x, y), or noIndex.
  RouterIndex findRouter(int32_t x, int32_t y) const;
  /// The link that leaves `router` by `port`, or noIndex.
  LinkIndex getLink(RouterIndex router, uint32_t port) const {
    return linkOfPort[size_t(router) * numPorts + port];
  }
  /// The core of that id on `router`, or noIndex.
  CoreIndex findCore(RouterIndex router, uint32_t id) const;

  /// The port that leads straight on, away from where `port` leads, of a mesh
  /// or hexagonal fabric; noIndex of others.
  uint32_t getOppositePort(uint32_t port) const;
  /// The shortest way between two routers of a mesh or hexagonal fabric without
  /// dead parts; of several the one that does not wrap, then the one with the
  /// smaller steps in order of the axes.
  FabricVector getVector(RouterIndex from, RouterIndex to) const;
  /// Links of the shortest way, without dead parts; of a tree or graph with
  /// them. O(1) for meshes and hexagonal fabrics.
  uint32_t getDistance(RouterIndex from, RouterIndex to) const;

  /// "(3, 4)" and "core 7 of (3, 4)", for messages.
  std::string describeRouter(RouterIndex router) const;
  std::string describeCore(CoreIndex core) const;

private:
  std::string name;
  Fabric fabric = Fabric::graph;
  Flow flow = Flow::dropping;
  uint32_t width = 0, height = 0;
  bool wrapX = false, wrapY = false;
  uint32_t numPorts = 0, numChips = 0;

  std::vector<Resource> resources;
  std::vector<Router> routers;
  std::vector<Core> cores;
  std::vector<Link> links;
  std::vector<int64_t> routerCapacity, coreCapacity;
  std::vector<LinkIndex> linkOfPort;
  llvm::DenseMap<std::pair<int32_t, int32_t>, RouterIndex> routerAt;
};

} // namespace spikeformer

#endif // SPIKEFORMER_TARGETMODEL_MACHINEGRAPH_H
