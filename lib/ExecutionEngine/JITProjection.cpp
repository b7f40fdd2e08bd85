//===- JITProjection.cpp - reading the numbers of a projection ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Weights and delays by index, checked; and how many synapses each source has.
//
//===----------------------------------------------------------------------===//

#include "JITProjection.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::jit;
using namespace spikeformer::snn;

/// The longest delay in steps.
static constexpr double kMaxDelay = INT32_MAX - 1;

static SmallVector<int64_t> getWeightShape(ProjectOp op) {
  return op.getConnectivity().getWeightShape(op.getSourceType().getShape(),
                                             op.getCurrentType().getShape());
}

/// Numbers by weight index; `what` they are.
static FailureOr<NumberView> readNumbers(ProjectOp op, Attribute numbers,
                                         uint64_t count, StringRef what) {
  SmallVector<int64_t> shape = getWeightShape(op);
  FailureOr<NumberView> view = NumberView::create(op, numbers, shape);
  if (failed(view) || view->getSize() < 0)
    return view;
  if (ShapedType::isDynamicShape(shape) &&
      static_cast<uint64_t>(view->getSize()) != count)
    return op.emitOpError("needs ")
           << count << " " << what << ", one per synapse, " << numbers
           << " has " << view->getSize();
  return view;
}

uint64_t Projection::getNumSources() const {
  return const_cast<ProjectOp &>(op).getSourceType().getNumElements();
}

LogicalResult Projection::readWeights() {
  SmallVector<int64_t> shape = getWeightShape(op);
  uint64_t count = ShapedType::isDynamicShape(shape)
                       ? table->weights.size()
                       : ShapedType::getNumElements(shape);
  if (!op.getWeightsAttr()) {
    weights.assign(1, 1.0);
    return success();
  }
  FailureOr<NumberView> view =
      readNumbers(op, op.getWeightsAttr(), count, "weights");
  if (failed(view))
    return failure();
  weights.resize(view->isShared() ? 1 : count);
  for (auto [index, weight] : llvm::enumerate(weights)) {
    weight = (*view)[index];
    if (!std::isfinite(weight))
      return op.emitOpError("needs finite weights, weight ")
             << index << " is " << weight;
  }
  return success();
}

LogicalResult Projection::readDelays() {
  if (auto steps = dyn_cast<IntegerAttr>(op.getDelay())) {
    if (steps.getInt() > kMaxDelay)
      return op.emitOpError("needs a delay of at most ")
             << static_cast<int64_t>(kMaxDelay) << " steps, got "
             << steps.getInt();
    minimumDelay = maximumDelay = steps.getInt();
    return success();
  }
  FailureOr<NumberView> view =
      readNumbers(op, op.getDelay(), table->weights.size(), "delays");
  if (failed(view))
    return failure();
  minimumDelay = UINT32_MAX;
  for (uint64_t index : table->weights) {
    double steps = std::nearbyint((*view)[index]);
    if (!(steps >= 1 && steps <= kMaxDelay))
      return op.emitOpError("needs delays from 1 to ")
             << static_cast<int64_t>(kMaxDelay) << " steps, delay " << index
             << " is " << steps;
    delays.push_back(static_cast<uint32_t>(steps));
    minimumDelay = std::min(minimumDelay, delays.back());
    maximumDelay = std::max(maximumDelay, delays.back());
  }
  if (delays.empty())
    minimumDelay = maximumDelay = 1;
  return success();
}

FailureOr<Projection> Projection::create(ProjectOp op) {
  Projection projection(op);
  bool isShaped = isa<DenseAttr, Conv2DAttr>(op.getConnectivity());
  if (!isShaped || !isa<IntegerAttr>(op.getDelay())) {
    FailureOr<SynapseTable> table = op.getConnectivity().expand(
        op, op.getSourceType().getShape(), op.getCurrentType().getShape());
    if (failed(table))
      return failure();
    projection.table = std::move(*table);
  }
  if (failed(projection.readWeights()) || failed(projection.readDelays()))
    return failure();
  return projection;
}

//===----------------------------------------------------------------------===//
// Counting
//===----------------------------------------------------------------------===//

