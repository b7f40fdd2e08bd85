//===- PartitionSets.h - neurons that belong together -----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Neurons of a list of synapses need not be numbered by who they talk to. This
// asks the partitioner which of them should share a slice.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_DIALECT_PNR_TRANSFORMS_PARTITIONSETS_H
#define SPIKEFORMER_LIB_DIALECT_PNR_TRANSFORMS_PARTITIONSETS_H

#include "SpikeRates.h"
#include "spikeformer/Dialect/SNN/Analysis/SliceSynapses.h"

namespace spikeformer::pnr {

/// True if neurons of `origin` may belong together that are not numbered so: it
/// has one dimension and several slices, and synapses of `projects`, which come
/// from it or go to it, are listed.
bool mayHideSets(Value origin, ArrayRef<snn::ProjectOp> projects,
                 const snn::NetworkCuts &cuts);

/// The origins with several slices that send to `origin` one to one over
/// `projects`.
SmallVector<Value> listPartners(Value origin, ArrayRef<snn::ProjectOp> projects,
                                const snn::NetworkCuts &cuts);

/// At most as many sets of neurons of `origin` as it has slices now, each of at
/// most `most`, that talk to few slices, by the
/// tables of lists and of one to one.
/// Empty if they have too many synapses for this, or it finds no sets.
std::vector<snn::NeuronRanges> findNeuronSets(Value origin, int64_t most,
                                              ArrayRef<snn::ProjectOp> projects,
                                              const snn::NetworkCuts &cuts,
                                              const snn::IncomingTables &tables,
                                              const SpikeRates &rates);

} // namespace spikeformer::pnr

#endif // SPIKEFORMER_LIB_DIALECT_PNR_TRANSFORMS_PARTITIONSETS_H
