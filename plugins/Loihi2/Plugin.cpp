//===- Plugin.cpp - what the Loihi2 plugin offers -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// So far the profile under which the chip's software reads NIR.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/PluginAPI/Plugin.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"

SF_PLUGIN(Loihi2) {
  registry.addNIRProfile(
      {"lava", "0.7.0",
       "Lava's floating-point CPU model: reset to 0, weights take a step; from "
       "one neuron of the NIR paper",
       "NIRProfiles.json"});
}
