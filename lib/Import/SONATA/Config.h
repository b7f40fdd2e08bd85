//===- Config.h - SONATA configurations -------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_SONATA_CONFIG_H
#define LIB_IMPORT_SONATA_CONFIG_H

#include "Problems.h"
#include <map>

namespace spikeformer::sonata {

/// A file that the configuration names, and where it does.
struct NamedFile {
  /// Relative to the working directory, or absolute.
  std::string path;
  JsonValue where;
};

/// Arrays and the table that they refer to.
struct FilePair {
  NamedFile data, types;
};

/// What of a configuration counts here.
struct Config {
  std::vector<FilePair> nodes, edges;
  /// Directories of the parameters of neurons and synapses; empty if the
  /// configuration has none.
  std::string neuronDirectory, synapseDirectory;
  /// In ms.
  std::optional<double> dt, stop;
  /// Names of populations that get spikes from a file, and what says so.
  std::vector<std::pair<std::string, JsonValue>> inputs;
};

/// Reads the configuration at `path` and the one that it refers to. What is
/// wrong, also inputs that are no spikes, goes to `problems`.
Config readConfig(StringRef path, Problems &problems);

} // namespace spikeformer::sonata

#endif // LIB_IMPORT_SONATA_CONFIG_H
