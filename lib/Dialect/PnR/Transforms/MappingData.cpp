//===- MappingData.cpp - mappings as plain data ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/PnR/Transforms/MappingData.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"
#include <map>

using namespace spikeformer;
using namespace spikeformer::pnr;

/// Words of 64 bits of the cores of a route.
static constexpr size_t coreWords = maxCoresPerRouter / 64;

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

llvm::Expected<MappingOp> pnr::getOnlyMapping(ModuleOp module) {
  auto mappings = llvm::to_vector(module.getOps<MappingOp>());
  if (mappings.size() == 1)
    return mappings.front();
  return llvm::createStringError("needs the mapping of one network, the module "
                                 "has " +
                                 llvm::Twine(mappings.size()));
}

namespace {

/// Reads one mapping; remembers whether something was wrong.
class Reader {
public:
  Reader(MappingOp mapping, const MachineGraph &machine)
      : mapping(mapping), machine(machine) {}

  FailureOr<MappingData> read();

private:
  void readSlices(SlicesOp op);
  CoreIndex readLocation(SlicesOp op, size_t row);
  void readMessages(MessagesOp op);
  void readKeys(KeysOp op);
  void readTrees(TreesOp op);
  void readTables(TablesOp op);
  RouterIndex readRouter(Operation *op, ArrayRef<int32_t> routers, size_t row);
  Route readRoute(Operation *op, RouterIndex router, int32_t ports,
                  ArrayRef<int64_t> cores);
  InFlightDiagnostic fail(Operation *op) {
    good = false;
    return emitError(op->getLoc()) << "'" << op->getName() << "' ";
  }

  MappingOp mapping;
  const MachineGraph &machine;
  MappingData data;
  bool good = true;
};

} // namespace

CoreIndex Reader::readLocation(SlicesOp op, size_t row) {
  ArrayRef<int32_t> at = op.getLocations().slice(row * SlicesOp::kLocationSize,
                                                 SlicesOp::kLocationSize);
  if (at[0] == SlicesOp::kFree)
    return noIndex;
  RouterIndex router = machine.findRouter(at[0], at[1]);
  CoreIndex core =
      router == noIndex ? noIndex : machine.findCore(router, at[2]);
  if (core == noIndex)
    fail(op) << "has slice " << op.getNames()[row] << " on core " << at[2]
             << " of (" << at[0] << ", " << at[1] << "), which machine '"
             << machine.getName() << "' does not have";
  return core;
}

void Reader::readSlices(SlicesOp op) {
  ArrayRef<Resource> resources = machine.getResources();
  auto names = op.getResources().getAsValueRange<StringAttr>();
  if (!llvm::equal(names, llvm::map_range(resources, [](const Resource &r) {
                     return StringRef(r.name);
                   }))) {
    InFlightDiagnostic diagnostic = fail(op)
                                    << "needs the resources of machine '"
                                    << machine.getName() << "': ";
    llvm::interleaveComma(resources, diagnostic,
                          [&](const Resource &r) { diagnostic << r.name; });
    return;
  }
  SliceList &slices = data.slices;
  llvm::StringMap<uint32_t> populations;
  int32_t alone = 0;
  for (int32_t cluster : op.getClusters())
    alone = std::max(alone, cluster + 1);
  for (size_t row = 0; row < op.size(); ++row) {
    slices.names.push_back(cast<StringAttr>(op.getNames()[row]).str());
    StringRef population =
        cast<StringAttr>(op.getPopulations()[row]).getValue();
    auto [entry, isNew] =
        populations.try_emplace(population, populations.size());
    if (isNew)
      slices.populationNames.push_back(population.str());
    slices.populations.push_back(entry->second);
    int32_t cluster = op.getClusters()[row];
    slices.clusters.push_back(cluster == SlicesOp::kAlone ? alone++ : cluster);
    data.placement.push_back(readLocation(op, row));
  }
  slices.usage.assign(op.getUsage().begin(), op.getUsage().end());
  slices.boxes.assign(op.getBoxes().begin(), op.getBoxes().end());
  slices.boxOffsets.assign(op.getBoxOffsets().begin(),
                           op.getBoxOffsets().end());
}

