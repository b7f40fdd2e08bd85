//===- Chip.cpp - what the chip can hold ----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The machines differ in the number of their cores only.
//
//===----------------------------------------------------------------------===//

#include "TargetModel/Chip.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>
#include <numeric>

using namespace spikeformer;
using namespace spikeformer::templ;

static constexpr MachineModel machines[] = {
    {"template4", "one chip of 4 cores", 4},
    {"template1", "one core, for tests of networks that do not fit", 1},
};

static double getDecay(int64_t leak) {
  return leak == 0 ? 1.0 : 1.0 - std::ldexp(1.0, -static_cast<int>(leak));
}

std::optional<unsigned> templ::findLeak(double decay) {
  for (int64_t leak = leakRange.low; leak <= leakRange.high; ++leak)
    if (getDecay(leak) == decay)
      return static_cast<unsigned>(leak);
  return std::nullopt;
}

double templ::getNearestDecay(double decay) {
  double nearest = getDecay(leakRange.low);
  for (int64_t leak = leakRange.low; leak <= leakRange.high; ++leak)
    if (std::abs(getDecay(leak) - decay) < std::abs(nearest - decay))
      nearest = getDecay(leak);
  return nearest;
}

Usage &Usage::operator+=(const Usage &other) {
  for (const Resource &resource : resources)
    this->*resource.amount += other.*resource.amount;
  return *this;
}

Usage Usage::operator-(const Usage &other) const {
  Usage result = *this;
  for (const Resource &resource : resources)
    result.*resource.amount -= other.*resource.amount;
  return result;
}

bool templ::fits(const Usage &need, const Usage &spare) {
  return llvm::all_of(resources, [&](const Resource &resource) {
    return need.*resource.amount <= spare.*resource.amount;
  });
}

std::string templ::describe(const Usage &usage) {
  std::vector<std::string> parts;
  for (const Resource &resource : resources)
    parts.push_back(std::to_string(usage.*resource.amount) + " " +
                    resource.name.str());
  return llvm::join(parts, " and ");
}

Usage templ::usageOf(const Demand &population, int64_t first, int64_t count) {
  auto begin = population.fanIn.begin() + first;
  return {count, std::accumulate(begin, begin + count, int64_t(0))};
}

llvm::ArrayRef<MachineModel> templ::getMachines() { return machines; }

llvm::Expected<const MachineModel *> templ::findMachine(llvm::StringRef name) {
  if (name.empty())
    return &machines[0];
  for (const MachineModel &machine : machines)
    if (machine.name == name)
      return &machine;
  std::string names = llvm::join(
      llvm::map_range(machines,
                      [](const MachineModel &m) { return m.name.str(); }),
      ", ");
  return llvm::createStringError("no machine '" + name +
                                 "' of target 'template'; the machines are " +
                                 names);
}
