//===- ConversionMethod.h - names of conversion methods ---------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A method is how thresholds are chosen and what is corrected afterwards:
// "local", "local+bias".
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_CONVERSIONMETHOD_H
#define SPIKEFORMER_PIPELINES_CONVERSIONMETHOD_H

#include "spikeformer/Conversion/TosaToSNN/Thresholds.h"
#include "llvm/Support/Error.h"
#include <string>

namespace spikeformer {

/// The name that asks for a search among all methods.
constexpr llvm::StringLiteral autoMethodName = "auto";

/// What is moved until the spiking network has the means of the float network.
enum class Correction {
  none,
  /// "+bias": what a neuron gets in every step.
  bias,
  /// "+start": the potential that it starts with.
  start
};

struct ConversionMethod {
  ThresholdMethod thresholds = ThresholdMethod::Percentile;
  Correction correction = Correction::none;

  std::string getName() const;
};

/// The method of this name, not "auto"; the error lists the names.
llvm::Expected<ConversionMethod> parseConversionMethod(StringRef name);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_CONVERSIONMETHOD_H
