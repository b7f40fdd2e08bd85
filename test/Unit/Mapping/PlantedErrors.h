//===- PlantedErrors.h - one class catches one error ------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each row of a table spoils one thing in mappings that are right. The class
// that owns the rule must say so, and those before it, which do not look at
// what was spoilt, must say nothing. Partitions have a table of their own
// (PartitionTest).
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_UNIT_MAPPING_PLANTEDERRORS_H
#define SPIKEFORMER_TEST_UNIT_MAPPING_PLANTEDERRORS_H

#include "SolvedMapping.h"
#include "gtest/gtest.h"

namespace spikeformer {

using Random = RandomNumbers;

/// One kind of error.
struct Planted {
  const char *name;
  Owner owner;
  /// What the owner must say; nothing else but `alsoAllowed`, a list with
  /// spaces.
  const char *rule, *alsoAllowed;
  /// False if this mapping has no place for the error.
  bool (*plant)(SolvedMapping &mapping, Random &random);
};

//===----------------------------------------------------------------------===//
// Choosing where
//===----------------------------------------------------------------------===//

/// One of the indices below `count` that `fits`, noIndex if none does.
template <typename Fits>
uint32_t choose(Random &random, size_t count, Fits fits) {
  uint32_t start = count == 0 ? 0 : random.get(0, count - 1);
  for (size_t i = 0; i < count; ++i)
    if (fits((start + i) % count))
      return (start + i) % count;
  return noIndex;
}

inline uint32_t chooseSlice(const SolvedMapping &m, Random &random) {
  return random.get(0, m.slices.size() - 1);
}

inline RouterIndex getRouter(const SolvedMapping &m, CoreIndex core) {
  return m.machine.getCores()[core].router;
}

/// A slice on its own in its cluster.
inline uint32_t chooseAlone(const SolvedMapping &m, Random &random) {
  return choose(random, m.slices.size(), [&](uint32_t slice) {
    return llvm::count(m.slices.clusters, m.slices.clusters[slice]) == 1;
  });
}

/// A message with a target, whose tree no other message has.
inline uint32_t chooseMessage(const SolvedMapping &m, Random &random) {
  return choose(random, m.messages.size(), [&](uint32_t message) {
    return !m.messages.targetsOf(message).empty() &&
           llvm::count(m.trees.treeOf, m.trees.treeOf[message]) == 1;
  });
}

/// A branch that `fits(tree, index in the tree)`.
template <typename Fits>
uint32_t chooseBranch(const SolvedMapping &m, Random &random, Fits fits) {
  return choose(random, m.trees.branches.size(), [&](uint32_t branch) {
    size_t tree = llvm::upper_bound(m.trees.offsets, branch) -
                  m.trees.offsets.begin() - 1;
    return fits(m.trees.getTree(tree), branch - m.trees.offsets[tree]);
  });
}

/// A branch that is not the first of its tree.
inline uint32_t chooseLater(const SolvedMapping &m, Random &random) {
  return chooseBranch(m, random, [](llvm::ArrayRef<Branch>, size_t index) {
    return index > 0;
  });
}

/// A branch that leads nowhere else.
inline uint32_t chooseLeaf(const SolvedMapping &m, Random &random) {
  return chooseBranch(m, random, [](llvm::ArrayRef<Branch> tree, size_t index) {
    return index > 0 && tree[index].route.ports == 0;
  });
}

/// The first table that has an entry, from a random one on.
inline uint32_t chooseTable(const RoutingTables &tables, Random &random) {
  return choose(random, tables.entries.size(), [&](uint32_t router) {
    return !tables.entries[router].empty();
  });
}

inline TableEntry &chooseEntry(RoutingTables &tables, Random &random) {
  std::vector<TableEntry> &table = tables.entries[chooseTable(tables, random)];
  return table[random.get(0, table.size() - 1)];
}

/// Adds a route that differs from that of `entry`, and gives it to a copy.
inline TableEntry sendElsewhere(const SolvedMapping &m, TableEntry entry,
                                RoutingTables &tables) {
  Route other;
  if (m.tables.routes[entry.route].isEmpty())
    other.addCore(1);
  tables.routes.push_back(other);
  entry.route = tables.routes.size() - 1;
  return entry;
}

inline void pin(SolvedMapping &m, uint32_t slice, CoreIndex core) {
  m.pins.resize(m.slices.size(), noIndex);
  m.pins[slice] = core;
}

inline void pinKey(SolvedMapping &m, uint32_t message, KeyBlock block) {
  m.keyPins.resize(m.messages.size(), {noIndex, 0});
  m.keyPins[message] = block;
}

//===----------------------------------------------------------------------===//
// Planting
//===----------------------------------------------------------------------===//

class PlantedErrors : public testing::Test {
protected:
  static void SetUpTestSuite() {
    for (uint32_t seed = 0; seed < numSeeds; ++seed) {
      SolvedMapping mapping;
      if (!makeSolved(seed, mapping))
        continue;
      for (Owner owner : allOwners)
        ASSERT_EQ(describe(mapping.judge(owner)), "") << seed;
      solved.push_back(std::move(mapping));
    }
  }
  static void TearDownTestSuite() { solved.clear(); }

  void plantAll(llvm::ArrayRef<Planted> kinds) const {
    for (const Planted &kind : kinds)
      plant(kind);
  }

private:
  static constexpr uint32_t numSeeds = 120, numNeeded = 20;

  void plant(const Planted &kind) const;
  void expectCaught(const Planted &kind, const SolvedMapping &mapping,
                    uint32_t seed) const;

  static inline std::vector<SolvedMapping> solved;
};

inline void PlantedErrors::plant(const Planted &kind) const {
  uint32_t numPlanted = 0;
  for (uint32_t seed = 0; seed < solved.size(); ++seed) {
    Random random(seed);
    SolvedMapping mapping = solved[seed];
    if (!kind.plant(mapping, random))
      continue;
    ++numPlanted;
    expectCaught(kind, mapping, seed);
  }
  EXPECT_GE(numPlanted, numNeeded) << kind.name;
}

inline void PlantedErrors::expectCaught(const Planted &kind,
                                        const SolvedMapping &mapping,
                                        uint32_t seed) const {
  for (Owner owner : allOwners)
    if (owner < kind.owner)
      EXPECT_EQ(describe(mapping.judge(owner)), "") << kind.name << seed;
  std::set<std::string> allowed = {kind.rule};
  llvm::SmallVector<llvm::StringRef> others;
  llvm::StringRef(kind.alsoAllowed).split(others, ' ', -1, false);
  for (llvm::StringRef other : others)
    allowed.insert(other.str());
  Violations violations = mapping.judge(kind.owner);
  EXPECT_TRUE(hasRule(violations, kind.rule))
      << kind.name << ", " << seed << ": " << describe(violations);
  for (const Violation &violation : violations)
    EXPECT_TRUE(allowed.count(violation.rule))
        << kind.name << ", " << seed << ": " << violation.rule;
}

} // namespace spikeformer

#endif // SPIKEFORMER_TEST_UNIT_MAPPING_PLANTEDERRORS_H
