//===- Simulation.h - a network in a run ------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Owns what a run changes: the present value of every signal and the state of
// every operation. It knows steps, not requests.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_REFERENCE_SIMULATION_H
#define SPIKEFORMER_LIB_REFERENCE_SIMULATION_H

#include "Node.h"

namespace spikeformer::reference {

/// One run of a network.
class Simulation {
public:
  Simulation(const Network &network, int64_t timesteps);

  /// Starts a sample; `reset` returns every operation to its initial state.
  void beginSample(int64_t globalIndex, bool reset);
  /// Runs the next step of the sample; the inputs have been written.
  llvm::Error step();

  /// The value of `value` in the step that has run, or to be written.
  Signal &getSignal(Value value) { return values.getSignal(value); }
  /// In the order of the network.
  ArrayRef<PopulationNode *> getPopulations() const { return populations; }
  int64_t getSynapticEvents() const { return clock.synapticEvents; }

private:
  struct Item {
    Operation *op;
    std::unique_ptr<Node> node;
    SmallVector<Signal *> results;
  };

  llvm::Error execute(Item &item);

  Values values;
  std::vector<Item> items;
  SmallVector<PopulationNode *> populations;
  Step clock;
};

} // namespace spikeformer::reference

#endif // SPIKEFORMER_LIB_REFERENCE_SIMULATION_H
