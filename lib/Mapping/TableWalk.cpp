//===- TableWalk.cpp - where packets go -----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/TableWalk.h"

using namespace spikeformer;

namespace {

/// Packets of a block on their way.
struct Packet {
  KeyBlock block;
  RouterIndex at;
  /// The port that leads back; noIndex if a core of `at` sent them.
  uint32_t incoming;
  /// Routers that they have passed.
  std::vector<RouterIndex> passed;
};

/// Follows all packets of a block.
class Walker {
public:
  Walker(const MachineGraph &machine, const RoutingTables &tables,
         bool defaultRoutes)
      : machine(machine), tables(tables), defaultRoutes(defaultRoutes) {}

  std::vector<Arrival> walk(RouterIndex source, KeyBlock block);

private:
  void visit(const Packet &packet, KeyBlock block, size_t entry);
  void send(const Packet &packet, KeyBlock block, const Route &route);
  void sendDefault(const Packet &packet, KeyBlock block);
  void leave(const Packet &packet, KeyBlock block, uint32_t port);

  const MachineGraph &machine;
  const RoutingTables &tables;
  bool defaultRoutes;
  std::vector<Packet> open;
  std::vector<Arrival> arrivals;
};

} // namespace

void Walker::leave(const Packet &packet, KeyBlock block, uint32_t port) {
  LinkIndex link = machine.getLink(packet.at, port);
  if (link == noIndex)
    return;
  RouterIndex to = machine.getLinks()[link].to;
  for (RouterIndex before : packet.passed)
    if (before == to)
      return;
  Packet next{block, to, machine.getOppositePort(port), packet.passed};
  next.passed.push_back(to);
  open.push_back(std::move(next));
}

void Walker::send(const Packet &packet, KeyBlock block, const Route &route) {
  for (uint32_t port = 0; port < machine.getNumPorts(); ++port)
    if (route.ports >> port & 1)
      leave(packet, block, port);
  for (uint32_t id = 0; id < maxCoresPerRouter; ++id)
    if (route.cores[id / 64] >> id % 64 & 1) {
      CoreIndex core = machine.findCore(packet.at, id);
      if (core != noIndex)
        arrivals.push_back({block, core});
    }
}

void Walker::sendDefault(const Packet &packet, KeyBlock block) {
  if (defaultRoutes && packet.incoming != noIndex)
    leave(packet, block, machine.getOppositePort(packet.incoming));
}

/// Looks up `block` from `entry` on; where an entry matches a part, the parts
/// go different ways.
void Walker::visit(const Packet &packet, KeyBlock block, size_t entry) {
  const std::vector<TableEntry> &table = tables.entries[packet.at];
  while (entry < table.size() && !table[entry].block.intersects(block))
    ++entry;
  if (entry == table.size())
    return sendDefault(packet, block);
  KeyBlock match = table[entry].block;
  uint32_t split = match.mask & ~block.mask;
  if (split == 0)
    return send(packet, block, tables.routes[table[entry].route]);
  uint32_t bit = uint32_t(1) << (31 - __builtin_clz(split));
  visit(packet, {block.key, block.mask | bit}, entry);
  visit(packet, {block.key | bit, block.mask | bit}, entry);
}

std::vector<Arrival> Walker::walk(RouterIndex source, KeyBlock block) {
  open.push_back({block, source, noIndex, {source}});
  while (!open.empty()) {
    Packet packet = std::move(open.back());
    open.pop_back();
    if (packet.at < tables.entries.size())
      visit(packet, packet.block, 0);
    else
      sendDefault(packet, packet.block);
  }
  return std::move(arrivals);
}

std::vector<Arrival> spikeformer::walkTables(const MachineGraph &machine,
                                             const RoutingTables &tables,
                                             RouterIndex source, KeyBlock block,
                                             bool defaultRoutes) {
  return Walker(machine, tables, defaultRoutes).walk(source, block);
}
