//===- CompressionProblem.cpp - smaller tables, same routes ---------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/CompressionProblem.h"
#include "DefaultRoute.h"
#include "KeyBlocks.h"
#include "RouteIndex.h"
#include "TernaryBlocks.h"
#include "llvm/ADT/StringExtras.h"
#include <map>

using namespace spikeformer;

static std::string describeEntry(const MachineGraph &machine,
                                 RouterIndex router, KeyBlock block) {
  return "entry " + describeBlock(block) + " of the table of " +
         machine.describeRouter(router);
}

/// "ports 0 2 and core 17", for messages.
static std::string describeRoute(const Route &route) {
  std::string ports, cores;
  for (uint32_t port = 0; port < maxPorts; ++port)
    if (route.ports >> port & 1)
      ports += " " + llvm::utostr(port);
  for (uint32_t core = 0; core < maxCoresPerRouter; ++core)
    if (route.cores[core / 64] >> core % 64 & 1)
      cores += " " + llvm::utostr(core);
  auto name = [](std::string noun, const std::string &numbers) {
    return noun + (llvm::count(numbers, ' ') > 1 ? "s" : "") + numbers;
  };
  if (ports.empty() && cores.empty())
    return "nowhere";
  if (ports.empty() || cores.empty())
    return ports.empty() ? name("core", cores) : name("port", ports);
  return name("port", ports) + " and " + name("core", cores);
}

static std::vector<KeyBlock> getBlocks(llvm::ArrayRef<TableEntry> table) {
  std::vector<KeyBlock> blocks;
  blocks.reserve(table.size());
  for (const TableEntry &entry : table)
    blocks.push_back(entry.block);
  return blocks;
}

//===----------------------------------------------------------------------===//
// Tables by themselves
//===----------------------------------------------------------------------===//

namespace {

/// Finds what is wrong with tables without comparing them to others.
class FormCheck {
public:
  FormCheck(const MachineGraph &machine, const RoutingTables &tables,
            llvm::StringRef prefix, Violations &violations)
      : machine(machine), tables(tables), prefix(prefix),
        violations(violations) {}

  /// True if all is well.
  bool checkForm();
  void checkConflicts();

private:
  void fail(llvm::StringRef rule, RouterIndex router, KeyBlock block,
            std::string text) {
    violations.push_back({(prefix + rule).str(),
                          describeEntry(machine, router, block),
                          std::move(text), "", "", ""});
  }
  void checkEntry(RouterIndex router, const TableEntry &entry);
  void checkRoute(RouterIndex router, const TableEntry &entry);

  const MachineGraph &machine;
  const RoutingTables &tables;
  llvm::StringRef prefix;
  Violations &violations;
};

} // namespace

void FormCheck::checkRoute(RouterIndex router, const TableEntry &entry) {
  const Route &route = tables.routes[entry.route];
  for (uint32_t port = 0; port < maxPorts; ++port)
    if ((route.ports >> port & 1) != 0 &&
        (port >= machine.getNumPorts() ||
         machine.getLink(router, port) == noIndex))
      fail("port", router, entry.block,
           "there is no link at port " + llvm::utostr(port));
  for (uint32_t core = 0; core < maxCoresPerRouter; ++core)
    if ((route.cores[core / 64] >> core % 64 & 1) != 0 &&
        machine.findCore(router, core) == noIndex)
      fail("core", router, entry.block,
           "there is no core " + llvm::utostr(core));
}

void FormCheck::checkEntry(RouterIndex router, const TableEntry &entry) {
  if ((entry.block.key & ~entry.block.mask) != 0)
    fail("outside-mask", router, entry.block,
         "it has bits of the key outside its mask");
  if (entry.incoming != noIndex && entry.incoming >= machine.getNumPorts())
    fail("incoming", router, entry.block,
         "there is no port " + llvm::utostr(entry.incoming) + " to come in by");
  if (entry.route >= tables.routes.size())
    fail("route", router, entry.block,
         "there is no route " + llvm::utostr(entry.route));
}

bool FormCheck::checkForm() {
  size_t before = violations.size();
  if (tables.entries.size() != machine.getRouters().size()) {
    violations.push_back({(prefix + "columns").str(), "tables",
                          "there is not one for every router",
                          llvm::utostr(machine.getRouters().size()),
                          llvm::utostr(tables.entries.size()), ""});
    return false;
  }
  for (auto [router, table] : llvm::enumerate(tables.entries)) {
    // Many entries of a table have one route.
    std::vector<uint32_t> checked;
    for (const TableEntry &entry : table) {
      checkEntry(router, entry);
      if (entry.route < tables.routes.size())
        checked.push_back(entry.route);
    }
    llvm::sort(checked);
    checked.erase(llvm::unique(checked), checked.end());
    for (uint32_t route : checked)
      checkRoute(router, *llvm::find_if(table, [&](const TableEntry &entry) {
                   return entry.route == route;
                 }));
  }
  return violations.size() == before;
}

