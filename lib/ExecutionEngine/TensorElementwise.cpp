//===- TensorElementwise.cpp - checks of elementwise ops ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Says which element types an op computes and whether its operands fit
// together.
//
//===----------------------------------------------------------------------===//

#include "TensorElementwise.h"

using namespace spikeformer;
using namespace spikeformer::evaluator;

bool evaluator::contains(Domain domain, ElementType type) {
  bool isBoolean = type == ElementType::boolean;
  switch (domain) {
  case Domain::floats:
    return isFloat(type);
  case Domain::numbers:
    return !isBoolean;
  case Domain::integers:
    return !isBoolean && !isFloat(type);
  case Domain::booleans:
    return isBoolean;
  case Domain::bits:
    return !isFloat(type);
  }
  llvm_unreachable("unknown domain");
}

LogicalResult evaluator::checkBroadcast(const OpSite &site, unsigned count) {
  SmallVector<int64_t, 4> shape(site.result.shape.size(), 1);
  for (const ValueInfo &operand :
       ArrayRef<ValueInfo>(site.operands).take_front(count)) {
    if (operand.shape.size() > shape.size())
      return expectShape(site, operand.shape);
    size_t missing = shape.size() - operand.shape.size();
    for (auto [axis, extent] : llvm::enumerate(operand.shape))
      if (extent != 1)
        shape[missing + axis] = extent;
  }
  return expectShape(site, shape);
}

bool evaluator::repeatsShortLine(const LoopNest<3> &nest) {
  constexpr int64_t shortest = 2, longest = 64;
  if (nest.empty || nest.axes.size() != 2)
    return false;
  const LoopNest<3>::Axis &outer = nest.axes[0], &inner = nest.axes[1];
  return inner.extent >= shortest && inner.extent <= longest &&
         inner.strides == std::array<int64_t, 3>{1, 1, 1} &&
         outer.strides == std::array<int64_t, 3>{inner.extent, inner.extent, 0};
}
