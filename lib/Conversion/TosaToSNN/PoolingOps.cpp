//===- PoolingOps.cpp - pools ---------------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An average over a window of spikes is their count, and its divisor goes into
// the weights behind it. A maximum is no such sum, and how it is made of spikes
// is chosen by the user. Zeros around an image are neurons of their own.
//
//===----------------------------------------------------------------------===//

#include "Translator.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include <limits>

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

namespace {
/// What pools have in common.
struct Window {
  ArrayRef<int64_t> kernel, stride;
  /// Top, left, bottom, right; that of the image included.
  Padding pad;

  bool isPadded() const { return pad != Padding(); }
};
} // namespace

template <typename Pool>
static Window getWindow(Pool op, const Image &image) {
  // TOSA's order is top, bottom, left, right.
  ArrayRef<int64_t> pad = op.getPad();
  Window window{op.getKernel(), op.getStride(), image.signal.padding};
  for (auto [side, extent] :
       llvm::zip_equal(window.pad, Padding{pad[0], pad[2], pad[1], pad[3]}))
    side += extent;
  return window;
}

/// Whether windows over the whole extent are those over the cut one; a refusal
/// if not.
static bool checkWindows(Translator &translator, Operation *op,
                         const Image &image, const Window &window) {
  ArrayRef<int64_t> output =
      cast<RankedTensorType>(op->getResult(0).getType()).getShape();
  int64_t extents[] = {image.height, image.width};
  int64_t cuts[] = {image.cutHeight, image.cutWidth};
  for (unsigned axis : {0, 1}) {
    int64_t after = window.pad[axis + 2];
    int64_t room = extents[axis] + cuts[axis] + window.pad[axis] + after -
                   window.kernel[axis];
    if (room / window.stride[axis] + 1 == output[axis + 1] &&
        (cuts[axis] == 0 || after == 0))
      continue;
    translator.refuse(op, "pool_padding", "a pool of a whole image",
                      "one that was sliced within its windows",
                      "export the pool without the slice before it");
    return false;
  }
  return true;
}

/// `image` with zeros around it, as the current of further neurons; without
/// zeros, one by one.
static Current getPadded(Operation *op, const Image &image,
                         const Padding &padding) {
  MLIRContext *context = op->getContext();
  SmallVector<int64_t> shape{
      image.channels, image.signal.getShape()[1] + padding[0] + padding[2],
      image.signal.getShape()[2] + padding[1] + padding[3]};
  SmallVector<int64_t> sample{1};
  llvm::append_range(sample, shape);
  SignalView view = SignalView::getRowMajor(sample).transpose({0, 2, 3, 1});
  Projection projection{image.signal,     snn::OneToOneAttr::get(context),
                        Tensor(),         WeightLayout(),
                        SignalNumbers(1), op->getLoc()};
  if (padding != Padding()) {
    int64_t ones[] = {1, 1};
    projection.connectivity = snn::Conv2DAttr::get(context, ones, ones, padding,
                                                   ones, image.channels);
    projection.weights = Tensor({image.channels, 1, 1, 1}, ElementType::f32);
    llvm::fill(projection.weights.data<float>(), 1.0f);
    projection.layout = WeightLayout{image.channels, 1, 1, 1, 0, 0, {}, 1};
  }
  return Current{{projection}, SignalNumbers(0.0), shape, view};
}

/// The image that `value`, a pool, is.
static Signal getPooled(Value value, SignalNumbers height) {
  SmallVector<int64_t> sample{1};
  llvm::append_range(sample, cast<snn::SignalType>(value.getType()).getShape());
  return Signal{value, Value(), std::move(height),
                SignalView::getRowMajor(sample).transpose({0, 2, 3, 1})};
}

static snn::AlphabetKind getKind(const Image &image) {
  return cast<snn::SignalType>(image.signal.value.getType()).getKind();
}

