//===- CheckLog.h - what became of each check ----------------- -*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The names of checks are an interface: scripts and planted faults look for
// them.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_CHECKLOG_H
#define SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_CHECKLOG_H

#include "spikeformer/Pipelines/PluginCheckTool.h"

namespace spikeformer::plugincheck {

/// What is checked; docs/Plugins/Conformance.md describes each.
enum class Check {
  acceptsLegal,
  runsEqual,
  mapsEqual,
  sameBytes,
  bytecode,
  staysInside,
  programFiles,
  flippedBits,
  refusesIllegal,
  refusesTooLarge,
  machines
};

/// The name in reports, such as "runs-equal".
StringRef getCheckName(Check check);

/// The checks of one target.
class CheckLog {
public:
  CheckLog(const PluginCheckOptions &options, StringRef target)
      : options(options), target(target) {}

  /// One more case of `check` that is as it should be.
  void pass(Check check) { ++rows[index(check)].cases; }
  /// One more that is not. `network` is its text, empty where there is none.
  void fail(Check check, uint64_t seed, const llvm::Twine &what,
            StringRef network);
  /// Says why `check` does not apply.
  void leaveOut(Check check, const llvm::Twine &why) {
    rows[index(check)].leftOut = why.str();
  }
  /// Something to know of a check that passes.
  void remark(Check check, const llvm::Twine &what) {
    rows[index(check)].what = what.str();
  }

  bool hasFailed() const;
  /// Appends a row for every check to the array `rows`.
  void appendTo(JsonValue &rows) const;

private:
  struct Row {
    int64_t cases = 0, failures = 0;
    uint64_t seed = 0;
    /// Of the first failure.
    std::string what, kept;
    std::string leftOut;
  };
  static size_t index(Check check) { return static_cast<size_t>(check); }
  std::string keep(Check check, uint64_t seed, StringRef network) const;
  JsonValue describe(Check check) const;

  const PluginCheckOptions &options;
  StringRef target;
  std::array<Row, static_cast<size_t>(Check::machines) + 1> rows;
};

} // namespace spikeformer::plugincheck

#endif // SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_CHECKLOG_H