void Reader::readMessages(MessagesOp op) {
  Messages &messages = data.messages;
  messages.sources.assign(op.getSources().begin(), op.getSources().end());
  messages.offsets.assign(op.getOffsets().begin(), op.getOffsets().end());
  messages.targets.assign(op.getTargets().begin(), op.getTargets().end());
  messages.packets.assign(op.getPackets().begin(), op.getPackets().end());
  messages.numKeys.assign(op.getNumKeys().begin(), op.getNumKeys().end());
  for (StringAttr name : op.getNames().getAsRange<StringAttr>())
    messages.names.push_back(name.str());
  for (const Violation &violation : messages.check(data.slices.size()))
    fail(op) << violation.str();
}

void Reader::readKeys(KeysOp op) {
  data.reservedBits = op.getReserved().value_or(0);
  for (auto [key, mask] : llvm::zip_equal(op.getKeys(), op.getMasks()))
    data.keys.push_back(
        {static_cast<uint32_t>(key), static_cast<uint32_t>(mask)});
}

RouterIndex Reader::readRouter(Operation *op, ArrayRef<int32_t> routers,
                               size_t row) {
  RouterIndex router =
      machine.findRouter(routers[2 * row], routers[2 * row + 1]);
  if (router == noIndex)
    fail(op) << "names router (" << routers[2 * row] << ", "
             << routers[2 * row + 1] << "), which machine '"
             << machine.getName() << "' does not have";
  return router;
}

Route Reader::readRoute(Operation *op, RouterIndex router, int32_t ports,
                        ArrayRef<int64_t> cores) {
  Route route;
  route.ports = ports;
  llvm::copy(cores, route.cores.begin());
  uint64_t beyond = uint64_t(route.ports) >> machine.getNumPorts();
  if (beyond != 0 && router != noIndex)
    fail(op) << "has a route of router " << machine.describeRouter(router)
             << " to a port from " << machine.getNumPorts()
             << " on, which it does not have";
  return route;
}

void Reader::readTrees(TreesOp op) {
  data.trees.treeOf.assign(op.getTreeOf().begin(), op.getTreeOf().end());
  data.trees.offsets.assign(op.getOffsets().begin(), op.getOffsets().end());
  for (size_t row = 0; row < op.getPorts().size(); ++row) {
    RouterIndex router = readRouter(op, op.getRouters(), row);
    data.trees.branches.push_back(
        {router, static_cast<uint32_t>(op.getIncoming()[row]),
         readRoute(op, router, op.getPorts()[row],
                   op.getCores().slice(coreWords * row, coreWords))});
  }
}

void Reader::readTables(TablesOp op) {
  RoutingTables &tables = data.tables;
  tables.entries.resize(machine.getRouters().size());
  std::map<Route, uint32_t> routes;
  for (size_t table = 0; table + 1 < op.getOffsets().size(); ++table) {
    RouterIndex router = readRouter(op, op.getRouters(), table);
    if (router == noIndex)
      continue;
    for (int64_t row = op.getOffsets()[table]; row < op.getOffsets()[table + 1];
         ++row) {
      Route route = readRoute(op, router, op.getPorts()[row],
                              op.getCores().slice(coreWords * row, coreWords));
      auto [entry, isNew] = routes.try_emplace(route, routes.size());
      if (isNew)
        tables.routes.push_back(route);
      tables.entries[router].push_back(
          {{static_cast<uint32_t>(op.getKeys()[row]),
            static_cast<uint32_t>(op.getMasks()[row])},
           entry->second,
           static_cast<uint32_t>(op.getIncoming()[row])});
    }
  }
}

FailureOr<MappingData> Reader::read() {
  readSlices(mapping.getColumns<SlicesOp>());
  if (auto messages = mapping.getColumns<MessagesOp>())
    readMessages(messages);
  if (auto keys = mapping.getColumns<KeysOp>())
    readKeys(keys);
  if (auto trees = mapping.getColumns<TreesOp>())
    readTrees(trees);
  if (auto tables = mapping.getColumns<TablesOp>())
    readTables(tables);
  if (!good)
    return failure();
  return std::move(data);
}

