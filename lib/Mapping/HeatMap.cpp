//===- HeatMap.cpp - a picture of a mapped machine ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/HeatMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace spikeformer;

/// Pixels from one router to the next, and the size of one.
static constexpr double pitch = 56, side = 26;

namespace {

struct Point {
  double x, y;
};

/// Draws one page.
class Painter {
public:
  explicit Painter(const HeatMapInput &input)
      : input(input), machine(input.machine) {}

  std::string draw();

private:
  void layOut();
  void drawLinks(llvm::raw_ostream &os) const;
  void drawLink(llvm::raw_ostream &os, LinkIndex index, double most) const;
  void drawRouters(llvm::raw_ostream &os) const;
  void describeRouter(llvm::raw_ostream &os, RouterIndex router) const;
  void writeTable(llvm::raw_ostream &os) const;

  const HeatMapInput &input;
  const MachineGraph &machine;
  std::vector<Point> at;
  double width = 0, height = 0;
  /// Names of the slices on each router.
  std::vector<std::vector<llvm::StringRef>> names;
};

} // namespace

static void writeEscaped(llvm::raw_ostream &os, llvm::StringRef text) {
  for (char c : text) {
    switch (c) {
    case '<':
      os << "&lt;";
      break;
    case '&':
      os << "&amp;";
      break;
    case '"':
      os << "&quot;";
      break;
    default:
      os << c;
    }
  }
}

/// From nearly white over orange to dark red, `share` from 0 to 1.
static void writeColour(llvm::raw_ostream &os, double share) {
  share = std::sqrt(std::min(std::max(share, 0.0), 1.0));
  auto mix = [&](double low, double middle, double high) {
    return static_cast<int>(share < 0.5
                                ? low + (middle - low) * 2 * share
                                : middle + (high - middle) * (2 * share - 1));
  };
  os << llvm::format("#%02x%02x%02x", mix(245, 250, 120), mix(245, 150, 10),
                     mix(240, 60, 20));
}

/// The place of every router: rows upward, hexagonal ones shifted by a half.
void Painter::layOut() {
  double low = 0, top = 0;
  bool skew = machine.getFabric() == Fabric::hexagonal;
  for (const Router &router : machine.getRouters()) {
    double x = router.x - (skew ? 0.5 * router.y : 0);
    at.push_back({x, double(router.y)});
    low = std::min(low, x);
    top = std::max(top, double(router.y));
  }
  double rise = skew ? std::sqrt(0.75) : 1;
  for (Point &point : at) {
    point = {(point.x - low + 0.7) * pitch,
             (top - point.y + 0.7) * rise * pitch};
    width = std::max(width, point.x + 0.7 * pitch);
    height = std::max(height, point.y + 0.7 * pitch);
  }
  names.resize(at.size());
  for (auto [slice, core] : llvm::enumerate(input.placement))
    if (core != noIndex)
      names[machine.getCores()[core].router].push_back(
          input.slices.names[slice]);
}

void Painter::drawLink(llvm::raw_ostream &os, LinkIndex index,
                       double most) const {
  const Link &link = machine.getLinks()[index];
  double load = input.metrics.packetsOfLink[index];
  Point from = at[link.from], to = at[link.to];
  double length = std::hypot(to.x - from.x, to.y - from.y);
  // What wraps would cross the picture: a stub says that it is there.
  bool wraps = length > 1.6 * pitch;
  double dx = (to.x - from.x) / length, dy = (to.y - from.y) / length;
  if (wraps)
    to = {from.x - dx * 0.45 * pitch, from.y - dy * 0.45 * pitch};
  // The two directions lie side by side.
  double shiftX = -dy * 3, shiftY = dx * 3;
  os << llvm::format("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
                     "stroke-width=\"%.1f\" stroke=\"",
                     from.x + shiftX, from.y + shiftY, to.x + shiftX,
                     to.y + shiftY, 1.5 + 3.5 * load / most);
  writeColour(os, load / most);
  os << "\"><title>link " << link.port << " of "
     << machine.describeRouter(link.from) << " to "
     << machine.describeRouter(link.to) << ": " << llvm::format("%g", load)
     << " packets</title></line>\n";
}

