//===- Plugin.cpp - what the SpiNNaker plugin offers ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The target with its machines, the importer of machine graphs, and the profile
// under which the software of SpiNNaker 2 reads NIR.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/PluginAPI/Plugin.h"
#include "Emit/SpiNNakerTarget.h"
#include "Import/ImportNetwork.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"

using namespace spikeformer;

SF_PLUGIN(SpiNNaker) {
  registry.addTarget(spinnaker::createTarget());
  registry.addImporter({"spinnaker-network",
                        "Import a machine graph as a mapping problem",
                        {".network.json", ".network.json.gz"},
                        {},
                        [](llvm::MemoryBufferRef file, MLIRContext &context,
                           const TranslationValues &) {
                          return spinnaker::importNetwork(file, context);
                        }});
  registry.addNIRProfile(
      {"spinnaker2", "1.0",
       "py-spinnaker2: Euler, reset to 0; from one neuron of the NIR paper",
       "NIRProfiles.json"});
}
