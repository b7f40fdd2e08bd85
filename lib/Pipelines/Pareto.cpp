//===- Pareto.cpp - mappings of which none is better ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/Pareto.h"
#include <array>

using namespace spikeformer;

/// From fewest hops to the coolest link, and the shortest ways.
static constexpr StringRef objectives[] = {"hops=1",
                                           "hops=1,hottest_link=1",
                                           "hops=1,hottest_link=4",
                                           "hops=1,hottest_link=16",
                                           "hops=1,hottest_link=64",
                                           "hops=0.01,hottest_link=64",
                                           "hops=1,latency=1000"};

static constexpr StringRef metricNames[] = {"packet_hops", "max_link_load",
                                            "longest_route", "chips_used"};

namespace {
struct Point {
  StringRef objective;
  std::array<double, std::size(metricNames)> values;

  /// Not worse in anything, better in something.
  bool beats(const Point &other) const {
    bool better = false;
    for (auto [mine, theirs] : llvm::zip_equal(values, other.values)) {
      if (mine > theirs)
        return false;
      better |= mine < theirs;
    }
    return better;
  }
};
} // namespace

/// The numbers of `report`, which may be in its `metrics`.
static llvm::Expected<Point> readPoint(StringRef objective,
                                       const JsonValue &report) {
  Point point{objective, {}};
  const JsonValue *metrics = report.find("metrics");
  for (auto [name, value] : llvm::zip_equal(metricNames, point.values)) {
    const JsonValue *member = metrics ? metrics->find(name) : nullptr;
    if (!member)
      member = report.find(name);
    if (!member)
      return llvm::createStringError("--pareto compares routed mappings; this "
                                     "target reports no '" +
                                     name + "'");
    auto number = member->getDouble();
    if (!number)
      return number.takeError();
    value = *number;
  }
  return point;
}

static JsonValue toJson(const Point &point) {
  JsonValue row = JsonValue::object();
  row.set("objective", point.objective);
  for (auto [name, value] : llvm::zip_equal(metricNames, point.values))
    row.set(name, value);
  return row;
}

llvm::Expected<JsonValue>
spikeformer::findParetoFront(MLIRContext &context,
                             const CompileOptions &options,
                             const Target &target, ErrorLog &log) {
  std::vector<Point> points;
  CompileOptions own = options;
  own.until = std::min(options.until, Phase::program);
  for (StringRef objective : objectives) {
    own.mapping.objective = objective.str();
    Compiler compiler(context, own, target, log);
    if (llvm::Error error = compiler.run())
      return std::move(error);
    auto point = readPoint(objective, target.makeReport(compiler.getModule()));
    if (!point)
      return point.takeError();
    points.push_back(*point);
  }
  JsonValue front = JsonValue::array();
  std::vector<Point> kept;
  for (const Point &point : points) {
    bool isBeaten = llvm::any_of(
        points, [&](const Point &other) { return other.beats(point); });
    bool isKnown = llvm::any_of(
        kept, [&](const Point &other) { return other.values == point.values; });
    if (!isBeaten && !isKnown)
      kept.push_back(point);
  }
  llvm::sort(
      kept, [](const Point &a, const Point &b) { return a.values < b.values; });
  for (const Point &point : kept)
    front.push(toJson(point));
  return front;
}
