//===- MappingFiles.cpp - the files of a mapping --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Emit/MappingFiles.h"
#include "TargetModel/Board.h"
#include "llvm/ADT/STLExtras.h"

using namespace spikeformer;
using namespace spikeformer::spinnaker;

JsonValue spinnaker::toPlacementsFile(const MachineGraph &machine,
                                      const SliceList &slices,
                                      const Placement &placement) {
  JsonValue rows = JsonValue::array();
  for (auto [name, index] : llvm::zip_equal(slices.names, placement)) {
    const Core &core = machine.getCores()[index];
    const Router &router = machine.getRouters()[core.router];
    rows.push(JsonValue::object()
                  .set("vertex_label", name)
                  .set("x", router.x)
                  .set("y", router.y)
                  .set("p", core.id));
  }
  return rows;
}

/// Bit i < 6 is link i, bit 6 + p core p (spinn_machine/routing_entry.py).
static uint64_t toRouteWord(const Route &route) {
  return route.ports | route.cores[0] << numLinks;
}

static bool isDefaultable(const MachineGraph &machine, const TableEntry &entry,
                          const Route &route) {
  return entry.incoming != noIndex && !route.hasCores() &&
         route.ports == uint32_t(1) << machine.getOppositePort(entry.incoming);
}

JsonValue spinnaker::toTablesFile(const MachineGraph &machine,
                                  const RoutingTables &tables) {
  std::vector<RouterIndex> order;
  for (RouterIndex router = 0; router < tables.entries.size(); ++router)
    if (!tables.entries[router].empty())
      order.push_back(router);
  llvm::sort(order, [&](RouterIndex a, RouterIndex b) {
    const Router &left = machine.getRouters()[a];
    const Router &right = machine.getRouters()[b];
    return std::pair(left.x, left.y) < std::pair(right.x, right.y);
  });
  JsonValue result = JsonValue::array();
  for (RouterIndex router : order) {
    JsonValue rows = JsonValue::array();
    for (const TableEntry &entry : tables.entries[router]) {
      const Route &route = tables.routes[entry.route];
      rows.push(JsonValue::object()
                    .set("key", entry.block.key)
                    .set("mask", entry.block.mask)
                    .set("defaultable", isDefaultable(machine, entry, route))
                    .set("spinnaker_route", toRouteWord(route)));
    }
    const Router &at = machine.getRouters()[router];
    result.push(JsonValue::object().set("x", at.x).set("y", at.y).set(
        "entries", std::move(rows)));
  }
  return result;
}

/// The name of message `index`.
static const std::string &getName(const SliceList &slices,
                                  const Messages &messages, size_t index) {
  return messages.names.empty() ? slices.names[messages.sources[index]]
                                : messages.names[index];
}

JsonValue spinnaker::toKeysFile(const SliceList &slices,
                                const Messages &messages,
                                const KeyAllocation &keys) {
  JsonValue result = JsonValue::object();
  for (size_t message = 0; message < messages.size(); ++message) {
    JsonValue blocks = JsonValue::array();
    blocks.push(JsonValue::object()
                    .set("key", keys[message].key)
                    .set("mask", keys[message].mask));
    result.set(getName(slices, messages, message), std::move(blocks));
  }
  return result;
}

JsonValue spinnaker::toNetworkFile(llvm::StringRef name,
                                   const SliceList &slices,
                                   const Messages &messages,
                                   uint32_t reservedBits) {
  JsonValue vertices = JsonValue::array(), nets = JsonValue::array();
  for (size_t slice = 0; slice < slices.size(); ++slice) {
    const std::string &population =
        slices.populationNames[slices.populations[slice]];
    JsonValue vertex = JsonValue::object();
    vertex.set("id", slices.names[slice])
        .set("sdram", slices.usageOf(slice)[1]);
    if (population != slices.names[slice])
      vertex.set("population", population);
    vertices.push(std::move(vertex));
  }
  for (size_t message = 0; message < messages.size(); ++message) {
    JsonValue targets = JsonValue::array();
    for (uint32_t target : messages.targetsOf(message))
      targets.push(slices.names[target]);
    nets.push(
        JsonValue::object()
            .set("id", getName(slices, messages, message))
            .set("source", slices.names[messages.sources[message]])
            .set("targets", std::move(targets))
            .set("n_keys", uint64_t(messages.numKeys[message]) << reservedBits)
            .set("packets", messages.packets[message]));
  }
  return JsonValue::object()
      .set("format", "spinnaker-network/1")
      .set("name", name)
      .set("vertices", std::move(vertices))
      .set("nets", std::move(nets));
}
