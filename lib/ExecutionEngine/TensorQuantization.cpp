//===- TensorQuantization.cpp - quantised values of the evaluator ---------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Casts between float32 and integers that stand for numbers, as ONNX defines
// them: x / scale rounded half to even, plus the zero point, saturated.
//
//===----------------------------------------------------------------------===//

#include "TensorLoops.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::evaluator;

namespace {

struct Scaling {
  SmallVector<float> scales;
  SmallVector<int64_t> zeroPoints;
  int64_t min, max;
  /// The axis that the parameters belong to.
  std::optional<int64_t> axis;

  /// Calls `body(first, count, scale, zeroPoint)` for runs of elements.
  template <typename Body>
  void forEachRun(ArrayRef<int64_t> shape, Body body) const;
};

} // namespace

template <typename Body>
void Scaling::forEachRun(ArrayRef<int64_t> shape, Body body) const {
  int64_t inner = 1, outer = 1;
  for (auto [i, extent] : llvm::enumerate(shape))
    (axis && static_cast<int64_t>(i) <= *axis ? outer : inner) *= extent;
  for (int64_t run = 0; run < outer; ++run) {
    size_t at = axis ? run % shape[*axis] : 0;
    body(run * inner, inner, scales[at], zeroPoints[at]);
  }
}

static std::optional<Scaling> getScaling(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(element))
    return Scaling{{static_cast<float>(uniform.getScale())},
                   {uniform.getZeroPoint()},
                   uniform.getStorageTypeMin(),
                   uniform.getStorageTypeMax(),
                   std::nullopt};
  auto uniform = dyn_cast<quant::UniformQuantizedPerAxisType>(element);
  if (!uniform)
    return std::nullopt;
  Scaling scaling{{},
                  llvm::to_vector(uniform.getZeroPoints()),
                  uniform.getStorageTypeMin(),
                  uniform.getStorageTypeMax(),
                  uniform.getQuantizedDimension()};
  for (double scale : uniform.getScales())
    scaling.scales.push_back(static_cast<float>(scale));
  return scaling;
}

/// The scaling of a cast between `type` and float32, or a located error.
static FailureOr<Scaling> checkCast(const OpSite &site, Type type,
                                    ElementType real) {
  std::optional<Scaling> scaling = getScaling(type);
  if (!scaling)
    return site.op->emitOpError()
           << "has type " << type
           << "; the tensor evaluator knows !quant.uniform per tensor or axis";
  if (real != ElementType::f32)
    return FailureOr<Scaling>(rejectType(site, real));
  if (failed(expectShape(site, site.operands[0].shape)))
    return failure();
  return *scaling;
}

static FailureOr<Kernel> prepareQuantize(quant::QuantizeCastOp op,
                                         const OpSite &site) {
  FailureOr<Scaling> scaling =
      checkCast(site, op.getResult().getType(), site.getOperandType(0));
  if (failed(scaling))
    return failure();
  return visitType(site.result.type, [&](auto zero) {
    using T = decltype(zero);
    return FailureOr<Kernel>([s = *scaling](ArrayRef<Tensor> operands,
                                            Tensor &result) {
      const float *in = read<float>(operands[0]);
      T *out = write<T>(result);
      s.forEachRun(result.getShape(), [&](int64_t first, int64_t count,
                                          float scale, int64_t zeroPoint) {
        for (int64_t i = first; i < first + count; ++i) {
          double level = static_cast<double>(std::nearbyint(in[i] / scale)) +
                         static_cast<double>(zeroPoint);
          // A NaN has no level; 0 stands for it.
          level = level == level ? level : static_cast<double>(zeroPoint);
          out[i] = static_cast<T>(std::clamp(level, static_cast<double>(s.min),
                                             static_cast<double>(s.max)));
        }
      });
    });
  });
}

static FailureOr<Kernel> prepareDequantize(quant::DequantizeCastOp op,
                                           const OpSite &site) {
  FailureOr<Scaling> scaling =
      checkCast(site, op.getInput().getType(), site.result.type);
  if (failed(scaling))
    return failure();
  return visitType(site.getOperandType(0), [&](auto zero) {
    using T = decltype(zero);
    return FailureOr<Kernel>(
        [s = *scaling](ArrayRef<Tensor> operands, Tensor &result) {
          const T *in = read<T>(operands[0]);
          float *out = write<float>(result);
          s.forEachRun(result.getShape(), [&](int64_t first, int64_t count,
                                              float scale, int64_t zeroPoint) {
            for (int64_t i = first; i < first + count; ++i)
              out[i] = static_cast<float>(static_cast<double>(in[i]) -
                                          static_cast<double>(zeroPoint)) *
                       scale;
          });
        });
  });
}

/// The same integers under another type.
static FailureOr<Kernel> prepareStorage(const OpSite &site) {
  if (failed(expectShape(site, site.operands[0].shape)))
    return failure();
  return getBitcastKernel(site.result.type);
}

/// Samples stay apart unless the parameters are by sample.
static bool keepsSamples(const OpSite &site) {
  for (Type type :
       {site.op->getOperand(0).getType(), site.op->getResult(0).getType()})
    if (std::optional<Scaling> scaling = getScaling(type))
      if (scaling->axis == 0)
        return false;
  return eachElement(1)(site);
}

void evaluator::addQuantizationOps(OpTable &table) {
  table.add<quant::QuantizeCastOp>(keepsSamples, prepareQuantize);
  table.add<quant::DequantizeCastOp>(keepsSamples, prepareDequantize);
  table.addView<quant::StorageCastOp>(keepsSamples, prepareStorage);
}
