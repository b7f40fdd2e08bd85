//===- Machines.cpp - machines by name ------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TargetModel/Machines.h"
#include "TargetModel/Chip.h"
#include "spikeformer/TargetModel/Fabrics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;
using namespace spikeformer::templ;

static constexpr MachineModel models[] = {
    {"template4", "one chip of 4 cores", 1, 1, maxCoresPerChip},
    {"template16", "2x2 chips of 4 cores", 2, 2, maxCoresPerChip},
    {"template1", "one core, for tests of networks that do not fit", 1, 1, 1},
};

llvm::ArrayRef<MachineModel> templ::getMachineModels() { return models; }

static MachineGraph makeGraph(const MachineModel &model) {
  GridShape shape;
  shape.name = model.name.str();
  shape.width = model.width;
  shape.height = model.height;
  shape.resources = {{"neurons", "neurons"}, {"synapses", "words"}};
  shape.siteAt = [&](uint32_t x, uint32_t y) {
    RouterSite site;
    site.chip = y * model.width + x;
    site.tableEntries = tableEntries;
    for (uint32_t core = 0; core < model.coresPerChip; ++core)
      site.cores.push_back(core);
    site.routerCapacity = {0, 0};
    site.coreCapacity = {neuronsPerCore, synapsesPerCore};
    return site;
  };
  return makeGrid(shape);
}

llvm::Expected<MachineGraph> templ::makeMachine(llvm::StringRef name) {
  for (const MachineModel &model : models)
    if (model.name == name)
      return makeGraph(model);
  std::string names = llvm::join(
      llvm::map_range(models,
                      [](const MachineModel &model) { return model.name; }),
      ", ");
  return llvm::createStringError("target 'template' has no machine '" + name +
                                 "'; its machines are " + names);
}
