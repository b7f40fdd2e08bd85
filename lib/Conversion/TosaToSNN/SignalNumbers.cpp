//===- SignalNumbers.cpp - numbers for the elements of a signal -----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers are made coarser by comparing them: what is equal over a channel is
// one number of the channel, however the constant was written.
//
//===----------------------------------------------------------------------===//

#include "SignalNumbers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/SmallVectorExtras.h"

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

/// `numbers` with one number per run of equal ones, if all of `count` runs are
/// equal.
static SmallVector<double> coarsen(ArrayRef<double> numbers, int64_t count) {
  int64_t run = numbers.size() / count;
  SmallVector<double> result;
  for (int64_t index = 0; index < count; ++index) {
    ArrayRef<double> part = numbers.slice(index * run, run);
    if (!llvm::all_equal(part))
      return SmallVector<double>(numbers);
    result.push_back(part.front());
  }
  return result;
}

/// For each element of a value of `shape`, the element of a constant of
/// `constantShape` that broadcasts to it.
static SmallVector<int64_t> getBroadcast(ArrayRef<int64_t> constantShape,
                                         ArrayRef<int64_t> shape) {
  SmallVector<int64_t> indices{0};
  int64_t stride = 1;
  for (auto [extent, own] :
       llvm::reverse(llvm::zip_equal(shape, constantShape))) {
    size_t inner = indices.size();
    int64_t step = own == 1 ? 0 : stride;
    indices.resize(inner * extent);
    for (int64_t i = 1; i < extent; ++i)
      for (size_t k = 0; k < inner; ++k)
        indices[i * inner + k] = indices[k] + i * step;
    stride *= own;
  }
  return indices;
}

SignalNumbers SignalNumbers::fromConstant(const Tensor &constant,
                                          const SignalView &view,
                                          int64_t channels) {
  if (constant.getNumElements() == 1)
    return SignalNumbers(constant.getAsDouble(0));
  SmallVector<double> numbers(view.getNumElements());
  for (auto [to, from] :
       llvm::zip_equal(view.getIndices(),
                       getBroadcast(constant.getShape(), view.getShape())))
    numbers[to] = constant.getAsDouble(from);
  numbers = coarsen(numbers, channels);
  return SignalNumbers(coarsen(numbers, 1));
}

SignalNumbers
SignalNumbers::combine(const SignalNumbers &a, const SignalNumbers &b,
                       llvm::function_ref<double(double, double)> f) {
  int64_t count = std::max(a.numbers.size(), b.numbers.size());
  SmallVector<double> numbers;
  for (int64_t index = 0; index < count; ++index)
    numbers.push_back(f(a.at(index, count), b.at(index, count)));
  return SignalNumbers(std::move(numbers));
}

bool SignalNumbers::isZero() const {
  return llvm::all_of(numbers, [](double number) { return number == 0; });
}

SmallVector<double> SignalNumbers::expand(int64_t count) const {
  return llvm::map_to_vector(llvm::seq(count),
                             [&](int64_t index) { return at(index, count); });
}
