//===- Simulation.cpp - a network in a run --------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Executes the operations of a step in their order and checks every signal.
//
//===----------------------------------------------------------------------===//

#include "Simulation.h"
#include "llvm/Support/FormatVariadic.h"

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

Simulation::Simulation(const Network &network, int64_t timesteps) {
  clock.timesteps = timesteps;
  DenseMap<Operation *, PopulationNode *> nodes;
  for (Operation *op : network.order) {
    Item &item = items.emplace_back();
    item.op = op;
    if (isa<PopulationOp>(op)) {
      auto node =
          std::make_unique<PopulationNode>(*network.populations.at(op), values);
      nodes[op] = node.get();
      item.node = std::move(node);
    } else {
      item.node = createNode(op, network, values);
    }
    for (Value result : op->getResults())
      if (isa<SignalType>(result.getType()))
        item.results.push_back(&values.getSignal(result));
  }
  for (auto op : network.op->getRegion(0).getOps<PopulationOp>())
    populations.push_back(nodes.lookup(op));
}

void Simulation::beginSample(int64_t globalIndex, bool reset) {
  clock.index = 0;
  clock.sample = globalIndex;
  if (reset)
    for (Item &item : items)
      item.node->reset();
}

/// "snn.population \"hidden\"" or, for operations without a name, "snn.pool".
static std::string describe(Operation *op) {
  std::string text = op->getName().getStringRef().str();
  if (auto name = op->getAttrOfType<StringAttr>("name"))
    text += " \"" + name.str() + "\"";
  return text;
}

llvm::Error Simulation::execute(Item &item) {
  if (llvm::Error error = item.node->execute(clock))
    return error;
  for (Signal *result : item.results)
    if (llvm::Error error = result->update())
      return llvm::createStringError(llvm::formatv(
          "{0}: in step {1} of sample {2} {3}", describe(item.op), clock.index,
          clock.sample, llvm::toString(std::move(error))));
  return llvm::Error::success();
}

llvm::Error Simulation::step() {
  for (Item &item : items)
    if (llvm::Error error = execute(item))
      return error;
  for (Item &item : items)
    item.node->finish();
  ++clock.index;
  return llvm::Error::success();
}
