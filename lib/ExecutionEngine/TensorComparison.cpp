//===- TensorComparison.cpp - comparisons and choices of the evaluator ----===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ops that make or read booleans.
//
//===----------------------------------------------------------------------===//

#include "TensorElementwise.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

using namespace spikeformer;
using namespace spikeformer::evaluator;

template <typename T>
static Kernel getSelectKernel() {
  return [](ArrayRef<Tensor> operands, Tensor &result) {
    auto body = [&](std::array<int64_t, 4> at, LoopNest<4>::Axis axis) {
      T *__restrict out = write<T>(result) + at[0];
      const uint8_t *choose = read<uint8_t>(operands[0]) + at[1];
      const T *a = read<T>(operands[1]) + at[2];
      const T *b = read<T>(operands[2]) + at[3];
      for (int64_t i = 0; i < axis.extent; ++i)
        out[i] = choose[i * axis.strides[1]] ? a[i * axis.strides[2]]
                                             : b[i * axis.strides[3]];
    };
    getNest<3>(operands, result.getShape()).run(body);
  };
}

template <typename OpTy>
static void addSelect(OpTable &table) {
  table.addSimple<OpTy>(eachElement(3), [](const OpSite &site) {
    if (failed(checkBroadcast(site, 3)))
      return FailureOr<Kernel>(failure());
    return FailureOr<Kernel>(visitType(site.result.type, [&](auto zero) {
      return getSelectKernel<decltype(zero)>();
    }));
  });
}

namespace {
/// Outcomes of a comparison for which it is true.
struct Outcomes {
  bool less, equal, greater, unordered;
};
} // namespace

static Outcomes getOutcomes(arith::CmpFPredicate predicate) {
  using P = arith::CmpFPredicate;
  auto isOneOf = [&](std::initializer_list<P> list) {
    return predicate == P::AlwaysTrue || llvm::is_contained(list, predicate);
  };
  return {isOneOf({P::OLT, P::OLE, P::ONE, P::ORD, P::ULT, P::ULE, P::UNE}),
          isOneOf({P::OEQ, P::OLE, P::OGE, P::ORD, P::UEQ, P::ULE, P::UGE}),
          isOneOf({P::OGT, P::OGE, P::ONE, P::ORD, P::UGT, P::UGE, P::UNE}),
          isOneOf({P::UEQ, P::UGT, P::UGE, P::ULT, P::ULE, P::UNE, P::UNO})};
}

static FailureOr<Kernel> prepareCmpF(arith::CmpFOp op, const OpSite &site) {
  return prepareBinary<Domain::floats>(
      site, [o = getOutcomes(op.getPredicate())](auto a, auto b) -> bool {
        bool ordered =
            (o.less & (a < b)) | (o.equal & (a == b)) | (o.greater & (a > b));
        return ordered | (o.unordered & ((a != a) | (b != b)));
      });
}

static FailureOr<Kernel> prepareCmpI(arith::CmpIOp op, const OpSite &site) {
  using P = arith::CmpIPredicate;
  P p = op.getPredicate();
  bool isUnsigned = llvm::is_contained({P::ult, P::ule, P::ugt, P::uge}, p);
  bool less = llvm::is_contained({P::ne, P::slt, P::sle, P::ult, P::ule}, p);
  bool equal = llvm::is_contained({P::eq, P::sle, P::sge, P::ule, P::uge}, p);
  bool greater = llvm::is_contained({P::ne, P::sgt, P::sge, P::ugt, P::uge}, p);
  auto compare = [=](auto a, auto b) -> bool {
    return (less & (a < b)) | (equal & (a == b)) | (greater & (a > b));
  };
  return prepareBinary<Domain::integers>(site, [=](auto a, auto b) -> bool {
    using Unsigned = std::make_unsigned_t<decltype(a)>;
    return isUnsigned
               ? compare(static_cast<Unsigned>(a), static_cast<Unsigned>(b))
               : compare(a, b);
  });
}

void evaluator::addComparisonOps(OpTable &table) {
  addSelect<tosa::SelectOp>(table);
  addBinary<tosa::EqualOp, Domain::numbers>(
      table, [](auto a, auto b) { return a == b; });
  addBinary<tosa::GreaterOp, Domain::numbers>(
      table, [](auto a, auto b) { return a > b; });
  addBinary<tosa::GreaterEqualOp, Domain::numbers>(
      table, [](auto a, auto b) { return a >= b; });
  addUnary<tosa::LogicalNotOp, Domain::booleans>(table,
                                                 [](uint8_t x) { return !x; });
  addBinary<tosa::LogicalAndOp, Domain::booleans>(
      table, [](uint8_t a, uint8_t b) { return a && b; });
  addBinary<tosa::LogicalOrOp, Domain::booleans>(
      table, [](uint8_t a, uint8_t b) { return a || b; });
  addBinary<tosa::LogicalXorOp, Domain::booleans>(
      table, [](uint8_t a, uint8_t b) { return a != b; });
  table.add<arith::CmpFOp>(eachElement(2), prepareCmpF);
  table.add<arith::CmpIOp>(eachElement(2), prepareCmpI);
  addSelect<arith::SelectOp>(table);
}
