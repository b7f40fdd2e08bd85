//===- NeuronTypes.h - types of neurons and synapses ------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_SONATA_NEURONTYPES_H
#define LIB_IMPORT_SONATA_NEURONTYPES_H

#include "Network.h"

namespace spikeformer::sonata {

/// The types of neurons of `table`. What cannot be imported goes to `problems`,
/// with its cell.
std::map<uint64_t, NeuronType> readNeuronTypes(const TypeTable &table,
                                               const Config &config,
                                               Problems &problems);

/// A type of synapse.
struct SynapseType {
  /// Per edge if the table has none.
  std::optional<double> weight, delay;
  double sign = 1;
};

/// The types of synapses of `table`, likewise.
std::map<uint64_t, SynapseType> readSynapseTypes(const TypeTable &table,
                                                 const Config &config,
                                                 Problems &problems);

} // namespace spikeformer::sonata

#endif // LIB_IMPORT_SONATA_NEURONTYPES_H
