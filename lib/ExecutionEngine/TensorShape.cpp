//===- TensorShape.cpp - ops of the evaluator that move elements ----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reshapes share the bytes of their operand; the others copy boxes.
//
//===----------------------------------------------------------------------===//

#include "TensorLoops.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Dialect/Tosa/Utils/ConversionUtils.h"
#include <cstring>

using namespace spikeformer;
using namespace spikeformer::evaluator;

/// Elements of `tensor` from `offset`, in elements.
static const void *at(const Tensor &tensor, int64_t offset) {
  return static_cast<const char *>(tensor.getBytes()) +
         offset * getElementSize(tensor.getElementType());
}
static void *at(Tensor &tensor, int64_t offset) {
  return static_cast<char *>(tensor.getBytes()) +
         offset * getElementSize(tensor.getElementType());
}

/// The values of a `!tosa.shape` operand, or a located error.
static FailureOr<SmallVector<int64_t>> getShapeOperand(const OpSite &site,
                                                       unsigned number) {
  SmallVector<int64_t> values;
  Operation *source = site.op->getOperand(number).getDefiningOp();
  if (!source || !tosa::getConstShapeValues(source, values))
    return site.op->emitOpError()
           << "needs a tosa.const_shape as operand " << number;
  return values;
}

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

static int64_t getCount(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  return count;
}

/// With a leading 1 on both sides all samples keep their own elements.
static bool reshapeKeepsSamples(const OpSite &site) {
  return !site.result.shape.empty() && site.result.shape.front() == 1;
}

static FailureOr<Kernel> prepareView(const OpSite &site) {
  if (getCount(site.operands[0].shape) != getCount(site.result.shape))
    return expectShape(site, site.operands[0].shape);
  return Kernel([](ArrayRef<Tensor> operands, Tensor &result) {
    result = operands[0].reshape(result.getShape());
  });
}

static FailureOr<Kernel> prepareTensorCast(const OpSite &site) {
  if (failed(expectShape(site, site.operands[0].shape)))
    return failure();
  return prepareView(site);
}

Kernel evaluator::getBitcastKernel(ElementType type) {
  return [type](ArrayRef<Tensor> operands, Tensor &result) {
    auto owner = std::make_shared<Tensor>(operands[0]);
    result = Tensor(result.getShape(), type, owner->getBytes(), owner);
  };
}

/// The same bytes with the signedness of the result.
static FailureOr<Kernel> prepareBitcast(const OpSite &site) {
  if (failed(expectShape(site, site.operands[0].shape)))
    return failure();
  return getBitcastKernel(site.result.type);
}

