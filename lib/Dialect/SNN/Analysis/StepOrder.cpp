//===- StepOrder.cpp - the order of operations within a timestep ----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/Analysis/StepOrder.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

using namespace spikeformer;
using namespace spikeformer::snn;

/// Whether `op` needs its operands only in later steps.
static bool isDelayed(Operation *op) {
  if (auto project = dyn_cast<ProjectOp>(op))
    return project.getMinimumDelay() > 0;
  return isa<DelayOp>(op);
}

/// Appends `root` and what it needs to `order`, depth first without recursion.
static void visit(Operation *root, DenseSet<Operation *> &seen,
                  SmallVectorImpl<Operation *> &order) {
  if (!seen.insert(root).second)
    return;
  SmallVector<std::pair<Operation *, unsigned>> path{{root, 0}};
  while (!path.empty()) {
    auto &[op, next] = path.back();
    if (isDelayed(op) || next == op->getNumOperands()) {
      order.push_back(op);
      path.pop_back();
      continue;
    }
    Operation *source = op->getOperand(next++).getDefiningOp();
    if (source && seen.insert(source).second)
      path.push_back({source, 0});
  }
}

SmallVector<Operation *> snn::getStepOrder(NetworkOp network) {
  SmallVector<Operation *> order;
  DenseSet<Operation *> seen;
  for (Operation &op : network.getBody().front().without_terminator())
    visit(&op, seen, order);
  return order;
}

int64_t snn::getOutputOnset(NetworkOp network, unsigned index) {
  Value value = network.getOutput().getValues()[index];
  DenseSet<Operation *> seen;
  while (Operation *op = value.getDefiningOp()) {
    if (auto population = dyn_cast<PopulationOp>(op))
      return population.getOnsetStep();
    if (!seen.insert(op).second || op->getNumOperands() == 0)
      return 0;
    value = op->getOperand(0);
  }
  return 0;
}

int64_t snn::getLatency(NetworkOp network) {
  int64_t latency = 0;
  for (unsigned index = 0; index < network.getOutput().getNumOperands();
       ++index)
    latency = std::max(latency, getOutputOnset(network, index));
  return latency;
}
