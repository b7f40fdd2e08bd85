//===- PlantedTreeErrorsTest.cpp - errors in trees and tables -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PlantedErrors.h"

using namespace spikeformer;

static const Planted routingErrors[] = {
    {"target that no link reaches", Owner::routing, "target-unreachable", "",
     [](SolvedMapping &m, Random &) {
       GridShape shape;
       shape.width = 2;
       shape.resources = getTestResources();
       shape.siteAt = [&](uint32_t x, uint32_t) {
         return getTestSite(x, m.machine.getCores().size(), 1000, 100000);
       };
       shape.isDeadLink = [](uint32_t, uint32_t, uint32_t) { return true; };
       m.machine = makeGrid(shape);
       CoreIndex last = m.machine.getCores().size() - 1;
       uint32_t message = 0;
       while (
           message < m.messages.size() &&
           !(m.messages.targetsOf(message).size() == 1 &&
             m.messages.targetsOf(message)[0] != m.messages.sources[message]))
         ++message;
       if (message == m.messages.size())
         return false;
       uint32_t alone = m.messages.targetsOf(message)[0];
       if (llvm::count(m.slices.clusters, m.slices.clusters[alone]) > 1)
         return false;
       for (uint32_t slice = 0; slice < m.slices.size(); ++slice)
         m.placement[slice] = slice == alone ? last : 0;
       return true;
     }},
    {"tree column too long", Owner::routing, "tree-columns", "",
     [](SolvedMapping &m, Random &) {
       m.trees.treeOf.push_back(0);
       return true;
     }},
    {"tree that is not there", Owner::routing, "tree-columns", "",
     [](SolvedMapping &m, Random &) {
       m.trees.treeOf[0] = m.trees.getNumTrees();
       return true;
     }},
    {"branch at no router", Owner::routing, "tree-columns", "",
     [](SolvedMapping &m, Random &r) {
       m.trees.branches[chooseLater(m, r)].router =
           m.machine.getRouters().size();
       return true;
     }},
    {"tree that begins elsewhere", Owner::routing, "tree-without-source", "",
     [](SolvedMapping &m, Random &r) {
       uint32_t first =
           chooseBranch(m, r, [](llvm::ArrayRef<Branch>, size_t index) {
             return index == 0;
           });
       RouterIndex &router = m.trees.branches[first].router;
       router = router == 0 ? 1 : 0;
       return true;
     }},
    {"branch over no link", Owner::routing, "branch-over-dead-link", "",
     [](SolvedMapping &m, Random &r) {
       Branch &branch = m.trees.branches[chooseLeaf(m, r)];
       branch.route.addPort(m.machine.getNumPorts());
       return true;
     }},
    {"branch back to where it came from", Owner::routing, "router-twice", "",
     [](SolvedMapping &m, Random &r) {
       uint32_t leaf =
           chooseBranch(m, r, [&](llvm::ArrayRef<Branch> tree, size_t index) {
             return index > 0 &&
                    m.machine.getLink(tree[index].router,
                                      tree[index].incoming) != noIndex;
           });
       if (leaf == noIndex)
         return false;
       Branch &branch = m.trees.branches[leaf];
       branch.route.addPort(branch.incoming);
       return true;
     }},
    {"two branches at a router", Owner::routing, "branch-twice",
     "link-to-no-branch wrong-incoming branch-from-nowhere core-missing "
     "target-not-reached core-not-asked-for branch-over-dead-link router-twice",
     [](SolvedMapping &m, Random &r) {
       uint32_t branch =
           chooseBranch(m, r, [](llvm::ArrayRef<Branch>, size_t index) {
             return index > 1;
           });
       if (branch == noIndex)
         return false;
       m.trees.branches[branch].router = m.trees.branches[branch - 1].router;
       return true;
     }},
    {"branch that nothing leads to", Owner::routing, "branch-from-nowhere",
     "branch-without-core",
     [](SolvedMapping &m, Random &r) {
       uint32_t first =
           chooseBranch(m, r, [](llvm::ArrayRef<Branch> tree, size_t index) {
             return index == 0 && tree.size() > 1;
           });
       if (first == noIndex)
         return false;
       m.trees.branches[first].route.ports = 0;
       return true;
     }},
    {"link to no branch", Owner::routing, "link-to-no-branch", "",
     [](SolvedMapping &m, Random &r) {
       uint32_t leaf =
           chooseBranch(m, r, [&](llvm::ArrayRef<Branch> tree, size_t index) {
             for (uint32_t port = 0; port < m.machine.getNumPorts(); ++port) {
               LinkIndex link = m.machine.getLink(tree[index].router, port);
               if (link != noIndex &&
                   llvm::none_of(tree, [&](const Branch &branch) {
                     return branch.router == m.machine.getLinks()[link].to;
                   }))
                 return true;
             }
             return false;
           });
       if (leaf == noIndex)
         return false;
       size_t tree = llvm::upper_bound(m.trees.offsets, leaf) -
                     m.trees.offsets.begin() - 1;
       Branch &branch = m.trees.branches[leaf];
       for (uint32_t port = 0; port < m.machine.getNumPorts(); ++port) {
         LinkIndex link = m.machine.getLink(branch.router, port);
         if (link != noIndex &&
             llvm::none_of(m.trees.getTree(tree), [&](const Branch &other) {
               return other.router == m.machine.getLinks()[link].to;
             })) {
           branch.route.addPort(port);
           return true;
         }
       }
       return false;
     }},
    {"wrong port of arrival", Owner::routing, "wrong-incoming", "",
     [](SolvedMapping &m, Random &r) {
       Branch &branch = m.trees.branches[chooseLater(m, r)];
       branch.incoming = (branch.incoming + 1) % m.machine.getNumPorts();
       return true;
     }},
    {"source with a port of arrival", Owner::routing, "wrong-incoming", "",
     [](SolvedMapping &m, Random &r) {
       uint32_t first =
           chooseBranch(m, r, [](llvm::ArrayRef<Branch>, size_t index) {
             return index == 0;
           });
       m.trees.branches[first].incoming = 0;
       return true;
     }},
    {"target that is left out", Owner::routing, "target-not-reached", "",
     [](SolvedMapping &m, Random &r) {
       uint32_t at =
           chooseBranch(m, r, [](llvm::ArrayRef<Branch> tree, size_t index) {
             return tree[index].route.hasCores() &&
                    (tree[index].route.ports != 0 || tree.size() == 1);
           });
       if (at == noIndex)
         return false;
       m.trees.branches[at].route.cores = {};
       return true;
     }},
    {"end without a core", Owner::routing, "branch-without-core",
     "target-not-reached",
     [](SolvedMapping &m, Random &r) {
       m.trees.branches[chooseLeaf(m, r)].route.cores = {};
       return true;
     }},
    {"core that nobody asked for", Owner::routing, "core-not-asked-for", "",
     [](SolvedMapping &m, Random &r) {
       uint32_t at =
           chooseBranch(m, r, [](llvm::ArrayRef<Branch> tree, size_t index) {
             return llvm::popcount(tree[index].route.cores[0]) == 1;
           });
       if (at == noIndex)
         return false;
       // The cores are 1 and 2.
       m.trees.branches[at].route.cores[0] = 6;
       return true;
     }},
    {"core that is not there", Owner::routing, "core-missing", "",
     [](SolvedMapping &m, Random &r) {
       uint32_t at = chooseLeaf(m, r);
       if (at == noIndex)
         return false;
       m.trees.branches[at].route.addCore(77);
       return true;
     }},
    {"more packets than a link carries", Owner::routing, "link-over-capacity",
     "",
     [](SolvedMapping &m, Random &r) {
       uint32_t message = choose(r, m.messages.size(), [&](uint32_t at) {
         return m.trees.branchesOf(at).size() > 1;
       });
       if (message == noIndex)
         return false;
       m.messages.packets[message] = 1001;
       return true;
     }},
    {"links in a circle", Owner::routing, "links-wait-in-circle", "",
     [](SolvedMapping &m, Random &) {
       m.machine = makeTestGrid(Fabric::mesh, 3, 1, 2, 1000, 100000, true);
       m.machine.setFlow(Flow::blocking);
       Placement everywhere = {0, 2, 4};
       m.messages = Messages();
       m.trees = RoutingTrees();
       for (uint32_t slice = 0; slice < m.slices.size(); ++slice)
         m.placement[slice] = slice < 3 ? everywhere[slice] : 0;
       m.slices.clusters.clear();
       // Each sends two links to the east.
       for (uint32_t slice = 0; slice < 3; ++slice) {
         m.messages.add(slice, {(slice + 2) % 3}, 1, 1);
         std::array<Branch, 3> tree;
         for (uint32_t step = 0; step < 3; ++step) {
           tree[step] = {(slice + step) % 3, step == 0 ? noIndex : 2, {}};
           if (step < 2)
             tree[step].route.addPort(0);
         }
         tree[2].route.addCore(1);
         m.trees.treeOf.push_back(slice);
         llvm::append_range(m.trees.branches, tree);
         m.trees.offsets.push_back(m.trees.branches.size());
       }
       return true;
     }},
};

