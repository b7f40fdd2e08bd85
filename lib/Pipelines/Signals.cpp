//===- Signals.cpp - what can be recorded ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/Signals.h"
#include "llvm/ADT/STLExtras.h"

using namespace spikeformer;

int64_t NamedSignal::getNumNeurons() const { return llvm::product_of(shape); }

std::vector<NamedSignal>
spikeformer::listSignals(snn::NetworkOp network,
                         const snn::RelationChain &relations) {
  std::vector<NamedSignal> signals;
  auto add = [&](StringRef name, Value value, int64_t onset) {
    auto type = cast<snn::SignalType>(value.getType());
    signals.push_back({name.str(), SmallVector<int64_t>(type.getShape()),
                       type.getKind() != snn::AlphabetKind::analogue, onset,
                       relations.trace(name)});
  };
  network.walk([&](Operation *op) {
    if (auto population = dyn_cast<snn::PopulationOp>(op))
      add(population.getName(), population.getSpikes(),
          population.getOnsetStep());
    if (auto encode = dyn_cast<snn::EncodeOp>(op))
      add(encode.getName(), encode.getResult(), /*onset=*/0);
  });
  return signals;
}
