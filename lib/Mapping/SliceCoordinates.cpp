//===- SliceCoordinates.cpp - slices that talk lie together ---------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SliceCoordinates.h"
#include "SplitMix.h"
#include <cmath>

using namespace spikeformer;

namespace {

/// Both coordinates of one slice or net.
struct Point {
  double x = 0, y = 0;
};

/// The power method for two vectors at once.
class PowerMethod {
public:
  PowerMethod(const PlacementNets &nets, size_t numSlices, uint64_t seed);
  void step();
  void orthogonalize();
  llvm::ArrayRef<Point> getPoints() const { return points; }

private:
  void average();

  const PlacementNets &nets;
  std::vector<Point> points, netPoints;
  /// Packets of all nets of a slice: what the vectors are orthogonal by.
  std::vector<double> masses;
  double mass = 0;
};

} // namespace

PowerMethod::PowerMethod(const PlacementNets &nets, size_t numSlices,
                         uint64_t seed)
    : nets(nets), points(numSlices), netPoints(nets.pins.size()),
      masses(numSlices) {
  SplitMix random(seed);
  for (Point &point : points)
    point = {random.uniform() - 0.5, random.uniform() - 0.5};
  for (size_t slice = 0; slice < numSlices; ++slice) {
    for (uint32_t net : nets.netsOfSlice[slice])
      masses[slice] += nets.weights[net];
    for (uint32_t feed : nets.feedsOfSlice[slice])
      masses[slice] += nets.weights[nets.netOfFeeder[feed]];
    mass += masses[slice];
  }
}

/// Every net goes to the mean of its slices.
void PowerMethod::average() {
  for (size_t net = 0; net < netPoints.size(); ++net) {
    Point sum;
    for (llvm::ArrayRef<uint32_t> slices : {nets.pins[net], nets.feeders[net]})
      for (uint32_t slice : slices) {
        sum.x += points[slice].x;
        sum.y += points[slice].y;
      }
    double weight = nets.weights[net] /
                    double(nets.pins[net].size() + nets.feeders[net].size());
    netPoints[net] = {sum.x * weight, sum.y * weight};
  }
}

/// Every slice goes to the mean of its nets by their packets.
void PowerMethod::step() {
  average();
  for (size_t slice = 0; slice < points.size(); ++slice) {
    if (masses[slice] == 0)
      continue;
    Point sum;
    for (uint32_t net : nets.netsOfSlice[slice]) {
      sum.x += netPoints[net].x;
      sum.y += netPoints[net].y;
    }
    for (uint32_t feed : nets.feedsOfSlice[slice]) {
      const Point &point = netPoints[nets.netOfFeeder[feed]];
      sum.x += point.x;
      sum.y += point.y;
    }
    points[slice] = {sum.x / masses[slice], sum.y / masses[slice]};
  }
}

/// Makes x orthogonal to the constant vector, y to both, and both of length 1.
void PowerMethod::orthogonalize() {
  Point mean;
  for (size_t slice = 0; slice < points.size(); ++slice) {
    mean.x += masses[slice] * points[slice].x;
    mean.y += masses[slice] * points[slice].y;
  }
  double xx = 0, xy = 0;
  for (size_t slice = 0; slice < points.size(); ++slice) {
    Point &point = points[slice];
    point.x -= mean.x / mass;
    point.y -= mean.y / mass;
    xx += masses[slice] * point.x * point.x;
    xy += masses[slice] * point.x * point.y;
  }
  double yy = 0, slope = xx > 0 ? xy / xx : 0;
  for (size_t slice = 0; slice < points.size(); ++slice) {
    Point &point = points[slice];
    point.y -= slope * point.x;
    yy += masses[slice] * point.y * point.y;
  }
  double scaleX = xx > 0 ? 1 / std::sqrt(xx) : 0;
  double scaleY = yy > 0 ? 1 / std::sqrt(yy) : 0;
  for (Point &point : points)
    point = {point.x * scaleX, point.y * scaleY};
}

std::array<std::vector<double>, 2>
spikeformer::computeSliceCoordinates(const PlacementNets &nets,
                                     size_t numSlices, unsigned rounds,
                                     uint64_t seed) {
  // Between rounds the vectors shrink and turn to each other only a little.
  constexpr unsigned roundsBetween = 8;
  PowerMethod method(nets, numSlices, seed);
  for (unsigned round = 0; round < rounds; ++round) {
    method.step();
    if (round % roundsBetween == roundsBetween - 1)
      method.orthogonalize();
  }
  method.orthogonalize();
  std::array<std::vector<double>, 2> coordinates;
  for (const Point &point : method.getPoints()) {
    coordinates[0].push_back(point.x);
    coordinates[1].push_back(point.y);
  }
  return coordinates;
}
