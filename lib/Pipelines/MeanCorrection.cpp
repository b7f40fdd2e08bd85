//===- MeanCorrection.cpp - corrections by which spikes meet means --------===//
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

#include "MeanCorrection.h"

using namespace spikeformer;

MeanCorrection::MeanCorrection(ConversionTrial &trial,
                               const FloatReference &reference, Correction what)
    : trial(trial), reference(reference), what(what) {
  for (const ActivationChannels &channels : reference.channels)
    corrections.emplace_back(channels.count, 0.0);
}

llvm::Error MeanCorrection::measure() {
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

llvm::Error MeanCorrection::run(unsigned rounds) {
  if (!first) {
    undo();
    if (llvm::Error error = measure())
      return error;
  }
  for (; round < rounds; ++round) {
    double rate = 1.0 / (1.0 + 0.5 * round);
    for (auto [own, wanted, has] :
         llvm::zip_equal(corrections, reference.means, last->means))
      // What became no neurons has no mean.
      for (size_t channel = 0; channel < has.size(); ++channel)
        own[channel] += rate * (wanted[channel] - has[channel]);
    trial.setCorrections(reference, what, corrections);
    if (llvm::Error error = measure())
      return error;
  }
  return llvm::Error::success();
}

void MeanCorrection::apply() {
  trial.setCorrections(reference, what, bestCorrections);
}

void MeanCorrection::undo() {
  for (std::vector<double> &own : corrections)
    std::fill(own.begin(), own.end(), 0.0);
  trial.setCorrections(reference, Correction::none, corrections);
}
