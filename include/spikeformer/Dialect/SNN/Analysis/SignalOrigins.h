//===- SignalOrigins.h - whose elements a signal has ------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between what sends and a projection lie operations that only move elements.
// Mapping asks whose neurons a projection's source elements are.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_ANALYSIS_SIGNALORIGINS_H
#define SPIKEFORMER_DIALECT_SNN_ANALYSIS_SIGNALORIGINS_H

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"

namespace spikeformer::snn {

/// Elements [first, first + count) of `origin`, row-major: what a population,
/// an encoder or a constant sends, or an argument of the network.
struct OriginRun {
  Value origin;
  int64_t first, count;
};

/// The elements of `signal` in row-major order, as runs, through reshape,
/// concat, slice and delay. Fails with a diagnostic at a pool, whose elements
/// are nobody's, and at a population of which it is a state.
FailureOr<SmallVector<OriginRun>> traceSignal(Value signal);

/// The populations of `network` and whatever else its projections take spikes
/// of, arguments first, then in the order of operations. Fails with a
/// diagnostic for each signal that cannot be traced.
FailureOr<SmallVector<Value>> listOrigins(NetworkOp network);

/// The name of an origin: that of its population or encoder, `input0` for
/// arguments (`input0_` if a population is called so), `constant0` for
/// constants.
std::string getOriginName(Value origin);

/// Lower-case hexadecimal digits of the SHA-256 of the text of `network` and of
/// the symbols that it uses.
std::string getNetworkDigest(NetworkOp network);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_ANALYSIS_SIGNALORIGINS_H
