//===- ActivationPopulations.cpp - populations of activations -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One activation, one population, whatever the kind of its neurons. Those that
// count start at half their threshold, which halves the largest error of the
// count: without it the count is rounded down instead of to the nearest.
//
//===----------------------------------------------------------------------===//

#include "NetworkBuilder.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::snn;
using namespace spikeformer::tosatosnn;

//===----------------------------------------------------------------------===//
// Spikes
//===----------------------------------------------------------------------===//

Value NetworkBuilder::addSending(const Current &current, StringRef name,
                                 NeuronModelAttrInterface model,
                                 SmallVector<NamedAttribute> params,
                                 SignalType type, Location location) {
  params.push_back(builder.getNamedAttr("v_threshold", threshold));
  return addPopulation(current, name, location, model, params, type);
}

Value NetworkBuilder::addBurst(const Current &current, StringRef name,
                               const SignalNumbers &thresholds, double upper,
                               NamedAttribute start, Location location) {
  auto type = SignalType::get(builder.getContext(), current.shape,
                              AlphabetKind::count, maxBurst, Type());
  // Where a burst cannot reach the bound, there is none.
  SignalNumbers rates = SignalNumbers::combine(
      SignalNumbers(upper), thresholds, [](double bound, double number) {
        return std::min(bound / number, static_cast<double>(maxBurst));
      });
  if (llvm::all_of(rates.get(), [](double rate) { return rate == maxBurst; }))
    return addSending(current, name, getModel(addBurstModel, location), {start},
                      type, location);
  Attribute rate =
      getNumbers(rates, current.shape, (name + ".rate").str(), location);
  return addSending(
      current, name, getModel(addBoundedBurstModel, location),
      {builder.getNamedAttr("rate", rate),
       builder.getNamedAttr("room_init", builder.getF64FloatAttr(0)), start},
      type, location);
}

Value NetworkBuilder::addSpiking(const Current &current, StringRef name,
                                 const SignalNumbers &thresholds, double upper,
                                 Location location) {
  SignalNumbers starts =
      startsAtHalf ? SignalNumbers::combine(thresholds, SignalNumbers(0.5),
                                            std::multiplies<double>())
                   : SignalNumbers(0.0);
  NamedAttribute start = builder.getNamedAttr(
      "v_init",
      getNumbers(starts, current.shape, (name + ".v_init").str(), location));
  if (neuron == NeuronKind::Burst)
    return addBurst(current, name, thresholds, upper, start, location);
  MLIRContext *context = builder.getContext();
  if (neuron == NeuronKind::Ternary)
    return addSending(
        current, name, getModel(addTernaryModel, location),
        {builder.getNamedAttr("sent_init", builder.getF64FloatAttr(0)), start},
        SignalType::get(context, current.shape, AlphabetKind::ternary),
        location);
  auto model = IFAttr::get(context, builder.getF32Type(), ResetKind::subtract,
                           FiresKind::at_or_above, ResetTime::same_step);
  return addSending(
      current, name, model,
      {builder.getNamedAttr("r", builder.getF64FloatAttr(1)), start},
      SignalType::get(context, current.shape, AlphabetKind::binary), location);
}

Value NetworkBuilder::addActivation(const Current &current, StringRef name,
                                    const SignalNumbers &thresholds,
                                    double upper, Location location) {
  threshold =
      getNumbers(thresholds, current.shape, (name + ".theta").str(), location);
  return sendsChanges()
             ? addSigmaDelta(current, name, upper, location)
             : addSpiking(current, name, thresholds, upper, location);
}

//===----------------------------------------------------------------------===//
// Levels
//===----------------------------------------------------------------------===//

// Half a level in the bias makes rounding down rounding to the nearest, as the
// start at half the threshold does for counts. A network that was trained with
// levels has added it in the same place.
Value NetworkBuilder::addGraded(Current current, StringRef name,
                                const SignalNumbers &height,
                                const SignalNumbers &levels,
                                Location location) {
  MLIRContext *context = builder.getContext();
  current.bias = SignalNumbers::combine(
      current.bias, height,
      [](double bias, double number) { return bias + number / 2; });
  threshold =
      getNumbers(height, current.shape, (name + ".theta").str(), location);
  auto most = static_cast<uint64_t>(*llvm::max_element(levels.get()));
  auto carrier =
      IntegerType::get(context, llvm::bit_width(most), IntegerType::Unsigned);
  auto type =
      SignalType::get(context, current.shape, AlphabetKind::graded, 0, carrier);
  NamedAttribute count = builder.getNamedAttr(
      "levels",
      getNumbers(levels, current.shape, (name + ".levels").str(), location));
  return addSending(current, name, getModel(addGradedModel, location), {count},
                    type, location);
}

