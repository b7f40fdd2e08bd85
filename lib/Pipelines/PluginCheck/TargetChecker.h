//===- TargetChecker.h - all checks of one target ------------- -*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Legal networks go through most checks at once, because a compilation answers
// many questions; the code of each lies in a file of its own.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_TARGETCHECKER_H
#define SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_TARGETCHECKER_H

#include "CheckLog.h"
#include "PlanViolation.h"
#include "Sandbox.h"
#include "TestCompile.h"
#include "spikeformer/Support/Executor.h"
#include "llvm/ADT/MapVector.h"

namespace spikeformer::plugincheck {

/// Samples of a run.
constexpr int64_t numSamples = 3;

/// What a network computes, and the request that it was computed for.
struct ExpectedRun {
  RunRequest request;
  RunResult result;
  int64_t latency = 0;
};

/// Checks one target.
class TargetChecker {
public:
  TargetChecker(const Target &target, const PluginCheckOptions &options,
                const DialectRegistry &dialects, Sandbox &sandbox)
      : target(target), options(options), dialects(dialects), sandbox(sandbox),
        log(options, target.getName()) {}

  /// Errors: the sandbox cannot be written.
  llvm::Error run();
  const CheckLog &getLog() const { return log; }

private:
  //===--------------------------------------------------------------------===//
  // LegalChecks.cpp: networks that fit
  //===--------------------------------------------------------------------===//

  llvm::Error checkLegal(const Capabilities &capabilities);
  llvm::Error checkLegalNetwork(uint64_t seed, const NetworkPlan &plan,
                                bool &accepted);
  void noteRefusal(uint64_t seed, TestCompile &compile, ExitCode code);
  void reportRefusals(int64_t draws, int64_t accepted);
  llvm::Error checkSameBytes(uint64_t seed);
  void checkInside(uint64_t seed, ArrayRef<StringRef> outputs);

  //===--------------------------------------------------------------------===//
  // RunChecks.cpp: what networks and artefacts compute
  //===--------------------------------------------------------------------===//

  /// Compares the engines on `quantised`, the mapped `module` and the artefact.
  void checkRuns(uint64_t seed, ModuleOp quantised, ModuleOp module);
  void checkMapping(uint64_t seed, ModuleOp module,
                    const ExpectedRun &expected);
  /// What the artefact computes; nothing if it cannot be run.
  std::optional<RunResult> checkArtefact(uint64_t seed,
                                         const ExpectedRun &expected);

  //===--------------------------------------------------------------------===//
  // FileChecks.cpp: what the reader takes
  //===--------------------------------------------------------------------===//

  /// Runs the artefact from its program files alone, whole and damaged;
  /// `expected` is what the whole artefact computes.
  llvm::Error checkFiles(uint64_t seed, const ExpectedRun &expected);
  llvm::Error flipBits(uint64_t seed, StringRef file,
                       const ExpectedRun &expected);
  void reportFlips();

  //===--------------------------------------------------------------------===//
  // IllegalChecks.cpp: networks that do not fit
  //===--------------------------------------------------------------------===//

  llvm::Error checkIllegal(const Capabilities &capabilities);
  /// Compiles `plan`, which becomes the text, and says where its lines are.
  llvm::Expected<std::unique_ptr<TestCompile>> load(const NetworkPlan &plan,
                                                    PlanLines &lines);
  /// Whether a phase of the target makes `plan` legal, and says so.
  llvm::Expected<bool> isRetimed(const NetworkPlan &plan);
  /// One or two violations in `plan`, at different places; none if the draws
  /// failed.
  llvm::Expected<std::vector<PlanViolation>>
  breakPlan(NetworkPlan &plan, const Capabilities &capabilities,
            RandomSource &random);
  /// Whether a network was checked: nothing was broken in some draws.
  llvm::Expected<bool> checkIllegalNetwork(const Capabilities &capabilities,
                                           uint64_t seed);
  llvm::Error checkTooLarge(const Capabilities &capabilities);

  //===--------------------------------------------------------------------===//
  // MachineChecks.cpp
  //===--------------------------------------------------------------------===//

  void checkMachines();

  const Target &target;
  const PluginCheckOptions &options;
  const DialectRegistry &dialects;
  Sandbox &sandbox;
  CheckLog log;
  llvm::DefaultThreadPool pool{llvm::hardware_concurrency(3)};

  /// Text of the network that is checked.
  std::string text;
  /// Whether the target says what it runs, so that it emits programs.
  bool hasPrograms = false;
  /// How often legal networks were refused, by reason.
  llvm::MapVector<std::string, int64_t, std::map<std::string, unsigned>>
      refusals;
  int64_t flips = 0, unnoticed = 0;
  std::string firstUnnoticed;
  uint64_t unnoticedSeed = 0;
};

/// Why `module` is not the same after it was written as bytecode and read back
/// in a new context, or what of it has no encoding of its own; empty if
/// nothing is wrong.
std::string checkBytecode(ModuleOp module, const DialectRegistry &dialects);

} // namespace spikeformer::plugincheck

#endif // SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_TARGETCHECKER_H
