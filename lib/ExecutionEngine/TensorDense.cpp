//===- TensorDense.cpp - convolutions, products, pools of the evaluator ---===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Maps tosa ops to the f32 kernels of the runtime. Constant weights are packed
// once; weights that are computed are packed in every run.
//
//===----------------------------------------------------------------------===//

#include "TensorLoops.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "spikeformer-rt/Dense.h"
#include <memory>

using namespace spikeformer;
using namespace spikeformer::evaluator;

/// Fails unless the op's operand and result are f32.
static LogicalResult checkFloat32(const OpSite &site) {
  for (ElementType type : {site.getOperandType(0), site.result.type})
    if (type != ElementType::f32)
      return rejectType(site, type);
  return success();
}

/// Fails unless the zero point operands are constants of value 0.
static LogicalResult checkZeroPoints(const OpSite &site,
                                     ArrayRef<unsigned> numbers) {
  for (unsigned number : numbers) {
    const Tensor &zero = site.constants[number];
    if (!zero || zero.getNumElements() != 1 || zero.getAsDouble(0) != 0)
      return site.op->emitOpError()
             << "needs a constant zero point of 0 as operand " << number;
  }
  return success();
}

namespace {

/// A matrix in the order that the product reads it.
struct PackedMatrix {
  size_t depth, columns;
  std::shared_ptr<float[]> values;
};

/// What the attributes of an op say of its window.
struct WindowShape {
  SmallVector<int64_t, 2> kernel, stride, dilation;
  SmallVector<int64_t, 4> pad;
};

} // namespace

static PackedMatrix pack(const float *b, size_t depth, size_t columns,
                         size_t depthStride, size_t columnStride) {
  size_t size = sfrt_packed_size_f32(depth, columns);
  PackedMatrix packed = {depth, columns,
                         std::shared_ptr<float[]>(new float[size])};
  sfrt_pack_f32(depth, columns, b, depthStride, columnStride,
                packed.values.get());
  return packed;
}

template <typename OpTy>
static WindowShape getWindowShape(OpTy op, ArrayRef<int64_t> kernel,
                                  ArrayRef<int64_t> dilation) {
  return {
      SmallVector<int64_t, 2>(kernel), SmallVector<int64_t, 2>(op.getStride()),
      SmallVector<int64_t, 2>(dilation), SmallVector<int64_t, 4>(op.getPad())};
}

/// Checks the result of a window op; its verifier leaves some extents open.
static LogicalResult checkWindow(const OpSite &site, const WindowShape &window,
                                 int64_t outChannels) {
  SmallVector<int64_t, 4> shape = site.operands[0].shape;
  for (unsigned axis : {0, 1}) {
    int64_t room = shape[axis + 1] + window.pad[2 * axis] +
                   window.pad[2 * axis + 1] - 1 -
                   (window.kernel[axis] - 1) * window.dilation[axis];
    shape[axis + 1] = room < 0 ? 0 : room / window.stride[axis] + 1;
  }
  shape[3] = outChannels;
  return expectShape(site, shape);
}

/// Checks that the weights of a convolution take `channels` channels and that
/// the bias has one value or `outChannels`.
static LogicalResult checkWeights(const OpSite &site, int64_t channels,
                                  int64_t outChannels) {
  int64_t have = site.operands[0].shape[3];
  if (channels != have)
    return site.op->emitOpError() << "has weights for " << channels
                                  << " channels, but an input of " << have;
  int64_t bias = site.operands[2].shape[0];
  if (bias != 1 && bias != outChannels)
    return site.op->emitOpError() << "needs a bias of 1 or " << outChannels
                                  << " values, but has " << bias;
  return success();
}