void FormCheck::checkConflicts() {
  for (auto [router, table] : llvm::enumerate(tables.entries)) {
    std::vector<KeyBlock> blocks = getBlocks(table);
    // By the later entry, so that reports are in the order of the data.
    std::map<uint32_t, uint32_t> conflicts;
    auto visit = [&, &table = table](uint32_t index, KeyBlock keys,
                                     llvm::ArrayRef<uint32_t> candidates) {
      for (uint32_t other : candidates) {
        if (other >= index)
          return;
        if (keys.intersects(blocks[other]) &&
            !(tables.routes[table[index].route] ==
              tables.routes[table[other].route]))
          conflicts.try_emplace(index, other);
      }
    };
    forEachCandidates(blocks, blocks, visit);
    for (auto [index, other] : conflicts)
      fail("conflict", router, blocks[index],
           "it shares keys with entry " + describeBlock(blocks[other]) +
               ", which has another route");
  }
}

Violations CompressionProblem::check() const {
  Violations violations;
  FormCheck form(machine, tables, "table-", violations);
  if (form.checkForm())
    form.checkConflicts();
  return violations;
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

namespace {

/// Compares the table of one router with what it was made from.
class TableComparison {
public:
  TableComparison(const CompressionProblem &problem, RouterIndex router,
                  const RoutingTables &compressed,
                  llvm::ArrayRef<uint32_t> oldRoutes,
                  llvm::ArrayRef<uint32_t> newRoutes)
      : problem(problem), router(router), compressed(compressed),
        before(problem.tables.entries[router]),
        after(compressed.entries[router]), oldRoutes(oldRoutes),
        newRoutes(newRoutes) {}

  void compare(Violations &violations);

private:
  /// The first keys of an entry that go wrong, and the entry that they take.
  struct Difference {
    KeyBlock keys;
    uint32_t entry;
  };

  std::optional<Difference> follow(const TableEntry &entry, KeyBlock keys,
                                   llvm::ArrayRef<uint32_t> candidates) const;
  void report(const TableEntry &entry, const Difference &difference,
              Violations &violations) const;

  const CompressionProblem &problem;
  RouterIndex router;
  const RoutingTables &compressed;
  llvm::ArrayRef<TableEntry> before, after;
  /// Routes of both by one numbering.
  llvm::ArrayRef<uint32_t> oldRoutes, newRoutes;
};

} // namespace

/// Sends `keys` of `entry` through the new table.
std::optional<TableComparison::Difference>
TableComparison::follow(const TableEntry &entry, KeyBlock keys,
                        llvm::ArrayRef<uint32_t> candidates) const {
  llvm::SmallVector<KeyBlock, 8> rest = {keys}, next;
  for (uint32_t index : candidates) {
    KeyBlock block = after[index].block;
    if (!keys.intersects(block))
      continue;
    bool isRight = newRoutes[after[index].route] == oldRoutes[entry.route];
    next.clear();
    for (KeyBlock part : rest) {
      if (!part.intersects(block))
        next.push_back(part);
      else if (!isRight)
        return Difference{intersect(part, block), index};
      else
        subtract(part, block, next);
    }
    std::swap(rest, next);
    if (rest.empty())
      return std::nullopt;
  }
  if (problem.defaultRoutes &&
      takesDefault(problem.machine, entry, problem.tables.routes[entry.route]))
    return std::nullopt;
  return Difference{rest.front(), noIndex};
}

void TableComparison::report(const TableEntry &entry,
                             const Difference &difference,
                             Violations &violations) const {
  std::string subject = describeEntry(problem.machine, router, entry.block);
  std::string keys = "keys " + describeBlock(difference.keys);
  std::string need = describeRoute(problem.tables.routes[entry.route]);
  if (difference.entry == noIndex) {
    violations.push_back({"compressed-lost", std::move(subject),
                          keys + " find no entry and the way straight on is "
                                 "not theirs",
                          std::move(need), "", ""});
    return;
  }
  const TableEntry &taken = after[difference.entry];
  violations.push_back({"compressed-differs", std::move(subject),
                        keys + " take entry " + llvm::utostr(difference.entry) +
                            ", " + describeBlock(taken.block),
                        std::move(need),
                        describeRoute(compressed.routes[taken.route]), ""});
}

void TableComparison::compare(Violations &violations) {
  std::map<uint32_t, Difference> differences;
  forEachCandidates(
      getBlocks(before), getBlocks(after),
      [&](uint32_t index, KeyBlock keys, llvm::ArrayRef<uint32_t> candidates) {
        if (auto difference = follow(before[index], keys, candidates))
          differences.try_emplace(index, *difference);
      });
  for (const auto &[index, difference] : differences)
    report(before[index], difference, violations);
  uint32_t capacity = problem.machine.getRouters()[router].tableEntries;
  if (after.size() > capacity)
    violations.push_back({"table-over-capacity",
                          "table of " + problem.machine.describeRouter(router),
                          "it has more entries than the router holds",
                          llvm::utostr(after.size()) + " entries",
                          llvm::utostr(capacity),
                          "keys or a placement that let more entries merge"});
}

Violations CompressionProblem::verify(const RoutingTables &compressed) const {
  Violations violations;
  if (!FormCheck(machine, compressed, "compressed-", violations).checkForm())
    return violations;
  std::vector<Route> routes;
  RouteIndex numbers(routes);
  std::vector<uint32_t> oldRoutes, newRoutes;
  for (const Route &route : tables.routes)
    oldRoutes.push_back(numbers.add(route));
  for (const Route &route : compressed.routes)
    newRoutes.push_back(numbers.add(route));
  for (size_t router = 0; router < tables.entries.size(); ++router)
    TableComparison(*this, router, compressed, oldRoutes, newRoutes)
        .compare(violations);
  return violations;
}
