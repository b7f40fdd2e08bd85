//===- DiffMargin.h - why two runs differ first -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_DIFFMARGIN_H
#define LIB_PIPELINES_DIFFMARGIN_H

#include "DiffMatch.h"

namespace spikeformer {

/// Fills the margins and the cause of the first difference, which is one of
/// `signal`: how far the potentials were from the threshold when one side fired
/// and the other did not. Leaves out what cannot be known: a recording has no
/// potentials, and one that was reset to a value is gone.
void explain(Divergence &first, const CommonSignal &signal, DiffSide &a,
             DiffSide &b);

} // namespace spikeformer

#endif // LIB_PIPELINES_DIFFMARGIN_H
