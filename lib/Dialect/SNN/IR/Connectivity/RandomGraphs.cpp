//===- RandomGraphs.cpp - in-degree and distance --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both graphs are pure functions of seed, stream and the numbers of source and
// target: no draw depends on another target's.
//
//===----------------------------------------------------------------------===//

#include "SynapseNumbers.h"
#include "spikeformer-rt/Math.h"
#include "spikeformer-rt/Random.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "llvm/ADT/DenseSet.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::snn;

/// Philox takes 32 bits of seed.
static LogicalResult verifySeed(function_ref<InFlightDiagnostic()> emitError,
                                StringRef name, uint64_t seed) {
  if (seed <= UINT32_MAX)
    return success();
  return emitError() << name << " needs a seed below 2^32, got " << seed;
}

/// Whether the pairs of an element with itself can be left out.
static LogicalResult verifySelf(function_ref<InFlightDiagnostic()> emitError,
                                StringRef name, bool self,
                                ArrayRef<int64_t> source,
                                ArrayRef<int64_t> target) {
  if (self ||
      ShapedType::getNumElements(source) == ShapedType::getNumElements(target))
    return success();
  return emitError() << name
                     << " with self = false needs as many sources as targets";
}

//===----------------------------------------------------------------------===//
// FixedInDegree
//===----------------------------------------------------------------------===//

LogicalResult
FixedInDegreeAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                          uint64_t, bool, bool, uint64_t seed, uint32_t) {
  return verifySeed(emitError, "fixed_in_degree", seed);
}

LogicalResult
FixedInDegreeAttr::verifyShapes(function_ref<InFlightDiagnostic()> emitError,
                                ArrayRef<int64_t> source,
                                ArrayRef<int64_t> target) const {
  if (failed(
          verifySelf(emitError, "fixed_in_degree", getSelf(), source, target)))
    return failure();
  uint64_t choice = ShapedType::getNumElements(source) - !getSelf();
  if (choice >= (getMultapses() ? getCount() != 0 : getCount()))
    return success();
  return emitError() << "fixed_in_degree of " << getCount()
                     << (getMultapses() ? "" : " different")
                     << " sources per target has only " << choice
                     << " to choose from";
}

SmallVector<int64_t>
FixedInDegreeAttr::getWeightShape(ArrayRef<int64_t>, ArrayRef<int64_t>) const {
  return {ShapedType::kDynamic};
}

namespace {
/// Draws the sources of one target after the other.
class SourceDraw {
public:
  SourceDraw(FixedInDegreeAttr graph, uint32_t sources)
      : graph(graph), choice(sources - !graph.getSelf()) {}

  /// In the order of the draws.
  void draw(uint64_t target, SmallVectorImpl<uint32_t> &sources) {
    sources.clear();
    if (graph.getMultapses())
      for (uint32_t k = 0; k < graph.getCount(); ++k)
        sources.push_back(below(target, k, choice));
    else
      drawSubset(target, sources);
    for (uint32_t &source : sources)
      source += !graph.getSelf() && source >= target;
  }

private:
  uint32_t below(uint64_t target, uint32_t draw, uint32_t bound) const {
    return rt::boundedDraw(bound, [&](uint32_t attempt) {
      return rt::philoxWord(graph.getSeed(), graph.getStream(), target, draw,
                            attempt);
    });
  }

  /// Floyd's algorithm: every subset is equally likely after `count` draws.
  void drawSubset(uint64_t target, SmallVectorImpl<uint32_t> &sources) {
    llvm::SmallDenseSet<uint32_t, 16> seen;
    for (uint32_t k = 0; k < graph.getCount(); ++k) {
      uint32_t last = choice - graph.getCount() + k;
      uint32_t drawn = below(target, k, last + 1);
      if (!seen.insert(drawn).second)
        seen.insert(drawn = last);
      sources.push_back(drawn);
    }
  }

  FixedInDegreeAttr graph;
  /// How many sources a target can have.
  uint32_t choice;
};
} // namespace

FailureOr<SynapseTable>
FixedInDegreeAttr::expand(Operation *, ArrayRef<int64_t> source,
                          ArrayRef<int64_t> target) const {
  uint64_t sources = ShapedType::getNumElements(source);
  uint64_t targets = ShapedType::getNumElements(target);
  SourceDraw draw(*this, sources);
  SmallVector<uint32_t> drawn;
  SynapseTable table;
  table.rows.assign(sources + 1, 0);
  for (uint64_t t = 0; t < targets; ++t) {
    draw.draw(t, drawn);
    for (uint32_t s : drawn)
      ++table.rows[s + 1];
  }
  for (uint64_t s = 0; s < sources; ++s)
    table.rows[s + 1] += table.rows[s];
  table.targets.resize(table.rows.back());
  std::vector<uint64_t> next(table.rows.begin(), table.rows.end() - 1);
  for (uint64_t t = 0; t < targets; ++t) {
    draw.draw(t, drawn);
    for (uint32_t s : drawn)
      table.targets[next[s]++] = t;
  }
  numberWeights(table);
  return table;
}

