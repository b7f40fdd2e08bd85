//===- SignalNumbers.h - numbers for the elements of a signal ---*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Thresholds, scales and biases are one number, one per channel or one per
// element. They are kept in double, as coarse as they are, until weights and
// parameters are made of them.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_TOSATOSNN_SIGNALNUMBERS_H
#define LIB_CONVERSION_TOSATOSNN_SIGNALNUMBERS_H

#include "SignalView.h"
#include "spikeformer/Support/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace spikeformer::tosatosnn {

/// Numbers for a signal whose leading axis is its channels; their count divides
/// the number of elements, and each is for one run of elements.
class SignalNumbers {
public:
  explicit SignalNumbers(double number) : numbers{number} {}
  explicit SignalNumbers(SmallVector<double> numbers)
      : numbers(std::move(numbers)) {}

  /// The numbers of `constant`, which broadcasts over the TOSA value of `view`,
  /// for the elements of a signal of `channels` channels. The view is of all
  /// elements of the signal.
  static SignalNumbers fromConstant(const Tensor &constant,
                                    const SignalView &view, int64_t channels);

  /// `function` of the numbers of each element.
  static SignalNumbers combine(const SignalNumbers &a, const SignalNumbers &b,
                               llvm::function_ref<double(double, double)> f);

  ArrayRef<double> get() const { return numbers; }
  bool isUniform() const { return numbers.size() == 1; }
  bool isZero() const;
  /// Whether each of `count` equal runs of elements has one number.
  bool fits(int64_t count) const { return count % numbers.size() == 0; }
  /// The number of run `index` of `count`.
  double at(int64_t index, int64_t count) const {
    return numbers[index / (count / static_cast<int64_t>(numbers.size()))];
  }
  /// All numbers of `count` runs.
  SmallVector<double> expand(int64_t count) const;

private:
  SmallVector<double> numbers;
};

} // namespace spikeformer::tosatosnn

#endif // LIB_CONVERSION_TOSATOSNN_SIGNALNUMBERS_H
