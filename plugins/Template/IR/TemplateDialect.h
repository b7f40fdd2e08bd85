//===- TemplateDialect.h - the template dialect -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Declarations that tablegen makes of Template.td, and the row of a mapping.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_IR_TEMPLATEDIALECT_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_IR_TEMPLATEDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"

namespace spikeformer::templ {

/// Neurons [first, first + count) of a population on a core.
struct Slice {
  std::string population;
  int64_t first;
  int64_t count;
  /// MappingOp::kFree where it is still to be chosen.
  int64_t core;

  /// `"hidden"[0 : 64]`.
  std::string describe() const;
};

} // namespace spikeformer::templ

#include "IR/TemplateDialect.h.inc"
#define GET_ATTRDEF_CLASSES
#include "IR/TemplateAttributes.h.inc"
#define GET_OP_CLASSES
#include "IR/TemplateOps.h.inc"

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_IR_TEMPLATEDIALECT_H
