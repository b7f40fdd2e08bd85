//===- FileChecks.cpp - which files an artefact's reader takes ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The copy that is opened here has the files of the program and nothing else.
// Damage is either noticed when the copy is opened, or shows in what it
// computes. Some numbers are not used by a run, such as the weight of a synapse
// that no spike crosses; so a share of the flips may go unnoticed.
//
//===----------------------------------------------------------------------===//

#include "TargetChecker.h"
#include "spikeformer/Pipelines/Artefact.h"
#include "spikeformer/Pipelines/EngineComparison.h"
#include "spikeformer/Pipelines/Manifest.h"
#include "spikeformer/Support/AtomicFile.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace spikeformer;
using namespace spikeformer::plugincheck;

/// Bits of each file that are flipped, by network.
static constexpr int64_t flipsPerFile = 4;
/// One flip of this many may go unnoticed by the reader itself.
static constexpr int64_t unnoticedShare = 10;
/// Flips before a share says anything.
static constexpr int64_t leastFlips = 40;

static llvm::Error copyFile(StringRef from, StringRef to) {
  std::error_code code =
      llvm::sys::fs::create_directories(llvm::sys::path::parent_path(to));
  if (!code)
    code = llvm::sys::fs::copy_file(from, to);
  return code ? llvm::createFileError(to, code) : llvm::Error::success();
}

/// Names of the files of role program; an error at what is wrong with `files`
/// of the manifest.
static llvm::Expected<std::vector<std::string>>
listProgram(StringRef directory) {
  auto json = parseJsonFile((directory + "/" + manifestFile).str());
  if (!json)
    return json.takeError();
  auto files = json->at("files");
  auto rows = files ? files->getArray() : files.takeError();
  if (!rows)
    return rows.takeError();
  std::vector<std::string> names, program;
  for (const JsonValue &row : *rows) {
    auto name = row.at("name"), role = row.at("role");
    if (llvm::Error error =
            llvm::joinErrors(name.takeError(), role.takeError()))
      return std::move(error);
    names.push_back(llvm::cantFail(name->getString()).str());
    if (llvm::cantFail(role->getString()) == "program")
      program.push_back(names.back());
  }
  names.insert(names.end(), {manifestFile.str(), "report.json"});
  llvm::sort(names);
  if (names != listFiles(directory))
    return llvm::createStringError(
        "the manifest needs every file in its list, and no other");
  return program;
}

//===----------------------------------------------------------------------===//
// Whole
//===----------------------------------------------------------------------===//

/// What differs when the chip's files in `directory` are run; empty if nothing
/// does. A reader that crashes on damaged files has not read them with care.
static std::string runDirectly(const Target &target, StringRef directory,
                               const ExpectedRun &expected, bool &crashed) {
  std::string different;
  auto run = [&] {
    auto executor = target.openArtefact(directory);
    if (!executor) {
      different = llvm::toString(executor.takeError());
      return;
    }
    if ((*executor)->getLatency() != expected.latency) {
      different = "another latency";
      return;
    }
    auto result = (*executor)->run(expected.request);
    different =
        result ? describeDifference(expected.result, *result, expected.request)
               : llvm::toString(result.takeError());
  };
  llvm::CrashRecoveryContext recovery;
  crashed = !recovery.RunSafely(run);
  return different;
}

llvm::Error TargetChecker::checkFiles(uint64_t seed,
                                      const ExpectedRun &expected) {
  std::string from = sandbox.getPath("out/first");
  std::string chip = sandbox.getPath("out/chip");
  auto program = listProgram(from);
  if (!program)
    return program.takeError();
  for (const std::string &file : *program)
    if (llvm::Error error = copyFile(from + "/" + file, chip + "/" + file))
      return error;
  bool crashed = false;
  std::string different = runDirectly(target, chip, expected, crashed);
  if (!different.empty() || crashed)
    return llvm::createStringError(
        "with the files of role program alone: " +
        (crashed ? "the reader crashes" : different));
  log.pass(Check::programFiles);
  for (const std::string &file : *program)
    if (llvm::Error error = flipBits(seed, file, expected))
      return error;
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Damaged
//===----------------------------------------------------------------------===//

/// Whether the artefact at `directory`, one of whose files is damaged, is
/// refused by its manifest.
static bool isRefused(StringRef directory, const DialectRegistry &dialects) {
  MLIRContext context(dialects, MLIRContext::Threading::DISABLED);
  auto opened = openArtefact(directory, context);
  if (opened)
    return false;
  llvm::consumeError(opened.takeError());
  return true;
}

llvm::Error TargetChecker::flipBits(uint64_t seed, StringRef file,
                                    const ExpectedRun &expected) {
  std::string whole = sandbox.getPath("out/first") + "/" + file.str();
  std::string copy = sandbox.getPath("out/chip") + "/" + file.str();
  auto buffer = readInputFile(whole);
  if (!buffer)
    return buffer.takeError();
  std::string original = (*buffer)->getBuffer().str();
  buffer->reset();
  RandomSource random(seed);
  for (int64_t k = 0; k < flipsPerFile && !original.empty(); ++k) {
    std::string damaged = original;
    int64_t bit = random.below(8 * static_cast<int64_t>(original.size()));
    damaged[bit / 8] ^= static_cast<char>(1 << bit % 8);
    for (const std::string &path : {whole, copy})
      if (llvm::Error error = writeFileAtomically(path, damaged))
        return error;
    std::string place =
        llvm::formatv("bit {0} of byte {1} of {2}", bit % 8, bit / 8, file);
    bool crashed = false;
    bool isNoticed =
        !runDirectly(target, sandbox.getPath("out/chip"), expected, crashed)
             .empty();
    ++flips;
    if (crashed)
      log.fail(Check::flippedBits, seed, "the reader crashes on " + place,
               text);
    else if (!isRefused(sandbox.getPath("out/first"), dialects))
      log.fail(Check::flippedBits, seed,
               "the manifest does not refuse " + place, text);
    else
      log.pass(Check::flippedBits);
    if (isNoticed || crashed)
      continue;
    if (unnoticed++ == 0) {
      firstUnnoticed = place;
      unnoticedSeed = seed;
    }
  }
  if (llvm::Error error = writeFileAtomically(copy, original))
    return error;
  return writeFileAtomically(whole, original);
}

void TargetChecker::reportFlips() {
  if (flips == 0)
    return;
  std::string share =
      llvm::formatv("{0} of {1} flips change nothing that the reader or a run "
                    "shows",
                    unnoticed, flips);
  if (flips >= leastFlips && unnoticed * unnoticedShare > flips)
    log.fail(Check::flippedBits, unnoticedSeed,
             llvm::formatv("{0}, more than one of {1}; first {2}", share,
                           unnoticedShare, firstUnnoticed)
                 .str(),
             "");
  else
    log.remark(Check::flippedBits, share);
}
