//===- ScalarEvaluation.h - scalar arith in C++ -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The operations that a `snn.model` may use, each evaluated on scalars. The
// same table decides what the verifier allows.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SCALAREVALUATION_H
#define SPIKEFORMER_DIALECT_SNN_IR_SCALAREVALUATION_H

#include "mlir/IR/Operation.h"
#include "spikeformer/Dialect/SNN/IR/SNNModel.h"
#include "llvm/ADT/ArrayRef.h"
#include <array>
#include <vector>

namespace spikeformer::snn {
class ModelOp;
class ScalarEvaluation;

/// Whether `op` is one that a model may use.
bool isModelOperation(mlir::Operation &op);

/// One operation of a model, ready to be evaluated: slots of a frame instead of
/// values, widths instead of types.
struct ScalarInstruction {
  using Rule = void (*)(ScalarEvaluation);

  Rule rule;
  std::array<unsigned, 3> operands;
  unsigned result;
  /// Bits of the first operand and of the result.
  unsigned operandWidth, resultWidth;
  /// Predicate of a comparison.
  uint64_t predicate;
};

/// The body of a `snn.model`. A frame has one slot per value; integers are kept
/// sign-extended, i1 is 0 or 1.
class ScalarProgram {
public:
  /// `model` is verified.
  explicit ScalarProgram(ModelOp model);

  /// A frame for `run`; it holds the constants.
  const std::vector<Scalar> &getInitialFrame() const { return initialFrame; }

  /// One step of one neuron: updates `states`, returns what is emitted.
  Scalar run(llvm::MutableArrayRef<Scalar> states,
             llvm::ArrayRef<Scalar> inputs, llvm::ArrayRef<Scalar> params,
             std::vector<Scalar> &frame) const;

private:
  std::vector<ScalarInstruction> instructions;
  std::vector<Scalar> initialFrame;
  std::vector<unsigned> newStates;
  unsigned emitted;
};

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_IR_SCALAREVALUATION_H