//===----------------------------------------------------------------------===//
// Changes
//===----------------------------------------------------------------------===//

Current NetworkBuilder::getWithBiasOnce(Current current, StringRef name,
                                        Location location) {
  if (current.bias.isZero())
    return current;
  auto scalar = SignalView::getRowMajor({1, 1});
  if (!once) {
    auto model = SigmaDeltaAttr::get(builder.getContext(), builder.getF32Type(),
                                     Stages::delta, Activation::identity);
    once = addPopulation(
        Current{{}, SignalNumbers(1), {1}, scalar}, makeName("once"),
        network.getLoc(), model,
        builder.getNamedAttr("v_threshold", builder.getF64FloatAttr(0)),
        SignalType::getAnalogue({1}, builder.getF32Type()));
  }
  int64_t count = ShapedType::getNumElements(current.shape);
  Tensor weights({count}, ElementType::f32);
  for (auto [weight, bias] :
       llvm::zip_equal(weights.data<float>(), current.bias.expand(count)))
    weight = static_cast<float>(bias);
  Location own = NameLoc::get(builder.getStringAttr(name + ".bias"), location);
  current.projections.push_back(
      {Signal{once, Value(), SignalNumbers(1), scalar},
       DenseAttr::get(builder.getContext()), weights,
       WeightLayout{count, 1, 1, 1, 0, 0, {}, 1}, SignalNumbers(1), own});
  current.bias = SignalNumbers(0.0);
  return current;
}

Value NetworkBuilder::addSigmaDelta(const Current &current, StringRef name,
                                    double upper, Location location) {
  Current changes = getWithBiasOnce(current, name, location);
  auto type = SignalType::getAnalogue(current.shape, builder.getF32Type());
  if (!std::isfinite(upper)) {
    auto model =
        SigmaDeltaAttr::get(builder.getContext(), builder.getF32Type(),
                            Stages::sigma_delta, snn::Activation::relu);
    return addSending(changes, name, model, {}, type, location);
  }
  Attribute zero = builder.getF64FloatAttr(0);
  return addSending(
      changes, name, getModel(addBoundedSigmaDeltaModel, location),
      {builder.getNamedAttr("sent_init", zero),
       builder.getNamedAttr("sigma_init", zero),
       builder.getNamedAttr("upper", builder.getF64FloatAttr(upper))},
      type, location);
}

Value NetworkBuilder::addSums(const Current &current, StringRef name,
                              Location location) {
  if (!sendsChanges())
    return addLinear(current, name, location);
  auto model = SigmaDeltaAttr::get(builder.getContext(), builder.getF32Type(),
                                   Stages::sigma, snn::Activation::identity);
  auto type = SignalType::getAnalogue(current.shape, builder.getF32Type());
  return addPopulation(getWithBiasOnce(current, name, location), name, location,
                       model, {}, type);
}

Value NetworkBuilder::addChanges(Value source, StringRef name,
                                 Location location) {
  auto type = cast<SignalType>(source.getType());
  SmallVector<int64_t> sample{1};
  llvm::append_range(sample, type.getShape());
  SignalView view = SignalView::getRowMajor(sample);
  Projection projection{Signal{source, Value(), SignalNumbers(1), view},
                        OneToOneAttr::get(builder.getContext()),
                        Tensor(),
                        WeightLayout(),
                        SignalNumbers(1),
                        location};
  auto model = SigmaDeltaAttr::get(builder.getContext(), builder.getF32Type(),
                                   Stages::delta, snn::Activation::identity);
  return addPopulation(
      Current{{projection},
              SignalNumbers(0.0),
              llvm::to_vector(type.getShape()),
              view},
      name, location, model,
      builder.getNamedAttr("v_threshold", builder.getF64FloatAttr(0)), type);
}