int64_t jit::getConvTarget(Conv2DAttr conv, int64_t source, int64_t tap,
                           int64_t extent, unsigned axis) {
  int64_t offset =
      source + conv.getPad()[axis] - tap * conv.getDilation()[axis];
  int64_t stride = conv.getStride()[axis];
  if (offset < 0 || offset % stride || offset / stride >= extent)
    return -1;
  return offset / stride;
}

/// Taps along `axis` that carry coordinate `source` to a target.
static SmallVector<int64_t> getTaps(Conv2DAttr conv, int64_t source,
                                    int64_t extent, unsigned axis) {
  SmallVector<int64_t> taps;
  for (int64_t tap = 0; tap < conv.getKernel()[axis]; ++tap)
    if (getConvTarget(conv, source, tap, extent, axis) >= 0)
      taps.push_back(tap);
  return taps;
}

/// Per input channel and tap of the kernel, how many outputs have a weight that
/// is not 0.
static std::vector<uint32_t>
countKernelWeights(Conv2DAttr conv, ArrayRef<int64_t> source,
                   ArrayRef<int64_t> target,
                   llvm::function_ref<double(uint64_t)> weightAt) {
  int64_t inputs = source[0] / conv.getGroups();
  int64_t outputs = target[0] / conv.getGroups();
  int64_t taps = conv.getKernel()[0] * conv.getKernel()[1];
  std::vector<uint32_t> counts(source[0] * taps);
  for (int64_t o = 0; o < target[0]; ++o)
    for (int64_t k = 0; k < inputs * taps; ++k)
      counts[o / outputs * inputs * taps + k] +=
          weightAt(o * inputs * taps + k) != 0;
  return counts;
}

static void countConvFanOut(Conv2DAttr conv, ArrayRef<int64_t> source,
                            ArrayRef<int64_t> target,
                            llvm::function_ref<double(uint64_t)> weightAt,
                            std::vector<uint32_t> &counts) {
  std::vector<uint32_t> kernel =
      countKernelWeights(conv, source, target, weightAt);
  int64_t width = conv.getKernel()[1], taps = conv.getKernel()[0] * width;
  for (int64_t y = 0; y < source[1]; ++y)
    for (int64_t x = 0; x < source[2]; ++x)
      for (int64_t ky : getTaps(conv, y, target[1], 0))
        for (int64_t kx : getTaps(conv, x, target[2], 1))
          for (int64_t c = 0; c < source[0]; ++c)
            counts[(c * source[1] + y) * source[2] + x] +=
                kernel[c * taps + ky * width + kx];
}

/// Per source, then delay, the synapses whose weight is not 0.
std::vector<uint32_t> Projection::countFanOut() const {
  uint64_t sources = getNumSources();
  std::vector<uint32_t> counts(sources * getNumDelays());
  ProjectOp project = op;
  if (table) {
    for (uint64_t s = 0; s < sources; ++s)
      for (uint64_t k = table->rows[s]; k < table->rows[s + 1]; ++k) {
        uint32_t delay = delays.empty() ? 0 : delays[k] - minimumDelay;
        counts[s * getNumDelays() + delay] += getWeight(table->weights[k]) != 0;
      }
  } else if (auto conv = dyn_cast<Conv2DAttr>(project.getConnectivity())) {
    countConvFanOut(
        conv, project.getSourceType().getShape(),
        project.getCurrentType().getShape(),
        [&](uint64_t index) { return getWeight(index); }, counts);
  } else {
    uint64_t targets =
        ShapedType::getNumElements(project.getCurrentType().getShape());
    for (uint64_t t = 0; t < targets; ++t)
      for (uint64_t s = 0; s < sources; ++s)
        counts[s] += getWeight(t * sources + s) != 0;
  }
  return counts;
}

void Projection::addTally(Program &program, const SfrtEventRing &ring) const {
  std::vector<uint32_t> counts = countFanOut();
  SfrtTallySynapses tally{ring,    minimumDelay,   getNumDelays(),
                          nullptr, counts.front(), kSynapticEvents};
  if (!llvm::all_equal(counts)) {
    MutableArrayRef<uint32_t> kept = program.makeArray<uint32_t>(counts.size());
    llvm::copy(counts, kept.begin());
    tally.fanOut = kept.data();
  }
  program.addStep(sfrtTallySynapses, tally, Timing());
}