static SfrtWindow getWindow(const WindowShape &shape, ArrayRef<int64_t> input,
                            ArrayRef<int64_t> output) {
  auto size = [](int64_t value) { return static_cast<size_t>(value); };
  SfrtWindow window;
  window.images = size(input[0]);
  window.height = size(input[1]);
  window.width = size(input[2]);
  window.channels = size(input[3]);
  window.outHeight = size(output[1]);
  window.outWidth = size(output[2]);
  window.kernelHeight = size(shape.kernel[0]);
  window.kernelWidth = size(shape.kernel[1]);
  window.strideY = size(shape.stride[0]);
  window.strideX = size(shape.stride[1]);
  window.dilationY = size(shape.dilation[0]);
  window.dilationX = size(shape.dilation[1]);
  window.padTop = size(shape.pad[0]);
  window.padLeft = size(shape.pad[2]);
  return window;
}

/// The bias with one value per channel; a bias of one value is repeated.
static Tensor spreadBias(const Tensor &bias, int64_t channels) {
  if (bias.getNumElements() == channels)
    return bias;
  Tensor spread({channels}, ElementType::f32);
  llvm::fill(spread.data<float>(), bias.data<float>().front());
  return spread;
}

/// Weights (O, H, W, I) as the matrix (H, W, I) x O.
static PackedMatrix packWeights(const Tensor &weights) {
  size_t columns = weights.getShape().front();
  size_t depth = columns ? weights.getNumElements() / columns : 0;
  return pack(read<float>(weights), depth, columns, 1, depth);
}

static FailureOr<Kernel> prepareConv2D(tosa::Conv2DOp op, const OpSite &site) {
  if (failed(checkFloat32(site)) || failed(checkZeroPoints(site, {3, 4})))
    return failure();
  ArrayRef<int64_t> kernel = site.operands[1].shape;
  WindowShape window = getWindowShape(op, kernel.slice(1, 2), op.getDilation());
  if (failed(checkWindow(site, window, kernel[0])) ||
      failed(checkWeights(site, kernel[3], kernel[0])))
    return failure();
  std::optional<PackedMatrix> constant;
  if (site.constants[1])
    constant = packWeights(site.constants[1]);
  return Kernel([=](ArrayRef<Tensor> operands, Tensor &result) {
    SfrtWindow w = getWindow(window, operands[0].getShape(), result.getShape());
    PackedMatrix weights = constant ? *constant : packWeights(operands[1]);
    Tensor bias = spreadBias(operands[2], result.getShape()[3]);
    std::unique_ptr<float[]> scratch(new float[sfrt_conv2d_scratch_f32(&w)]);
    sfrt_conv2d_f32(&w, result.getShape()[3], read<float>(operands[0]),
                    weights.values.get(), read<float>(bias), scratch.get(),
                    write<float>(result));
  });
}

static FailureOr<Kernel> prepareDepthwise(tosa::DepthwiseConv2DOp op,
                                          const OpSite &site) {
  if (failed(checkFloat32(site)) || failed(checkZeroPoints(site, {3, 4})))
    return failure();
  ArrayRef<int64_t> weights = site.operands[1].shape;
  size_t multiplier = weights[3];
  WindowShape window =
      getWindowShape(op, weights.take_front(2), op.getDilation());
  int64_t outChannels = weights[2] * weights[3];
  if (failed(checkWindow(site, window, outChannels)) ||
      failed(checkWeights(site, weights[2], outChannels)))
    return failure();
  return Kernel([=](ArrayRef<Tensor> operands, Tensor &result) {
    SfrtWindow w = getWindow(window, operands[0].getShape(), result.getShape());
    Tensor bias = spreadBias(operands[2], result.getShape()[3]);
    sfrt_depthwise_conv2d_f32(&w, multiplier, read<float>(operands[0]),
                              read<float>(operands[1]), read<float>(bias),
                              write<float>(result));
  });
}

/// Packed matrices of a (batch, depth, columns) operand.
static SmallVector<PackedMatrix, 1> packMatrices(const Tensor &b) {
  SmallVector<PackedMatrix, 1> all;
  size_t depth = b.getShape()[1], columns = b.getShape()[2];
  for (int64_t i = 0; i < b.getShape()[0]; ++i)
    all.push_back(
        pack(read<float>(b) + i * depth * columns, depth, columns, columns, 1));
  return all;
}

