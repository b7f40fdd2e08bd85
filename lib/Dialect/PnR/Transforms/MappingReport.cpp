//===- MappingReport.cpp - what a mapping uses ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/PnR/Transforms/MappingReport.h"
#include "spikeformer/Mapping/HeatMap.h"
#include "spikeformer/Mapping/PlacementReasons.h"
#include "spikeformer/Mapping/TableBuilder.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"

using namespace spikeformer;
using namespace spikeformer::pnr;

/// One row of `resources`: used and capacity of the machine, and the share that
/// is used where it is fullest.
static JsonValue describeResource(const MachineGraph &machine,
                                  const MappingMetrics &metrics,
                                  size_t resource) {
  const Resource &kind = machine.getResources()[resource];
  bool ofCore = kind.scope == ResourceScope::core;
  size_t width = machine.getResources().size();
  size_t count =
      ofCore ? machine.getCores().size() : machine.getRouters().size();
  const std::vector<int64_t> &usage =
      ofCore ? metrics.usageOfCore : metrics.usageOfRouter;
  int64_t used = 0, capacity = 0;
  double worst = 0;
  for (size_t place = 0; place < count; ++place) {
    int64_t here = usage[place * width + resource];
    int64_t most = (ofCore ? machine.getCoreCapacity(place)
                           : machine.getRouterCapacity(place))[resource];
    used += here;
    capacity += most;
    if (most > 0)
      worst = std::max(worst, static_cast<double>(here) / most);
  }
  return JsonValue::object()
      .set("name", kind.name)
      .set("unit", kind.unit)
      .set("used", used)
      .set("capacity", capacity)
      .set("worst", worst);
}

static size_t getLargestTable(const RoutingTables &tables) {
  size_t largest = 0;
  for (const std::vector<TableEntry> &table : tables.entries)
    largest = std::max(largest, table.size());
  return largest;
}

static void addTables(JsonValue &metrics, StringRef prefix,
                      const RoutingTables &tables) {
  metrics.set((prefix + "entries_total").str(), tables.getNumEntries())
      .set((prefix + "entries_max").str(), getLargestTable(tables));
}

/// "link 2 of (3, 4)", or null.
static JsonValue describeBusiestLink(const MachineGraph &machine,
                                     const MappingMetrics &metrics) {
  if (metrics.busiestLink == noIndex)
    return JsonValue();
  const Link &link = machine.getLinks()[metrics.busiestLink];
  return "link " + std::to_string(link.port) + " of " +
         machine.describeRouter(link.from);
}

/// {core: "core 3 of (3, 4)", packets: sent and received}, or null.
static JsonValue describeBusiestCore(const MachineGraph &machine,
                                     const MappingMetrics &metrics) {
  if (metrics.busiestCore == noIndex)
    return JsonValue();
  return JsonValue::object()
      .set("core", machine.describeCore(metrics.busiestCore))
      .set("packets", metrics.busiestCoreLoad);
}

static JsonValue makeMetrics(const MachineGraph &machine,
                             const MappingData &data,
                             const MappingMetrics &measured, bool routed) {
  JsonValue metrics = JsonValue::object();
  metrics.set("slices", data.slices.size())
      .set("messages", data.messages.size())
      .set("inter_core_packets", measured.messages)
      .set("cut_packets", measured.cutPackets)
      .set("busiest_core", describeBusiestCore(machine, measured));
  if (!routed)
    return metrics;
  metrics.set("tree_links", measured.treeLinks)
      .set("packet_hops", measured.packetHops)
      .set("unicast_hops", measured.unicastHops)
      .set("max_link_load", measured.maxLinkLoad)
      .set("busiest_link", describeBusiestLink(machine, measured))
      .set("longest_route", measured.latency)
      .set("link_energy", measured.energy);
  if (data.keys.size() == data.messages.size())
    addTables(metrics, "",
              makeMergedTables(machine, data.slices, data.messages, data.trees,
                               data.keys));
  if (!data.tables.entries.empty())
    addTables(metrics, "compressed_", data.tables);
  return metrics;
}

JsonValue pnr::makeReport(MappingOp mapping, const MachineGraph &machine) {
  JsonValue report = JsonValue::object();
  FailureOr<MappingData> data = readMapping(mapping, machine);
  if (failed(data))
    return report;
  report.set("machine", mapping.getMachine());
  if (llvm::is_contained(data->placement, noIndex))
    return report;
  bool routed = mapping.getColumns<TreesOp>() != nullptr;
  RoutingTrees none;
  none.treeOf.assign(data->messages.size(), 0);
  none.offsets = {0, 0};
  MappingMetrics measured = measure({machine, data->messages, data->placement},
                                    data->slices, routed ? data->trees : none);
  JsonValue resources = JsonValue::array();
  for (size_t kind = 0; kind < machine.getResources().size(); ++kind)
    resources.push(describeResource(machine, measured, kind));
  return report.set("cores_used", measured.coresUsed)
      .set("chips_used", measured.chipsUsed)
      .set("resources", std::move(resources))
      .set("metrics", makeMetrics(machine, *data, measured, routed));
}

