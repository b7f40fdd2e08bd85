//===- MachineFile.cpp - machines as JSON ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/TargetModel/MachineFile.h"
#include "spikeformer/TargetModel/Fabrics.h"
#include "llvm/ADT/StringExtras.h"
#include <set>

using namespace spikeformer;
using llvm::ArrayRef;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;

static constexpr StringRef fabricNames[] = {"mesh", "hexagonal", "tree",
                                            "graph"};
static constexpr StringRef flowNames[] = {"dropping", "blocking"};
static constexpr StringRef scopeNames[] = {"core", "router"};
/// Coordinates and the sides of a grid stay below it.
static constexpr int64_t maxSide = 1 << 16;
static constexpr double unlimited = std::numeric_limits<double>::infinity();

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static JsonValue makePair(int64_t first, int64_t second) {
  return JsonValue(ArrayRef<int64_t>({first, second}));
}

/// The amounts of resources of `scope`.
static JsonValue toCapacity(ArrayRef<Resource> resources,
                            ArrayRef<int64_t> amounts, ResourceScope scope) {
  JsonValue result = JsonValue::object();
  for (auto [resource, amount] : llvm::zip_equal(resources, amounts))
    if (resource.scope == scope)
      result.set(resource.name, amount);
  return result;
}

static JsonValue toJson(const MachineGraph &machine, RouterIndex index) {
  const Router &router = machine.getRouters()[index];
  JsonValue cores = JsonValue::array();
  for (CoreIndex core = router.firstCore;
       core < router.firstCore + router.numCores; ++core)
    cores.push(JsonValue::object()
                   .set("id", machine.getCores()[core].id)
                   .set("capacity", toCapacity(machine.getResources(),
                                               machine.getCoreCapacity(core),
                                               ResourceScope::core)));
  JsonValue result = JsonValue::object();
  result.set("at", makePair(router.x, router.y))
      .set("chip", router.chip)
      .set("board", router.board)
      .set("entries", router.tableEntries)
      .set("capacity",
           toCapacity(machine.getResources(), machine.getRouterCapacity(index),
                      ResourceScope::router))
      .set("cores", std::move(cores));
  return result;
}

static JsonValue toJson(const MachineGraph &machine, const Link &link) {
  const Router &from = machine.getRouters()[link.from];
  const Router &to = machine.getRouters()[link.to];
  JsonValue result = JsonValue::object();
  result.set("from", makePair(from.x, from.y))
      .set("port", link.port)
      .set("to", makePair(to.x, to.y));
  if (link.capacity != unlimited)
    result.set("capacity", link.capacity);
  if (link.energy != 0)
    result.set("energy", link.energy);
  return result;
}

