//===- MachineSpec.h - machines named on a command line ---------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `NAME[:key=value,...]`, as --machine takes it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TARGETMODEL_MACHINESPEC_H
#define SPIKEFORMER_TARGETMODEL_MACHINESPEC_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spikeformer {

/// A machine as the user named it.
struct MachineSpec {
  std::string name;
  /// In the order given, each key once.
  std::vector<std::pair<std::string, std::string>> options;

  /// The error says what a specification looks like.
  static llvm::Expected<MachineSpec> parse(llvm::StringRef text);

  /// Fails on the first key that is not among `known`, listing those.
  llvm::Error checkKeys(llvm::ArrayRef<llvm::StringRef> known) const;
  /// The value of `key`; none if it was not given.
  std::optional<llvm::StringRef> find(llvm::StringRef key) const;
  /// The value of `key` as a number from `least` to `most`, `otherwise` if it
  /// was not given.
  llvm::Expected<uint64_t> getNumber(llvm::StringRef key, uint64_t otherwise,
                                     uint64_t least, uint64_t most) const;
};

} // namespace spikeformer

#endif // SPIKEFORMER_TARGETMODEL_MACHINESPEC_H
