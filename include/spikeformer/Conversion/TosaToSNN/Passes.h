//===- Passes.h - passes that make spiking networks of TOSA -----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The passes of this conversion, generated from `Passes.td`.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_CONVERSION_TOSATOSNN_PASSES_H
#define SPIKEFORMER_CONVERSION_TOSATOSNN_PASSES_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Pass/Pass.h"
#include "spikeformer/Dialect/SNN/IR/SNNDialect.h"
#include "spikeformer/Support/LLVM.h"

namespace spikeformer {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "spikeformer/Conversion/TosaToSNN/Passes.h.inc"

} // namespace spikeformer

#endif // SPIKEFORMER_CONVERSION_TOSATOSNN_PASSES_H
