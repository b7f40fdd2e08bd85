//===- CheckLog.cpp - what became of each check ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckLog.h"
#include "spikeformer/Support/AtomicFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace spikeformer;
using namespace spikeformer::plugincheck;

static constexpr StringLiteral checkNames[] = {
    "accepts-legal",   "runs-equal",        "maps-equal",    "same-bytes",
    "bytecode",        "stays-inside",      "program-files", "flipped-bits",
    "refuses-illegal", "refuses-too-large", "machines"};

StringRef plugincheck::getCheckName(Check check) {
  return checkNames[static_cast<size_t>(check)];
}

/// Writes a network that fails; returns its path, or why there is none.
std::string CheckLog::keep(Check check, uint64_t seed,
                           StringRef network) const {
  if (options.keep.empty() || network.empty())
    return "";
  llvm::SmallString<256> path(options.keep);
  llvm::sys::path::append(path, target + "-" + getCheckName(check) + "-" +
                                    llvm::Twine(seed) + ".mlir");
  if (llvm::Error error = writeFileAtomically(path, network))
    return llvm::toString(std::move(error));
  return path.str().str();
}

void CheckLog::fail(Check check, uint64_t seed, const llvm::Twine &what,
                    StringRef network) {
  Row &row = rows[index(check)];
  ++row.cases;
  if (++row.failures > 1)
    return;
  row.seed = seed;
  row.what = what.str();
  row.kept = keep(check, seed, network);
}

bool CheckLog::hasFailed() const {
  return llvm::any_of(rows, [](const Row &row) { return row.failures != 0; });
}

JsonValue CheckLog::describe(Check check) const {
  const Row &row = rows[index(check)];
  bool ran = row.cases != 0;
  StringRef result = row.failures != 0 ? "failed"
                     : ran             ? "passed"
                                       : "not applicable";
  std::string what = ran ? row.what : row.leftOut;
  JsonValue object = JsonValue::object();
  object.set("target", target)
      .set("check", getCheckName(check))
      .set("result", result)
      .set("cases", row.cases)
      .set("failures", row.failures)
      .set("seed", row.failures != 0 ? JsonValue(row.seed) : JsonValue())
      .set("what", what.empty() ? JsonValue() : JsonValue(what))
      .set("kept", row.kept.empty() ? JsonValue() : JsonValue(row.kept));
  return object;
}

void CheckLog::appendTo(JsonValue &list) const {
  for (size_t k = 0; k < rows.size(); ++k)
    list.push(describe(static_cast<Check>(k)));
}
