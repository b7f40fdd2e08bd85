//===- PopulationNode.cpp - one step of all neurons -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Accumulates, calls the model for each neuron and gates the population by its
// onset.
//
//===----------------------------------------------------------------------===//

#include "Node.h"

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

PopulationNode::PopulationNode(const Population &population, Values &values)
    : population(population), op(population.op), name(op.getName()),
      spikes(values.getSignal(op.getSpikes())),
      inputs(population.receptors.size(),
             std::vector<Scalar>(spikes.getSize())) {
  for (unsigned receptor = 0; receptor < inputs.size(); ++receptor) {
    auto &list = currents.emplace_back();
    for (Value current : op.getReceptorInputs(receptor))
      list.push_back(&values.getCurrent(current));
  }
  for (auto [index, value] : llvm::enumerate(op.getStates())) {
    StringRef name = cast<StringAttr>((*op.getExposed())[index]).getValue();
    auto *state =
        llvm::find_if(population.states, [&](const ModelVariable &variable) {
          return variable.name == name;
        });
    exposed.push_back(
        {state - population.states.begin(), &values.getSignal(value)});
  }
  if (population.program)
    frame = population.program->getInitialFrame();
}

void PopulationNode::accumulate(const Step &step) {
  int64_t onset = op.getOnsetStep();
  bool biasActs = step.index < onset + step.timesteps;
  for (auto [receptor, list, sums] :
       llvm::zip_equal(population.receptors, currents, inputs))
    receptor.accumulate(list, biasActs, sums);
}

void PopulationNode::update() {
  NeuronModelAttrInterface model = op.getModel();
  unsigned numStates = population.states.size();
  SmallVector<Scalar> input(inputs.size());
  MutableArrayRef<Scalar> values = spikes.getValues();
  for (int64_t n = 0, e = values.size(); n < e; ++n) {
    for (unsigned receptor = 0; receptor < input.size(); ++receptor)
      input[receptor] = inputs[receptor][n];
    auto state = MutableArrayRef(states).slice(n * numStates, numStates);
    ArrayRef<Scalar> coefficients = population.getCoefficients(n);
    values[n] = population.program
                    ? population.program->run(state, input, coefficients, frame)
                    : model.referenceStep(op, state, input, coefficients);
  }
}

llvm::Error PopulationNode::execute(Step &step) {
  for (auto &list : currents)
    for (const Current *current : list)
      step.synapticEvents += current->synapticEvents;
  if (step.index < op.getOnsetStep()) {
    spikes.clear();
  } else {
    accumulate(step);
    update();
  }
  for (auto [index, signal] : exposed)
    for (int64_t n = 0; n < signal->getSize(); ++n)
      signal->getValues()[n] = getState(index, n);
  return llvm::Error::success();
}
