//===- Interpreter.h - the engine that defines ------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plain interpreter of `snn.network`. What it computes is what a network
// means (docs/Semantics.md); every other engine is compared with it bit by bit.
// It shares no update code with them: it calls the `referenceStep` of the
// model, the `expand` of the connectivity and the `referenceEncode` of the
// encoder.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_REFERENCE_INTERPRETER_H
#define SPIKEFORMER_REFERENCE_INTERPRETER_H

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Support/Executor.h"
#include <functional>
#include <memory>

namespace spikeformer {

/// How many copies of a spike of a source element of a projection reach a
/// target neuron, both row-major: what a mapped network delivers, 1 where it is
/// right.
using DeliveredCopies =
    std::function<uint32_t(snn::ProjectOp, int64_t source, int64_t target)>;

/// The engine "reference" for `network`, which is verified and outlives it. All
/// data are read and all projections are expanded here; a diagnostic is emitted
/// where data are wrong or a number is not finite.
///
/// A run takes `timesteps + getLatency()` steps per sample. Every probe has all
/// of them, an output the `timesteps` steps from the onset of its population.
/// Probes name a population, an encoder, a state of a population, or an output.
/// An input may have any element type: each element has to be in the alphabet
/// of the input, for a float signal it is rounded once. `threads` is not used.
FailureOr<std::unique_ptr<Executor>>
createReferenceExecutor(snn::NetworkOp network,
                        const DeliveredCopies &copies = nullptr);

} // namespace spikeformer

#endif // SPIKEFORMER_REFERENCE_INTERPRETER_H
