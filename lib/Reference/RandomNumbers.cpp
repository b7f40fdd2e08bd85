//===- RandomNumbers.cpp - numbers of random networks ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How params, weights and data are drawn and where they are put.
//
//===----------------------------------------------------------------------===//

#include "RandomParts.h"
#include "spikeformer/Support/TensorAttr.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

RandomContext::RandomContext(ModuleOp module, uint64_t seed)
    : module(module), builder(module.getContext()),
      moduleBuilder(module.getBodyRegion()), loc(module.getLoc()), random(seed),
      fullMantissa(random.chance(0.65)) {
  if (random.chance(0.4))
    seconds = random.pick({1e-3, 1e-4, 0.5});
}

double RandomContext::makeNumber(double low, double high) {
  double value = random.uniform(low, high);
  if (fullMantissa)
    return value;
  // Steps of 1/8, or finer where the range is narrow, so that few become 0.
  double steps = high > low ? std::ldexp(16.0, -std::ilogb(high - low)) : 8.0;
  steps = std::max(steps, 8.0);
  double coarse = std::nearbyint(value * steps) / steps;
  return coarse >= low && coarse <= high ? coarse : value;
}

/// Writes `values` in the type of `tensor`.
template <typename T>
static void fill(Tensor &tensor, function_ref<double()> makeValue) {
  for (T &element : tensor.data<T>())
    element = static_cast<T>(std::is_integral_v<T> ? std::nearbyint(makeValue())
                                                   : makeValue());
}

Tensor RandomContext::makeTensor(ArrayRef<int64_t> shape, ElementType type,
                                 double low, double high) {
  Tensor tensor(shape, type);
  auto makeValue = [&] { return makeNumber(low, high); };
  switch (type) {
  case ElementType::i8:
    fill<int8_t>(tensor, makeValue);
    break;
  case ElementType::i16:
    fill<int16_t>(tensor, makeValue);
    break;
  case ElementType::i32:
    fill<int32_t>(tensor, makeValue);
    break;
  case ElementType::i64:
    fill<int64_t>(tensor, makeValue);
    break;
  case ElementType::f32:
    fill<float>(tensor, makeValue);
    break;
  case ElementType::f64:
    fill<double>(tensor, makeValue);
    break;
  default:
    llvm_unreachable("no parameter has this type");
  }
  return tensor;
}

FlatSymbolRefAttr RandomContext::makeSymbol(StringRef prefix) {
  std::string name = (prefix + llvm::Twine(numSymbols++)).str();
  return FlatSymbolRefAttr::get(getContext(), name);
}

FlatSymbolRefAttr RandomContext::addParameter(const Tensor &tensor) {
  FlatSymbolRefAttr symbol = makeSymbol("data");
  ElementsAttr value = getElementsAttr(tensor, getContext());
  ParameterOp::create(moduleBuilder, loc, symbol.getValue(), StringAttr(),
                      value.getType(), value);
  return symbol;
}

Attribute RandomContext::makeRandomAttr(double low, double high) {
  bool isNormal = random.chance(0.3);
  bool isMix = !isNormal && random.chance(0.4);
  double middle = makeNumber(low, high);
  FloatAttr clipLow, clipHigh;
  if (isNormal || random.chance(0.3)) {
    clipLow = getNumber(low);
    clipHigh = getNumber(high);
  }
  double first = isNormal ? middle : low;
  double second = isNormal ? (high - low) / 3.0 : high;
  uint64_t seed = random.below(1000);
  uint32_t stream = isMix ? 0 : random.below(10);
  return RandomAttr::get(
      getContext(), isNormal ? Distribution::normal : Distribution::uniform,
      getNumber(first), getNumber(second), clipLow, clipHigh,
      isMix ? Generator::mix64 : Generator::philox, seed, stream);
}

Attribute RandomContext::makeParam(ArrayRef<int64_t> shape, double low,
                                   double high) {
  if (random.chance(0.5))
    return getNumber(makeNumber(low, high));
  if (random.chance(0.3))
    return makeRandomAttr(low, high);
  SmallVector<int64_t> extents(shape.begin(),
                               shape.begin() + random.range(1, shape.size()));
  for (int64_t &extent : extents)
    if (random.chance(0.2))
      extent = 1;
  auto type = random.pick({ElementType::f32, ElementType::f64});
  Tensor tensor = makeTensor(extents, type, low, high);
  return ParamAttr::get(getContext(), addParameter(tensor));
}
