//===- KeyProblem.cpp - keys for every message ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/KeyProblem.h"
#include "KeyBlocks.h"
#include "TernaryBlocks.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace spikeformer;

std::string spikeformer::describeMessage(const KeyProblem &problem,
                                         size_t message) {
  if (!problem.messages.names.empty())
    return "message '" + problem.messages.names[message] + "'";
  return "message of slice '" +
         problem.slices.names[problem.messages.sources[message]] + "'";
}

std::string spikeformer::describeBlock(KeyBlock block) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format_hex(block.key, 10) << "/"
                                 << llvm::format_hex(block.mask, 10);
  return text;
}

namespace {

/// Finds what is wrong with a pin or with the answer for a message: both are
/// blocks with the same rules.
class BlockCheck {
public:
  BlockCheck(const KeyProblem &problem, const KeyAllocation &keys,
             llvm::StringRef prefix, Violations &violations)
      : problem(problem), keys(keys), prefix(prefix), violations(violations) {}

  void checkBlocks();

private:
  void fail(llvm::StringRef rule, size_t message, std::string text,
            std::string need = "", std::string have = "") {
    violations.push_back({(prefix + rule).str(),
                          describeMessage(problem, message), std::move(text),
                          std::move(need), std::move(have), ""});
  }
  bool checkShape(size_t message);
  void checkOverlaps(std::vector<uint32_t> wellFormed);

  const KeyProblem &problem;
  const KeyAllocation &keys;
  llvm::StringRef prefix;
  Violations &violations;
};

} // namespace

/// True if the block can be compared with others.
bool BlockCheck::checkShape(size_t message) {
  KeyBlock block = keys[message];
  uint64_t limit = uint64_t(1) << problem.keyBits;
  if ((block.key & ~block.mask) != 0) {
    fail("outside-mask", message,
         "block " + describeBlock(block) +
             " has bits of the key outside its mask");
    return false;
  }
  if (!isAligned(block)) {
    fail("mask", message,
         "mask of block " + describeBlock(block) +
             " does not leave low bits free and only those");
    return false;
  }
  if (block.key + block.size() > limit)
    fail("bits", message,
         "block " + describeBlock(block) + " has bits above those of a key", "",
         llvm::utostr(problem.keyBits) + " bits");
  uint64_t need = uint64_t(problem.messages.numKeys[message])
                  << problem.reservedBits;
  if (block.size() < need)
    fail("too-few", message, "block " + describeBlock(block) + " is too small",
         llvm::utostr(need) + " keys", llvm::utostr(block.size()));
  return true;
}

void BlockCheck::checkOverlaps(std::vector<uint32_t> wellFormed) {
  llvm::sort(wellFormed, [&](uint32_t a, uint32_t b) {
    return std::make_pair(keys[a].key, a) < std::make_pair(keys[b].key, b);
  });
  // Aligned blocks are intervals: one overlaps those before it exactly if it
  // overlaps the one that reaches furthest.
  uint32_t furthest = noIndex;
  for (uint32_t message : wellFormed) {
    if (furthest != noIndex && keys[furthest].intersects(keys[message]))
      fail("shared", message,
           "block " + describeBlock(keys[message]) + " shares keys with " +
               describeBlock(keys[furthest]) + " of " +
               describeMessage(problem, furthest));
    if (furthest == noIndex || keys[furthest].key + keys[furthest].size() <
                                   keys[message].key + keys[message].size())
      furthest = message;
  }
}

void BlockCheck::checkBlocks() {
  std::vector<uint32_t> wellFormed;
  for (size_t message = 0; message < keys.size(); ++message)
    if (!isFree(keys[message]) && checkShape(message))
      wellFormed.push_back(message);
  checkOverlaps(std::move(wellFormed));
}

/// What is wrong with the numbers of bits; the rest needs them to be right.
static bool checkBits(const KeyProblem &problem, Violations &violations) {
  if (problem.keyBits >= 1 && problem.keyBits <= 32 &&
      problem.reservedBits <= problem.keyBits)
    return true;
  violations.push_back({"key-bits", "keys",
                        "a key has 1 to 32 bits, of which the software keeps "
                        "at most all",
                        "",
                        llvm::utostr(problem.keyBits) + " bits, " +
                            llvm::utostr(problem.reservedBits) +
                            " of them kept",
                        ""});
  return false;
}

Violations KeyProblem::check() const {
  Violations violations = messages.check(slices.size());
  if (!violations.empty() || !checkBits(*this, violations))
    return violations;
  if (!pins.empty() && pins.size() != messages.size()) {
    violations.push_back(
        {"pin-columns", "pins", "there is not one for every message",
         llvm::utostr(messages.size()), llvm::utostr(pins.size()), ""});
    return violations;
  }
  BlockCheck(*this, pins, "pin-", violations).checkBlocks();
  uint64_t need = 0;
  for (size_t message = 0; message < messages.size(); ++message)
    need += pins.empty() || isFree(pins[message])
                ? uint64_t(1) << getBlockBits(*this, message)
                : pins[message].size();
  uint64_t have = uint64_t(1) << keyBits;
  if (need > have)
    violations.push_back(
        {"key-space", "keys",
         "there are too few for the blocks of all messages", llvm::utostr(need),
         llvm::utostr(have),
         "fewer senders a message, or fewer bits that the software keeps"});
  return violations;
}

Violations KeyProblem::verify(const KeyAllocation &keys) const {
  Violations violations;
  if (keys.size() != messages.size()) {
    violations.push_back(
        {"key-columns", "keys", "there is not one block for every message",
         llvm::utostr(messages.size()), llvm::utostr(keys.size()), ""});
    return violations;
  }
  for (size_t message = 0; message < keys.size(); ++message) {
    auto fail = [&](const char *rule, std::string text) {
      violations.push_back(
          {rule, describeMessage(*this, message), std::move(text), "", "", ""});
    };
    if (isFree(keys[message]))
      fail("key-missing", "it has no keys");
    else if (!pins.empty() && !isFree(pins[message]) &&
             !(pins[message] == keys[message]))
      fail("key-pin", "block " + describeBlock(keys[message]) +
                          " is not the pinned one, " +
                          describeBlock(pins[message]));
  }
  BlockCheck(*this, keys, "key-", violations).checkBlocks();
  return violations;
}
