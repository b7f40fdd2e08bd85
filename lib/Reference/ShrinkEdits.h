//===- ShrinkEdits.h - edits that make a network smaller --------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each edit knows its sites: it changes site number k, or says that it cannot,
// or that there is none.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_REFERENCE_SHRINKEDITS_H
#define SPIKEFORMER_LIB_REFERENCE_SHRINKEDITS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"

namespace spikeformer::reference {

/// What became of an edit.
enum class Edited {
  done,
  /// This site cannot be edited, or would not become any smaller.
  notHere,
  /// There is no site with this number.
  noMore
};

/// The network of a module and the one place that simulates it.
class ShrinkSubject {
public:
  /// Of the first network of `module`.
  explicit ShrinkSubject(ModuleOp module);

  snn::NetworkOp getNetwork() const { return network; }
  Block &getBody() { return network.getBody().front(); }

  /// Whether inputs, outputs and their types can be changed: nothing simulates
  /// the network, or a function does that hands its arguments over and returns
  /// the results.
  bool hasPlainDoor();

  /// These need a plain door.
  void dropOutput(unsigned index);
  void dropInput(unsigned index);
  void setSteps(int64_t steps);
  /// Makes the door's types those of the network's values again.
  void updateTypes();

  /// Erases `op` and all that needs it: users, operands, outputs.
  void eraseWithUsers(Operation *op);
  /// Erases what has no use: data, models, operations that are pure.
  void eraseUnused();

private:
  mlir::func::FuncOp getFunction();
  void rebuildSimulate(ValueRange inputs, ArrayRef<int32_t> readouts,
                       ArrayRef<unsigned> results);

  ModuleOp module;
  snn::NetworkOp network;
  /// Null where nothing simulates the network.
  snn::SimulateOp simulate;
  unsigned numSimulates = 0;
};

/// Removes operand `operand` of the inputs of `population`.
void removeInput(snn::PopulationOp population, unsigned operand);
/// Replaces receptor `index`, which keeps its operands.
void setReceptor(snn::PopulationOp population, unsigned index,
                 snn::ReceptorAttr receptor);

/// Keeps the first half of axis number `site` over all inputs and populations,
/// with the weights and params that belong to it. Only dense projections may
/// touch what is halved.
Edited halveSignal(ShrinkSubject &subject, unsigned site);

} // namespace spikeformer::reference

#endif // SPIKEFORMER_LIB_REFERENCE_SHRINKEDITS_H