JsonValue pnr::makeReport(ModuleOp module) {
  llvm::Expected<MappingOp> mapping = getOnlyMapping(module);
  if (!mapping) {
    llvm::consumeError(mapping.takeError());
    return JsonValue::object();
  }
  auto machine = PluginRegistry::get().makeMachine(mapping->getMachine());
  if (!machine) {
    llvm::consumeError(machine.takeError());
    return JsonValue::object();
  }
  return makeReport(*mapping, *machine);
}

//===----------------------------------------------------------------------===//
// What is where
//===----------------------------------------------------------------------===//

static JsonValue makePlace(const Router &router) {
  return JsonValue(ArrayRef<int64_t>({router.x, router.y}));
}

/// Why a slice is where it is: `because` of its partners, and the router that
/// these draw it to, if it lies `elsewhere`.
static JsonValue describeReason(const MachineGraph &machine,
                                const MappingData &data,
                                const PlacementReason &reason) {
  JsonValue partners = JsonValue::array(), elsewhere;
  for (const PlacementPartner &partner : reason.partners)
    partners.push(JsonValue::object()
                      .set("slice", data.slices.names[partner.slice])
                      .set("packets", partner.packets)
                      .set("links", partner.links));
  if (reason.elsewhere != noIndex)
    elsewhere =
        JsonValue::object()
            .set("at", makePlace(machine.getRouters()[reason.elsewhere]))
            .set("pull", reason.pullElsewhere)
            .set("lacks",
                 reason.lacks == noIndex
                     ? JsonValue()
                     : JsonValue(machine.getResources()[reason.lacks].name));
  return JsonValue::object()
      .set("partners", std::move(partners))
      .set("pull", reason.pull)
      .set("elsewhere", std::move(elsewhere));
}

static JsonValue describeSlices(const MachineGraph &machine,
                                const MappingData &data,
                                const MappingMetrics &metrics) {
  JsonValue slices = JsonValue::array();
  std::vector<PlacementReason> reasons = explainPlacement(
      {machine, data.slices, data.messages, {}}, data.placement);
  for (auto [slice, index] : llvm::enumerate(data.placement)) {
    const Core &core = machine.getCores()[index];
    JsonValue row = JsonValue::object();
    row.set("name", data.slices.names[slice])
        .set("at", makePlace(machine.getRouters()[core.router]))
        .set("core", core.id)
        .set("core_sends", metrics.sentByCore[index])
        .set("core_receives", metrics.receivedByCore[index]);
    if (!reasons.empty())
      row.set("because", describeReason(machine, data, reasons[slice]));
    slices.push(std::move(row));
  }
  return slices;
}

static JsonValue describeRouter(const MachineGraph &machine,
                                const MappingData &data,
                                const MappingMetrics &metrics,
                                RouterIndex index) {
  JsonValue result = JsonValue::object(), resources = JsonValue::array();
  ArrayRef<Resource> kinds = machine.getResources();
  for (auto [kind, resource] : llvm::enumerate(kinds))
    if (resource.scope == ResourceScope::router)
      resources.push(
          JsonValue::object()
              .set("name", resource.name)
              .set("used", metrics.usageOfRouter[index * kinds.size() + kind])
              .set("capacity", machine.getRouterCapacity(index)[kind]));
  result.set("at", makePlace(machine.getRouters()[index]))
      .set("slices", metrics.slicesOfRouter[index])
      .set("packets", metrics.packetsOfRouter[index]);
  if (!data.tables.entries.empty())
    result.set("entries", data.tables.entries[index].size())
        .set("entries_capacity", machine.getRouters()[index].tableEntries);
  return result.set("resources", std::move(resources));
}

JsonValue pnr::makeUtilisation(const MachineGraph &machine,
                               const MappingData &data) {
  MappingMetrics metrics = measure({machine, data.messages, data.placement},
                                   data.slices, data.trees);
  JsonValue routers = JsonValue::array(), links = JsonValue::array();
  for (RouterIndex router = 0; router < machine.getRouters().size(); ++router)
    routers.push(describeRouter(machine, data, metrics, router));
  for (auto [link, packets] :
       llvm::zip_equal(machine.getLinks(), metrics.packetsOfLink))
    links.push(JsonValue::object()
                   .set("from", makePlace(machine.getRouters()[link.from]))
                   .set("port", link.port)
                   .set("to", makePlace(machine.getRouters()[link.to]))
                   .set("packets", packets));
  return JsonValue::object()
      .set("slices", describeSlices(machine, data, metrics))
      .set("routers", std::move(routers))
      .set("links", std::move(links));
}

std::string pnr::drawMapping(StringRef title, const MachineGraph &machine,
                             const MappingData &data) {
  MappingMetrics metrics = measure({machine, data.messages, data.placement},
                                   data.slices, data.trees);
  return drawHeatMap({machine, data.slices, data.placement, metrics,
                      data.tables, title.str()});
}
