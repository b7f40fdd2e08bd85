//===- SimulateOp.cpp - the door between tensors and networks -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/IR/ReadoutTypes.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"

using namespace spikeformer;
using namespace spikeformer::snn;

/// On tensors a function of its operands; on buffers it reads them and
/// allocates its results (without this, buffer deallocation stops).
void SimulateOp::getEffects(
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  for (OpOperand &operand : getInputsMutable())
    if (isa<BaseMemRefType>(operand.get().getType()))
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
  for (OpResult result : getOperation()->getResults())
    if (isa<BaseMemRefType>(result.getType()))
      effects.emplace_back(MemoryEffects::Allocate::get(), result);
}

/// simulate_c2 for one operand.
static LogicalResult verifyInput(SimulateOp op, unsigned index,
                                 SignalType signal) {
  auto type = cast<ShapedType>(op.getInputs()[index].getType());
  ArrayRef<int64_t> need = signal.getShape();
  int64_t extra = type.hasRank() ? type.getRank() - need.size() : 0;
  if ((extra == 1 || extra == 2) &&
      type.getShape().take_back(need.size()) == need)
    return success();
  return op.emitOpError("input ")
         << index << " needs [sample, shape] or [sample, step, shape] of "
         << signal << ", got " << type;
}

/// simulate_c4 for one result.
static LogicalResult verifyReadout(SimulateOp op, unsigned index,
                                   SignalType signal) {
  Readout readout = op.getReadout(index);
  bool ofSpikes = isSpikeReadout(readout);
  bool analogue = signal.getKind() == AlphabetKind::analogue;
  if (ofSpikes == analogue)
    return op.emitOpError("readout ")
           << stringifyReadout(readout) << " reads "
           << (ofSpikes ? "spikes" : "an analogue signal") << ", output "
           << index << " is " << signal;
  if (readout == Readout::population_vector &&
      (signal.getShape().back() < 2 || signal.getRange().first < 0))
    return op.emitOpError("readout population_vector needs spikes that are "
                          "never negative over a last axis of at least 2, "
                          "output ")
           << index << " is " << signal;
  return success();
}

/// simulate_c3 for one result.
static LogicalResult verifyResult(SimulateOp op, unsigned index,
                                  SignalType signal) {
  std::optional<Readout> readout = symbolizeReadout(op.getReadouts()[index]);
  if (!readout)
    return op.emitOpError("readout ") << index << " is unknown";
  if (failed(verifyReadout(op, index, signal)))
    return failure();
  RankedTensorType need = getReadoutType(*readout, signal);
  auto type = cast<ShapedType>(op.getResults()[index].getType());
  if (type.hasRank() && type.getRank() == need.getRank() &&
      type.getShape().drop_front() == need.getShape().drop_front() &&
      type.getElementType() == need.getElementType())
    return success();
  return op.emitOpError("result ")
         << index << " needs " << need << " for the "
         << stringifyReadout(*readout) << " of " << signal << ", got " << type;
}

LogicalResult SimulateOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  auto network =
      symbolTable.lookupNearestSymbolFrom<NetworkOp>(*this, getNetworkAttr());
  if (!network) // simulate_c1
    return emitOpError("there is no snn.network ") << getNetworkAttr();
  FunctionType type = network.getFunctionType();
  if (type.getNumInputs() != getInputs().size())
    return emitOpError("network ")
           << getNetworkAttr() << " needs " << type.getNumInputs()
           << " inputs, got " << getInputs().size();
  if (type.getNumResults() != getNumResults() ||
      type.getNumResults() != getReadouts().size())
    return emitOpError("network ")
           << getNetworkAttr() << " has " << type.getNumResults()
           << " outputs, needs as many readouts and results, got "
           << getReadouts().size() << " and " << getNumResults();
  if (getSteps() && *getSteps() < 1)
    return emitOpError("steps needs at least 1, got ") << *getSteps();
  if (!symbolizeSampleReset(getReset()))
    return emitOpError("reset is unknown");
  bool ok = true;
  for (auto [index, signal] : llvm::enumerate(type.getInputs()))
    ok &= succeeded(verifyInput(*this, index, cast<SignalType>(signal)));
  for (auto [index, signal] : llvm::enumerate(type.getResults()))
    ok &= succeeded(verifyResult(*this, index, cast<SignalType>(signal)));
  return success(ok);
}
