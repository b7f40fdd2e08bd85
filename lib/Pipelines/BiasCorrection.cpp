//===- BiasCorrection.cpp - biases by which spikes meet means -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All layers are corrected at once. An upper layer then answers for what the
// lower ones did wrong in the same round, so later rounds move by less and the
// best round is kept.
//
//===----------------------------------------------------------------------===//

#include "BiasCorrection.h"

using namespace spikeformer;

BiasCorrection::BiasCorrection(ConversionTrial &trial,
                               const FloatReference &reference)
    : trial(trial), reference(reference) {
  for (const ActivationChannels &channels : reference.channels)
    corrections.emplace_back(channels.count, 0.0);
}

llvm::Error BiasCorrection::measure() {
  auto ran = trial.run(reference);
  if (!ran)
    return ran.takeError();
  last = std::move(*ran);
  if (!first)
    first = last;
  if (!best || last->error < best->error) {
    best = last;
    bestCorrections = corrections;
  }
  return llvm::Error::success();
}

llvm::Error BiasCorrection::run(unsigned rounds) {
  if (!first)
    if (llvm::Error error = measure())
      return error;
  for (; round < rounds; ++round) {
    double rate = 1.0 / (1.0 + 0.5 * round);
    for (auto [own, wanted, has] :
         llvm::zip_equal(corrections, reference.means, last->means))
      // What became no neurons has no mean.
      for (size_t channel = 0; channel < has.size(); ++channel)
        own[channel] += rate * (wanted[channel] - has[channel]);
    trial.setCorrections(reference, corrections);
    if (llvm::Error error = measure())
      return error;
  }
  return llvm::Error::success();
}

void BiasCorrection::apply() {
  trial.setCorrections(reference, bestCorrections);
}

void BiasCorrection::undo() {
  for (std::vector<double> &own : corrections)
    std::fill(own.begin(), own.end(), 0.0);
  trial.setCorrections(reference, corrections);
}
