//===- RouteIndex.cpp - numbers of different routes -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RouteIndex.h"

using namespace spikeformer;

RouteIndex::RouteIndex(std::vector<Route> &routes) : routes(routes) { grow(); }

size_t RouteIndex::getSlot(const Route &route) const {
  uint64_t hash = route.ports * 0x9e3779b97f4a7c15;
  for (uint64_t word : route.cores)
    hash = (hash ^ word ^ hash >> 29) * 0xbf58476d1ce4e5b9;
  size_t slot = (hash ^ hash >> 32) & (slots.size() - 1);
  while (slots[slot] != noIndex && !(routes[slots[slot]] == route))
    slot = (slot + 1) & (slots.size() - 1);
  return slot;
}

void RouteIndex::grow() {
  size_t size = 64;
  while (size < routes.size() * 4)
    size *= 2;
  slots.assign(size, noIndex);
  for (auto [number, route] : llvm::enumerate(routes))
    slots[getSlot(route)] = number;
}

uint32_t RouteIndex::add(const Route &route) {
  size_t slot = getSlot(route);
  if (slots[slot] != noIndex)
    return slots[slot];
  slots[slot] = routes.size();
  routes.push_back(route);
  if (routes.size() * 2 > slots.size())
    grow();
  return routes.size() - 1;
}

uint32_t RouteIndex::find(const Route &route) const {
  return slots[getSlot(route)];
}
