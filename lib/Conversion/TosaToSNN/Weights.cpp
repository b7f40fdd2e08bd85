//===- Weights.cpp - weights of a projection ------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Outputs go in blocks because the data of a matrix product have them
// innermost: one by one they would read a cache line per weight.
//
//===----------------------------------------------------------------------===//

#include "Weights.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

/// Outputs whose weights are written together.
constexpr int64_t blockSize = 16;

Tensor tosatosnn::makeWeights(const Projection &projection,
                              ArrayRef<int64_t> shape) {
  const WeightLayout &layout = projection.layout;
  auto conv = dyn_cast<snn::Conv2DAttr>(projection.connectivity);
  int64_t groups = conv ? conv.getGroups() : 1;
  int64_t perGroup = layout.outputs / groups;
  SmallVector<double> scales = projection.scale.expand(layout.outputs);
  SmallVector<double> heights =
      projection.source.height.expand(layout.sources * groups);
  Tensor weights(shape, ElementType::f32);
  const float *from = projection.weights.data<float>().data();
  float *to = weights.data<float>().data();
  const double *rows[blockSize];
  for (int64_t begin = 0; begin < layout.outputs; begin += blockSize) {
    int64_t end = std::min(layout.outputs, begin + blockSize);
    // Here, because a division takes longer than all else for a weight.
    for (int64_t o = begin; o < end; ++o)
      rows[o - begin] = heights.data() + o / perGroup * layout.sources;
    for (int64_t i = 0; i < layout.inputs; ++i) {
      int64_t place = layout.places.empty() ? i : layout.places[i];
      for (int64_t o = begin; o < end; ++o) {
        double factor = scales[o] * rows[o - begin][place];
        const float *read =
            from + o * layout.outputStride + i * layout.inputStride;
        float *write = to + (o * layout.sources + place) * layout.taps;
        for (int64_t t = 0; t < layout.taps; ++t)
          write[t] = static_cast<float>(read[t * layout.tapStride] * factor);
      }
    }
  }
  return weights;
}
