//===- LabelPropagation.cpp - refinement of large partitions --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Refinement.h"

using namespace spikeformer;
using namespace spikeformer::partition;

/// Moves `vertex` if that saves something. Equal savings go to the emptier
/// part.
static bool improve(PartitionState &state, uint32_t vertex) {
  if (state.getGraph().fixed[vertex] != noIndex || !state.isBoundary(vertex))
    return false;
  int64_t bestGain = 0;
  uint32_t best = noIndex;
  state.weigh(vertex);
  for (uint32_t part : state.getNeighbours()) {
    int64_t gain = state.getGain(part);
    if (gain <= 0 || gain < bestGain || part == best ||
        !state.fits(vertex, part))
      continue;
    if (gain == bestGain && best != noIndex &&
        state.getFill(part) >= state.getFill(best))
      continue;
    bestGain = gain;
    best = part;
  }
  if (best == noIndex)
    return false;
  state.move(vertex, best);
  return true;
}

void spikeformer::partition::refineByLabels(PartitionState &state,
                                            SearchRandom &random,
                                            unsigned maxRounds) {
  std::vector<uint32_t> order =
      random.permute(state.getGraph().getNumVertices());
  for (unsigned round = 0; round < maxRounds; ++round) {
    size_t numMoved = 0;
    for (uint32_t vertex : order)
      numMoved += improve(state, vertex);
    // The last moves of many rounds are left to the finer level.
    if (numMoved * 200 < order.size())
      return;
  }
}
