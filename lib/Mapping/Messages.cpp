//===- Messages.cpp - what slices send to each other ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/Messages.h"

using namespace spikeformer;

void Messages::add(uint32_t source, llvm::ArrayRef<uint32_t> to,
                   double packetsPerTime, uint32_t keys) {
  sources.push_back(source);
  targets.insert(targets.end(), to.begin(), to.end());
  offsets.push_back(targets.size());
  packets.push_back(packetsPerTime);
  numKeys.push_back(keys);
}

static void checkMessage(const Messages &messages, size_t index,
                         size_t numSlices, Violations &violations) {
  auto fail = [&](const char *rule, std::string text) {
    violations.push_back({rule, "message " + std::to_string(index),
                          std::move(text), "", "", ""});
  };
  if (messages.sources[index] >= numSlices)
    fail("message-source", "its source is no slice");
  llvm::ArrayRef<uint32_t> targets = messages.targetsOf(index);
  for (auto [i, target] : llvm::enumerate(targets)) {
    if (target >= numSlices)
      fail("message-target", "a target is no slice");
    if (i > 0 && targets[i - 1] >= target)
      fail("message-order", "its targets are not in ascending order");
  }
  // Written so that a number that is none fails too.
  if (!(messages.packets[index] >= 0))
    fail("message-packets", "its packets are less than 0");
  if (messages.numKeys[index] == 0)
    fail("message-keys", "it needs at least one key");
}

Violations Messages::check(size_t numSlices) const {
  Violations violations;
  size_t count = sources.size();
  bool fits = offsets.size() == count + 1 && packets.size() == count &&
              numKeys.size() == count && offsets.front() == 0 &&
              offsets.back() == targets.size() &&
              (names.empty() || names.size() == count) &&
              std::is_sorted(offsets.begin(), offsets.end());
  if (!fits) {
    violations.push_back({"message-columns", "messages",
                          "their columns do not fit each other", "", "", ""});
    return violations;
  }
  for (size_t index = 0; index < count; ++index)
    checkMessage(*this, index, numSlices, violations);
  return violations;
}
