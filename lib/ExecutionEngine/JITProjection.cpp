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

namespace {
/// Calls `visit(source element, weight index)` for every synapse of a
/// convolution.
template <typename Visit>
void forEachConvSynapse(Conv2DAttr conv, ArrayRef<int64_t> source,
                        ArrayRef<int64_t> target, Visit visit) {
  ArrayRef<int64_t> kernel = conv.getKernel();
  int64_t inputs = source[0] / conv.getGroups();
  int64_t outputs = target[0] / conv.getGroups();
  auto forEachPair = [&](unsigned axis, auto pair) {
    for (int64_t out = 0; out < target[axis + 1]; ++out)
      for (int64_t tap = 0; tap < kernel[axis]; ++tap) {
        int64_t in = out * conv.getStride()[axis] +
                     tap * conv.getDilation()[axis] - conv.getPad()[axis];
        if (in >= 0 && in < source[axis + 1])
          pair(in, tap);
      }
  };
  for (int64_t o = 0; o < target[0]; ++o)
    for (int64_t i = 0; i < inputs; ++i)
      forEachPair(0, [&](int64_t y, int64_t ky) {
        forEachPair(1, [&](int64_t x, int64_t kx) {
          int64_t channel = o / outputs * inputs + i;
          visit((channel * source[1] + y) * source[2] + x,
                ((o * inputs + i) * kernel[0] + ky) * kernel[1] + kx);
        });
      });
}
} // namespace

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
    forEachConvSynapse(conv, project.getSourceType().getShape(),
                       project.getCurrentType().getShape(),
                       [&](uint64_t source, uint64_t weight) {
                         counts[source] += getWeight(weight) != 0;
                       });
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
