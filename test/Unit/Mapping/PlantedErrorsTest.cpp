//===- PlantedErrorsTest.cpp - errors in placements and keys --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PlantedErrors.h"

using namespace spikeformer;

static const Planted placementErrors[] = {
    {"usage column too short", Owner::placement, "slice-columns", "",
     [](SolvedMapping &m, Random &) {
       m.slices.usage.pop_back();
       return true;
     }},
    {"population that is not there", Owner::placement, "slice-population", "",
     [](SolvedMapping &m, Random &r) {
       m.slices.populations[chooseSlice(m, r)] = 99;
       return true;
     }},
    {"usage below nothing", Owner::placement, "slice-usage", "",
     [](SolvedMapping &m, Random &r) {
       m.slices.usage[2 * chooseSlice(m, r)] = -1;
       return true;
     }},
    {"name twice", Owner::placement, "slice-twice", "",
     [](SolvedMapping &m, Random &r) {
       uint32_t slice = chooseSlice(m, r);
       m.slices.names[slice] = m.slices.names[slice == 0 ? 1 : 0];
       return true;
     }},
    {"slice larger than any core", Owner::placement, "slice-too-large",
     "machine-too-small",
     [](SolvedMapping &m, Random &r) {
       m.slices.usage[2 * chooseSlice(m, r)] = 3;
       return true;
     }},
    {"more than the machine has", Owner::placement, "machine-too-small", "",
     [](SolvedMapping &m, Random &) {
       while (m.slices.size() * 2 <= m.machine.getCores().size() * 4) {
         m.slices.clusters.push_back(1000 + m.slices.size());
         addSlice(m.slices, 2, 0);
       }
       return true;
     }},
    {"pin to no core", Owner::placement, "pin-to-nowhere", "",
     [](SolvedMapping &m, Random &r) {
       pin(m, chooseSlice(m, r), m.machine.getCores().size());
       return true;
     }},
    {"pins that fill a core twice", Owner::placement, "pins-core-over-capacity",
     "pins-router-over-capacity pins-cluster-parted",
     [](SolvedMapping &m, Random &) {
       for (uint32_t slice = 0; slice < 3; ++slice)
         pin(m, slice, 0);
       return true;
     }},
    {"pins that part a cluster", Owner::placement, "pins-cluster-parted", "",
     [](SolvedMapping &m, Random &) {
       pin(m, 0, 0);
       pin(m, 1, m.machine.getCores().size() - 1);
       return true;
     }},
    {"message to no slice", Owner::placement, "message-target", "",
     [](SolvedMapping &m, Random &r) {
       uint32_t message = chooseMessage(m, r);
       if (message == noIndex)
         return false;
       m.messages.targets[m.messages.offsets[message + 1] - 1] = 999;
       return true;
     }},
    {"message from no slice", Owner::placement, "message-source", "",
     [](SolvedMapping &m, Random &r) {
       m.messages.sources[chooseSlice(m, r)] = 999;
       return true;
     }},
    {"packets below nothing", Owner::placement, "message-packets", "",
     [](SolvedMapping &m, Random &r) {
       m.messages.packets[chooseSlice(m, r)] = -1;
       return true;
     }},
    {"placement column too short", Owner::placement, "placement-columns", "",
     [](SolvedMapping &m, Random &) {
       m.placement.pop_back();
       return true;
     }},
    {"hole in a placement", Owner::placement, "slice-without-core", "",
     [](SolvedMapping &m, Random &r) {
       m.placement[chooseSlice(m, r)] = noIndex;
       return true;
     }},
    {"placed on no core", Owner::placement, "slice-without-core", "",
     [](SolvedMapping &m, Random &r) {
       m.placement[chooseSlice(m, r)] = m.machine.getCores().size();
       return true;
     }},
    {"pin that is not kept", Owner::placement, "pin-not-kept", "",
     [](SolvedMapping &m, Random &r) {
       uint32_t slice = chooseAlone(m, r);
       if (slice == noIndex)
         return false;
       pin(m, slice, m.placement[slice] == 0 ? 1 : 0);
       return true;
     }},
    {"core with too many neurons", Owner::placement, "core-over-capacity",
     "router-over-capacity",
     [](SolvedMapping &m, Random &r) {
       uint32_t slice = chooseAlone(m, r);
       uint32_t other = choose(r, m.slices.size(), [&](uint32_t at) {
         return m.placement[at] != m.placement[slice] &&
                m.slices.usageOf(at)[0] + m.slices.usageOf(slice)[0] > 2;
       });
       if (slice == noIndex || other == noIndex)
         return false;
       m.placement[slice] = m.placement[other];
       return true;
     }},
    {"router with too much memory", Owner::placement, "router-over-capacity",
     "",
     [](SolvedMapping &m, Random &r) {
       uint32_t slice = choose(r, m.slices.size(), [&](uint32_t at) {
         return llvm::count_if(m.placement, [&](CoreIndex core) {
                  return getRouter(m, core) == getRouter(m, m.placement[at]);
                }) > 1;
       });
       if (slice == noIndex)
         return false;
       // As much as it may have alone.
       m.slices.usage[2 * slice + 1] = 40;
       return true;
     }},
    {"cluster on two routers", Owner::placement, "cluster-parted",
     "core-over-capacity router-over-capacity",
     [](SolvedMapping &m, Random &r) {
       RouterIndex here = getRouter(m, m.placement[1]);
       m.placement[1] =
           choose(r, m.machine.getCores().size(),
                  [&](CoreIndex core) { return getRouter(m, core) != here; });
       return true;
     }},
};

