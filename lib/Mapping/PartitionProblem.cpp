//===- PartitionProblem.cpp - a part for every grain ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/PartitionProblem.h"
#include "llvm/ADT/DenseMap.h"
#include <algorithm>
#include <cmath>

using namespace spikeformer;

//===----------------------------------------------------------------------===//
// What follows from the question
//===----------------------------------------------------------------------===//

std::vector<uint32_t> PartitionProblem::getBundles() const {
  std::vector<uint32_t> bundles(grains.size());
  llvm::DenseMap<uint32_t, uint32_t> bundleOf;
  uint32_t count = 0;
  for (size_t grain = 0; grain < grains.size(); ++grain) {
    bool isAlone = together.empty() || together[grain] == noIndex;
    auto [it, isNew] = isAlone ? std::pair(bundleOf.end(), true)
                               : bundleOf.try_emplace(together[grain], count);
    bundles[grain] = isNew ? count++ : it->second;
  }
  return bundles;
}

namespace {
/// Rows of amounts, one for each bundle.
struct BundleUsage {
  explicit BundleUsage(const PartitionProblem &problem)
      : bundles(problem.getBundles()), width(problem.resources.size()) {
    count = bundles.empty()
                ? 0
                : 1 + *std::max_element(bundles.begin(), bundles.end());
    usage.assign(count * width, 0);
    for (size_t i = 0; i < problem.grains.usage.size(); ++i)
      usage[bundles[i / width] * width + i % width] += problem.grains.usage[i];
  }

  std::vector<uint32_t> bundles;
  size_t width, count;
  std::vector<int64_t> usage;
};
} // namespace

/// What balance allows of `resource` in a part.
static int64_t getBalancedAmount(const BundleUsage &bundles, size_t resource,
                                 uint32_t numParts, double imbalance) {
  int64_t total = 0, largest = 0;
  for (size_t bundle = 0; bundle < bundles.count; ++bundle) {
    int64_t amount = bundles.usage[bundle * bundles.width + resource];
    total += amount;
    largest = std::max(largest, amount);
  }
  int64_t ceiling = total / numParts + (total % numParts != 0);
  double allowed = std::floor((1 + imbalance) * double(total) / numParts);
  // More than all of it is no bound, and might not fit an integer.
  int64_t bound = allowed < double(total) ? int64_t(allowed) : total;
  return std::max({ceiling, bound, largest});
}

std::vector<int64_t> PartitionProblem::getLimits() const {
  std::vector<int64_t> limits = capacity;
  if (imbalance.empty() || numParts == 0)
    return limits;
  BundleUsage bundles(*this);
  size_t width = resources.size();
  for (size_t resource = 0; resource < width; ++resource) {
    if (imbalance[resource] < 0)
      continue;
    int64_t bound =
        getBalancedAmount(bundles, resource, numParts, imbalance[resource]);
    for (size_t i = resource; i < limits.size(); i += width)
      limits[i] = std::min(limits[i], bound);
  }
  return limits;
}

//===----------------------------------------------------------------------===//
// check
//===----------------------------------------------------------------------===//

namespace {
/// Collects what is wrong with a question.
class QuestionCheck {
public:
  explicit QuestionCheck(const PartitionProblem &problem)
      : problem(problem), width(problem.resources.size()) {}

  Violations run() {
    checkColumns();
    if (!violations.empty())
      return std::move(violations);
    checkAmounts();
    Violations ofMessages = problem.messages.check(problem.grains.size());
    violations.insert(violations.end(), ofMessages.begin(), ofMessages.end());
    checkPinnedParts();
    if (!violations.empty())
      return std::move(violations);
    checkCapacities();
    return std::move(violations);
  }

private:
  void fail(const char *rule, std::string subject, std::string message,
            std::string need = "", std::string have = "",
            std::string next = "") {
    violations.push_back({rule, std::move(subject), std::move(message),
                          std::move(need), std::move(have), std::move(next)});
  }
  std::string describe(size_t grain) const {
    return "grain '" + problem.grains.names[grain] + "'";
  }
  std::string quantity(int64_t amount, size_t resource) const {
    return std::to_string(amount) + " " + problem.resources[resource].unit;
  }
  std::string quoted(size_t resource) const {
    return "'" + problem.resources[resource].name + "'";
  }
  size_t getNumRows() const {
    return width == 0 ? 1 : problem.capacity.size() / width;
  }
  int64_t getCapacity(uint32_t part, size_t resource) const {
    return problem.capacity[(getNumRows() == 1 ? 0 : part) * width + resource];
  }

