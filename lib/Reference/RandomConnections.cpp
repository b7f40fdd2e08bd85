//===- RandomConnections.cpp - projections of random networks -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chooses connectivity, weights and delays.
//
//===----------------------------------------------------------------------===//

#include "RandomParts.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

/// Dense projections have at most this many synapses.
static constexpr int64_t kMaxDense = 60000;

namespace {
/// One axis of a random convolution.
struct RandomAxis {
  int64_t kernel, stride, dilation, padBegin, padEnd, outputPad, extent;

  RandomAxis(RandomSource &random, int64_t source, bool isTransposed) {
    kernel = random.range(1, std::min<int64_t>(source, 4));
    stride = random.range(1, 3);
    int64_t room = kernel > 1 ? (source - 1) / (kernel - 1) : 1;
    dilation = random.range(1, std::clamp<int64_t>(room, 1, 2));
    padBegin = random.below(3);
    padEnd = random.below(3);
    int64_t reach = dilation * (kernel - 1) + 1;
    outputPad = isTransposed ? random.below(std::max(stride, dilation)) : 0;
    extent = (source + padBegin + padEnd - reach) / stride + 1;
    if (!isTransposed)
      return;
    extent = (source - 1) * stride + reach + outputPad - padBegin - padEnd;
    if (extent > 0)
      return;
    extent += padBegin + padEnd;
    padBegin = padEnd = 0;
  }
};
} // namespace

std::pair<ConnectivityAttrInterface, SmallVector<int64_t>>
reference::makeConvolution(RandomContext &context, ArrayRef<int64_t> source) {
  RandomSource &random = context.random;
  MLIRContext *mlir = context.getContext();
  bool isTransposed = random.chance(0.25);
  SmallVector<RandomAxis, 2> axes;
  for (int64_t extent : source.drop_front())
    axes.emplace_back(random, extent, isTransposed);
  int64_t groups = random.chance(0.3) ? source[0] : 1;
  SmallVector<int64_t> target{groups * random.range(1, groups == 1 ? 4 : 2)};
  for (const RandomAxis &axis : axes)
    target.push_back(axis.extent);
  const RandomAxis &y = axes.front(), &x = axes.back();
  ConnectivityAttrInterface convolution;
  if (axes.size() == 1 && isTransposed)
    convolution = ConvTranspose1DAttr::get(mlir, x.kernel, x.stride,
                                           {x.padBegin, x.padEnd}, x.outputPad,
                                           x.dilation, groups);
  else if (axes.size() == 1)
    convolution = Conv1DAttr::get(mlir, x.kernel, x.stride,
                                  {x.padBegin, x.padEnd}, x.dilation, groups);
  else if (isTransposed)
    convolution = ConvTranspose2DAttr::get(
        mlir, {y.kernel, x.kernel}, {y.stride, x.stride},
        {y.padBegin, x.padBegin, y.padEnd, x.padEnd},
        {y.outputPad, x.outputPad}, {y.dilation, x.dilation}, groups);
  else
    convolution =
        Conv2DAttr::get(mlir, {y.kernel, x.kernel}, {y.stride, x.stride},
                        {y.padBegin, x.padBegin, y.padEnd, x.padEnd},
                        {y.dilation, x.dilation}, groups);
  return {convolution, target};
}

/// Random rows, some empty, some with two synapses to one target.
static CSRAttr makeCSR(RandomContext &context, int64_t sources,
                       int64_t targets) {
  RandomSource &random = context.random;
  std::vector<int64_t> rows{0}, columns;
  for (int64_t s = 0; s < sources; ++s) {
    int64_t count = random.below(std::min<int64_t>(targets, 20) + 1);
    for (int64_t k = 0; k < count; ++k)
      columns.push_back(random.below(targets));
    std::sort(columns.end() - count, columns.end());
    rows.push_back(columns.size());
  }
  if (columns.empty()) {
    columns.push_back(random.below(targets));
    rows.back() = 1;
  }
  Tensor rowTensor({sources + 1}, ElementType::i64);
  llvm::copy(rows, rowTensor.data<int64_t>().begin());
  Tensor columnTensor({static_cast<int64_t>(columns.size())}, ElementType::i32);
  llvm::copy(columns, columnTensor.data<int32_t>().begin());
  FlatSymbolRefAttr rowSymbol = context.addParameter(rowTensor);
  return CSRAttr::get(context.getContext(), rowSymbol,
                      context.addParameter(columnTensor));
}

