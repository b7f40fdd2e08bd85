//===- JITKernels.cpp - neuron updates as kernels -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loads, the conversion of accumulators to what the model sees, the model, and
// stores. What `snn.model` may use of `math` becomes intrinsics, which are
// instructions on every processor that kernels are made for, or the operations
// of KernelMath.
//
//===----------------------------------------------------------------------===//

#include "JITKernels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/TypeUtilities.h"
#include "spikeformer/ExecutionEngine/KernelMath.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::jit;
using namespace spikeformer::snn;

Type jit::getStorageType(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer)
    return type;
  unsigned width =
      std::max<unsigned>(8, llvm::PowerOf2Ceil(integer.getWidth()));
  return IntegerType::get(type.getContext(), width);
}

namespace {
/// Builds one kernel.
class UpdateBuilder {
public:
  UpdateBuilder(ModuleOp module, PopulationOp population, unsigned lanes,
                ArrayRef<bool> isShared)
      : b(module.getLoc(), module.getBodyRegion()), population(population),
        model(population.getModel()), lanes(lanes), isShared(isShared),
        ptr(LLVM::LLVMPointerType::get(b.getContext())) {}

  void build();

private:
  void loadArrays(Value table, size_t count);
  VectorType widen(Type element) { return VectorType::get({lanes}, element); }
  Value address(Value array, Type element);
  Value load(Value array, Type element);
  void store(Value value, Value array, Type element);
  Value loadShared(Value array, Type element);
  SmallVector<Value> loadCoefficients();
  Value loadInput(Value array, ReceptorAttr receptor, Type type);
  void storeEmitted(Value value, Value array);

  ImplicitLocOpBuilder b;
  PopulationOp population;
  NeuronModelAttrInterface model;
  unsigned lanes;
  ArrayRef<bool> isShared;
  Type ptr;
  SmallVector<Value> arrays;
  /// Shared coefficients, in vectors, before the loop; the others are null.
  SmallVector<Value> shared;
  Value index;
};
} // namespace

void UpdateBuilder::loadArrays(Value table, size_t count) {
  for (size_t k = 0; k < count; ++k) {
    Value slot = LLVM::GEPOp::create(
        b, ptr, ptr, table, ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(k)});
    arrays.push_back(LLVM::LoadOp::create(b, ptr, slot, sizeof(void *)));
  }
}

Value UpdateBuilder::address(Value array, Type element) {
  return LLVM::GEPOp::create(b, ptr, element, array,
                             ArrayRef<LLVM::GEPArg>{index});
}

/// An array element as a value of `type`.
static Value narrow(ImplicitLocOpBuilder &b, Value value, Type type) {
  return value.getType() == type
             ? value
             : Value(arith::TruncIOp::create(b, type, value));
}

Value UpdateBuilder::load(Value array, Type element) {
  Type stored = getStorageType(element);
  Value value =
      LLVM::LoadOp::create(b, widen(stored), address(array, stored),
                           lanes * stored.getIntOrFloatBitWidth() / 8);
  return narrow(b, value, widen(element));
}

void UpdateBuilder::store(Value value, Value array, Type element) {
  Type stored = getStorageType(element);
  if (element.isInteger(1))
    value = arith::ExtUIOp::create(b, widen(stored), value);
  else if (stored != element)
    value = arith::ExtSIOp::create(b, widen(stored), value);
  LLVM::StoreOp::create(b, value, address(array, stored),
                        lanes * stored.getIntOrFloatBitWidth() / 8);
}

Value UpdateBuilder::loadShared(Value array, Type element) {
  Type stored = getStorageType(element);
  Value scalar = LLVM::LoadOp::create(b, stored, array,
                                      stored.getIntOrFloatBitWidth() / 8);
  return vector::BroadcastOp::create(b, widen(element),
                                     narrow(b, scalar, element));
}

SmallVector<Value> UpdateBuilder::loadCoefficients() {
  SmallVector<Value> values;
  size_t first = model.getStates(population).size();
  for (auto [k, coefficient] :
       llvm::enumerate(model.getCoefficients(population)))
    values.push_back(shared[k] ? shared[k]
                               : load(arrays[first + k], coefficient.type));
  return values;
}

/// What the model sees of an accumulator: a float model sees an integer times
/// 2^-fraction, which is exact after one rounding.
Value UpdateBuilder::loadInput(Value array, ReceptorAttr receptor, Type type) {
  Value sum = load(array, receptor.getType());
  if (receptor.getType() == type)
    return sum;
  Value value = arith::SIToFPOp::create(b, widen(type), sum);
  FloatAttr unit = b.getFloatAttr(
      type, std::ldexp(1.0, -static_cast<int>(receptor.getFraction())));
  Value factor = arith::ConstantOp::create(
      b, DenseElementsAttr::get(widen(type), Attribute(unit)));
  return arith::MulFOp::create(b, value, factor);
}