  void checkColumns();
  void checkAmounts();
  void checkPinnedParts();
  void checkCapacities();
  void checkBundles(const BundleUsage &bundles);
  void checkFanIn(const BundleUsage &bundles);
  void checkPinnedAmounts();
  void checkTotals(const BundleUsage &bundles);

  const PartitionProblem &problem;
  size_t width;
  Violations violations;
};
} // namespace

void QuestionCheck::checkColumns() {
  size_t count = problem.grains.size();
  auto expect = [&](bool fits, const char *column, const char *what) {
    if (!fits)
      fail("partition-columns", column, what);
  };
  expect(problem.grains.usage.size() == count * width, "usage",
         "it has not one amount for each grain and resource");
  size_t numRows = width == 0 ? 0 : problem.capacity.size() / width;
  bool fits = problem.capacity.size() == numRows * width &&
              (width == 0 || numRows == 1 ||
               (numRows == problem.numParts && numRows > 0));
  expect(fits, "capacity", "it has neither one row nor one for each part");
  expect(problem.imbalance.empty() || problem.imbalance.size() == width,
         "imbalance", "it has not one entry for each resource");
  expect(problem.imbalance.empty() || problem.numParts > 0, "imbalance",
         "the fewest parts are not balanced");
  expect(problem.pins.empty() || problem.pins.size() == count, "pins",
         "they have not one entry for each grain");
  expect(problem.together.empty() || problem.together.size() == count,
         "together", "it has not one entry for each grain");
}

void QuestionCheck::checkAmounts() {
  for (size_t i = 0; i < problem.grains.usage.size(); ++i)
    if (problem.grains.usage[i] < 0)
      fail("grain-usage", describe(i / width),
           "its amount of " + quoted(i % width) + " is less than 0");
  for (size_t i = 0; i < problem.capacity.size(); ++i)
    if (problem.capacity[i] < 0)
      fail("part-capacity", "part " + std::to_string(i / width),
           "its capacity of " + quoted(i % width) + " is less than 0");
  for (size_t i = 0; i < problem.imbalance.size(); ++i)
    if (!std::isfinite(problem.imbalance[i]))
      fail("imbalance", quoted(i), "its imbalance is no finite number");
  if (problem.maxFanIn && *problem.maxFanIn < 0)
    fail("part-capacity", "fan-in", "its limit is less than 0");
  for (size_t i = 0; i < problem.messages.packets.size(); ++i)
    if (!std::isfinite(problem.messages.packets[i]))
      fail("message-packets", "message " + std::to_string(i),
           "its packets are no finite number");
}

void QuestionCheck::checkPinnedParts() {
  if (problem.pins.empty())
    return;
  uint32_t end =
      problem.numParts > 0 ? problem.numParts : uint32_t(problem.grains.size());
  for (size_t grain = 0; grain < problem.pins.size(); ++grain)
    if (problem.pins[grain] != noIndex && problem.pins[grain] >= end)
      fail("pin-to-nothing", describe(grain),
           "it is pinned to part " + std::to_string(problem.pins[grain]) +
               ", which does not exist",
           "", std::to_string(end) + " parts", "");
  std::vector<uint32_t> bundles = problem.getBundles();
  std::vector<uint32_t> first(bundles.size(), noIndex);
  for (size_t grain = 0; grain < bundles.size(); ++grain) {
    uint32_t pin = problem.pins[grain];
    uint32_t &before = first[bundles[grain]];
    if (pin == noIndex)
      continue;
    if (before == noIndex)
      before = grain;
    else if (problem.pins[before] != pin)
      fail("pins-part-together", describe(grain),
           "it is pinned to part " + std::to_string(pin) + ", but " +
               describe(before) + ", which is together with it, to part " +
               std::to_string(problem.pins[before]),
           "", "", "give both one pin");
  }
}

