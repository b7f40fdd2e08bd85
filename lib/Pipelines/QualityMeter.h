//===- QualityMeter.h - measuring what a conversion lost --------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a converted network and the float network on the same samples and
// compares them element by element.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_QUALITYMETER_H
#define LIB_PIPELINES_QUALITYMETER_H

#include "ConversionTrial.h"
#include "spikeformer/Pipelines/ConversionQuality.h"

namespace spikeformer {

/// Compares `trial` with `main`, the float network that it was made of, on the
/// samples of `reference`, at most the first 128.
llvm::Expected<ConversionQuality>
measureQuality(ConversionTrial &trial, func::FuncOp main,
               const FloatReference &reference);

} // namespace spikeformer

#endif // LIB_PIPELINES_QUALITYMETER_H
