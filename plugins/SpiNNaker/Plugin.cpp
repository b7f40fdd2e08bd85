//===- Plugin.cpp - what the SpiNNaker plugin offers ----------------------===//
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

SF_PLUGIN(SpiNNaker) {
  registry.addNIRProfile(
      {"spinnaker2", "1.0",
       "py-spinnaker2: Euler, reset to 0; from one neuron of the NIR paper",
       "NIRProfiles.json"});
}
