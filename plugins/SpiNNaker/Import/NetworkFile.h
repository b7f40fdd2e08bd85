//===- NetworkFile.h - reading machine graphs -------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Files of format spinnaker-network/1: vertices with their memory, nets with
// their targets, keys and packets.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_SPINNAKER_IMPORT_NETWORKFILE_H
#define SPIKEFORMER_PLUGINS_SPINNAKER_IMPORT_NETWORKFILE_H

#include "spikeformer/Mapping/KeyProblem.h"
#include "llvm/Support/Error.h"

namespace spikeformer::spinnaker {

/// A machine graph: what is to be placed and what is sent.
struct NetworkFile {
  std::string name;
  /// SpiNN-5 boards that the file was made for; 0 if it does not say.
  uint32_t boards = 0;
  /// A vertex is a slice; its usage is that of makeMachineGraph (Board.h). A
  /// vertex with k cores is k slices of one cluster: id, id/1, ...
  SliceList slices;
  Messages messages;
  /// The keys that nets state, for KeyProblem::pins; empty if none does. A key
  /// without a mask is that one key.
  KeyAllocation keys;
};

/// Reads `contents` of `file`, which may be compressed by gzip. The error is
/// located.
llvm::Expected<NetworkFile> readNetworkFile(llvm::StringRef contents,
                                            llvm::StringRef file);

} // namespace spikeformer::spinnaker

#endif // SPIKEFORMER_PLUGINS_SPINNAKER_IMPORT_NETWORKFILE_H