//===----------------------------------------------------------------------===//
// Distance
//===----------------------------------------------------------------------===//

LogicalResult DistanceAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                   Falloff, FloatAttr p, FloatAttr scale, bool,
                                   bool, uint64_t seed, uint32_t) {
  double most = p.getValueAsDouble(), length = scale.getValueAsDouble();
  if (!(most >= 0 && most <= 1))
    return emitError() << "distance needs p from 0 to 1, got " << p;
  if (!(length > 0 && std::isfinite(length)))
    return emitError() << "distance needs a positive scale, got " << scale;
  return verifySeed(emitError, "distance", seed);
}

/// The axes whose indices are positions.
static ArrayRef<int64_t> getGrid(ArrayRef<int64_t> shape) {
  return shape.take_back(std::min<size_t>(shape.size(), 2));
}

LogicalResult
DistanceAttr::verifyShapes(function_ref<InFlightDiagnostic()> emitError,
                           ArrayRef<int64_t> source,
                           ArrayRef<int64_t> target) const {
  if (getGrid(source).size() != getGrid(target).size())
    return emitError() << "distance needs a source and a target that are both "
                          "lines (one axis) or both grids (two or more)";
  return verifySelf(emitError, "distance", getSelf(), source, target);
}

SmallVector<int64_t> DistanceAttr::getWeightShape(ArrayRef<int64_t>,
                                                  ArrayRef<int64_t>) const {
  return {ShapedType::kDynamic};
}

namespace {
/// Squared distances between elements of two shapes along one axis of the grid.
class AxisDistances {
public:
  AxisDistances(int64_t sources, int64_t targets, bool periodic)
      : targets(targets) {
    double extent = static_cast<double>(targets);
    for (int64_t i = 0; i < sources; ++i)
      for (int64_t j = 0; j < targets; ++j) {
        double at = (i + 0.5) * extent / static_cast<double>(sources) - 0.5;
        double distance = std::abs(at - static_cast<double>(j));
        if (periodic)
          distance = std::min(distance, extent - distance);
        squares.push_back(distance * distance);
      }
  }
  double at(int64_t source, int64_t target) const {
    return squares[source * targets + target];
  }

private:
  int64_t targets;
  std::vector<double> squares;
};
} // namespace

/// The greatest 24 bits, plus 1, that connect elements at this distance.
static uint32_t getLimit(DistanceAttr graph, double square) {
  double scale = graph.getScale().getValueAsDouble();
  double exponent = graph.getFalloff() == Falloff::gaussian
                        ? square / (2.0 * (scale * scale))
                        : std::sqrt(square) / scale;
  double p = graph.getP().getValueAsDouble() * sfrt_exp_f64_v1(-exponent);
  return static_cast<uint32_t>(std::floor(p * 0x1p24));
}

/// Limits by position in the source grid, then in the target grid.
static std::vector<uint32_t> listLimits(DistanceAttr graph,
                                        ArrayRef<int64_t> source,
                                        ArrayRef<int64_t> target) {
  int64_t width = source.back(), targetWidth = target.back();
  AxisDistances columns(width, targetWidth, graph.getPeriodic());
  bool isLine = source.size() == 1;
  int64_t height = isLine ? 1 : source[0];
  int64_t targetHeight = isLine ? 1 : target[0];
  AxisDistances rows(height, targetHeight, graph.getPeriodic());
  std::vector<uint32_t> limits;
  for (int64_t s = 0; s < height * width; ++s)
    for (int64_t t = 0; t < targetHeight * targetWidth; ++t)
      limits.push_back(
          getLimit(graph, rows.at(s / width, t / targetWidth) +
                              columns.at(s % width, t % targetWidth)));
  return limits;
}

FailureOr<SynapseTable> DistanceAttr::expand(Operation *,
                                             ArrayRef<int64_t> source,
                                             ArrayRef<int64_t> target) const {
  uint64_t sources = ShapedType::getNumElements(source);
  uint64_t targets = ShapedType::getNumElements(target);
  uint64_t positions = ShapedType::getNumElements(getGrid(source));
  uint64_t targetPositions = ShapedType::getNumElements(getGrid(target));
  std::vector<uint32_t> limits =
      listLimits(*this, getGrid(source), getGrid(target));
  SynapseTable table;
  table.rows.push_back(0);
  for (uint64_t s = 0; s < sources; ++s) {
    const uint32_t *own = &limits[s % positions * targetPositions];
    for (uint64_t t = 0; t < targets; ++t) {
      uint32_t limit = own[t % targetPositions];
      if (limit == 0 || (!getSelf() && s == t))
        continue;
      uint64_t pair = s * targets + t;
      if (rt::philoxWord(getSeed(), getStream(), pair, 0, 0) >> 8 < limit)
        table.targets.push_back(t);
    }
    table.rows.push_back(table.targets.size());
  }
  numberWeights(table);
  return table;
}