void UpdateBuilder::storeEmitted(Value value, Value array) {
  Type element = cast<VectorType>(value.getType()).getElementType();
  if (!element.isInteger(1))
    return store(value, array, element);
  Type word = b.getIntegerType(lanes);
  Value bits = LLVM::BitcastOp::create(b, word, value);
  Value byte = arith::ShRUIOp::create(
      b, index, arith::ConstantOp::create(b, b.getI64IntegerAttr(3)));
  Value to = LLVM::GEPOp::create(b, ptr, b.getI8Type(), array,
                                 ArrayRef<LLVM::GEPArg>{byte});
  LLVM::StoreOp::create(b, bits, to, lanes / 8);
}

void UpdateBuilder::build() {
  SmallVector<ModelVariable> states = model.getStates(population);
  SmallVector<ModelVariable> coefficients = model.getCoefficients(population);
  SmallVector<ModelVariable> receptors = model.getReceptors(population);
  auto function = func::FuncOp::create(
      b, "update", b.getFunctionType({ptr, b.getI64Type()}, {}));
  Block *entry = function.addEntryBlock();
  b.setInsertionPointToStart(entry);
  size_t firstReceptor = states.size() + coefficients.size();
  loadArrays(entry->getArgument(0), firstReceptor + receptors.size() + 1);
  for (auto [k, coefficient] : llvm::enumerate(coefficients))
    shared.push_back(
        isShared[k] ? loadShared(arrays[states.size() + k], coefficient.type)
                    : Value());
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(b, b.getI64IntegerAttr(value));
  };
  auto loop = scf::ForOp::create(b, constant(0), entry->getArgument(1),
                                 constant(lanes));
  func::ReturnOp::create(b);

  b.setInsertionPointToStart(loop.getBody());
  index = loop.getInductionVar();
  SmallVector<Value> before, inputs;
  for (auto [k, state] : llvm::enumerate(states))
    before.push_back(load(arrays[k], state.type));
  SmallVector<ReceptorAttr> list = population.getReceptorList();
  for (auto [k, receptor] : llvm::enumerate(receptors))
    inputs.push_back(
        loadInput(arrays[firstReceptor + k], list[k], receptor.type));
  SmallVector<Value> after = model.buildStep(b, b.getLoc(), population, before,
                                             inputs, loadCoefficients());
  for (auto [k, state] : llvm::enumerate(states))
    store(after[k], arrays[k], state.type);
  storeEmitted(after.back(), arrays.back());
}

template <typename From, typename To>
static void replaceUnary(From op) {
  OpBuilder b(op);
  op.replaceAllUsesWith(
      To::create(b, op.getLoc(), op.getType(), op->getOperand(0)).getResult());
  op.erase();
}

/// Replaces `op` by what `build` appends for its operand.
template <typename From>
static void replaceByFunction(From op, function_ref<Value(OpBuilder &)> build) {
  OpBuilder b(op);
  op.replaceAllUsesWith(build(b));
  op.erase();
}

/// Replaces the operations of models that need more than one instruction or
/// an intrinsic.
static void replaceMath(ModuleOp module) {
  module.walk([](Operation *op) {
    llvm::TypeSwitch<Operation *>(op)
        .Case(replaceUnary<math::AbsFOp, LLVM::FAbsOp>)
        .Case(replaceUnary<math::SqrtOp, LLVM::SqrtOp>)
        .Case(replaceUnary<math::FloorOp, LLVM::FFloorOp>)
        .Case(replaceUnary<math::CeilOp, LLVM::FCeilOp>)
        .Case(replaceUnary<math::TruncOp, LLVM::FTruncOp>)
        .Case(replaceUnary<math::RoundEvenOp, LLVM::RoundEvenOp>)
        .Case([](math::ExpOp op) {
          replaceByFunction(op, [&](OpBuilder &b) {
            return buildExp(b, op.getLoc(), op.getOperand());
          });
        })
        .Case([](math::LogOp op) {
          replaceByFunction(op, [&](OpBuilder &b) {
            return buildLog(b, op.getLoc(), op.getOperand());
          });
        })
        .Case([](arith::FPToSIOp op) {
          replaceByFunction(op, [&](OpBuilder &b) {
            return buildTruncation(
                b, op.getLoc(), op.getIn(),
                cast<IntegerType>(getElementTypeOrSelf(op.getType())));
          });
        })
        .Case([](math::CopySignOp copy) {
          OpBuilder b(copy);
          copy.replaceAllUsesWith(
              LLVM::CopySignOp::create(b, copy.getLoc(), copy.getType(),
                                       copy.getLhs(), copy.getRhs())
                  .getResult());
          copy.erase();
        })
        .Case([](math::AbsIOp absolute) {
          OpBuilder b(absolute);
          absolute.replaceAllUsesWith(
              LLVM::AbsOp::create(b, absolute.getLoc(), absolute.getType(),
                                  absolute.getOperand(),
                                  /*is_int_min_poison=*/false)
                  .getResult());
          absolute.erase();
        });
  });
}

void jit::buildUpdateKernel(ModuleOp module, PopulationOp population,
                            unsigned lanes, ArrayRef<bool> isShared) {
  UpdateBuilder(module, population, lanes, isShared).build();
  replaceMath(module);
}
