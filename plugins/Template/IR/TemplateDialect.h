//===- TemplateDialect.h - the template dialect -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Declarations that tablegen makes of Template.td.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_IR_TEMPLATEDIALECT_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_IR_TEMPLATEDIALECT_H

#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"

#include "IR/TemplateDialect.h.inc"
#define GET_ATTRDEF_CLASSES
#include "IR/TemplateAttributes.h.inc"

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_IR_TEMPLATEDIALECT_H
