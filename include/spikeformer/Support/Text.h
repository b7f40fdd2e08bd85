//===- Text.h - words for messages ------------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_TEXT_H
#define SPIKEFORMER_SUPPORT_TEXT_H

#include "spikeformer/Support/LLVM.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace spikeformer {

/// The shortest decimal number that reads back as `number`: "0.1", "3".
std::string formatNumber(double number);

/// The one of `candidates` whose spelling is nearest to `name`; empty if none
/// is near. A part of the name left out or added counts as one mistake.
StringRef findSimilar(StringRef name, ArrayRef<StringRef> candidates);

/// "; did you mean 'x'?", or nothing where no candidate is near.
std::string suggest(StringRef name, ArrayRef<StringRef> candidates);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_TEXT_H
