//===- Projection.cpp - synapses in the interpreter -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads and checks the synapses, weights and delays of a projection.
//
//===----------------------------------------------------------------------===//

#include "Projection.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

/// The longest delay in steps.
static constexpr double kMaxDelay = INT32_MAX;

/// Numbers of the projection's weights, by weight index; `what` they are.
static FailureOr<NumberView> readNumbers(ProjectOp op, Attribute numbers,
                                         uint64_t count, StringRef what) {
  SmallVector<int64_t> shape = op.getConnectivity().getWeightShape(
      op.getSourceType().getShape(), op.getCurrentType().getShape());
  FailureOr<NumberView> view = NumberView::create(op, numbers, shape);
  if (failed(view) || view->getSize() < 0)
    return view;
  if (ShapedType::isDynamicShape(shape) &&
      static_cast<uint64_t>(view->getSize()) != count)
    return op.emitOpError("needs ")
           << count << " " << what << ", one per synapse, " << numbers
           << " has " << view->getSize();
  return view;
}

static LogicalResult readWeights(ProjectOp op, Projection &projection,
                                 uint64_t count) {
  if (!op.getWeightsAttr()) {
    projection.weights.assign(1, 1.0);
    return success();
  }
  FailureOr<NumberView> view =
      readNumbers(op, op.getWeightsAttr(), count, "weights");
  if (failed(view))
    return failure();
  projection.weights.resize(view->isShared() ? 1 : count);
  for (auto [index, weight] : llvm::enumerate(projection.weights)) {
    weight = (*view)[index];
    if (!std::isfinite(weight))
      return op.emitOpError("needs finite weights, weight ")
             << index << " is " << weight;
  }
  return success();
}

/// `value` as the delay with number `index`.
static FailureOr<uint32_t> takeDelay(ProjectOp op, double value,
                                     uint64_t index) {
  double steps = std::nearbyint(value);
  if (steps >= 1 && steps <= kMaxDelay)
    return static_cast<uint32_t>(steps);
  return op.emitOpError("needs delays from 1 to ")
         << static_cast<int64_t>(kMaxDelay) << " steps, delay " << index
         << " is " << steps;
}

/// One delay for all synapses of a row.
static LogicalResult readSourceDelays(ProjectOp op, Projection &projection) {
  FailureOr<NumberView> view = NumberView::createBroadcast(
      op, op.getDelay(), op.getSourceType().getShape());
  if (failed(view))
    return failure();
  const std::vector<uint64_t> &rows = projection.table.rows;
  for (size_t source = 0; source + 1 < rows.size(); ++source) {
    FailureOr<uint32_t> delay = takeDelay(op, (*view)[source], source);
    if (failed(delay))
      return failure();
    projection.delays.insert(projection.delays.end(),
                             rows[source + 1] - rows[source], *delay);
  }
  return success();
}

static LogicalResult readDelays(ProjectOp op, Projection &projection,
                                uint64_t count) {
  if (auto steps = dyn_cast<IntegerAttr>(op.getDelay())) {
    projection.delay = steps.getInt();
    return success();
  }
  if (isa<PerSourceAttr>(op.getDelay()))
    return readSourceDelays(op, projection);
  FailureOr<NumberView> view = readNumbers(op, op.getDelay(), count, "delays");
  if (failed(view))
    return failure();
  for (uint64_t index : projection.table.weights) {
    FailureOr<uint32_t> delay = takeDelay(op, (*view)[index], index);
    if (failed(delay))
      return failure();
    projection.delays.push_back(*delay);
  }
  return success();
}

/// Sorts weights by synapse where each synapse has its own. One weight may be
/// shared: its index is that of the synapse, even if there is only one.
static void sortWeights(Projection &projection) {
  std::vector<uint64_t> &indices = projection.table.weights;
  if (projection.weights.size() == 1 ||
      indices.size() != projection.weights.size())
    return;
  std::vector<double> sorted;
  sorted.reserve(indices.size());
  for (uint64_t index : indices)
    sorted.push_back(projection.weights[index]);
  projection.weights = std::move(sorted);
  indices = std::vector<uint64_t>();
}

/// Keeps of every synapse as many as `copies` says.
static void copySynapses(ProjectOp op, const DeliveredCopies &copies,
                         Projection &projection) {
  SynapseTable whole = std::move(projection.table);
  std::vector<uint32_t> delays = std::move(projection.delays);
  projection.table = {{0}, {}, {}};
  projection.delays.clear();
  for (size_t source = 0; source + 1 < whole.rows.size(); ++source) {
    for (uint64_t k = whole.rows[source]; k < whole.rows[source + 1]; ++k)
      for (uint32_t left = copies(op, source, whole.targets[k]); left > 0;
           --left) {
        projection.table.targets.push_back(whole.targets[k]);
        projection.table.weights.push_back(whole.weights[k]);
        if (!delays.empty())
          projection.delays.push_back(delays[k]);
      }
    projection.table.rows.push_back(projection.table.targets.size());
  }
}

FailureOr<Projection> Projection::create(ProjectOp op,
                                         const DeliveredCopies &copies) {
  FailureOr<SynapseTable> table = op.getConnectivity().expand(
      op, op.getSourceType().getShape(), op.getCurrentType().getShape());
  if (failed(table))
    return failure();
  Projection projection;
  projection.table = std::move(*table);
  projection.carrier = getCarrier(op.getSourceType().getElementType());
  uint64_t count = 0;
  for (uint64_t index : projection.table.weights)
    count = std::max(count, index + 1);
  if (failed(readWeights(op, projection, count)) ||
      failed(readDelays(op, projection, count)))
    return failure();
  if (copies)
    copySynapses(op, copies, projection);
  sortWeights(projection);
  const std::vector<uint64_t> &rows = projection.table.rows;
  projection.carrying.resize(rows.size() - 1);
  for (size_t source = 0; source + 1 < rows.size(); ++source)
    for (uint64_t k = rows[source]; k < rows[source + 1]; ++k)
      projection.carrying[source] += projection.getWeight(k) != 0;
  return projection;
}
