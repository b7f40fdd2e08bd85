//===- LegalScheme.h - the conversion that a target can run -----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A target states what it can send and hold. Of the choices of a conversion,
// those that the user made stay; the others are the first ones that leave no
// gap.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_LEGALSCHEME_H
#define LIB_PIPELINES_LEGALSCHEME_H

#include "CapabilityGaps.h"

namespace spikeformer {

/// Says what a legal plan loses, as a clause.
using LossMeasure = llvm::function_ref<std::string(const ConversionPlan &)>;

/// The first legal scheme that has what was `asked`, found by converting copies
/// of `module` with few samples; what was asked and defaults for a target that
/// states no alphabets, or if no scheme converts at all, which the conversion
/// itself says better. If what was asked is not legal, a ReportedError after a
/// diagnostic for each gap, with the nearest scheme that is.
llvm::Expected<ConversionScheme> chooseLegalScheme(ModuleOp module,
                                                   const ConversionPlan &plan,
                                                   const AskedScheme &asked,
                                                   const Target &target,
                                                   LossMeasure measure);

} // namespace spikeformer

#endif // LIB_PIPELINES_LEGALSCHEME_H
