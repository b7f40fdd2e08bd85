//===- Passes.h - passes of the template plugin -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Declarations that tablegen makes of Passes.td.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_PASSES_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_PASSES_H

#include "IR/TemplateDialect.h"
#include "mlir/Pass/Pass.h"

namespace spikeformer::templ {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "Transforms/Passes.h.inc"

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_PASSES_H