FailureOr<MappingData> pnr::readMapping(MappingOp mapping,
                                        const MachineGraph &machine) {
  return Reader(mapping, machine).read();
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

/// `values` as signed words of the same bits.
static SmallVector<int32_t> toWords(ArrayRef<uint32_t> values) {
  return SmallVector<int32_t>(values);
}

static void appendRoute(const Route &route, SmallVectorImpl<int32_t> &ports,
                        SmallVectorImpl<int64_t> &cores) {
  ports.push_back(static_cast<int32_t>(route.ports));
  cores.append(route.cores.begin(), route.cores.end());
}

static void appendRouter(const MachineGraph &machine, RouterIndex router,
                         SmallVectorImpl<int32_t> &routers) {
  routers.push_back(machine.getRouters()[router].x);
  routers.push_back(machine.getRouters()[router].y);
}

/// A builder at the place of columns OpTy in `mapping`, without those that were
/// there; `Before` are the kinds that come before it.
template <typename OpTy, typename... Before>
static OpBuilder replaceColumns(MappingOp mapping) {
  if (OpTy old = mapping.getColumns<OpTy>())
    old.erase();
  Block &body = mapping.getBody().front();
  OpBuilder builder = OpBuilder::atBlockBegin(&body);
  for (Operation &op : body)
    if (isa<Before...>(op))
      builder.setInsertionPointAfter(&op);
  return builder;
}

static SmallVector<int32_t> makeLocations(const MachineGraph &machine,
                                          const Placement &placement) {
  SmallVector<int32_t> locations;
  for (CoreIndex index : placement) {
    if (index == noIndex) {
      locations.append(SlicesOp::kLocationSize, SlicesOp::kFree);
      continue;
    }
    const Core &core = machine.getCores()[index];
    appendRouter(machine, core.router, locations);
    locations.push_back(core.id);
  }
  return locations;
}

/// The clusters of `slices`, without numbers that only one slice has.
static SmallVector<int32_t> makeClusters(const SliceList &slices) {
  SmallVector<int32_t> clusters(slices.size(), SlicesOp::kAlone);
  llvm::MapVector<uint32_t, SmallVector<size_t, 1>> members;
  for (auto [slice, cluster] : llvm::enumerate(slices.clusters))
    members[cluster].push_back(slice);
  int32_t next = 0;
  for (const auto &[cluster, rows] : members) {
    if (rows.size() == 1)
      continue;
    for (size_t row : rows)
      clusters[row] = next;
    ++next;
  }
  return clusters;
}

static void createSlices(OpBuilder &builder, Location loc,
                         ArrayRef<StringRef> resources,
                         const SliceList &slices) {
  SmallVector<Attribute> names, populations;
  for (auto [name, population] :
       llvm::zip_equal(slices.names, slices.populations)) {
    names.push_back(builder.getStringAttr(name));
    populations.push_back(
        builder.getStringAttr(slices.populationNames[population]));
  }
  SmallVector<int32_t> free(slices.size() * SlicesOp::kLocationSize,
                            SlicesOp::kFree);
  SmallVector<int32_t> offsets = toWords(slices.boxOffsets);
  if (offsets.empty())
    offsets.assign(slices.size() + 1, 0);
  SlicesOp::create(builder, loc, builder.getStrArrayAttr(resources),
                   builder.getArrayAttr(names),
                   builder.getArrayAttr(populations), offsets, slices.boxes,
                   slices.usage, makeClusters(slices), free);
}

static void createMessages(OpBuilder &builder, Location loc,
                           const SliceList &slices, const Messages &messages) {
  // A name that is the source's says nothing.
  bool named = false;
  for (auto [name, source] : llvm::zip(messages.names, messages.sources))
    named |= name != slices.names[source];
  SmallVector<Attribute> names;
  if (named)
    for (const std::string &name : messages.names)
      names.push_back(builder.getStringAttr(name));
  SmallVector<int64_t> keys(messages.numKeys.begin(), messages.numKeys.end());
  MessagesOp::create(builder, loc, builder.getArrayAttr(names),
                     toWords(messages.sources), toWords(messages.offsets),
                     toWords(messages.targets), messages.packets, keys);
}

MappingOp pnr::createMapping(OpBuilder &builder, Location loc, StringRef name,
                             StringRef machine, ArrayRef<StringRef> resources,
                             const SliceList &slices,
                             const Messages &messages) {
  auto mapping = MappingOp::create(builder, loc, builder.getStringAttr(name),
                                   FlatSymbolRefAttr(), StringAttr(),
                                   builder.getStringAttr(machine));
  OpBuilder inner = OpBuilder::atBlockEnd(&mapping.getBody().emplaceBlock());
  createSlices(inner, loc, resources, slices);
  createMessages(inner, loc, slices, messages);
  return mapping;
}

void pnr::setPlacement(MappingOp mapping, const MachineGraph &machine,
                       const Placement &placement) {
  auto slices = mapping.getColumns<SlicesOp>();
  SmallVector<int32_t> locations = makeLocations(machine, placement);
  if (ArrayRef<int32_t>(locations) == slices.getLocations())
    return;
  slices.setLocations(locations);
  if (auto trees = mapping.getColumns<TreesOp>())
    trees.erase();
  if (auto tables = mapping.getColumns<TablesOp>())
    tables.erase();
}

void pnr::setKeys(MappingOp mapping, const KeyAllocation &keys,
                  uint32_t reservedBits) {
  SmallVector<int32_t> key, mask;
  for (const KeyBlock &block : keys) {
    key.push_back(static_cast<int32_t>(block.key));
    mask.push_back(static_cast<int32_t>(block.mask));
  }
  OpBuilder builder = replaceColumns<KeysOp, SlicesOp, MessagesOp>(mapping);
  IntegerAttr reserved;
  if (reservedBits != 0)
    reserved = builder.getI32IntegerAttr(reservedBits);
  KeysOp::create(builder, mapping.getLoc(), reserved, key, mask);
}

void pnr::setTrees(MappingOp mapping, const MachineGraph &machine,
                   const RoutingTrees &trees) {
  SmallVector<int64_t> offsets(trees.offsets.begin(), trees.offsets.end()),
      cores;
  SmallVector<int32_t> routers, incoming, ports;
  for (const Branch &branch : trees.branches) {
    appendRouter(machine, branch.router, routers);
    incoming.push_back(static_cast<int32_t>(branch.incoming));
    appendRoute(branch.route, ports, cores);
  }
  OpBuilder builder =
      replaceColumns<TreesOp, SlicesOp, MessagesOp, KeysOp>(mapping);
  TreesOp::create(builder, mapping.getLoc(), toWords(trees.treeOf), offsets,
                  routers, incoming, ports, cores);
}

void pnr::setTables(MappingOp mapping, const MachineGraph &machine,
                    const RoutingTables &tables) {
  SmallVector<int32_t> routers, keys, masks, incoming, ports;
  SmallVector<int64_t> offsets = {0}, cores;
  for (auto [router, table] : llvm::enumerate(tables.entries)) {
    if (table.empty())
      continue;
    appendRouter(machine, router, routers);
    for (const TableEntry &entry : table) {
      keys.push_back(static_cast<int32_t>(entry.block.key));
      masks.push_back(static_cast<int32_t>(entry.block.mask));
      incoming.push_back(static_cast<int32_t>(entry.incoming));
      appendRoute(tables.routes[entry.route], ports, cores);
    }
    offsets.push_back(keys.size());
  }
  OpBuilder builder =
      replaceColumns<TablesOp, SlicesOp, MessagesOp, KeysOp, TreesOp>(mapping);
  TablesOp::create(builder, mapping.getLoc(), routers, offsets, keys, masks,
                   incoming, ports, cores);
}

LogicalResult pnr::report(Operation *op, const Violations &violations) {
  constexpr size_t most = 50;
  for (const Violation &violation : ArrayRef(violations).take_front(most))
    emitError(op->getLoc()) << violation.str();
  if (violations.size() > most)
    emitError(op->getLoc()) << "and " << violations.size() - most << " more";
  return success(violations.empty());
}