static FixedProbabilityAttr
makeFixedProbability(RandomContext &context, int64_t sources, int64_t targets) {
  RandomSource &random = context.random;
  double p = random.uniform(0.0, std::min(1.0, 40.0 / targets));
  uint64_t first = random.chance(0.3) ? random.below(10) : 0;
  bool self = sources != targets || random.chance(0.5);
  bool isMix = random.chance(0.5);
  uint64_t seed = random.below(1000);
  return FixedProbabilityAttr::get(
      context.getContext(), context.getNumber(p), first, self,
      isMix ? Generator::mix64 : Generator::philox, seed, isMix ? 0 : 1);
}

static FixedInDegreeAttr makeFixedInDegree(RandomContext &context,
                                           int64_t sources, int64_t targets) {
  RandomSource &random = context.random;
  bool self = sources != targets || random.chance(0.5);
  int64_t choice = sources - !self;
  bool multapses = random.chance(0.5);
  int64_t most = multapses && choice > 0 ? 12 : std::min<int64_t>(choice, 12);
  int64_t count = random.range(0, most);
  uint64_t seed = random.below(1000);
  return FixedInDegreeAttr::get(context.getContext(), count, self, multapses,
                                seed, random.below(4));
}

static DistanceAttr makeDistance(RandomContext &context,
                                 ArrayRef<int64_t> source,
                                 ArrayRef<int64_t> target) {
  RandomSource &random = context.random;
  bool self = ShapedType::getNumElements(source) !=
                  ShapedType::getNumElements(target) ||
              random.chance(0.5);
  auto falloff = random.pick({Falloff::gaussian, Falloff::exponential});
  double p = context.makeNumber(0.1, 1.0),
         scale = context.makeNumber(0.25, 4.0);
  bool periodic = random.chance(0.5);
  uint64_t seed = random.below(1000);
  return DistanceAttr::get(context.getContext(), falloff, context.getNumber(p),
                           context.getNumber(scale), periodic, self, seed,
                           random.below(4));
}

/// A graph whose synapses are drawn.
static ConnectivityAttrInterface makeRandomGraph(RandomContext &context,
                                                 ArrayRef<int64_t> source,
                                                 ArrayRef<int64_t> target) {
  RandomSource &random = context.random;
  int64_t sources = ShapedType::getNumElements(source);
  int64_t targets = ShapedType::getNumElements(target);
  bool bothLines = source.size() == 1 && target.size() == 1;
  bool bothGrids = source.size() > 1 && target.size() > 1;
  if ((bothLines || bothGrids) && random.chance(0.3))
    return makeDistance(context, source, target);
  switch (random.below(3)) {
  case 0:
    return makeFixedProbability(context, sources, targets);
  case 1:
    return makeFixedInDegree(context, sources, targets);
  default: {
    int64_t count = random.below(4 * (sources + targets));
    uint64_t seed = random.below(1000);
    return FixedTotalAttr::get(context.getContext(), count, seed,
                               random.below(4));
  }
  }
}

ConnectivityAttrInterface
reference::makeConnectivity(RandomContext &context, ArrayRef<int64_t> source,
                            ArrayRef<int64_t> target) {
  RandomSource &random = context.random;
  int64_t sources = ShapedType::getNumElements(source);
  int64_t targets = ShapedType::getNumElements(target);
  if (sources == targets && random.chance(0.25))
    return OneToOneAttr::get(context.getContext());
  if (sources * targets <= kMaxDense && random.chance(0.45))
    return DenseAttr::get(context.getContext());
  if (sources * targets <= kMaxDense && random.chance(0.15))
    return AllToAllAttr::get(context.getContext(),
                             sources != targets || random.chance(0.5));
  if (random.chance(0.3))
    return makeCSR(context, sources, targets);
  return makeRandomGraph(context, source, target);
}

namespace {
/// Numbers of one projection.
class ProjectionMaker {
public:
  ProjectionMaker(RandomContext &context,
                  ConnectivityAttrInterface connectivity,
                  ArrayRef<int64_t> source, ArrayRef<int64_t> target)
      : context(context), random(context.random) {
    shape = connectivity.getWeightShape(source, target);
    sourceShape = llvm::to_vector(source);
    SynapseTable table = expand(connectivity, source, target);
    int64_t synapses = table.targets.size();
    fanIn = static_cast<double>(synapses) / ShapedType::getNumElements(target);
    if (ShapedType::isDynamicShape(shape))
      shape = {synapses};
  }

