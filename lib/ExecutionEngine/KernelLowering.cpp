//===- KernelLowering.cpp - from kernels to the LLVM dialect --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One dialect conversion for all dialects of kernels: its fixed cost is paid
// once, where a pass for each dialect would pay it five times.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/ExecutionEngine/KernelLowering.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinDialect.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"

using namespace spikeformer;

void spikeformer::loadKernelDialects(MLIRContext &context) {
  context.loadDialect<arith::ArithDialect, cf::ControlFlowDialect,
                      func::FuncDialect, LLVM::LLVMDialect, scf::SCFDialect,
                      ub::UBDialect, vector::VectorDialect>();
  registerBuiltinDialectTranslation(context);
  registerLLVMDialectTranslation(context);
}

FunctionOpInterface spikeformer::getKernelEntry(ModuleOp module) {
  FunctionOpInterface entry;
  for (auto function : module.getOps<FunctionOpInterface>()) {
    if (function.isExternal() || !function.isPublic())
      continue;
    if (entry) {
      function.emitError() << "a kernel has one public function, this is the "
                              "second; make it private";
      return {};
    }
    entry = function;
  }
  if (!entry)
    module.emitError() << "a kernel needs a public function with a body";
  return entry;
}

static bool hasFastMath(Operation *op) {
  if (auto arithOp = dyn_cast<arith::ArithFastMathInterface>(op)) {
    auto flags = arithOp.getFastMathFlagsAttr();
    return flags && flags.getValue() != arith::FastMathFlags::none;
  }
  if (auto llvmOp = dyn_cast<LLVM::FastmathFlagsInterface>(op)) {
    auto flags = llvmOp.getFastmathAttr();
    return flags && flags.getValue() != LLVM::FastmathFlags::none;
  }
  return false;
}

/// Why the result of `op` could differ between machines; empty if it cannot.
static StringRef whyUndefined(Operation *op) {
  if (hasFastMath(op))
    return "with fast-math flags the result is left open; remove them";
  if (isa<arith::MaxNumFOp, arith::MinNumFOp, LLVM::MaxNumOp, LLVM::MinNumOp>(
          op))
    return "the sign of a zero result is left open; use arith.maximumf, "
           "arith.minimumf or a comparison and a selection";
  if (isa<vector::FMAOp, LLVM::FMulAddOp>(op))
    return "whether the product is rounded is left open; use a product and a "
           "sum";
  if (auto reduction = dyn_cast<vector::ReductionOp>(op))
    if (reduction.getKind() == vector::CombiningKind::MAXNUMF ||
        reduction.getKind() == vector::CombiningKind::MINNUMF)
      return "the sign of a zero result is left open; use the kinds maximumf "
             "and minimumf";
  return {};
}

LogicalResult spikeformer::checkKernel(ModuleOp module) {
  bool ok = true;
  module.walk(
      [&](Operation *op) {
        if (!isa_and_nonnull<BuiltinDialect, arith::ArithDialect,
                             cf::ControlFlowDialect, func::FuncDialect,
                             LLVM::LLVMDialect, scf::SCFDialect,
                             vector::VectorDialect>(op->getDialect())) {
          op->emitOpError()
              << "is not allowed in a kernel; kernels hold operations of "
                 "func, arith, scf, cf, vector and llvm";
          ok = false;
          return;
        }
        StringRef reason = whyUndefined(op);
        if (reason.empty())
          return;
        op->emitOpError() << "is not allowed in a kernel: " << reason;
        ok = false;
      });
  return success(ok);
}

LogicalResult spikeformer::lowerKernelToLLVM(ModuleOp module) {
  MLIRContext *context = module.getContext();
  LowerToLLVMOptions options(context);
  LLVMTypeConverter converter(context, options);
  RewritePatternSet patterns(context);
  populateSCFToControlFlowConversionPatterns(patterns);
  arith::populateArithToLLVMConversionPatterns(converter, patterns);
  cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
  populateFuncToLLVMConversionPatterns(converter, patterns);
  ub::populateUBToLLVMConversionPatterns(converter, patterns);
  populateVectorToLLVMConversionPatterns(converter, patterns);
  LLVMConversionTarget target(*context);
  target.addLegalOp<ModuleOp>();
  return applyFullConversion(module, target, std::move(patterns));
}