/// Name of a population of the pool `op`.
static std::string makeName(Translator &translator, Operation *op,
                            StringRef suffix) {
  StringRef node = getNodeName(op);
  return translator.getNetwork().makeName(
      ((node.empty() ? "pool" : node) + suffix).str());
}

/// `image` whose units are 1 in the float network, so that no weight rounds
/// them.
static Image getUnits(Image image) {
  image.signal.height = SignalNumbers(1);
  return image;
}

/// The levels of `image` with the zeros of `window` around them.
static Value addPaddedLevels(Translator &translator, Operation *op,
                             const Image &image, const Window &window) {
  auto type = cast<snn::SignalType>(image.signal.value.getType());
  SignalNumbers levels(static_cast<double>(type.getRange().second));
  return translator.getNetwork().addGraded(
      getPadded(op, getUnits(image), window.pad),
      makeName(translator, op, ".pad"), SignalNumbers(1), levels, op->getLoc());
}

/// The spikes of `image` with the zeros of `window` around them, sent by
/// neurons of their own where there are any; none after a refusal.
static std::optional<Value> getPaddedSpikes(Translator &translator,
                                            Operation *op, const Image &image,
                                            const Window &window) {
  if (!window.isPadded())
    return image.signal.value;
  if (getKind(image) == snn::AlphabetKind::graded)
    return addPaddedLevels(translator, op, image, window);
  if (getKind(image) != snn::AlphabetKind::binary) {
    translator.refuse(op, "pool_padding", "spikes to put zeros around",
                      "counts of a pool",
                      "export the pool behind the other without padding");
    return std::nullopt;
  }
  return translator.getNetwork().addRelay(
      getPadded(op, image, window.pad), makeName(translator, op, ".pad"),
      roundToFloat(image.signal.height), op->getLoc());
}

//===----------------------------------------------------------------------===//
// Maxima
//===----------------------------------------------------------------------===//

static void refuseMaximum(Translator &translator, tosa::MaxPool2dOp op) {
  translator.refuse(
      op, "max_pool", "an average pool, or a choice for maxima",
      "a maximum over " + Twine(op.getKernel()[0]) + "x" +
          Twine(op.getKernel()[1]),
      "choose max-pool=gate (exact for counts; a neuron for each input and "
      "output of the pool), current (no spikes in front of the pool), winner "
      "(the maximum of the spikes of a step, which overestimates) or average, "
      "or retrain with average pools");
}

/// The neurons of the window are counted; the pool has sent the largest count.
static void translateGate(Translator &translator, tosa::MaxPool2dOp op,
                          const Image &image, const Window &window) {
  if (getKind(image) != snn::AlphabetKind::binary)
    return translator.refuse(op, "max_pool", "spikes, one per step and neuron",
                             "counts of a pool",
                             "choose max-pool=winner or average, or put the "
                             "maximum in front of the other pool");
  NetworkBuilder &network = translator.getNetwork();
  Signal counts = getPooled(
      network.addIntegrator(getPadded(op, image, window.pad),
                            makeName(translator, op, ".counts"), op.getLoc()),
      SignalNumbers(1));
  counts.value = network.addPool(snn::Reduction::max, counts.value,
                                 window.kernel, window.stride, op.getLoc());
  Signal largest = getPooled(counts.value, SignalNumbers(1));
  Image pooled{largest, image.channels, 0, 0, 0, 0};
  Current current = getPadded(op, pooled, Padding());
  SignalNumbers height = roundToFloat(image.signal.height);
  std::string name = makeName(translator, op, "");
  Value spikes = network.addGate(current, name, height, op.getLoc());
  Signal sent = getPooled(spikes, height);
  translator.record(name, op, height, sent.view);
  translator.set(op, std::move(sent));
}

