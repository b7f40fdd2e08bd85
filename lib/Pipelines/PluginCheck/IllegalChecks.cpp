//===- IllegalChecks.cpp - networks that a target has to refuse -----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A refusal is good if it stands at the operation at fault and says rule, need,
// have and what to do; and nothing may be written.
//
//===----------------------------------------------------------------------===//

#include "TargetChecker.h"
#include "spikeformer/Dialect/SNN/Analysis/Relations.h"
#include "llvm/Support/FormatVariadic.h"

using namespace spikeformer;
using namespace spikeformer::plugincheck;

/// Draws until something is broken.
static constexpr int64_t maxDraws = 100;
/// Sizes of a population between which the largest one that fits is looked for.
static constexpr int64_t smallPopulation = 1024, largePopulation = 1 << 17;
/// Networks that are too large.
static constexpr int64_t numTooLarge = 3;

static constexpr StringLiteral output = "out/refused";

/// Whether `error` says everything that a user needs.
static bool isComplete(const ErrorEntry &error) {
  JsonValue json = error.toJson();
  return llvm::all_of(ArrayRef<StringRef>{"rule", "need", "have", "next"},
                      [&](StringRef key) { return !json.find(key)->isNull(); });
}

//===----------------------------------------------------------------------===//
// What capabilities do not list
//===----------------------------------------------------------------------===//

/// Indices of the errors at `place`.
static std::vector<size_t> findErrorsAt(const PlanPlace &place,
                                        const NetworkPlan &plan,
                                        const PlanLines &lines,
                                        ArrayRef<ErrorEntry> errors) {
  std::vector<unsigned> where = place.getLines(plan, lines);
  std::vector<size_t> found;
  for (auto [index, error] : llvm::enumerate(errors))
    if (isLocated(error) && llvm::is_contained(where, getLine(error)))
      found.push_back(index);
  return found;
}

/// What is wrong with the refusal of `plan`; empty if it is as it should be.
static std::string judge(ArrayRef<PlanViolation> violations,
                         const NetworkPlan &plan, const PlanLines &lines,
                         const TestCompile &compile, ExitCode code) {
  ArrayRef<ErrorEntry> errors = compile.getErrors();
  if (code == exitDone)
    return "accepted: " + violations.front().what +
           (violations.size() > 1 ? " and " + violations.back().what : "");
  if (code == exitCannotRun)
    return "the compilation breaks off instead of refusing " +
           violations.front().what + ": " + compile.getFirstError();
  for (const PlanViolation &violation : violations) {
    std::vector<size_t> found =
        findErrorsAt(violation.place, plan, lines, errors);
    if (found.empty())
      return "no error at the line of " + violation.what +
             "; first: " + compile.getFirstError();
    if (llvm::none_of(found, [&](size_t k) { return isComplete(errors[k]); }))
      return "the error for " + violation.what +
             " needs the form 'rule: needs X, has Y; what to do', has '" +
             errors[found.front()].message + "'";
  }
  return "";
}

llvm::Expected<std::unique_ptr<TestCompile>>
TargetChecker::load(const NetworkPlan &plan, PlanLines &lines) {
  sandbox.clear();
  std::tie(text, lines) = plan.print();
  if (llvm::Error error = sandbox.setSource(text))
    return std::move(error);
  return std::make_unique<TestCompile>(dialects, target, sandbox.getSource(),
                                       sandbox.getPath(output));
}

llvm::Expected<bool> TargetChecker::isRetimed(const NetworkPlan &plan) {
  PlanLines lines;
  auto compile = load(plan, lines);
  if (!compile)
    return compile.takeError();
  // What the later steps do to other delays may be refused at those.
  (void)(*compile)->run();
  bool found = false;
  if (!(*compile)->getModule())
    return false;
  (*compile)->getModule()->getAttrDictionary().walk(
      [&](snn::RelationAttr relation) {
        found |= relation.getKind() == snn::RelationKind::retimed;
      });
  return found;
}