/// A tensor whose elements nobody reads.
static FailureOr<Kernel> prepareEmpty(const OpSite &) {
  return Kernel([](ArrayRef<Tensor>, Tensor &) {});
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

static bool transposeKeepsSamples(const OpSite &site) {
  return cast<tosa::TransposeOp>(site.op).getPerms().front() == 0;
}

static FailureOr<Kernel> prepareTranspose(tosa::TransposeOp op,
                                          const OpSite &site) {
  SmallVector<int32_t, 4> axes(op.getPerms());
  SmallVector<int64_t, 4> expected;
  for (int32_t axis : axes)
    expected.push_back(site.operands[0].shape[axis]);
  if (failed(expectShape(site, expected)))
    return failure();
  return Kernel([axes](ArrayRef<Tensor> operands, Tensor &result) {
    SmallVector<int64_t, 4> own = getStrides(operands[0].getShape()), strides;
    for (int32_t axis : axes)
      strides.push_back(own[axis]);
    copyBox(getElementSize(result.getElementType()), result.getShape(),
            operands[0].getBytes(), strides, result.getBytes(),
            getStrides(result.getShape()));
  });
}

/// Samples stay apart if the whole leading axis is taken.
static bool sliceKeepsSamples(const OpSite &site) {
  SmallVector<int64_t> start;
  Operation *source = site.op->getOperand(1).getDefiningOp();
  return source && tosa::getConstShapeValues(source, start) &&
         start.front() == 0 && site.result.shape.front() == 1;
}

static FailureOr<Kernel> prepareSlice(tosa::SliceOp, const OpSite &site) {
  FailureOr<SmallVector<int64_t>> start = getShapeOperand(site, 1);
  if (failed(start))
    return failure();
  ArrayRef<int64_t> from = site.operands[0].shape;
  for (auto [axis, extent] : llvm::enumerate(site.result.shape))
    if ((*start)[axis] < 0 || (*start)[axis] + extent > from[axis])
      return site.op->emitOpError()
             << "reads [" << (*start)[axis] << ", " << (*start)[axis] + extent
             << ") of axis " << axis << ", which has extent " << from[axis];
  return Kernel([start = *start](ArrayRef<Tensor> operands, Tensor &result) {
    SmallVector<int64_t, 4> strides = getStrides(operands[0].getShape());
    int64_t offset = 0;
    for (auto [first, stride] : llvm::zip_equal(start, strides))
      offset += first * stride;
    copyBox(getElementSize(result.getElementType()), result.getShape(),
            at(operands[0], offset), strides, result.getBytes(),
            getStrides(result.getShape()));
  });
}

static bool concatKeepsSamples(const OpSite &site) {
  return cast<tosa::ConcatOp>(site.op).getAxis() != 0 &&
         eachElement(site.operands.size())(site);
}

/// Copies `part` into `result` from `offset` on; a leading extent of 1 is
/// repeated.
static void copyInto(const Tensor &part, Tensor &result, int64_t offset) {
  SmallVector<int64_t, 4> extents(part.getShape());
  SmallVector<int64_t, 4> from = getStrides(extents);
  if (extents.front() == 1) {
    extents.front() = result.getShape().front();
    from.front() = 0;
  }
  copyBox(getElementSize(result.getElementType()), extents, part.getBytes(),
          from, at(result, offset), getStrides(result.getShape()));
}

static FailureOr<Kernel> prepareConcat(tosa::ConcatOp op, const OpSite &site) {
  int64_t axis = op.getAxis(), extent = 0;
  SmallVector<int64_t, 4> expected = site.operands[0].shape;
  for (const ValueInfo &operand : site.operands)
    extent += operand.shape[axis];
  expected[axis] = extent;
  if (failed(expectShape(site, expected)))
    return failure();
  return Kernel([axis](ArrayRef<Tensor> operands, Tensor &result) {
    int64_t stride = getStrides(result.getShape())[axis], offset = 0;
    for (const Tensor &operand : operands) {
      if (axis == 0)
        std::memcpy(at(result, offset), operand.getBytes(),
                    operand.getNumBytes());
      else
        copyInto(operand, result, offset);
      offset += operand.getShape()[axis] * stride;
    }
  });
}

static bool padKeepsSamples(const OpSite &site) {
  SmallVector<int64_t> pad;
  Operation *source = site.op->getOperand(1).getDefiningOp();
  return onlyFirstHoldsSamples(site) && source &&
         tosa::getConstShapeValues(source, pad) && pad[0] == 0 && pad[1] == 0;
}

/// Fills `tensor` with the only element of `value`.
static void fill(Tensor &tensor, const Tensor &value) {
  visitType(tensor.getElementType(), [&](auto zero) {
    using T = decltype(zero);
    T *begin = write<T>(tensor);
    std::fill(begin, begin + tensor.getNumElements(), *read<T>(value));
  });
}

static FailureOr<Kernel> preparePad(tosa::PadOp, const OpSite &site) {
  FailureOr<SmallVector<int64_t>> pad = getShapeOperand(site, 1);
  if (failed(pad))
    return failure();
  SmallVector<int64_t, 4> expected = site.operands[0].shape;
  SmallVector<int64_t, 4> before;
  for (auto [axis, extent] : llvm::enumerate(expected)) {
    before.push_back((*pad)[2 * axis]);
    extent += (*pad)[2 * axis] + (*pad)[2 * axis + 1];
    if ((*pad)[2 * axis] < 0 || (*pad)[2 * axis + 1] < 0)
      return site.op->emitOpError() << "has a negative padding of axis " << axis
                                    << "; use tosa.slice to remove elements";
  }
  if (failed(expectShape(site, expected)))
    return failure();
  return Kernel([before](ArrayRef<Tensor> operands, Tensor &result) {
    fill(result, operands[2]);
    SmallVector<int64_t, 4> strides = getStrides(result.getShape());
    int64_t offset = 0;
    for (auto [count, stride] : llvm::zip_equal(before, strides))
      offset += count * stride;
    ArrayRef<int64_t> extents = operands[0].getShape();
    copyBox(getElementSize(result.getElementType()), extents,
            operands[0].getBytes(), getStrides(extents), at(result, offset),
            strides);
  });
}

static FailureOr<Kernel> prepareTile(tosa::TileOp, const OpSite &site) {
  ArrayRef<int64_t> from = site.operands[0].shape;
  for (auto [axis, extent] : llvm::enumerate(site.result.shape))
    if (extent % std::max<int64_t>(from[axis], 1) != 0)
      return expectShape(site, from);
  return Kernel([](ArrayRef<Tensor> operands, Tensor &result) {
    // Each axis becomes two: the repetitions, of stride 0, and the elements.
    ArrayRef<int64_t> own = operands[0].getShape();
    SmallVector<int64_t, 4> strides = getStrides(own);
    SmallVector<int64_t, 8> extents, from;
    for (auto [axis, extent] : llvm::enumerate(own)) {
      extents.append({extent ? result.getShape()[axis] / extent : 0, extent});
      from.append({0, strides[axis]});
    }
    copyBox(getElementSize(result.getElementType()), extents,
            operands[0].getBytes(), from, result.getBytes(),
            getStrides(extents));
  });
}

/// Indices (N, W) choose rows of values (N, K, C).
static FailureOr<Kernel> prepareGather(tosa::GatherOp, const OpSite &site) {
  ArrayRef<int64_t> values = site.operands[0].shape;
  ArrayRef<int64_t> indices = site.operands[1].shape;
  if (site.getOperandType(1) != ElementType::i32)
    return FailureOr<Kernel>(rejectType(site, site.getOperandType(1)));
  if (failed(expectShape(site, {values[0], indices[1], values[2]})))
    return failure();
  return Kernel([](ArrayRef<Tensor> operands, Tensor &result) {
    ArrayRef<int64_t> from = operands[0].getShape();
    int64_t rowBytes = from[2] * getElementSize(result.getElementType());
    int64_t perSample = operands[1].getShape()[1];
    const int32_t *index = read<int32_t>(operands[1]);
    auto *to = static_cast<char *>(result.getBytes());
    for (int64_t n = 0; n < from[0]; ++n)
      for (int64_t w = 0; w < perSample; ++w, to += rowBytes) {
        // Indices out of range are undefined; they must not read elsewhere.
        int64_t row = std::clamp<int64_t>(*index++, 0, from[1] - 1);
        std::memcpy(to, at(operands[0], (n * from[1] + row) * from[2]),
                    rowBytes);
      }
  });
}

static FailureOr<Kernel> prepareReverse(tosa::ReverseOp op,
                                        const OpSite &site) {
  if (failed(expectShape(site, site.operands[0].shape)))
    return failure();
  return Kernel(
      [axis = op.getAxis()](ArrayRef<Tensor> operands, Tensor &result) {
        ArrayRef<int64_t> shape = result.getShape();
        SmallVector<int64_t, 4> own = getStrides(shape), strides = own;
        strides[axis] = -strides[axis];
        copyBox(getElementSize(result.getElementType()), shape,
                at(operands[0], own[axis] * (shape[axis] - 1)), strides,
                result.getBytes(), own);
      });
}

static bool reverseKeepsSamples(const OpSite &site) {
  return cast<tosa::ReverseOp>(site.op).getAxis() != 0 && eachElement(1)(site);
}

void evaluator::addShapeOps(OpTable &table) {
  table.addView<tensor::BitcastOp>(eachElement(1), prepareBitcast);
  table.addSimple<tensor::EmptyOp>(eachElement(0), prepareEmpty);
  table.add<tosa::GatherOp>(eachElement(2), prepareGather);
  table.add<tosa::ReverseOp>(reverseKeepsSamples, prepareReverse);
  table.addView<tosa::ReshapeOp>(reshapeKeepsSamples, prepareView);
  table.addView<tensor::CollapseShapeOp>(reshapeKeepsSamples, prepareView);
  table.addView<tensor::ExpandShapeOp>(reshapeKeepsSamples, prepareView);
  table.addView<tensor::CastOp>(eachElement(1), prepareTensorCast);
  table.add<tosa::TransposeOp>(transposeKeepsSamples, prepareTranspose);
  table.add<tosa::SliceOp>(sliceKeepsSamples, prepareSlice);
  table.add<tosa::ConcatOp>(concatKeepsSamples, prepareConcat);
  table.add<tosa::PadOp>(padKeepsSamples, preparePad);
  table.add<tosa::TileOp>(eachElement(1), prepareTile);
}
