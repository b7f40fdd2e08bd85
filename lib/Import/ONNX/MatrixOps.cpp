//===- MatrixOps.cpp - Gemm, MatMul and MatMulInteger ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Floats become `tosa.matmul`, whose operands have a batch axis; integers,
// which TOSA has only signed, `linalg.batch_matmul`. Constant weights are
// transposed here; the factors alpha and beta stay apart from the weights
// because folding alpha would round every weight a second time.
//
//===----------------------------------------------------------------------===//

#include "Loops.h"
#include "Operators.h"
#include "ZeroPoint.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace spikeformer;
using namespace spikeformer::onnximport;

/// Input `index` of a Gemm as [1, rows, columns].
static Value getMatrix(Node &node, unsigned index, bool transposed) {
  Emitter &emit = node.emit();
  if (node.getConstant(index)) {
    Weights matrix = node.getWeights(index);
    if (transposed)
      matrix = matrix.permute({1, 0});
    ArrayRef<int64_t> shape = matrix.numbers.getShape();
    return matrix.reshape({1, shape[0], shape[1]}).emit(emit);
  }
  Value matrix = node.getValue(index);
  if (transposed)
    matrix = emit.transpose(matrix, {1, 0});
  ArrayRef<int64_t> shape = getShape(matrix);
  return emit.reshape(matrix, {1, shape[0], shape[1]});
}

/// Whether `shape` broadcasts to `to` without enlarging it.
static bool broadcastsTo(ArrayRef<int64_t> shape, ArrayRef<int64_t> to) {
  if (shape.size() > to.size())
    return false;
  return llvm::all_of(llvm::zip_equal(shape, to.take_back(shape.size())),
                      [](auto pair) {
                        auto [extent, target] = pair;
                        return extent == 1 || extent == target;
                      });
}

static void importGemm(Node &node) {
  float alpha = node.getFloat("alpha", 1);
  float beta = node.getFloat("beta", 1);
  // Before operator set 7; C broadcasts to the result anyway.
  node.getInteger("broadcast", 0);
  bool transA = node.getInteger("transA", 0) != 0;
  bool transB = node.getInteger("transB", 0) != 0;
  if (!node.isReady())
    return;
  ArrayRef<int64_t> a = node.getShape(0);
  ArrayRef<int64_t> b = node.getShape(1);
  if (a.size() != 2 || b.size() != 2 || a[!transA] != b[transB])
    return node.error("cannot multiply " + formatShape(a) +
                      (transA ? " (transposed)" : "") + " by " +
                      formatShape(b) + (transB ? " (transposed)" : ""));
  SmallVector<int64_t> shape = {a[transA], b[!transB]};
  if (node.hasInput(2) && !broadcastsTo(node.getShape(2), shape))
    return node.error("C " + formatShape(node.getShape(2)) +
                      " does not broadcast to the result " +
                      formatShape(shape));
  if (!node.checkSize(shape))
    return;
  Emitter &emit = node.emit();
  Value left = getMatrix(node, 0, transA);
  Value right = getMatrix(node, 1, transB);
  Value result = emit.reshape(emit.matmul(left, right), shape);
  if (alpha != 1)
    result = emit.multiply(result, emit.scalar(alpha, 2));
  if (node.hasInput(2) && beta != 0) {
    Value addend = node.getBroadcast(2, 2, Layout::Logical);
    if (beta != 1)
      addend = emit.multiply(addend, emit.scalar(beta, 2));
    result = emit.add(result, addend);
  }
  node.setValue(result);
}

namespace {

/// Shapes of a MatMul: [batch..., m, k] times [batch..., k, n].
struct Product {
  SmallVector<int64_t> a, b;
  /// Batch extents common to both; empty if b has none: then a's are rows.
  SmallVector<int64_t> batch;
  SmallVector<int64_t> result;

