//===- ConvolutionCounters.h - synapses of convolutions ---------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts by the axes of a convolution, between boxes at once where slices are
// boxes.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_DIALECT_SNN_ANALYSIS_CONVOLUTIONCOUNTERS_H
#define SPIKEFORMER_LIB_DIALECT_SNN_ANALYSIS_CONVOLUTIONCOUNTERS_H

#include "RowCounter.h"
#include "spikeformer/Dialect/SNN/IR/ConvolutionReach.h"

namespace spikeformer::snn {

/// The counter of a convolution. Estimated rows of a target that is several
/// boxes may be longer than they are.
std::unique_ptr<SynapseCounter> makeConvolutionCounter(ProjectOp project,
                                                       SourceElements elements,
                                                       ConvolutionReach reach,
                                                       const NetworkCuts &cuts,
                                                       Counting counting);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_LIB_DIALECT_SNN_ANALYSIS_CONVOLUTIONCOUNTERS_H
