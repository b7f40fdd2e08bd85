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

/// Gives the next `synapses` synapses the delay with number `index`.
LogicalResult Projection::addDelay(double value, uint64_t index,
                                   uint64_t synapses) {
  double steps = std::nearbyint(value);
  if (!(steps >= 1 && steps <= kMaxDelay))
    return op.emitOpError("needs delays from 1 to ")
           << static_cast<int64_t>(kMaxDelay) << " steps, delay " << index
           << " is " << steps;
  if (synapses == 0)
    return success();
  delays.insert(delays.end(), synapses, static_cast<uint32_t>(steps));
  minimumDelay = std::min(minimumDelay, delays.back());
  maximumDelay = std::max(maximumDelay, delays.back());
  return success();
}

LogicalResult Projection::readSourceDelays() {
  FailureOr<NumberView> view = NumberView::createBroadcast(
      op, op.getDelay(), op.getSourceType().getShape());
  if (failed(view))
    return failure();
  for (uint64_t s = 0; s < getNumSources(); ++s)
    if (failed(addDelay((*view)[s], s, table->rows[s + 1] - table->rows[s])))
      return failure();
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
  minimumDelay = UINT32_MAX;
  if (isa<PerSourceAttr>(op.getDelay())) {
    if (failed(readSourceDelays()))
      return failure();
  } else {
    FailureOr<NumberView> view =
        readNumbers(op, op.getDelay(), table->weights.size(), "delays");
    if (failed(view))
      return failure();
    for (uint64_t index : table->weights)
      if (failed(addDelay((*view)[index], index, 1)))
        return failure();
  }
  if (delays.empty())
    minimumDelay = maximumDelay = 1;
  return success();
}

FailureOr<Projection> Projection::create(ProjectOp op) {
  Projection projection(op);
  bool isShaped =
      projection.convolution || isa<DenseAttr>(op.getConnectivity());
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
// Convolutions
//===----------------------------------------------------------------------===//

static std::array<int64_t, 3> asImage(ArrayRef<int64_t> shape) {
  return {shape[0], shape.size() == 3 ? shape[1] : 1, shape.back()};
}

std::optional<Convolution> Convolution::get(ProjectOp op) {
  Convolution c{};
  auto setImage = [&](auto conv, bool isTransposed) {
    for (unsigned axis = 0; axis < 2; ++axis) {
      c.kernel[axis] = conv.getKernel()[axis];
      c.stride[axis] = conv.getStride()[axis];
      c.pad[axis] = conv.getPad()[axis];
      c.dilation[axis] = conv.getDilation()[axis];
    }
    c.groups = conv.getGroups();
    c.isTransposed = isTransposed;
  };
  auto setLine = [&](auto conv, bool isTransposed) {
    c.kernel = {1, conv.getKernel()};
    c.stride = {1, conv.getStride()};
    c.pad = {0, conv.getPad()[0]};
    c.dilation = {1, conv.getDilation()};
    c.groups = conv.getGroups();
    c.isTransposed = isTransposed;
  };
  Attribute connectivity = op.getConnectivity();
  if (auto image = dyn_cast<Conv2DAttr>(connectivity))
    setImage(image, false);
  else if (auto line = dyn_cast<Conv1DAttr>(connectivity))
    setLine(line, false);
  else if (auto image = dyn_cast<ConvTranspose2DAttr>(connectivity))
    setImage(image, true);
  else if (auto line = dyn_cast<ConvTranspose1DAttr>(connectivity))
    setLine(line, true);
  else
    return std::nullopt;
  c.source = asImage(op.getSourceType().getShape());
  c.target = asImage(op.getCurrentType().getShape());
  return c;
}

int64_t Convolution::getTarget(int64_t from, int64_t tap, unsigned axis) const {
  int64_t shift = tap * dilation[axis], extent = target[axis + 1];
  if (isTransposed) {
    int64_t to = from * stride[axis] - pad[axis] + shift;
    return to < 0 || to >= extent ? -1 : to;
  }
  int64_t offset = from + pad[axis] - shift;
  if (offset < 0 || offset % stride[axis] || offset / stride[axis] >= extent)
    return -1;
  return offset / stride[axis];
}

/// Taps along `axis` that carry coordinate `source` to a target.
static SmallVector<int64_t> getTaps(const Convolution &conv, int64_t source,
                                    unsigned axis) {
  SmallVector<int64_t> taps;
  for (int64_t tap = 0; tap < conv.kernel[axis]; ++tap)
    if (conv.getTarget(source, tap, axis) >= 0)
      taps.push_back(tap);
  return taps;
}

/// Per input channel and tap of the kernel, how many outputs have a weight that
/// is not 0.
static std::vector<uint32_t>
countKernelWeights(const Convolution &conv,
                   llvm::function_ref<double(uint64_t)> weightAt) {
  int64_t inputs = conv.source[0] / conv.groups;
  int64_t outputs = conv.target[0] / conv.groups;
  int64_t taps = conv.getNumTaps();
  std::vector<uint32_t> counts(conv.source[0] * taps);
  for (int64_t o = 0; o < conv.target[0]; ++o)
    for (int64_t k = 0; k < inputs * taps; ++k)
      counts[o / outputs * inputs * taps + k] +=
          weightAt(o * inputs * taps + k) != 0;
  return counts;
}

static void countConvFanOut(const Convolution &conv,
                            llvm::function_ref<double(uint64_t)> weightAt,
                            std::vector<uint32_t> &counts) {
  std::vector<uint32_t> kernel = countKernelWeights(conv, weightAt);
  int64_t taps = conv.getNumTaps();
  auto [channels, height, width] = conv.source;
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x)
      for (int64_t ky : getTaps(conv, y, 0))
        for (int64_t kx : getTaps(conv, x, 1))
          for (int64_t c = 0; c < channels; ++c)
            counts[(c * height + y) * width + x] +=
                kernel[c * taps + ky * conv.kernel[1] + kx];
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
  } else if (convolution) {
    countConvFanOut(
        *convolution, [&](uint64_t index) { return getWeight(index); }, counts);
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