static void multiply(const Tensor &a, ArrayRef<PackedMatrix> b,
                     Tensor &result) {
  ArrayRef<int64_t> shape = result.getShape();
  size_t rows = shape[1], columns = shape[2], depth = a.getShape()[2];
  // One matrix for all is one product of more rows.
  size_t products = b.size() == 1 && a.getShape()[0] == shape[0] ? 1 : shape[0];
  if (products == 1)
    rows *= shape[0];
  size_t step = a.getShape()[0] == 1 ? 0 : rows * depth;
  for (size_t i = 0; i < products; ++i)
    sfrt_gemm_f32(rows, columns, depth, read<float>(a) + i * step, depth,
                  b[b.size() == 1 ? 0 : i].values.get(), nullptr,
                  write<float>(result) + i * rows * columns, columns);
}

static FailureOr<Kernel> prepareMatMul(tosa::MatMulOp, const OpSite &site) {
  if (failed(checkFloat32(site)) || failed(checkZeroPoints(site, {2, 3})))
    return failure();
  ArrayRef<int64_t> a = site.operands[0].shape, b = site.operands[1].shape;
  if (a[2] != b[1] || (a[0] != b[0] && a[0] != 1 && b[0] != 1))
    return site.op->emitOpError() << "has operands that do not multiply";
  if (failed(expectShape(site, {std::max(a[0], b[0]), a[1], b[2]})))
    return failure();
  if (site.constants[1])
    return Kernel([packed = packMatrices(site.constants[1])](
                      ArrayRef<Tensor> operands, Tensor &result) {
      multiply(operands[0], packed, result);
    });
  return Kernel([](ArrayRef<Tensor> operands, Tensor &result) {
    multiply(operands[0], packMatrices(operands[1]), result);
  });
}

static FailureOr<Kernel> prepareMaxPool(tosa::MaxPool2dOp op,
                                        const OpSite &site) {
  if (failed(checkFloat32(site)))
    return failure();
  WindowShape window = getWindowShape(op, op.getKernel(), {1, 1});
  if (failed(checkWindow(site, window, site.operands[0].shape[3])))
    return failure();
  int ignoresNan = op.getNanMode() == tosa::NanPropagationMode::IGNORE;
  return Kernel([=](ArrayRef<Tensor> operands, Tensor &result) {
    SfrtWindow w = getWindow(window, operands[0].getShape(), result.getShape());
    sfrt_max_pool2d_f32(&w, ignoresNan, read<float>(operands[0]),
                        write<float>(result));
  });
}

static FailureOr<Kernel> prepareAvgPool(tosa::AvgPool2dOp op,
                                        const OpSite &site) {
  if (failed(checkFloat32(site)) || failed(checkZeroPoints(site, {1, 2})))
    return failure();
  WindowShape window = getWindowShape(op, op.getKernel(), {1, 1});
  if (failed(checkWindow(site, window, site.operands[0].shape[3])))
    return failure();
  return Kernel([=](ArrayRef<Tensor> operands, Tensor &result) {
    SfrtWindow w = getWindow(window, operands[0].getShape(), result.getShape());
    sfrt_avg_pool2d_f32(&w, read<float>(operands[0]), write<float>(result));
  });
}

void evaluator::addDenseOps(OpTable &table) {
  table.add<tosa::Conv2DOp>(onlyFirstHoldsSamples, prepareConv2D);
  table.add<tosa::DepthwiseConv2DOp>(onlyFirstHoldsSamples, prepareDepthwise);
  table.add<tosa::MatMulOp>(eachElement(2), prepareMatMul);
  table.add<tosa::MaxPool2dOp>(onlyFirstHoldsSamples, prepareMaxPool);
  table.add<tosa::AvgPool2dOp>(onlyFirstHoldsSamples, prepareAvgPool);
}
