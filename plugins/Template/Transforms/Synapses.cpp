//===- Synapses.cpp - the synapses of a network, one by one ---------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything here is read through the interfaces of snn, so that a
// connectivity of another plugin works as well.
//
//===----------------------------------------------------------------------===//

#include "Transforms/Synapses.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::templ;
using snn::NumberView;

/// `numbers` by weight index; one per synapse where the connectivity has no
/// shape of its own.
static FailureOr<NumberView> readNumbers(snn::ProjectOp project,
                                         Attribute numbers, int64_t count) {
  SmallVector<int64_t> shape = project.getConnectivity().getWeightShape(
      project.getSourceType().getShape(), project.getCurrentType().getShape());
  FailureOr<NumberView> view = NumberView::create(project, numbers, shape);
  if (failed(view) || view->getSize() < 0 || view->getSize() >= count)
    return view;
  return project.emitOpError("needs ") << count << " numbers, one per synapse, "
                                       << numbers << " has " << view->getSize();
}

FailureOr<std::vector<Synapse>> templ::listSynapses(snn::ProjectOp project) {
  FailureOr<snn::SynapseTable> table = project.getConnectivity().expand(
      project, project.getSourceType().getShape(),
      project.getCurrentType().getShape());
  if (failed(table))
    return failure();
  uint64_t count = 0;
  for (uint64_t index : table->weights)
    count = std::max(count, index + 1);
  Attribute weights = project.getWeightsAttr();
  if (!weights)
    weights = Builder(project.getContext()).getF64FloatAttr(1.0);
  FailureOr<NumberView> weight = readNumbers(project, weights, count);
  bool delaysAreBySource = isa<snn::PerSourceAttr>(project.getDelay());
  FailureOr<NumberView> delay =
      delaysAreBySource
          ? NumberView::createBroadcast(project, project.getDelay(),
                                        project.getSourceType().getShape())
          : readNumbers(project, project.getDelay(), count);
  if (failed(weight) || failed(delay))
    return failure();
  std::vector<Synapse> synapses;
  for (int64_t source = 0, e = table->rows.size() - 1; source < e; ++source)
    for (uint64_t k = table->rows[source]; k < table->rows[source + 1]; ++k) {
      uint64_t index = table->weights[k];
      double steps = (*delay)[delaysAreBySource ? source : index];
      synapses.push_back({source, table->targets[k], (*weight)[index],
                          static_cast<int64_t>(std::nearbyint(steps))});
    }
  return synapses;
}