void Painter::drawLinks(llvm::raw_ostream &os) const {
  double most = input.metrics.maxLinkLoad > 0 ? input.metrics.maxLinkLoad : 1;
  for (LinkIndex index = 0; index < machine.getLinks().size(); ++index)
    drawLink(os, index, most);
}

void Painter::describeRouter(llvm::raw_ostream &os, RouterIndex index) const {
  const Router &router = machine.getRouters()[index];
  os << "router " << machine.describeRouter(index) << "\n"
     << names[index].size() << " slices on " << router.numCores << " cores\n"
     << llvm::format("%g", input.metrics.packetsOfRouter[index])
     << " packets pass\n";
  if (index < input.tables.entries.size())
    os << input.tables.entries[index].size() << " table entries of "
       << router.tableEntries << "\n";
  size_t width = machine.getResources().size();
  for (auto [kind, resource] : llvm::enumerate(machine.getResources()))
    if (resource.scope == ResourceScope::router)
      os << resource.name << ": "
         << input.metrics.usageOfRouter[index * width + kind] << " of "
         << machine.getRouterCapacity(index)[kind] << " " << resource.unit
         << "\n";
  for (llvm::StringRef name : names[index]) {
    writeEscaped(os, name);
    os << "\n";
  }
}

void Painter::drawRouters(llvm::raw_ostream &os) const {
  const std::vector<double> &packets = input.metrics.packetsOfRouter;
  double most = 1;
  for (double count : packets)
    most = std::max(most, count);
  for (RouterIndex index = 0; index < at.size(); ++index) {
    Point centre = at[index];
    os << llvm::format("<rect x=\"%.1f\" y=\"%.1f\" width=\"%g\" "
                       "height=\"%g\" rx=\"4\" stroke=\"#555\" fill=\"",
                       centre.x - side / 2, centre.y - side / 2, side, side);
    writeColour(os, packets[index] / most);
    os << "\"><title>";
    describeRouter(os, index);
    os << "</title></rect>\n";
    if (!names[index].empty())
      os << llvm::format("<text x=\"%.1f\" y=\"%.1f\">", centre.x, centre.y + 4)
         << names[index].size() << "</text>\n";
  }
}

void Painter::writeTable(llvm::raw_ostream &os) const {
  const MappingMetrics &metrics = input.metrics;
  auto row = [&](llvm::StringRef name, double value) {
    os << "<tr><td>" << name << "</td><td>" << llvm::format("%.10g", value)
       << "</td></tr>\n";
  };
  os << "<table>\n";
  row("cores used", metrics.coresUsed);
  row("chips used", metrics.chipsUsed);
  row("packet hops", metrics.packetHops);
  row("tree links", metrics.treeLinks);
  row("packets on the busiest link", metrics.maxLinkLoad);
  if (!input.tables.entries.empty())
    row("table entries", input.tables.getNumEntries());
  os << "</table>\n";
}

std::string Painter::draw() {
  layOut();
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<title>";
  writeEscaped(os, input.title);
  os << "</title>\n<style>body{font:14px sans-serif;margin:1.5em}"
        "text{font-size:11px;text-anchor:middle;pointer-events:none}"
        "td{padding:0 1em 0 0}svg{max-width:100%;height:auto}</style></head>\n"
        "<body><h1>";
  writeEscaped(os, input.title);
  os << "</h1>\n<p>Squares are routers with the number of their slices, lines "
        "are links, one for each direction; the redder, the more packets. Rest "
        "the pointer on one for its numbers.</p>\n"
     << llvm::format("<svg width=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" "
                     "xmlns=\"http://www.w3.org/2000/svg\">\n",
                     width, width, height);
  drawLinks(os);
  drawRouters(os);
  os << "</svg>\n";
  writeTable(os);
  os << "</body></html>\n";
  return text;
}

std::string spikeformer::drawHeatMap(const HeatMapInput &input) {
  return Painter(input).draw();
}
