//===- Witness.h - shows that code of a plugin ran --------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A static constructor speaks as soon as the dynamic loader lets it: a test of
// a plugin that must not be loaded checks for its silence.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_LIB_PLUGINAPI_WITNESS_H
#define SPIKEFORMER_TEST_LIB_PLUGINAPI_WITNESS_H

#include <cstdio>

namespace {
struct Witness {
  Witness() { std::fputs("witness: a constructor ran\n", stderr); }
} witness;
} // namespace

#endif // SPIKEFORMER_TEST_LIB_PLUGINAPI_WITNESS_H
