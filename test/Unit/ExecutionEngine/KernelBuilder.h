//===- KernelBuilder.h - elementwise kernels for tests ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds out[i] = f(a[i], b[i]) for i in [0, n), some lanes at a time.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_UNIT_EXECUTIONENGINE_KERNELBUILDER_H
#define SPIKEFORMER_TEST_UNIT_EXECUTIONENGINE_KERNELBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/Support/Error.h"

namespace spikeformer {

/// The value; in release builds `cantFail` would not notice an error.
template <typename T>
T take(llvm::Expected<T> value) {
  if (!value)
    llvm::report_fatal_error(value.takeError());
  return std::move(*value);
}

using Elementwise = llvm::function_ref<mlir::Value(mlir::ImplicitLocOpBuilder &,
                                                   mlir::Value, mlir::Value)>;

/// The type of the kernel; `n` is a multiple of the lanes.
template <typename T>
using ElementwiseKernel = void (*)(const T *a, const T *b, T *out, int64_t n);

inline void buildElementwise(mlir::ModuleOp module, llvm::StringRef name,
                             mlir::Type element, int64_t lanes,
                             Elementwise body) {
  using namespace mlir;
  ImplicitLocOpBuilder b(module.getLoc(), module.getBodyRegion());
  auto ptr = LLVM::LLVMPointerType::get(b.getContext());
  auto type = b.getFunctionType({ptr, ptr, ptr, b.getI64Type()}, {});
  auto function = func::FuncOp::create(b, name, type);
  Block *entry = function.addEntryBlock();
  b.setInsertionPointToStart(entry);
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(b, b.getI64IntegerAttr(value));
  };
  auto loop = scf::ForOp::create(b, constant(0), entry->getArgument(3),
                                 constant(lanes));
  func::ReturnOp::create(b);
  b.setInsertionPointToStart(loop.getBody());
  auto address = [&](unsigned argument) -> Value {
    return LLVM::GEPOp::create(b, ptr, element, entry->getArgument(argument),
                               ArrayRef<LLVM::GEPArg>{loop.getInductionVar()});
  };
  Type wide = lanes == 1 ? element : VectorType::get({lanes}, element);
  unsigned align = element.getIntOrFloatBitWidth() / 8;
  Value x = LLVM::LoadOp::create(b, wide, address(0), align);
  Value y = LLVM::LoadOp::create(b, wide, address(1), align);
  LLVM::StoreOp::create(b, body(b, x, y), address(2), align);
}

} // namespace spikeformer

#endif // SPIKEFORMER_TEST_UNIT_EXECUTIONENGINE_KERNELBUILDER_H
