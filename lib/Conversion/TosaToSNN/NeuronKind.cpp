//===- NeuronKind.cpp - names of the kinds of neurons ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Conversion/TosaToSNN/TosaToSNN.h"
#include "llvm/ADT/STLExtras.h"

using namespace spikeformer;

static constexpr StringRef kindNames[] = {"if", "ternary", "burst",
                                          "sigma-delta", "graded"};

ArrayRef<StringRef> spikeformer::getNeuronKindNames() { return kindNames; }

std::optional<NeuronKind> spikeformer::parseNeuronKind(StringRef name) {
  const StringRef *found = llvm::find(kindNames, name);
  if (found == std::end(kindNames))
    return std::nullopt;
  return static_cast<NeuronKind>(found - std::begin(kindNames));
}
