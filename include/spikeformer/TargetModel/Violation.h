//===- Violation.h - what is wrong with a problem ---------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Questions and answers of mapping are checked without MLIR, so what is wrong
// is data: the caller turns it into diagnostics, JSON or text.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TARGETMODEL_VIOLATION_H
#define SPIKEFORMER_TARGETMODEL_VIOLATION_H

#include <string>
#include <vector>

namespace spikeformer {

/// One thing that is wrong.
struct Violation {
  /// Stable name of the rule, such as "core-over-capacity".
  std::string rule;
  /// What it is about, such as "slice 'hidden[0:64]'".
  std::string subject;
  /// What is wrong with it: a clause in lower case, no full stop.
  std::string message;
  /// The amounts, with units, and the nearest change that fits; each may be
  /// empty.
  std::string need, have, next;

  /// "subject: message (need N, have H); next", without what is empty.
  std::string str() const;
};

/// All that is wrong, in the order of the data. Empty: nothing is.
using Violations = std::vector<Violation>;

} // namespace spikeformer

#endif // SPIKEFORMER_TARGETMODEL_VIOLATION_H
