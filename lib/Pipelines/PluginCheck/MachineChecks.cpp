//===- MachineChecks.cpp - what a target says of its machines -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TargetChecker.h"
#include "spikeformer/PluginAPI/SliceCosts.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;
using namespace spikeformer::plugincheck;

/// What is wrong with `machine`; empty if nothing is.
static std::string checkMachine(const MachineGraph &machine,
                                const SliceCosts *costs) {
  std::vector<std::string> wrong;
  for (const Violation &violation : machine.check())
    wrong.push_back(violation.str());
  if (costs) {
    ArrayRef<StringRef> names = costs->getResourceNames();
    ArrayRef<Resource> has = machine.getResources();
    bool fits = names.size() <= has.size() &&
                llvm::all_of_zip(names, has.take_front(names.size()),
                                 [](StringRef name, const Resource &resource) {
                                   return name == resource.name;
                                 });
    if (!fits)
      wrong.push_back(
          "the costs of slices need the resources " + llvm::join(names, ", ") +
          ", has " +
          llvm::join(
              llvm::map_range(has, [](const Resource &r) { return r.name; }),
              ", "));
  }
  return llvm::join(wrong, "; ");
}

void TargetChecker::checkMachines() {
  const SliceCosts *costs = target.getSliceCosts();
  for (const Machine &machine : target.getMachines()) {
    auto graph = target.makeMachine(machine.name);
    if (!graph && !costs) {
      llvm::consumeError(graph.takeError());
      log.leaveOut(Check::machines, "the machines of the target are no graphs");
      return;
    }
    std::string wrong =
        graph ? checkMachine(*graph, costs) : llvm::toString(graph.takeError());
    if (wrong.empty())
      log.pass(Check::machines);
    else
      log.fail(Check::machines, 0, "machine '" + machine.name + "': " + wrong,
               "");
  }
}
