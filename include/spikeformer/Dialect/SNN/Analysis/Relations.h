//===- Relations.h - what phases did to populations -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The algebra of the module attribute `snn.relations`: relations compose, so
// that a population of a compiled network can be traced back to the neurons of
// the network that somebody wrote. Their details, by kind, `new` and `old`
// being names after and before the phase:
//
//   identical     {}
//   renamed       {"new" = "old"}, or {"new" = ["old", first]} for a part: its
//                 neurons are those of "old" from `first` on, in row-major
//                 order
//   retimed       {"new" = steps}: it is later by so many steps
//   requantised   {scales = {"new" = scale}}: its analogue values and states
//                 are `scale` times what they were, rounded
//   approximates  {metric = "...", ...}
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_ANALYSIS_RELATIONS_H
#define SPIKEFORMER_DIALECT_SNN_ANALYSIS_RELATIONS_H

#include "mlir/IR/BuiltinOps.h"
#include "spikeformer/Dialect/SNN/IR/SNNAttributes.h"

namespace spikeformer::snn {

/// Where the neurons of a population come from.
struct Origin {
  /// Its name before the relations.
  std::string population;
  /// Row-major index there of its first neuron.
  int64_t first = 0;
  /// Steps by which it is later; none if no phase retimed it.
  std::optional<int64_t> steps;
  /// What its analogue values are multiples of.
  double scale = 1;
};

/// The relations of a module, first phase first.
class RelationChain {
public:
  /// Those of `module`, without the first `skip`. Reports every detail that has
  /// another form than its kind asks for, at the module.
  static FailureOr<RelationChain> create(ModuleOp module, size_t skip = 0);

  Origin trace(StringRef population) const;

  /// The weakest kind in the chain, in the order of RelationKind; `identical`
  /// if it is empty.
  RelationKind getKind() const;

private:
  SmallVector<RelationAttr> relations;
};

/// Number of relations that both modules begin with: what happened before their
/// ways parted.
size_t countCommonRelations(ModuleOp a, ModuleOp b);

/// Adds a relation behind those of `module`.
void appendRelation(ModuleOp module, StringRef phase, RelationKind kind,
                    ArrayRef<NamedAttribute> details);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_ANALYSIS_RELATIONS_H
