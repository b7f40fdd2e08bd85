//===- ConversionQuality.cpp - how well spikes say activations ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/ConversionQuality.h"

using namespace spikeformer;

static JsonValue toJson(const LayerQuality &layer) {
  return JsonValue::object()
      .set("population", layer.population)
      .set("neurons", layer.neurons)
      .set("correlation",
           layer.correlation ? JsonValue(*layer.correlation) : JsonValue())
      .set("mean_error", layer.meanError)
      .set("max_error", layer.maxError)
      .set("dead", layer.dead)
      .set("saturated", layer.saturated)
      .set("spikes_per_sample", layer.spikesPerSample);
}

JsonValue ConversionQuality::toJson() const {
  JsonValue rows = JsonValue::array(), steps = JsonValue::array();
  for (const LayerQuality &layer : layers)
    rows.push(::toJson(layer));
  for (double agreement : agreementByStep)
    steps.push(agreement);
  JsonValue exits = JsonValue::array();
  for (const EarlyExit &exit : earlyExits)
    exits.push(JsonValue::object()
                   .set("margin", exit.margin)
                   .set("mean_steps", exit.getMeanSteps())
                   .set("agreement", exit.getAgreement()));
  return JsonValue::object()
      .set("samples", samples)
      .set("layers", std::move(rows))
      .set("agreement_by_step", std::move(steps))
      .set("synaptic_operations", synapticOperations)
      .set("macs", macs)
      .set("early_exit", std::move(exits));
}
