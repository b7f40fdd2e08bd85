//===- SpikeRates.cpp - how often neurons send ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SpikeRates.h"
#include "spikeformer/Dialect/SNN/Analysis/SliceSynapses.h"
#include "spikeformer/Dialect/SNN/IR/SNNEncoders.h"
#include "spikeformer/Support/Json.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::pnr;

/// Encoders of one spike say in how many steps; others may spike in each.
static double predict(Value origin) {
  auto encode = origin.getDefiningOp<snn::EncodeOp>();
  if (!encode)
    return 1;
  return llvm::TypeSwitch<Attribute, double>(encode.getEncoder())
      .Case<snn::LatencyAttr, snn::LatencyRCAttr>(
          [](auto encoder) { return 1.0 / encoder.getWindow(); })
      .Default([](Attribute) { return 1; });
}

/// One number or as many as there are neurons.
static llvm::Expected<std::vector<double>> readRates(const JsonValue &value,
                                                     int64_t neurons) {
  std::vector<double> rates;
  if (value.isArray()) {
    for (const JsonValue &item : *value.getArray()) {
      llvm::Expected<double> rate = item.getDouble();
      if (!rate)
        return rate.takeError();
      rates.push_back(*rate);
    }
    if (static_cast<int64_t>(rates.size()) != neurons)
      return value.makeError("needs a rate for each of " +
                             std::to_string(neurons) + " neurons, has " +
                             std::to_string(rates.size()));
  } else {
    llvm::Expected<double> rate = value.getDouble();
    if (!rate)
      return rate.takeError();
    rates.push_back(*rate);
  }
  for (double rate : rates)
    if (!std::isfinite(rate) || rate < 0)
      return value.makeError("needs spikes per step of at least 0");
  return rates;
}

LogicalResult SpikeRates::read(snn::NetworkOp network, StringRef file) {
  auto fail = [&](llvm::Error error) {
    return emitError(network.getLoc(), "rates: ")
           << llvm::toString(std::move(error));
  };
  llvm::Expected<JsonValue> report = parseJsonFile(file);
  if (!report)
    return fail(report.takeError());
  llvm::Expected<const JsonValue &> named = report->at("rates");
  if (!named)
    return fail(named.takeError());
  auto members = named->getObject();
  if (!members)
    return fail(members.takeError());
  bool good = true;
  for (const auto &[name, value] : *members) {
    auto *entry = llvm::find_if(rates, [&, name = StringRef(name)](auto &pair) {
      return snn::getOriginName(pair.first) == name;
    });
    if (entry == rates.end()) {
      good = succeeded(fail(value.makeError("the network has no '" + name +
                                            "' that sends spikes")));
      continue;
    }
    auto found = readRates(
        value, ShapedType::getNumElements(snn::getOriginShape(entry->first)));
    if (found)
      entry->second = std::move(*found);
    else
      good = succeeded(fail(found.takeError()));
  }
  return success(good);
}

FailureOr<SpikeRates> SpikeRates::create(snn::NetworkOp network,
                                         ArrayRef<Value> origins,
                                         StringRef file) {
  SpikeRates rates;
  for (Value origin : origins)
    rates.rates[origin] = {predict(origin)};
  if (!file.empty() && failed(rates.read(network, file)))
    return failure();
  return rates;
}

double SpikeRates::sum(Value origin, ArrayRef<int64_t> ranges) const {
  ArrayRef<double> all = rates.find(origin)->second;
  ArrayRef<int64_t> shape = snn::getOriginShape(origin);
  if (all.size() == 1)
    return all.front() * snn::countNeurons(ranges, shape);
  double sum = 0;
  (void)snn::forEachNeuron(ranges, shape,
                           [&](int64_t neuron) { sum += all[neuron]; });
  return sum;
}
