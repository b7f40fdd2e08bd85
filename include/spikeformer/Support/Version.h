//===- Version.h - version of the project -----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_VERSION_H
#define SPIKEFORMER_SUPPORT_VERSION_H

#include "llvm/ADT/StringRef.h"

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace spikeformer {
/// Version of the project, such as "0.1.0".
llvm::StringRef getVersion();

/// Prints the version of the project and of the LLVM it was built with; every
/// tool registers it with `llvm::cl::SetVersionPrinter`.
void printVersion(llvm::raw_ostream &os);
} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_VERSION_H
