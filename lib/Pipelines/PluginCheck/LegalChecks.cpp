//===- LegalChecks.cpp - networks that a target has to run ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TargetChecker.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace spikeformer;
using namespace spikeformer::plugincheck;

/// Draws per network that is wanted.
static constexpr int64_t maxDrawsPerNetwork = 2;
/// Reasons of refusals that are listed.
static constexpr size_t numReasons = 3;

/// The directories of the two artefacts.
static constexpr StringLiteral first = "out/first", second = "out/second";

//===----------------------------------------------------------------------===//
// Refusals
//===----------------------------------------------------------------------===//

/// The rule of an error, without what differs from network to network.
static std::string getReason(const ErrorEntry &error) {
  JsonValue json = error.toJson();
  std::string rule = llvm::cantFail(json.find("rule")->getString()).str();
  std::string reason;
  bool isQuoted = false;
  for (char c : rule) {
    isQuoted ^= c == '"';
    if (!isQuoted && !llvm::isDigit(c) && c != '"')
      reason += c;
  }
  return reason;
}

/// A refusal is no fault as long as it is rare and says where.
void TargetChecker::noteRefusal(uint64_t seed, TestCompile &compile,
                                ExitCode code) {
  if (compile.getErrors().empty() || code == exitCannotRun) {
    log.fail(Check::acceptsLegal, seed,
             "the compilation breaks off: " + compile.getFirstError(), text);
    return;
  }
  if (!llvm::any_of(compile.getErrors(), isLocated))
    log.fail(Check::acceptsLegal, seed,
             "a refusal needs a place in the source, has none: " +
                 compile.getFirstError(),
             text);
  ++refusals[getReason(compile.getErrors().front())];
}

void TargetChecker::reportRefusals(int64_t draws, int64_t accepted) {
  auto sorted = refusals.takeVector();
  llvm::sort(sorted, [](const auto &a, const auto &b) {
    return std::tie(b.second, a.first) < std::tie(a.second, b.first);
  });
  std::vector<std::string> reasons;
  for (const auto &[reason, count] : ArrayRef(sorted).take_front(numReasons))
    reasons.push_back(reason + " (" + std::to_string(count) + ")");
  std::string list =
      llvm::formatv("{0} of {1} networks are accepted{2}{3}", accepted, draws,
                    reasons.empty() ? "" : "; refused most often for: ",
                    llvm::join(reasons, ", "));
  if (accepted * maxDrawsPerNetwork < draws)
    log.fail(Check::acceptsLegal, options.seed,
             "the capabilities promise more than the target does: " + list, "");
  else
    log.remark(Check::acceptsLegal, list);
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

void TargetChecker::checkInside(uint64_t seed, ArrayRef<StringRef> outputs) {
  std::string stray = sandbox.findStray(outputs);
  if (stray.empty())
    log.pass(Check::staysInside);
  else
    log.fail(Check::staysInside, seed,
             "'" + stray + "' is left beside the output", text);
}

/// The name of the first file that differs; empty if none does.
static std::string findDifferentFile(StringRef a, StringRef b) {
  std::vector<std::string> files = listFiles(a);
  if (files != listFiles(b))
    return "the list of files";
  for (const std::string &file : files) {
    auto left = llvm::MemoryBuffer::getFile(a + "/" + file);
    auto right = llvm::MemoryBuffer::getFile(b + "/" + file);
    if (!left || !right || (*left)->getBuffer() != (*right)->getBuffer())
      return file;
  }
  return "";
}

/// Compiles again from another directory, by a path that is relative, with
/// more threads, to another name.
llvm::Error TargetChecker::checkSameBytes(uint64_t seed) {
  if (llvm::Error error = sandbox.enter("b"))
    return error;
  TestCompile again(dialects, target, "../in/net.mlir", "../" + second.str(),
                    &pool);
  ExitCode code = again.run();
  if (llvm::Error error = sandbox.enter("a"))
    return error;
  std::string different =
      code == exitDone
          ? findDifferentFile(sandbox.getPath(first), sandbox.getPath(second))
          : "the second compilation fails: " + again.getFirstError();
  if (different.empty())
    log.pass(Check::sameBytes);
  else
    log.fail(Check::sameBytes, seed, "two compilations differ in " + different,
             text);
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// One network
//===----------------------------------------------------------------------===//

llvm::Error TargetChecker::checkLegalNetwork(uint64_t seed,
                                             const NetworkPlan &plan,
                                             bool &accepted) {
  sandbox.clear();
  text = plan.print().first;
  if (llvm::Error error = sandbox.setSource(text))
    return error;
  if (llvm::Error error = sandbox.enter("a"))
    return error;
  TestCompile compile(dialects, target, sandbox.getSource(),
                      sandbox.getPath(first));
  OwningOpRef<ModuleOp> quantised;
  std::string bytecode;
  ExitCode code = compile.run([&](Phase phase, ModuleOp module) {
    if (phase <= Phase::quantize)
      quantised = module.clone();
    if (bytecode.empty())
      if (std::string what = checkBytecode(module, dialects); !what.empty())
        bytecode = "behind " + getPhaseName(phase).str() + ": " + what;
    return llvm::Error::success();
  });
  accepted = code == exitDone;
  if (!accepted) {
    noteRefusal(seed, compile, code);
    checkInside(seed, {});
    return llvm::Error::success();
  }
  log.pass(Check::acceptsLegal);
  checkInside(seed, {first});
  if (bytecode.empty())
    log.pass(Check::bytecode);
  else
    log.fail(Check::bytecode, seed, bytecode, text);
  if (llvm::Error error = checkSameBytes(seed))
    return error;
  checkRuns(seed, *quantised, compile.getModule());
  return llvm::Error::success();
}

llvm::Error TargetChecker::checkLegal(const Capabilities &capabilities) {
  int64_t draws = 0, accepted = 0;
  while (accepted < options.legal &&
         draws < maxDrawsPerNetwork * options.legal) {
    uint64_t seed = options.seed + draws++;
    bool fits = false;
    if (llvm::Error error =
            checkLegalNetwork(seed, makeRandomPlan(capabilities, seed), fits))
      return error;
    accepted += fits;
  }
  if (draws != 0)
    reportRefusals(draws, accepted);
  reportFlips();
  return llvm::Error::success();
}
