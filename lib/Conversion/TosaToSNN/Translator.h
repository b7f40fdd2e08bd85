//===- Translator.h - meanings and refusals of a conversion -----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The state of one walk over a function. The operations are translated by
// family in files of their own, by the functions at the end.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_TOSATOSNN_TRANSLATOR_H
#define LIB_CONVERSION_TOSATOSNN_TRANSLATOR_H

#include "NetworkBuilder.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "spikeformer/Conversion/TosaToSNN/TosaToSNN.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace spikeformer::tosatosnn {

/// A signal as an image, and what a slice cut off at its bottom and right.
struct Image {
  Signal signal;
  int64_t channels, height, width;
  int64_t cutHeight, cutWidth;
};

class Translator {
public:
  Translator(func::FuncOp function, const TosaToSNNOptions &options,
             ConversionReport &report);

  LogicalResult run();

  const Meaning &get(Value value) const;
  void set(Value value, Meaning meaning) {
    meanings.insert_or_assign(value, std::move(meaning));
  }
  /// The meaning as a `T`; null if it is another.
  template <typename T>
  const T *getIf(Value value) const {
    return std::get_if<T>(&get(value));
  }
  /// Whether `value` is a tensor that has not entered the network.
  bool isTensor(Value value) const;
  /// Whether `value` is a constant, whose data `getConstant` gives.
  static bool isConstant(Value value);
  /// The float data of a constant; a refusal at `op` if there are none.
  std::optional<Tensor> getConstant(Operation *op, Value value);

  void refuse(Operation *op, StringRef rule, const Twine &need,
              const Twine &have, const Twine &next);
  /// `value` as a signal that `op` can weigh or pool. None after a refusal of
  /// what keeps it from being one, or of nothing if that was refused before.
  std::optional<Signal> getSignal(Operation *op, Value value);
  /// The same as an image; a tensor is transposed to one before the network.
  std::optional<Image> getImage(Operation *op, Value value);
  std::optional<Image> getImage(Operation *op, const Signal &signal);
  /// `value` as the current that carries it.
  std::optional<Current> getCurrent(Operation *op, Value value);
  /// `current` as a signal: neurons that emit its sum in every step.
  Signal getSums(Operation *op, const Current &current);

  /// What no family translates: a step before or behind the network, or a
  /// refusal.
  void translateOther(Operation *op);

  /// Writes down that population `name` stands for the result of `op`, which
  /// lies in its neurons as `view` says; as a relation where `op` is a node of
  /// the float network.
  void record(StringRef name, Operation *op, const SignalNumbers &threshold,
              const SignalView &view);
  NetworkBuilder &getNetwork() { return network; }
  MaxPool getMaxPool() const { return options.maxPool; }
  /// The change that a sigma-delta neuron sends, of its calibrated threshold.
  double getSmallestChange() const;
  /// The levels of a graded neuron.
  int64_t getLevels() const { return options.levels; }

private:
  bool checkFunction();
  void translate(Operation *op);
  Signal transposeTensor(Value value);
  void translateReturn(func::ReturnOp op);
  void simulate();
  void addRelation();
  void eraseDead();

  func::FuncOp function;
  const TosaToSNNOptions &options;
  ConversionReport &report;
  NetworkBuilder network;
  llvm::DenseMap<Value, Meaning> meanings;
  llvm::SmallPtrSet<Operation *, 8> refused;
  SmallVector<NamedAttribute> relations;
  /// Added to the function on the way.
  SmallVector<Operation *> transposes;
  /// The value of the function that the network computes, and as what.
  Value output;
  SmallVector<int64_t> outputShape;
  std::optional<SignalView> outputView;
};

/// Name of the node of `op`; empty if its location has none.
StringRef getNodeName(Operation *op);

void translateConvolution(Translator &translator, Operation *op);
void translateConcat(Translator &translator, tosa::ConcatOp op);
void translateMatMul(Translator &translator, tosa::MatMulOp op);
void translateSum(Translator &translator, Operation *op);
void translateProduct(Translator &translator, tosa::MulOp op);
void translatePool(Translator &translator, Operation *op);
void translateShape(Translator &translator, Operation *op);
void translateActivation(Translator &translator, Operation *op);
void translateFloor(Translator &translator, tosa::FloorOp op);

} // namespace spikeformer::tosatosnn

#endif // LIB_CONVERSION_TOSATOSNN_TRANSLATOR_H