/// Whatever no search could mend.
void QuestionCheck::checkCapacities() {
  BundleUsage bundles(problem);
  checkBundles(bundles);
  if (problem.maxFanIn)
    checkFanIn(bundles);
  if (!problem.pins.empty())
    checkPinnedAmounts();
  if (problem.numParts > 0)
    checkTotals(bundles);
}

void QuestionCheck::checkBundles(const BundleUsage &bundles) {
  std::vector<bool> seen(bundles.count);
  for (size_t grain = 0; grain < bundles.bundles.size(); ++grain) {
    uint32_t bundle = bundles.bundles[grain];
    if (seen[bundle])
      continue;
    seen[bundle] = true;
    for (size_t resource = 0; resource < width; ++resource) {
      int64_t need = bundles.usage[bundle * width + resource], have = 0;
      for (size_t row = 0; row < getNumRows(); ++row)
        have = std::max(have, getCapacity(row, resource));
      if (need > have)
        fail("grain-too-large", describe(grain),
             "with all that is together with it, it fits no part for " +
                 quoted(resource),
             quantity(need, resource), quantity(have, resource),
             "cut it into " +
                 std::to_string(have > 0 ? 1 + (need - 1) / have : need) +
                 " grains");
    }
  }
}

void QuestionCheck::checkFanIn(const BundleUsage &bundles) {
  Partition alone(bundles.bundles.begin(), bundles.bundles.end());
  std::vector<int64_t> fanIn = getFanIn(problem.messages, alone);
  std::vector<bool> seen(bundles.count);
  for (size_t grain = 0; grain < alone.size(); ++grain) {
    int64_t need = fanIn[alone[grain]];
    if (need > *problem.maxFanIn && !seen[alone[grain]])
      fail("grain-fan-in", describe(grain),
           "with all that is together with it, it has more senders than a part "
           "may have",
           std::to_string(need) + " keys",
           std::to_string(*problem.maxFanIn) + " keys", "cut it");
    seen[alone[grain]] = true;
  }
}

void QuestionCheck::checkPinnedAmounts() {
  uint32_t numParts = 0;
  for (uint32_t pin : problem.pins)
    numParts = std::max(numParts, pin == noIndex ? 0 : pin + 1);
  std::vector<int64_t> amounts(numParts * width);
  for (size_t i = 0; i < problem.grains.usage.size(); ++i)
    if (problem.pins[i / width] != noIndex)
      amounts[problem.pins[i / width] * width + i % width] +=
          problem.grains.usage[i];
  for (size_t i = 0; i < amounts.size(); ++i) {
    int64_t have = getCapacity(i / width, i % width);
    if (amounts[i] > have)
      fail("pins-over-capacity", "part " + std::to_string(i / width),
           "what is pinned to it exceeds " + quoted(i % width),
           quantity(amounts[i], i % width), quantity(have, i % width),
           "free some of its pins");
  }
}

void QuestionCheck::checkTotals(const BundleUsage &bundles) {
  for (size_t resource = 0; resource < width; ++resource) {
    // In double: capacities may mean "no limit", whose sum is no integer.
    double need = 0, have = 0;
    for (size_t bundle = 0; bundle < bundles.count; ++bundle)
      need += double(bundles.usage[bundle * width + resource]);
    for (uint32_t part = 0; part < problem.numParts; ++part)
      have += double(getCapacity(part, resource));
    if (need <= have)
      continue;
    std::string next;
    if (getNumRows() == 1 && getCapacity(0, resource) > 0)
      next = "take at least " +
             std::to_string(
                 int64_t(std::ceil(need / double(getCapacity(0, resource))))) +
             " parts";
    fail("parts-too-few", quoted(resource),
         std::to_string(problem.numParts) + " parts have not enough of it",
         quantity(int64_t(need), resource), quantity(int64_t(have), resource),
         std::move(next));
  }
}

Violations PartitionProblem::check() const {
  return QuestionCheck(*this).run();
}