JsonValue spikeformer::toMachineFile(const MachineGraph &machine) {
  JsonValue resources = JsonValue::array(), routers = JsonValue::array();
  JsonValue links = JsonValue::array(), wrap = JsonValue::array();
  for (const Resource &resource : machine.getResources())
    resources.push(
        JsonValue::object()
            .set("name", resource.name)
            .set("unit", resource.unit)
            .set("scope", scopeNames[static_cast<int>(resource.scope)]));
  for (RouterIndex router = 0; router < machine.getRouters().size(); ++router)
    routers.push(toJson(machine, router));
  for (const Link &link : machine.getLinks())
    links.push(toJson(machine, link));
  if (machine.wrapsX())
    wrap.push("x");
  if (machine.wrapsY())
    wrap.push("y");
  JsonValue result = JsonValue::object();
  result.set("format", machineFormat)
      .set("name", machine.getName())
      .set("fabric", fabricNames[static_cast<int>(machine.getFabric())]);
  if (machine.getFlow() != Flow::dropping)
    result.set("flow", flowNames[static_cast<int>(machine.getFlow())]);
  result.set("width", machine.getWidth())
      .set("height", machine.getHeight())
      .set("wrap", std::move(wrap))
      .set("ports", machine.getNumPorts())
      .set("resources", std::move(resources))
      .set("routers", std::move(routers))
      .set("links", std::move(links));
  return result;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {

using Coordinates = std::pair<int64_t, int64_t>;
/// x, y, and a core or a port.
using Triple = std::array<int64_t, 3>;

/// What is dead in a grid.
struct Holes {
  std::set<Coordinates> routers;
  std::set<Triple> cores, links;
};

/// Reads one file. Keeps the first error, so that members can be read one after
/// another; what is read after it does not matter.
class Reader {
public:
  explicit Reader(const JsonValue &root) : root(root) {}
  Expected<MachineGraph> read();

private:
  void fail(Error next) {
    if (error)
      llvm::consumeError(std::move(next));
    else
      error = std::move(next);
  }
  void check(const JsonValue &object, ArrayRef<StringRef> keys) {
    if (Error wrong = object.checkKeys(keys))
      fail(std::move(wrong));
  }

  const JsonValue &at(const JsonValue &object, StringRef key);
  int64_t getInteger(const JsonValue &value, int64_t least, int64_t most);
  int64_t getInteger(const JsonValue &object, StringRef key, int64_t least,
                     int64_t most, int64_t otherwise);
  double getDouble(const JsonValue &object, StringRef key, double otherwise);
  std::string getString(const JsonValue &object, StringRef key);
  ArrayRef<JsonValue> getArray(const JsonValue &value);
  ArrayRef<JsonValue> getArray(const JsonValue &object, StringRef key);
  unsigned getWord(const JsonValue &value, ArrayRef<StringRef> words);
  Coordinates getCoordinates(const JsonValue &value);

  std::vector<Resource> readResources();
  std::vector<int64_t> readCapacity(const JsonValue &owner,
                                    ResourceScope scope);
  void readCores(const JsonValue &cores, RouterSite &site);
  RouterSite readSite(const JsonValue &object);
  void readWrap();
  std::set<Triple> readTriples(const JsonValue &object, StringRef key);
  Holes readHoles();
  RouterSite readGridSite();
  GridShape readGridShape();
  MachineGraph readGrid();
  MachineGraph readRouters();
  void addRouter(MachineGraph &machine, const JsonValue &object);
  void addLink(MachineGraph &machine, const JsonValue &object);
  RouterIndex findRouter(const MachineGraph &machine, const JsonValue &value);

  const JsonValue &root;
  const JsonValue nothing;
  Error error = Error::success();
  Fabric fabric = Fabric::graph;
  std::vector<Resource> resources;
  bool wrapX = false, wrapY = false;
  uint32_t width = 0, height = 0;
};

} // namespace

//===----------------------------------------------------------------------===//
// Members
//===----------------------------------------------------------------------===//

const JsonValue &Reader::at(const JsonValue &object, StringRef key) {
  Expected<const JsonValue &> member = object.at(key);
  if (member)
    return *member;
  fail(member.takeError());
  return nothing;
}

int64_t Reader::getInteger(const JsonValue &value, int64_t least,
                           int64_t most) {
  Expected<int64_t> number = value.getInteger();
  if (!number) {
    fail(number.takeError());
    return least;
  }
  if (*number >= least && *number <= most)
    return *number;
  fail(value.makeError("needs a number from " + Twine(least) + " to " +
                       Twine(most) + ", has " + Twine(*number)));
  return least;
}

int64_t Reader::getInteger(const JsonValue &object, StringRef key,
                           int64_t least, int64_t most, int64_t otherwise) {
  const JsonValue *value = object.find(key);
  return value ? getInteger(*value, least, most) : otherwise;
}

double Reader::getDouble(const JsonValue &object, StringRef key,
                         double otherwise) {
  const JsonValue *value = object.find(key);
  if (!value)
    return otherwise;
  Expected<double> number = value->getDouble();
  if (!number) {
    fail(number.takeError());
    return otherwise;
  }
  if (!(*number >= 0))
    fail(value->makeError("'" + key + "' needs a number of at least 0"));
  return *number;
}

std::string Reader::getString(const JsonValue &object, StringRef key) {
  Expected<StringRef> text = at(object, key).getString();
  if (text)
    return text->str();
  fail(text.takeError());
  return "";
}

ArrayRef<JsonValue> Reader::getArray(const JsonValue &value) {
  Expected<ArrayRef<JsonValue>> items = value.getArray();
  if (items)
    return *items;
  fail(items.takeError());
  return {};
}

ArrayRef<JsonValue> Reader::getArray(const JsonValue &object, StringRef key) {
  const JsonValue *value = object.find(key);
  return value ? getArray(*value) : ArrayRef<JsonValue>();
}

unsigned Reader::getWord(const JsonValue &value, ArrayRef<StringRef> words) {
  Expected<StringRef> text = value.getString();
  if (!text) {
    fail(text.takeError());
    return 0;
  }
  auto found = llvm::find(words, *text);
  if (found != words.end())
    return found - words.begin();
  fail(
      value.makeError("'" + *text + "' is none of " + llvm::join(words, ", ")));
  return 0;
}

Coordinates Reader::getCoordinates(const JsonValue &value) {
  ArrayRef<JsonValue> numbers = getArray(value);
  if (numbers.size() == 2)
    return {getInteger(numbers[0], -maxSide, maxSide),
            getInteger(numbers[1], -maxSide, maxSide)};
  fail(value.makeError("needs [x, y]"));
  return {};
}

//===----------------------------------------------------------------------===//
// Routers
//===----------------------------------------------------------------------===//

std::vector<Resource> Reader::readResources() {
  std::vector<Resource> list;
  std::set<std::string> names;
  for (const JsonValue &item : getArray(root, "resources")) {
    check(item, {"name", "unit", "scope"});
    Resource resource;
    resource.name = getString(item, "name");
    resource.unit = item.find("unit") ? getString(item, "unit") : resource.name;
    resource.scope =
        static_cast<ResourceScope>(getWord(at(item, "scope"), scopeNames));
    if (!names.insert(resource.name).second)
      fail(item.makeError("resource '" + Twine(resource.name) +
                          "' is there twice"));
    list.push_back(std::move(resource));
  }
  return list;
}

std::vector<int64_t> Reader::readCapacity(const JsonValue &owner,
                                          ResourceScope scope) {
  std::vector<int64_t> amounts(resources.size());
  std::vector<StringRef> known;
  const JsonValue *given = owner.find("capacity");
  const JsonValue &capacity = given ? *given : nothing;
  for (auto [resource, amount] : llvm::zip_equal(resources, amounts)) {
    if (resource.scope != scope)
      continue;
    known.push_back(resource.name);
    if (given)
      amount = getInteger(at(capacity, resource.name), 0, INT64_MAX);
    else
      fail(owner.makeError("'capacity' is missing, which gives '" +
                           Twine(resource.name) + "'"));
  }
  if (given)
    check(capacity, known);
  return amounts;
}

/// `cores` is their number, or their ids.
void Reader::readCores(const JsonValue &cores, RouterSite &site) {
  if (!cores.isArray()) {
    int64_t count = getInteger(cores, 0, maxCoresPerRouter);
    for (int64_t id = 0; id < count; ++id)
      site.cores.push_back(id);
    return;
  }
  for (const JsonValue &id : getArray(cores))
    site.cores.push_back(getInteger(id, 0, maxCoresPerRouter - 1));
}

RouterSite Reader::readSite(const JsonValue &object) {
  RouterSite site;
  site.chip = getInteger(object, "chip", 0, UINT32_MAX - 1, 0);
  site.board = getInteger(object, "board", 0, UINT32_MAX - 1, 0);
  site.tableEntries = getInteger(object, "entries", 0, UINT32_MAX, UINT32_MAX);
  site.routerCapacity = readCapacity(object, ResourceScope::router);
  return site;
}

void Reader::readWrap() {
  for (const JsonValue &axis : getArray(root, "wrap"))
    (getWord(axis, {"x", "y"}) == 0 ? wrapX : wrapY) = true;
}

//===----------------------------------------------------------------------===//
// Grids
//===----------------------------------------------------------------------===//

std::set<Triple> Reader::readTriples(const JsonValue &object, StringRef key) {
  std::set<Triple> triples;
  for (const JsonValue &item : getArray(object, key)) {
    ArrayRef<JsonValue> numbers = getArray(item);
    if (numbers.size() == 3)
      triples.insert({getInteger(numbers[0], 0, maxSide),
                      getInteger(numbers[1], 0, maxSide),
                      getInteger(numbers[2], 0, maxCoresPerRouter - 1)});
    else
      fail(item.makeError("needs three numbers"));
  }
  return triples;
}

Holes Reader::readHoles() {
  Holes holes;
  const JsonValue *dead = root.find("dead");
  if (!dead)
    return holes;
  check(*dead, {"routers", "cores", "links"});
  for (const JsonValue &router : getArray(*dead, "routers"))
    holes.routers.insert(getCoordinates(router));
  holes.cores = readTriples(*dead, "cores");
  holes.links = readTriples(*dead, "links");
  return holes;
}

/// What stands at every place of a grid.
RouterSite Reader::readGridSite() {
  const JsonValue &router = at(root, "router");
  check(router, {"entries", "cores", "capacity"});
  RouterSite site = readSite(router);
  readCores(at(router, "cores"), site);
  const JsonValue *core = root.find("core");
  if (core)
    check(*core, {"capacity"});
  site.coreCapacity = readCapacity(core ? *core : root, ResourceScope::core);
  return site;
}

/// A grid without its routers.
GridShape Reader::readGridShape() {
  GridShape shape;
  shape.name = getString(root, "name");
  shape.fabric = fabric;
  shape.width = width;
  shape.height = height;
  shape.wrapX = wrapX;
  shape.wrapY = wrapY;
  shape.resources = resources;
  if (const JsonValue *link = root.find("link")) {
    check(*link, {"capacity", "energy"});
    shape.linkCapacity = getDouble(*link, "capacity", unlimited);
    shape.linkEnergy = getDouble(*link, "energy", 0);
  }
  return shape;
}

/// Every router is like every other, but for what is dead.
MachineGraph Reader::readGrid() {
  check(root, {"format", "name", "fabric", "flow", "width", "height", "wrap",
               "resources", "router", "core", "link", "chip", "dead"});
  RouterSite site = readGridSite();
  Holes holes = readHoles();
  GridShape shape = readGridShape();
  Coordinates chip = {1, 1};
  if (const JsonValue *size = root.find("chip"))
    chip = getCoordinates(*size);
  if (chip.first < 1 || chip.second < 1)
    fail(root.makeError("'chip' needs numbers of at least 1"));
  if (error)
    return {};
  uint32_t chipsAcross = (width + chip.first - 1) / chip.first;
  shape.siteAt = [&](uint32_t x, uint32_t y) -> std::optional<RouterSite> {
    if (holes.routers.count({x, y}))
      return std::nullopt;
    RouterSite here = site;
    here.chip = y / chip.second * chipsAcross + x / chip.first;
    llvm::erase_if(here.cores, [&](uint32_t id) {
      return holes.cores.count({x, y, id}) != 0;
    });
    return here;
  };
  shape.isDeadLink = [&](uint32_t x, uint32_t y, uint32_t port) {
    return holes.links.count({x, y, port}) != 0;
  };
  return makeGrid(shape);
}

//===----------------------------------------------------------------------===//
// Any graph
//===----------------------------------------------------------------------===//

void Reader::addRouter(MachineGraph &machine, const JsonValue &object) {
  check(object, {"at", "chip", "board", "entries", "capacity", "cores"});
  Coordinates place = getCoordinates(at(object, "at"));
  RouterSite site = readSite(object);
  if (!error && machine.findRouter(place.first, place.second) != noIndex)
    fail(object.makeError("there is a router at these coordinates already"));
  if (error)
    return;
  machine.addRouter(place.first, place.second, site.chip, site.board,
                    site.tableEntries, site.routerCapacity);
  for (const JsonValue &core : getArray(object, "cores")) {
    check(core, {"id", "capacity"});
    int64_t id = getInteger(at(core, "id"), 0, maxCoresPerRouter - 1);
    std::vector<int64_t> capacity = readCapacity(core, ResourceScope::core);
    machine.addCore(id, capacity);
  }
}

RouterIndex Reader::findRouter(const MachineGraph &machine,
                               const JsonValue &value) {
  Coordinates place = getCoordinates(value);
  RouterIndex router = machine.findRouter(place.first, place.second);
  if (router == noIndex)
    fail(value.makeError("there is no router at these coordinates"));
  return router;
}

void Reader::addLink(MachineGraph &machine, const JsonValue &object) {
  check(object, {"from", "port", "to", "capacity", "energy"});
  RouterIndex from = findRouter(machine, at(object, "from"));
  RouterIndex to = findRouter(machine, at(object, "to"));
  int64_t port =
      getInteger(at(object, "port"), 0, int64_t(machine.getNumPorts()) - 1);
  double capacity = getDouble(object, "capacity", unlimited);
  double energy = getDouble(object, "energy", 0);
  if (!error && machine.getLink(from, port) != noIndex)
    fail(object.makeError("a link leaves by this port already"));
  if (!error)
    machine.addLink(from, port, to, capacity, energy);
}

MachineGraph Reader::readRouters() {
  check(root, {"format", "name", "fabric", "flow", "width", "height", "wrap",
               "ports", "resources", "routers", "links"});
  MachineGraph machine(getString(root, "name"), fabric, width, height, wrapX,
                       wrapY, getInteger(at(root, "ports"), 0, maxPorts));
  for (const Resource &resource : resources)
    machine.addResource(resource);
  for (const JsonValue &router : getArray(root, "routers"))
    addRouter(machine, router);
  for (const JsonValue &link : getArray(root, "links"))
    addLink(machine, link);
  return machine;
}

Expected<MachineGraph> Reader::read() {
  if (getString(root, "format") != machineFormat && !error)
    fail(root.makeError("'format' needs '" + machineFormat + "'"));
  fabric = static_cast<Fabric>(getWord(at(root, "fabric"), fabricNames));
  bool isGrid = fabric == Fabric::mesh || fabric == Fabric::hexagonal;
  width = getInteger(root, "width", 1, maxSide, 1);
  height = getInteger(root, "height", 1, maxSide, 1);
  readWrap();
  resources = readResources();
  bool isRegular = isGrid && !root.find("routers");
  MachineGraph machine;
  if (!error)
    machine = isRegular ? readGrid() : readRouters();
  if (const JsonValue *flow = root.find("flow"))
    machine.setFlow(static_cast<Flow>(getWord(*flow, flowNames)));
  if (error)
    return std::move(error);
  Violations violations = machine.check();
  if (violations.empty())
    return std::move(machine);
  return root.makeError(violations.front().str());
}

Expected<MachineGraph> spikeformer::readMachineFile(const JsonValue &json) {
  return Reader(json).read();
}