llvm::Expected<std::vector<PlanViolation>>
TargetChecker::breakPlan(NetworkPlan &plan, const Capabilities &capabilities,
                         RandomSource &random) {
  size_t wanted = random.chance(0.4) ? 2 : 1;
  std::vector<PlanViolation> violations;
  for (int64_t k = 0; k < maxDraws && violations.size() < wanted; ++k) {
    NetworkPlan copy = plan;
    auto violation = violate(copy, capabilities, random);
    if (!violation ||
        (!violations.empty() && violations.front().place == violation->place))
      continue;
    if (violation->mayBeRetimed && !violations.empty())
      continue;
    if (violation->mayBeRetimed) {
      auto isLegal = isRetimed(copy);
      if (!isLegal)
        return isLegal.takeError();
      if (*isLegal)
        continue;
    }
    violations.push_back(std::move(*violation));
    plan = std::move(copy);
  }
  return violations;
}

llvm::Expected<bool>
TargetChecker::checkIllegalNetwork(const Capabilities &capabilities,
                                   uint64_t seed) {
  NetworkPlan plan = makeRandomPlan(capabilities, seed);
  PlanLines lines;
  // What is refused for another reason says nothing about this one.
  auto legal = load(plan, lines);
  if (!legal)
    return legal.takeError();
  if ((*legal)->run() != exitDone)
    return false;
  RandomSource random(seed);
  auto violations = breakPlan(plan, capabilities, random);
  if (!violations)
    return violations.takeError();
  if (violations->empty())
    return false;
  auto illegal = load(plan, lines);
  if (!illegal)
    return illegal.takeError();
  ExitCode code = (*illegal)->run();
  std::string wrong = judge(*violations, plan, lines, **illegal, code);
  if (wrong.empty())
    log.pass(Check::refusesIllegal);
  else
    log.fail(Check::refusesIllegal, seed, wrong, text);
  if (code != exitDone)
    checkInside(seed, {});
  return true;
}

llvm::Error TargetChecker::checkIllegal(const Capabilities &capabilities) {
  if (!canViolate(capabilities)) {
    log.leaveOut(Check::refusesIllegal,
                 "the capabilities list everything that core can spell");
    return llvm::Error::success();
  }
  int64_t draws = 0, checked = 0;
  while (checked < options.illegal && draws < 3 * options.illegal) {
    auto isChecked = checkIllegalNetwork(capabilities, options.seed + draws++);
    if (!isChecked)
      return isChecked.takeError();
    checked += *isChecked;
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Networks that are too large
//===----------------------------------------------------------------------===//

llvm::Error TargetChecker::checkTooLarge(const Capabilities &capabilities) {
  int64_t neurons = smallPopulation, checked = 0;
  while (checked < numTooLarge && neurons <= largePopulation) {
    PlanLines lines;
    auto loaded = load(makeWidePlan(capabilities, neurons), lines);
    if (!loaded)
      return loaded.takeError();
    TestCompile &compile = **loaded;
    ExitCode code = compile.run();
    neurons *= 2;
    if (code == exitDone)
      continue;
    ++checked;
    checkInside(0, {});
    bool isGood = code == exitRefused &&
                  llvm::any_of(compile.getErrors(), [](const auto &error) {
                    return isLocated(error) && isComplete(error);
                  });
    if (isGood)
      log.pass(Check::refusesTooLarge);
    else
      log.fail(Check::refusesTooLarge, 0,
               llvm::formatv("a population of {0} neurons needs an error with "
                             "a place, a need and what the machine has: {1}",
                             neurons / 2, compile.getFirstError())
                   .str(),
               text);
  }
  if (checked == 0)
    log.leaveOut(Check::refusesTooLarge,
                 llvm::formatv("{0} neurons fit", neurons / 2).str());
  return llvm::Error::success();
}
