//===- Capabilities.cpp - what the target can run -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the imaginary silicon offers; the numbers are those of Chip.h.
//
//===----------------------------------------------------------------------===//

#include "TargetModel/Capabilities.h"
#include "TargetModel/Chip.h"

using namespace spikeformer;
using namespace spikeformer::templ;

static Capabilities make() {
  Capabilities c;
  c.alphabets = {"binary"};
  c.models = {"if", "lif", "template.accumulate"};
  c.resets = {"subtract", "to_value"};
  c.fires = {"at_or_above"};
  c.when = {"same_step"};
  c.integrations = {"discrete"};
  c.delayMinimum = delayRange.low;
  c.delayMaximum = delayRange.high;
  c.readouts = {"count", "first_spike"};
  c.initialPotential = true;
  c.bias = true;
  c.gatedOnset = true;
  c.recurrence = true;
  return c;
}

const Capabilities &templ::getCapabilities() {
  static const Capabilities capabilities = make();
  return capabilities;
}