static const Planted keyErrors[] = {
    {"pins of keys too few", Owner::keys, "pin-columns", "",
     [](SolvedMapping &m, Random &) {
       m.keyPins = {{noIndex, 0}};
       return true;
     }},
    {"pin with too few keys", Owner::keys, "pin-too-few", "",
     [](SolvedMapping &m, Random &r) {
       uint32_t message = choose(r, m.messages.size(), [&](uint32_t at) {
         return m.messages.numKeys[at] > 1;
       });
       if (message == noIndex)
         return false;
       pinKey(m, message, {0, ~0u});
       return true;
     }},
    {"pins that share keys", Owner::keys, "pin-shared", "",
     [](SolvedMapping &m, Random &) {
       pinKey(m, 0, {0, ~15u});
       pinKey(m, 1, {0, ~31u});
       return true;
     }},
    {"pin with bits outside its mask", Owner::keys, "pin-outside-mask", "",
     [](SolvedMapping &m, Random &r) {
       pinKey(m, chooseSlice(m, r), {1, ~15u});
       return true;
     }},
    {"pin beyond the key space", Owner::keys, "pin-bits", "",
     [](SolvedMapping &m, Random &r) {
       pinKey(m, chooseSlice(m, r), {1u << 20, ~15u});
       return true;
     }},
    {"pin whose mask has a gap", Owner::keys, "pin-mask", "",
     [](SolvedMapping &m, Random &r) {
       pinKey(m, chooseSlice(m, r), {0, ~30u});
       return true;
     }},
    {"too few bits for all keys", Owner::keys, "key-space", "",
     [](SolvedMapping &m, Random &) {
       m.keyBits = 2;
       return true;
     }},
    {"keys of more bits than there are", Owner::keys, "key-bits", "",
     [](SolvedMapping &m, Random &) {
       m.keyBits = 33;
       return true;
     }},
    {"key column too short", Owner::keys, "key-columns", "",
     [](SolvedMapping &m, Random &) {
       m.keys.pop_back();
       return true;
     }},
    {"message without keys", Owner::keys, "key-missing", "",
     [](SolvedMapping &m, Random &r) {
       m.keys[chooseSlice(m, r)] = {noIndex, 0};
       return true;
     }},
    {"fewer keys than senders", Owner::keys, "key-too-few", "",
     [](SolvedMapping &m, Random &r) {
       uint32_t message = choose(r, m.messages.size(), [&](uint32_t at) {
         return m.messages.numKeys[at] > 1;
       });
       if (message == noIndex)
         return false;
       m.keys[message].mask = ~0u;
       return true;
     }},
    {"key outside its mask", Owner::keys, "key-outside-mask", "",
     [](SolvedMapping &m, Random &r) {
       uint32_t message = choose(r, m.messages.size(),
                                 [&](uint32_t at) { return ~m.keys[at].mask; });
       if (message == noIndex)
         return false;
       m.keys[message].key |= ~m.keys[message].mask;
       return true;
     }},
    {"keys beyond the key space", Owner::keys, "key-bits", "",
     [](SolvedMapping &m, Random &r) {
       m.keys[chooseSlice(m, r)].key |= 1u << 20;
       return true;
     }},
    {"keys of two messages", Owner::keys, "key-shared", "key-too-few",
     [](SolvedMapping &m, Random &r) {
       uint32_t message = chooseSlice(m, r);
       m.keys[message] = m.keys[message == 0 ? 1 : 0];
       return true;
     }},
    {"pin of keys that is not kept", Owner::keys, "key-pin", "",
     [](SolvedMapping &m, Random &r) {
       pinKey(m, chooseSlice(m, r), {0xff00, ~15u});
       return true;
     }},
};

TEST_F(PlantedErrors, OfPlacements) { plantAll(placementErrors); }

TEST_F(PlantedErrors, OfKeys) { plantAll(keyErrors); }
