//===- Version.cpp - version of the project -------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Version.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/raw_ostream.h"

llvm::StringRef spikeformer::getVersion() { return SPIKEFORMER_VERSION; }

void spikeformer::printVersion(llvm::raw_ostream &os) {
  os << "SpikeFormer " << getVersion() << " (LLVM " << LLVM_VERSION_STRING
     << ")\n";
}
