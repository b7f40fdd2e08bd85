//===- Node.h - operations that run -----------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One object per operation of a network: its part of a step and the state that
// it keeps between steps.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_REFERENCE_NODE_H
#define SPIKEFORMER_LIB_REFERENCE_NODE_H

#include "Network.h"
#include "llvm/ADT/MapVector.h"

namespace spikeformer::reference {

/// The present step.
struct Step {
  /// Number of the step in its sample, from 0.
  int64_t index = 0;
  /// Steps for which the input is presented.
  int64_t timesteps = 0;
  /// Global index of the sample.
  int64_t sample = 0;
  /// Counts synapses that delivered an event; summed over the run.
  int64_t synapticEvents = 0;
};

/// The signals and currents of a run. Made on demand: in a graph region a value
/// may be used before its definition.
class Values {
public:
  Signal &getSignal(Value value);
  Current &getCurrent(Value value);

private:
  DenseMap<Value, std::unique_ptr<Signal>> signals;
  DenseMap<Value, std::unique_ptr<Current>> currents;
};

/// An operation of a network in a run.
class Node {
public:
  virtual ~Node() = default;

  /// Returns to the initial state.
  virtual void reset() {}
  /// Computes the values of the results; the caller updates the signals.
  virtual llvm::Error execute(Step &step) = 0;
  /// Called when all operations of the step have executed.
  virtual void finish() {}
};

/// A population in a run.
class PopulationNode : public Node {
public:
  PopulationNode(const Population &population, Values &values);

  const Population &getPopulation() const { return population; }
  const std::string &getName() const { return name; }
  SignalType getSignalType() const { return spikes.getType(); }
  int64_t getNumNeurons() const { return spikes.getSize(); }
  const Signal &getSpikes() const { return spikes; }
  /// State `index` of `neuron`.
  Scalar getState(unsigned index, int64_t neuron) const {
    return states[neuron * population.states.size() + index];
  }

  void reset() override { states = population.initialStates; }
  llvm::Error execute(Step &step) override;

private:
  void accumulate(const Step &step);
  void update();

  const Population &population;
  snn::PopulationOp op;
  std::string name;
  Signal &spikes;
  SmallVector<std::pair<unsigned, Signal *>> exposed;
  SmallVector<SmallVector<const Current *>> currents;
  std::vector<Scalar> states;
  /// Per receptor what the model sees.
  std::vector<std::vector<Scalar>> inputs;
  /// Scratch space of a custom model.
  std::vector<Scalar> frame;
};

/// The node of `op`, which is not a population.
std::unique_ptr<Node> createNode(Operation *op, const Network &network,
                                 Values &values);

} // namespace spikeformer::reference

#endif // SPIKEFORMER_LIB_REFERENCE_NODE_H