static void translateWinner(Translator &translator, tosa::MaxPool2dOp op,
                            const Image &image, const Window &window) {
  std::optional<Value> spikes = getPaddedSpikes(translator, op, image, window);
  if (!spikes)
    return;
  Value winner = translator.getNetwork().addPool(
      snn::Reduction::max, *spikes, window.kernel, window.stride, op.getLoc());
  translator.set(op, getPooled(winner, image.signal.height));
}

/// 0 within an image, the lowest number in the padding of `op` around it, whose
/// `shape` is that with all zeros.
static SignalNumbers getLowestAround(tosa::MaxPool2dOp op,
                                     ArrayRef<int64_t> shape) {
  ArrayRef<int64_t> pad = op.getPad();
  SmallVector<double> numbers;
  for (int64_t c = 0; c < shape[0]; ++c)
    for (int64_t y = 0; y < shape[1]; ++y)
      for (int64_t x = 0; x < shape[2]; ++x) {
        bool inside = y >= pad[0] && y < shape[1] - pad[1] && x >= pad[2] &&
                      x < shape[2] - pad[3];
        numbers.push_back(inside ? 0 : std::numeric_limits<float>::lowest());
      }
  return SignalNumbers(std::move(numbers));
}

/// Whether the neurons of `image` emit sums in every step. What a pool gives
/// are neither those nor changes that a maximum could take.
static bool emitsSums(const Image &image) {
  Value value = image.signal.value;
  while (auto reshape = value.getDefiningOp<snn::ReshapeOp>())
    value = reshape.getSource();
  auto population = value.getDefiningOp<snn::PopulationOp>();
  if (!population)
    return false;
  auto model = dyn_cast<snn::SigmaDeltaAttr>(population.getModel());
  return isa<snn::LinearAttr>(population.getModel()) ||
         (model && model.getStages() == snn::Stages::sigma);
}

/// The maximum of sums is a sum that an activation can take. A padding must not
/// win against negative sums.
static void translateSums(Translator &translator, tosa::MaxPool2dOp op) {
  const auto *current = translator.getIf<Current>(op.getInput());
  std::optional<Image> image =
      current ? translator.getImage(op, translator.getSums(op, *current))
              : translator.getImage(op, op.getInput());
  if (!image)
    return;
  if (!emitsSums(*image))
    return translator.refuse(
        op, "max_pool", "an activation right in front of the pool or behind it",
        "a maximum of spikes that came from further away",
        "choose max-pool=gate, winner or average");
  Window window = getWindow(op, *image);
  if (!checkWindows(translator, op, *image, window))
    return;
  NetworkBuilder &network = translator.getNetwork();
  Value sums = image->signal.value;
  if (window.isPadded()) {
    Current padded = getPadded(op, *image, window.pad);
    padded.bias = getLowestAround(op, padded.shape);
    sums = network.addLinear(padded, makeName(translator, op, ".pad"),
                             op.getLoc());
  }
  Value maxima = network.addPool(snn::Reduction::max, sums, window.kernel,
                                 window.stride, op.getLoc());
  if (network.sendsChanges())
    maxima = network.addChanges(maxima, makeName(translator, op, ".delta"),
                                op.getLoc());
  Signal largest = getPooled(maxima, SignalNumbers(1));
  translator.set(
      op, getPadded(op, {largest, image->channels, 0, 0, 0, 0}, Padding()));
}