static const Planted compressionErrors[] = {
    {"table for no router", Owner::compression, "table-columns", "",
     [](SolvedMapping &m, Random &) {
       m.tables.entries.pop_back();
       return true;
     }},
    {"entry outside its mask", Owner::compression, "table-outside-mask", "",
     [](SolvedMapping &m, Random &r) {
       TableEntry &entry = chooseEntry(m.tables, r);
       entry.block.mask &= ~2u;
       entry.block.key |= 2;
       return true;
     }},
    {"entry without a route", Owner::compression, "table-route", "",
     [](SolvedMapping &m, Random &r) {
       chooseEntry(m.tables, r).route = m.tables.routes.size();
       return true;
     }},
    {"entry from no port", Owner::compression, "table-incoming", "",
     [](SolvedMapping &m, Random &r) {
       chooseEntry(m.tables, r).incoming = m.machine.getNumPorts();
       return true;
     }},
    {"route to no core", Owner::compression, "table-core", "",
     [](SolvedMapping &m, Random &r) {
       m.tables.routes[chooseEntry(m.tables, r).route].addCore(99);
       return true;
     }},
    {"route to no port", Owner::compression, "table-port", "",
     [](SolvedMapping &m, Random &r) {
       m.tables.routes[chooseEntry(m.tables, r).route].addPort(
           m.machine.getNumPorts());
       return true;
     }},
    {"one key, two routes", Owner::compression, "table-conflict", "",
     [](SolvedMapping &m, Random &r) {
       uint32_t router = chooseTable(m.tables, r);
       std::vector<TableEntry> &table = m.tables.entries[router];
       table.push_back(sendElsewhere(m, table.front(), m.tables));
       return true;
     }},
    {"compressed table for no router", Owner::compression, "compressed-columns",
     "",
     [](SolvedMapping &m, Random &) {
       m.compressed.entries.pop_back();
       return true;
     }},
    {"compressed entry outside its mask", Owner::compression,
     "compressed-outside-mask", "",
     [](SolvedMapping &m, Random &r) {
       TableEntry &entry = chooseEntry(m.compressed, r);
       entry.block = {2, ~2u};
       return true;
     }},
    {"compressed entry without a route", Owner::compression, "compressed-route",
     "",
     [](SolvedMapping &m, Random &r) {
       chooseEntry(m.compressed, r).route = m.compressed.routes.size();
       return true;
     }},
    {"compressed route to no port", Owner::compression, "compressed-port",
     "compressed-differs",
     [](SolvedMapping &m, Random &r) {
       m.compressed.routes[chooseEntry(m.compressed, r).route].addPort(
           m.machine.getNumPorts());
       return true;
     }},
    {"compressed route to no core", Owner::compression, "compressed-core",
     "compressed-differs",
     [](SolvedMapping &m, Random &r) {
       m.compressed.routes[chooseEntry(m.compressed, r).route].addCore(99);
       return true;
     }},
    {"another route in front", Owner::compression, "compressed-differs", "",
     [](SolvedMapping &m, Random &r) {
       uint32_t router = chooseTable(m.tables, r);
       std::vector<TableEntry> &table = m.compressed.entries[router];
       table.insert(
           table.begin(),
           sendElsewhere(m, m.tables.entries[router].front(), m.compressed));
       return true;
     }},
    {"entry that is lost", Owner::compression, "compressed-lost", "",
     [](SolvedMapping &m, Random &r) {
       // Keys that stay on the router cannot do without an entry.
       uint32_t router = choose(r, m.tables.entries.size(), [&](uint32_t at) {
         return llvm::any_of(m.tables.entries[at],
                             [&](const TableEntry &entry) {
                               return m.tables.routes[entry.route].hasCores();
                             });
       });
       if (router == noIndex)
         return false;
       m.compressed.entries[router].clear();
       return true;
     }},
    {"table larger than its router", Owner::compression, "table-over-capacity",
     "",
     [](SolvedMapping &m, Random &r) {
       uint32_t router = chooseTable(m.tables, r);
       std::vector<TableEntry> &table = m.compressed.entries[router];
       table = m.tables.entries[router];
       while (table.size() <= 64)
         table.push_back(table.front());
       return true;
     }},
};

TEST_F(PlantedErrors, OfRoutes) { plantAll(routingErrors); }

TEST_F(PlantedErrors, OfTables) { plantAll(compressionErrors); }
