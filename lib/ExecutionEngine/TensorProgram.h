//===- TensorProgram.h - a function as a list of kernels --------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The prepared form of a function: calls are flattened, every value has a slot,
// every op a kernel with its attributes resolved and its constant operands
// packed. Ops whose operands are all constant are computed here, once.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_EXECUTIONENGINE_TENSORPROGRAM_H
#define SPIKEFORMER_LIB_EXECUTIONENGINE_TENSORPROGRAM_H

#include "spikeformer/ExecutionEngine/TensorEvaluator.h"
#include "llvm/ADT/DenseMap.h"
#include <optional>
#include <vector>

namespace spikeformer::evaluator {

/// What is known of a value before the run. A leading `?` is stored as 1.
struct ValueInfo {
  SmallVector<int64_t, 4> shape;
  ElementType type = ElementType::f32;
  /// The leading extent 1 stands for the samples of the batch.
  bool batched = false;
};

/// Computes `result` from the operands by their number; operands of type
/// `!tosa.shape` are null. The result has its shape and element type and,
/// unless the op is a view, bytes to be filled; a view assigns it.
using Kernel = std::function<void(ArrayRef<Tensor> operands, Tensor &result)>;

/// An op while its kernel is prepared.
struct OpSite {
  Operation *op;
  /// By operand number; empty for operands of type `!tosa.shape`.
  SmallVector<ValueInfo, 4> operands;
  /// By operand number; null where the value is not constant.
  SmallVector<Tensor, 4> constants;
  ValueInfo result;

  ElementType getOperandType(unsigned number) const {
    return operands[number].type;
  }
};

/// How one kind of op is executed.
struct OpHandler {
  /// Given that some operand is batched: does the op treat samples apart and
  /// leave them in the leading axis?
  std::function<bool(const OpSite &)> keepsSamples;
  /// Makes the kernel, or reports why it cannot.
  std::function<FailureOr<Kernel>(const OpSite &)> prepare;
  /// The result shares the bytes of the operand.
  bool isView = false;
};

/// The handlers by op name.
class OpTable {
public:
  /// The table of all ops that the evaluator knows.
  static const OpTable &get();

  /// Null if the op is not known.
  const OpHandler *lookup(StringRef name) const;

  template <typename OpTy, typename Samples>
  void add(Samples keepsSamples,
           FailureOr<Kernel> (*prepare)(OpTy, const OpSite &)) {
    handlers[OpTy::getOperationName()] = {keepsSamples,
                                          [prepare](const OpSite &site) {
                                            return prepare(cast<OpTy>(site.op),
                                                           site);
                                          },
                                          false};
  }
  /// For ops whose kernel depends on nothing but the types.
  template <typename OpTy, typename Samples>
  void addSimple(Samples keepsSamples,
                 std::function<FailureOr<Kernel>(const OpSite &)> prepare) {
    handlers[OpTy::getOperationName()] = {keepsSamples, std::move(prepare),
                                          false};
  }
  template <typename OpTy, typename Samples>
  void addView(Samples keepsSamples,
               FailureOr<Kernel> (*prepare)(const OpSite &)) {
    handlers[OpTy::getOperationName()] = {keepsSamples, prepare, true};
  }

private:
  OpTable();
  llvm::StringMap<OpHandler> handlers;
};

void addArithmeticOps(OpTable &table);
void addCastOps(OpTable &table);
void addComparisonOps(OpTable &table);
void addDenseOps(OpTable &table);
void addFunctionOps(OpTable &table);
void addQuantizationOps(OpTable &table);
void addReductionOps(OpTable &table);
void addShapeOps(OpTable &table);

/// The handler of an op that states its own loops (linalg); null for others.
const OpHandler *getStructuredHandler(Operation *op);

/// The kernel of a view of the same bytes as elements of `type`.
Kernel getBitcastKernel(ElementType type);

/// For ops that broadcast their first `count` operands elementwise.
std::function<bool(const OpSite &)> eachElement(unsigned count);
/// For ops in which only the first operand may hold samples.
bool onlyFirstHoldsSamples(const OpSite &site);

/// Reports that the op does not compute element type `type`.
LogicalResult rejectType(const OpSite &site, ElementType type);

/// Reports if the result, of one sample, does not have shape `shape`: a
/// dynamic leading extent hid it from the op's verifier.
LogicalResult expectShape(const OpSite &site, ArrayRef<int64_t> shape);

/// One op to execute. The kernel is empty for external ops.
struct Step {
  Operation *op;
  const ExternalOp *external = nullptr;
  Kernel kernel;
  bool isView = false;
  /// Slots; -1 for operands of type `!tosa.shape`.
  SmallVector<int, 4> operands;
  SmallVector<unsigned, 1> results;
  /// Slots whose tensors are not read after this step.
  SmallVector<unsigned, 2> release;
};

/// Steps [begin, end) that run block of samples by block; or one external op.
struct Segment {
  unsigned begin, end;
  bool isExternal;
  /// Slots read from outside and slots read later.
  SmallVector<unsigned> inputs, outputs;
  /// Samples that fit into the cache together.
  int64_t blockSize = 1;
};

struct Program {
  bool batched;
  /// By slot.
  std::vector<ValueInfo> values;
  std::vector<Tensor> constants;
  SmallVector<unsigned> arguments, results;
  std::vector<Step> steps;
  std::vector<Segment> segments;
  /// A value of a function that is called twice has two slots.
  llvm::DenseMap<Value, SmallVector<unsigned, 1>> slots;
};

/// Why a function cannot run a batch as a whole.
struct BatchObstacle {
  std::string text;
};

/// Makes the program. With `batched` the leading axis of the inputs holds the
/// samples; if an op is in the way, the result fails without a diagnostic and
/// `obstacle` is set.
FailureOr<Program> buildProgram(func::FuncOp function,
                                const TensorEvaluatorOptions &options,
                                bool batched,
                                std::optional<BatchObstacle> &obstacle);

} // namespace spikeformer::evaluator

#endif // SPIKEFORMER_LIB_EXECUTIONENGINE_TENSORPROGRAM_H
