//===- Projection.h - synapses in the interpreter ---------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is constant of a projection, read once: every synapse, its weight and
// its delay.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_REFERENCE_PROJECTION_H
#define SPIKEFORMER_LIB_REFERENCE_PROJECTION_H

#include "Signal.h"
#include "spikeformer/Reference/Interpreter.h"

namespace spikeformer::reference {

/// The synapses of a projection.
struct Projection {
  /// Without `table.weights` where there is one weight per synapse.
  snn::SynapseTable table;
  /// The exact weights: by synapse where there is one for each, so that rows
  /// are read in sequence; otherwise by weight index; a single one that all
  /// share.
  std::vector<double> weights;
  Carrier carrier;
  /// Delay of every synapse, where `delays` is empty.
  int64_t delay = 0;
  /// Delay of each synapse, at least 1.
  std::vector<uint32_t> delays;
  /// Per source the synapses whose weight is not zero.
  std::vector<uint32_t> carrying;

  /// Emits a diagnostic where data do not fit or a weight is not finite.
  static FailureOr<Projection> create(snn::ProjectOp op,
                                      const DeliveredCopies &copies);

  /// Position in `weights`.
  uint64_t getWeightIndex(uint64_t synapse) const {
    if (weights.size() == 1)
      return 0;
    return table.weights.empty() ? synapse : table.weights[synapse];
  }
  double getWeight(uint64_t synapse) const {
    return weights[getWeightIndex(synapse)];
  }
};

/// An event that one synapse delivers.
struct Arrival {
  uint64_t synapse;
  Scalar value;
};

/// What a projection delivers in the present step, in the order of the
/// contributions: whole rows, or single synapses where delays differ.
struct Current {
  const Projection *projection = nullptr;
  ArrayRef<Event> events;
  ArrayRef<Arrival> arrivals;
  /// Delivering synapses whose weight is not zero.
  int64_t synapticEvents = 0;

  /// Calls `deliver(target, weight index, prepare(value))` per contribution.
  template <typename Prepare, typename Deliver>
  void forEach(Prepare prepare, Deliver deliver) const {
    const snn::SynapseTable &table = projection->table;
    for (const Event &event : events) {
      auto value = prepare(event.value);
      for (uint64_t k = table.rows[event.index];
           k < table.rows[event.index + 1]; ++k)
        deliver(table.targets[k], projection->getWeightIndex(k), value);
    }
    for (const Arrival &arrival : arrivals)
      deliver(table.targets[arrival.synapse],
              projection->getWeightIndex(arrival.synapse),
              prepare(arrival.value));
  }
};

} // namespace spikeformer::reference

#endif // SPIKEFORMER_LIB_REFERENCE_PROJECTION_H
