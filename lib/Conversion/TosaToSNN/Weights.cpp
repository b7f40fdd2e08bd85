//===- Weights.cpp - weights of a projection ------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The data of a matrix product have the outputs innermost, a projection has the
// inputs innermost: they go in tiles, so that a line of the cache that was read
// is used up.
//
//===----------------------------------------------------------------------===//

#include "Weights.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

/// Outputs and inputs of a tile.
constexpr int64_t tileOutputs = 16, tileInputs = 128;

namespace {
/// What the weights of one output are made with.
struct Row {
  const float *from;
  float *to;
  double scale;
  /// By the place of an input.
  const double *heights;
};
} // namespace

/// Writes the weights of inputs [begin, end) of one output.
static void writeRow(const WeightLayout &layout, const Row &row,
                     ArrayRef<int64_t> places, int64_t begin, int64_t end) {
  int64_t taps = layout.taps, stride = layout.inputStride;
  for (int64_t i = begin; i < end; ++i) {
    int64_t place = places[i];
    double factor = row.scale * row.heights[place];
    const float *read = row.from + i * stride;
    float *write = row.to + place * taps;
    if (taps == 1) {
      *write = static_cast<float>(*read * factor);
      continue;
    }
    for (int64_t t = 0; t < taps; ++t)
      write[t] = static_cast<float>(read[t * layout.tapStride] * factor);
  }
}

Tensor tosatosnn::makeWeights(const Projection &projection,
                              ArrayRef<int64_t> shape) {
  const WeightLayout &layout = projection.layout;
  auto conv = dyn_cast<snn::Conv2DAttr>(projection.connectivity);
  int64_t groups = conv ? conv.getGroups() : 1;
  int64_t perGroup = layout.outputs / groups;
  SmallVector<double> scales = projection.scale.expand(layout.outputs);
  SmallVector<double> heights =
      projection.source.height.expand(layout.sources * groups);
  SmallVector<int64_t> places = layout.places;
  if (places.empty())
    llvm::append_range(places, llvm::seq(layout.inputs));
  Tensor weights(shape, ElementType::f32);
  const float *from = projection.weights.data<float>().data();
  float *to = weights.data<float>().data();
  std::vector<Row> rows(layout.outputs);
  for (auto [o, row] : llvm::enumerate(rows))
    row = {from + o * layout.outputStride,
           to + o * layout.sources * layout.taps, scales[o],
           heights.data() + o / perGroup * layout.sources};
  for (int64_t begin = 0; begin < layout.outputs; begin += tileOutputs)
    for (int64_t first = 0; first < layout.inputs; first += tileInputs)
      for (int64_t o = begin; o < std::min(layout.outputs, begin + tileOutputs);
           ++o)
        writeRow(layout, rows[o], places, first,
                 std::min(layout.inputs, first + tileInputs));
  return weights;
}
