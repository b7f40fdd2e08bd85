//===- MeanCorrection.h - corrections by which spikes meet means *- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What spikes cannot say in T steps and what saturates shifts the mean of every
// channel; the layers behind add the shifts up. A correction of the biases lets
// the mean of each channel be that of the float network (after the light
// pipeline of arXiv 2106.06984), measured on the spiking network itself and
// repeated, so that it also takes in what the layers before do.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_MEANCORRECTION_H
#define LIB_PIPELINES_MEANCORRECTION_H

#include "ConversionTrial.h"

namespace spikeformer {

/// Moves biases or initial potentials.
class MeanCorrection {
public:
  /// Both outlive the correction.
  MeanCorrection(ConversionTrial &trial, const FloatReference &reference,
                 Correction what);

  /// Runs the trial and corrects, until `rounds` corrections were made in all.
  llvm::Error run(unsigned rounds);
  /// Leaves the trial with the corrections of the least error so far.
  void apply();
  /// Leaves the trial as it was converted.
  void undo();

  /// Without any correction, and with the best so far.
  const TrialRun &getFirst() const { return *first; }
  const TrialRun &getBest() const { return *best; }

private:
  llvm::Error measure();

  ConversionTrial &trial;
  const FloatReference &reference;
  Correction what;
  unsigned round = 0;
  ChannelNumbers corrections, bestCorrections;
  std::optional<TrialRun> first, last, best;
};

} // namespace spikeformer

#endif // LIB_PIPELINES_MEANCORRECTION_H
