//===- NeuronPlaces.cpp - the slice of every neuron -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/PnR/Transforms/NeuronPlaces.h"
#include "spikeformer/Dialect/PnR/Transforms/MappingData.h"
#include "spikeformer/Dialect/SNN/Analysis/NeuronRanges.h"
#include "llvm/ADT/StringMap.h"

using namespace spikeformer;
using namespace spikeformer::pnr;

FailureOr<NeuronPlaces> NeuronPlaces::create(snn::NetworkOp network,
                                             const SliceList &slices) {
  FailureOr<SmallVector<Value>> list = snn::listOrigins(network);
  if (failed(list))
    return failure();
  NeuronPlaces result;
  llvm::StringMap<Value> origins;
  for (Value origin : *list) {
    origins[snn::getOriginName(origin)] = origin;
    int64_t size = cast<snn::SignalType>(origin.getType()).getNumElements();
    result.places[origin].resize(size, {noIndex, 0});
  }
  for (uint32_t slice = 0; slice < slices.size(); ++slice) {
    Value origin =
        origins.lookup(slices.populationNames[slices.populations[slice]]);
    if (!origin)
      continue;
    std::vector<NeuronPlace> &neurons = result.places[origin];
    uint32_t sender = 0;
    LogicalResult fits = snn::forEachNeuron(
        slices.boxOf(slice), cast<snn::SignalType>(origin.getType()).getShape(),
        [&](int64_t neuron) { neurons[neuron] = {slice, sender++}; });
    if (failed(fits))
      return emitError(origin.getLoc())
             << "slice '" << slices.names[slice]
             << "' has neurons that it does not have";
  }
  return result;
}

FailureOr<std::vector<NeuronPlace>> NeuronPlaces::ofSignal(Value signal) const {
  FailureOr<SmallVector<snn::OriginRun>> runs = snn::traceSignal(signal);
  if (failed(runs))
    return failure();
  std::vector<NeuronPlace> elements;
  for (const snn::OriginRun &run : *runs)
    llvm::append_range(elements,
                       ofOrigin(run.origin).slice(run.first, run.count));
  return elements;
}