  Attribute makeWeights(double scale);
  Attribute makeDelay(int64_t minimum);
  Attribute makeSourceDelay();

private:
  SynapseTable expand(ConnectivityAttrInterface connectivity,
                      ArrayRef<int64_t> source, ArrayRef<int64_t> target);
  Attribute makeView(double low, double high);

  RandomContext &context;
  RandomSource &random;
  SmallVector<int64_t> shape, sourceShape;
  double fanIn;
};
} // namespace

SynapseTable ProjectionMaker::expand(ConnectivityAttrInterface connectivity,
                                     ArrayRef<int64_t> source,
                                     ArrayRef<int64_t> target) {
  // CSR finds its data from inside the network.
  Operation *user = context.builder.getInsertionBlock()->getParentOp();
  return *connectivity.expand(user, source, target);
}

/// A parameter with its axes in another order.
Attribute ProjectionMaker::makeView(double low, double high) {
  SmallVector<int64_t> transpose, stored(shape.size());
  for (size_t axis = 0; axis < shape.size(); ++axis)
    transpose.insert(transpose.begin() + random.below(axis + 1), axis);
  for (auto [axis, from] : llvm::enumerate(transpose))
    stored[from] = shape[axis];
  auto type =
      random.pick({ElementType::f32, ElementType::f32, ElementType::f64});
  double scale = context.makeNumber(0.25, 1.5);
  Tensor tensor = context.makeTensor(stored, type, low / scale, high / scale);
  return ViewAttr::get(context.getContext(), context.addParameter(tensor),
                       transpose, context.getNumber(scale));
}

/// Weights of random sign, more of them positive; null for weights of 1.
Attribute ProjectionMaker::makeWeights(double scale) {
  double high = 3.0 * scale / std::sqrt(std::max(fanIn, 1.0));
  double low = -0.6 * high;
  switch (fanIn > 0 ? random.below(8) : 1) {
  case 0:
    return fanIn > 8 ? context.getNumber(context.makeNumber(low, high))
                     : Attribute();
  case 1:
    return context.getNumber(context.makeNumber(low, high));
  case 2:
    return context.makeRandomAttr(low, high);
  case 3:
    return makeView(low, high);
  case 4: {
    auto type = random.pick({ElementType::i8, ElementType::i16,
                             ElementType::i32, ElementType::f64});
    if (type != ElementType::f64) {
      low = std::min(low, -1.0);
      high = std::max(high, 1.0);
    }
    return context.addParameter(context.makeTensor(shape, type, low, high));
  }
  default:
    return context.addParameter(
        context.makeTensor(shape, ElementType::f32, low, high));
  }
}

/// Delays by source element: a random parameter, or numbers that repeat along
/// some axes.
Attribute ProjectionMaker::makeSourceDelay() {
  SmallVector<int64_t> extents(sourceShape.begin(),
                               sourceShape.begin() +
                                   random.range(1, sourceShape.size()));
  Tensor delays = context.makeTensor(
      extents, random.pick({ElementType::i8, ElementType::i32}), 1.0, 7.0);
  return PerSourceAttr::get(context.getContext(), context.addParameter(delays));
}

Attribute ProjectionMaker::makeDelay(int64_t minimum) {
  Builder &builder = context.builder;
  if (fanIn == 0 || random.chance(0.7))
    return builder.getI64IntegerAttr(
        random.chance(0.6) ? minimum : random.range(minimum, 6));
  if (random.chance(0.25))
    return makeSourceDelay();
  if (random.chance(0.4))
    return RandomAttr::get(context.getContext(), Distribution::normal,
                           context.getNumber(3.0), context.getNumber(2.0),
                           context.getNumber(1.0), context.getNumber(9.0),
                           Generator::philox, random.below(1000), 2);
  auto type =
      random.pick({ElementType::i8, ElementType::i16, ElementType::i32});
  Tensor delays = context.makeTensor(shape, type, 1.0, 7.0);
  return ParamAttr::get(context.getContext(), context.addParameter(delays));
}

Value reference::makeProjection(RandomContext &context, Value source,
                                ConnectivityAttrInterface connectivity,
                                ArrayRef<int64_t> target, double scale,
                                int64_t minimumDelay) {
  auto type = cast<SignalType>(source.getType());
  ProjectionMaker maker(context, connectivity, type.getShape(), target);
  Attribute weights = maker.makeWeights(scale);
  Attribute delay = maker.makeDelay(minimumDelay);
  return ProjectOp::create(context.builder, context.loc,
                           CurrentType::get(context.getContext(), target),
                           source, connectivity, weights, delay);
}
