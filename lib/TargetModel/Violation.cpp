//===- Violation.cpp - what is wrong with a problem -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/TargetModel/Violation.h"

using namespace spikeformer;

std::string Violation::str() const {
  std::string text = subject.empty() ? message : subject + ": " + message;
  if (!need.empty() && !have.empty())
    text += " (need " + need + ", have " + have + ")";
  else if (!need.empty() || !have.empty())
    text += need.empty() ? " (have " + have + ")" : " (need " + need + ")";
  return next.empty() ? text : text + "; " + next;
}
