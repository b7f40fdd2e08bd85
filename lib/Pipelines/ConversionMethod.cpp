//===- ConversionMethod.cpp - names of conversion methods -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/ConversionMethod.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;

/// In the order of the enumeration.
static constexpr StringRef suffixes[] = {"", "+bias", "+start"};

std::string ConversionMethod::getName() const {
  StringRef name = getThresholdMethodNames()[static_cast<size_t>(thresholds)];
  return (name + suffixes[static_cast<size_t>(correction)]).str();
}

llvm::Expected<ConversionMethod>
spikeformer::parseConversionMethod(StringRef name) {
  ConversionMethod method;
  StringRef thresholds = name;
  for (Correction correction : {Correction::bias, Correction::start})
    if (thresholds.consume_back(suffixes[static_cast<size_t>(correction)])) {
      method.correction = correction;
      break;
    }
  if (auto found = parseThresholdMethod(thresholds)) {
    method.thresholds = *found;
    return method;
  }
  return llvm::createStringError(
      "there is no method '" + name + "'; there are '" + autoMethodName +
      "', '" + llvm::join(getThresholdMethodNames(), "', '") +
      "', each of them also with '+bias' or '+start'");
}