static void translateMaximum(Translator &translator, tosa::MaxPool2dOp op) {
  if (translator.getMaxPool() == MaxPool::Current)
    return translateSums(translator, op);
  // The maximum of the result, unless weights follow.
  if (translator.getIf<Current>(op.getInput()))
    return translator.translateOther(op);
  std::optional<Image> image = translator.getImage(op, op.getInput());
  if (!image)
    return;
  NeuronKind neuron = translator.getNetwork().getNeuron();
  // The largest level is the level of the largest activation.
  bool isGraded = neuron == NeuronKind::Graded;
  bool isExact = isGraded && translator.getMaxPool() == MaxPool::Winner;
  if (neuron != NeuronKind::IF && !isExact)
    return translator.refuse(
        op, "max_pool", "binary spikes",
        "neuron=" + Twine(getNeuronKindNames()[static_cast<size_t>(neuron)]),
        isGraded ? "choose max-pool=winner, which is exact for levels, current "
                   "or average"
                 : "choose max-pool=current or average");
  if (llvm::any_of(image->signal.height.get(),
                   [](double height) { return !(height > 0); }))
    return translator.refuse(op, "max_pool", "values of at least 0",
                             "a factor of 0 or less behind the activation",
                             "put the factor behind the pool");
  Window window = getWindow(op, *image);
  if (!checkWindows(translator, op, *image, window))
    return;
  if (translator.getMaxPool() == MaxPool::Gate)
    return translateGate(translator, op, *image, window);
  translateWinner(translator, op, *image, window);
}

//===----------------------------------------------------------------------===//
// Averages
//===----------------------------------------------------------------------===//

/// What a sum over windows adds up: the spikes of `image` with the zeros around
/// them, or the numbers that they stand for where no sum takes the spikes.
static std::optional<Signal> getSummands(Translator &translator, Operation *op,
                                         const Image &image,
                                         const Window &window) {
  NetworkBuilder &network = translator.getNetwork();
  NeuronKind neuron = network.getNeuron();
  if (getKind(image) == snn::AlphabetKind::graded ||
      (window.isPadded() && neuron == NeuronKind::Graded)) {
    Value levels =
        network.addLinear(getPadded(op, getUnits(image), window.pad),
                          makeName(translator, op, ".levels"), op->getLoc());
    return getPooled(levels, image.signal.height);
  }
  if (getKind(image) == snn::AlphabetKind::ternary ||
      (window.isPadded() && neuron != NeuronKind::IF)) {
    Value numbers =
        network.addLinear(getPadded(op, image, window.pad),
                          makeName(translator, op, ".values"), op->getLoc());
    return getPooled(numbers, SignalNumbers(1));
  }
  std::optional<Value> spikes = getPaddedSpikes(translator, op, image, window);
  if (!spikes)
    return std::nullopt;
  return getPooled(*spikes, image.signal.height);
}

static void translateAverage(Translator &translator, tosa::AvgPool2dOp op) {
  if (translator.getIf<Current>(op.getInput()))
    return translator.refuse(op, "analogue_pool", "spikes",
                             "a sum before its activation",
                             "put the ReLU before the pool and not behind it");
  if (llvm::any_of(op.getPad(), [](int64_t pad) { return pad != 0; }))
    return translator.refuse(
        op, "pool_padding", "a pool whose windows have one divisor",
        "a padding that does not count",
        "export the pool without padding or with count_include_pad");
  std::optional<Image> image = translator.getImage(op, op.getInput());
  if (!image)
    return;
  Window window = getWindow(op, *image);
  if (!checkWindows(translator, op, *image, window))
    return;
  std::optional<Signal> summands = getSummands(translator, op, *image, window);
  if (!summands)
    return;
  int64_t size = window.kernel[0] * window.kernel[1];
  SignalNumbers height = SignalNumbers::combine(
      summands->height, SignalNumbers(size), std::divides<double>());
  translator.set(op, getPooled(translator.getNetwork().addPool(
                                   snn::Reduction::sum, summands->value,
                                   window.kernel, window.stride, op.getLoc()),
                               height));
}

void tosatosnn::translatePool(Translator &translator, Operation *op) {
  if (translator.isTensor(op->getOperand(0)) ||
      translator.getIf<Tail>(op->getOperand(0)))
    return translator.translateOther(op);
  if (auto pool = dyn_cast<tosa::AvgPool2dOp>(op))
    return translateAverage(translator, pool);
  auto pool = cast<tosa::MaxPool2dOp>(op);
  if (translator.getMaxPool() == MaxPool::Refuse)
    return refuseMaximum(translator, pool);
  translateMaximum(translator, pool);
}
