//===- ReadoutTypes.cpp - types of readouts -------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/IR/ReadoutTypes.h"
#include "mlir/IR/Builders.h"

using namespace spikeformer;
using namespace spikeformer::snn;

bool snn::isSpikeReadout(Readout readout) {
  switch (readout) {
  case Readout::count:
  case Readout::first_spike:
  case Readout::rate:
  case Readout::population_vector:
    return true;
  case Readout::current_sum:
  case Readout::membrane_last:
  case Readout::membrane_max:
    return false;
  }
  llvm_unreachable("unknown readout");
}

RankedTensorType snn::getReadoutType(Readout readout, SignalType signal) {
  SmallVector<int64_t> shape{ShapedType::kDynamic};
  llvm::append_range(shape, signal.getShape());
  Builder builder(signal.getContext());
  Type element = signal.getElementType();
  if (readout == Readout::population_vector)
    shape.pop_back();
  if (readout == Readout::rate || readout == Readout::population_vector)
    element = builder.getF32Type();
  else if (isSpikeReadout(readout))
    element = builder.getI32Type();
  return RankedTensorType::get(shape, element);
}