  /// The operands with one batch axis: [batch, m, k] and [batch, k, n].
  std::array<int64_t, 3> getLeft() const {
    int64_t outer = *countElements(batch), k = a.back();
    return {outer, *countElements(a) / (outer * k), k};
  }
  std::array<int64_t, 3> getRight() const {
    return {*countElements(batch), a.back(), b.back()};
  }
};

} // namespace

/// Vectors become matrices: [k] is a row on the left, a column on the right.
static std::optional<Product> getProduct(Node &node) {
  Product product{SmallVector<int64_t>(node.getShape(0)),
                  SmallVector<int64_t>(node.getShape(1)),
                  {},
                  {}};
  auto fail = [&]() {
    node.error("cannot multiply " + formatShape(node.getShape(0)) + " by " +
               formatShape(node.getShape(1)) +
               "; need [..., m, k] and [..., k, n] with the same leading "
               "extents, or none on the right");
    return std::nullopt;
  };
  if (product.a.empty() || product.b.empty())
    return fail();
  if (product.a.size() == 1)
    product.a.insert(product.a.begin(), 1);
  if (product.b.size() == 1)
    product.b.push_back(1);
  ArrayRef<int64_t> outerA = ArrayRef<int64_t>(product.a).drop_back(2);
  ArrayRef<int64_t> outerB = ArrayRef<int64_t>(product.b).drop_back(2);
  if (product.a.back() != product.b[product.b.size() - 2] ||
      (!outerB.empty() && outerA != outerB))
    return fail();
  product.batch.assign(outerB.begin(), outerB.end());
  product.result.assign(outerA.begin(), outerA.end());
  if (node.getShape(0).size() > 1)
    product.result.push_back(product.a[product.a.size() - 2]);
  if (node.getShape(1).size() > 1)
    product.result.push_back(product.b.back());
  return product;
}

static void importMatMul(Node &node) {
  if (!node.isReady())
    return;
  std::optional<Product> product = getProduct(node);
  if (!product || !node.checkSize(product->result))
    return;
  Emitter &emit = node.emit();
  auto getOperand = [&](unsigned index, ArrayRef<int64_t> shape) {
    if (node.getConstant(index))
      return node.getWeights(index).reshape(shape).emit(emit);
    return emit.reshape(node.getValue(index), shape);
  };
  Value left = getOperand(0, product->getLeft());
  Value right = getOperand(1, product->getRight());
  node.setValue(emit.reshape(emit.matmul(left, right), product->result));
}

/// Sums of int32, which wrap.
static void importMatMulInteger(Node &node) {
  if (!node.isReady())
    return;
  std::optional<Product> product = getProduct(node);
  if (!product || !node.checkSize(product->result))
    return;
  // Zero points are those of rows on the left, of columns on the right.
  int64_t rowAxis = static_cast<int64_t>(node.getShape(0).size()) - 2;
  int64_t rankB = node.getShape(1).size();
  Value left = getDifference(node, 0, 2, rowAxis);
  Value right = getDifference(node, 1, 3, rankB > 1 ? rankB - 1 : -1);
  if (!left || !right)
    return;
  Emitter &emit = node.emit();
  std::array<int64_t, 3> a = product->getLeft(), b = product->getRight();
  Value operands[] = {emit.reshape(left, a), emit.reshape(right, b)};
  Value zeros = makeFilled(emit, {a[0], a[1], b[2]}, ElementType::i32, 0);
  auto sums = emit.create<linalg::BatchMatmulOp>(ValueRange(operands),
                                                 ValueRange(zeros));
  node.setValue(emit.reshape(sums.getResult(0), product->result));
}

void onnximport::addMatrixOperators(OperatorTable &table) {
  table["Gemm"] = {
      importGemm, 2,        3,
      allInputs,  noInputs, {"alpha", "beta", "broadcast", "transA", "transB"}};
  table["MatMul"] = {importMatMul, 2, 2, allInputs, noInputs, {}};
  table["MatMulInteger"] = {importMatMulInteger, 2, 4, noInputs, noInputs, {}};
}
