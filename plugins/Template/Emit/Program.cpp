//===- Program.cpp - program.json, written and read -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reader trusts nothing: a damaged file is an error at its line, never a
// wrong result.
//
//===----------------------------------------------------------------------===//

#include "Emit/Program.h"
#include "TargetModel/Chip.h"
#include "TargetModel/Machines.h"
#include "llvm/ADT/STLExtras.h"
#include <functional>
#include <numeric>

using namespace spikeformer;
using namespace spikeformer::templ;
using llvm::ArrayRef;
using llvm::StringRef;

int64_t templ::getNumElements(ArrayRef<int64_t> shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t(1),
                         std::multiplies<int64_t>());
}

int64_t PopulationInfo::getNumNeurons() const { return getNumElements(shape); }

int64_t CoreProgram::getNumNeurons() const {
  int64_t count = 0;
  for (const SliceProgram &slice : slices)
    count += slice.getCount();
  return count;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static JsonValue makeArray(ArrayRef<int64_t> numbers) {
  return JsonValue(numbers);
}

static JsonValue makeSlice(const SliceProgram &slice) {
  return JsonValue::object()
      .set("population", slice.population)
      .set("neurons", makeArray(slice.neurons.elements))
      .set("key", slice.neurons.key)
      .set("leak", slice.leak)
      .set("reset", slice.subtracts ? "subtract" : "to_value")
      .set("onset", slice.onset)
      .set("thresholds", makeArray(slice.thresholds))
      .set("initials", makeArray(slice.initials))
      .set("biases", makeArray(slice.biases))
      .set("resets", makeArray(slice.resets));
}

static JsonValue makeCore(const CoreProgram &core) {
  JsonValue slices = JsonValue::array(), axons = JsonValue::array();
  for (const SliceProgram &slice : core.slices)
    slices.push(makeSlice(slice));
  for (const Axon &axon : core.axons)
    axons.push(JsonValue::object()
                   .set("key", axon.key)
                   .set("neurons", makeArray(axon.neurons))
                   .set("weights", makeArray(axon.weights))
                   .set("delays", makeArray(axon.delays)));
  return JsonValue::object()
      .set("slices", std::move(slices))
      .set("axons", std::move(axons));
}

static JsonValue makeInput(const InputProgram &input) {
  JsonValue slices = JsonValue::array();
  for (const InputSlice &slice : input.slices)
    slices.push(JsonValue::object()
                    .set("core", slice.core)
                    .set("elements", makeArray(slice.elements.elements))
                    .set("key", slice.elements.key));
  return JsonValue::object()
      .set("shape", makeArray(input.shape))
      .set("slices", std::move(slices));
}

/// Columns, one number per entry; ports and cores as sets of bits.
static JsonValue makeTable(const RoutingTables &tables,
                           ArrayRef<TableEntry> entries) {
  std::vector<int64_t> keys, masks, ports, cores;
  for (const TableEntry &entry : entries) {
    const Route &route = tables.routes[entry.route];
    keys.push_back(entry.block.key);
    // No packet has the bits above those of a key.
    masks.push_back(entry.block.mask & keyRange.high);
    ports.push_back(route.ports);
    cores.push_back(route.cores.front());
  }
  return JsonValue::object()
      .set("keys", makeArray(keys))
      .set("masks", makeArray(masks))
      .set("ports", makeArray(ports))
      .set("cores", makeArray(cores));
}

JsonValue templ::toJson(const Program &program) {
  JsonValue populations = JsonValue::array(), inputs = JsonValue::array();
  JsonValue outputs = JsonValue::array(), cores = JsonValue::array();
  JsonValue tables = JsonValue::array();
  for (const PopulationInfo &population : program.populations)
    populations.push(JsonValue::object()
                         .set("name", population.name)
                         .set("shape", makeArray(population.shape)));
  for (const InputProgram &input : program.inputs)
    inputs.push(makeInput(input));
  for (const OutputProgram &output : program.outputs)
    outputs.push(JsonValue::object()
                     .set("population", output.population)
                     .set("shape", makeArray(output.shape)));
  for (const CoreProgram &core : program.cores)
    cores.push(makeCore(core));
  for (const std::vector<TableEntry> &table : program.tables.entries)
    tables.push(makeTable(program.tables, table));
  return JsonValue::object()
      .set("format", programFormat)
      .set("machine", program.machine.getName())
      .set("populations", std::move(populations))
      .set("inputs", std::move(inputs))
      .set("outputs", std::move(outputs))
      .set("cores", std::move(cores))
      .set("tables", std::move(tables));
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {

/// Reads one file; keeps the first error and goes on with zeros after it.
class ProgramReader {
public:
  llvm::Expected<Program> read(const JsonValue &json);

private:
  /// Upper ends of ranges that the file itself does not bound.
  static constexpr int64_t kMany = int64_t(1) << 24;

  void fail(llvm::Error error);
  const JsonValue &at(const JsonValue &object, StringRef key);
  ArrayRef<JsonValue> items(const JsonValue &object, StringRef key);
  int64_t integer(const JsonValue &value, Range range);
  std::vector<int64_t> integers(const JsonValue &object, StringRef key,
                                Range range);
  /// One number for each of `count` rows.
  std::vector<int64_t> column(const JsonValue &object, StringRef key,
                              Range range, size_t count);
  std::vector<int64_t> shape(const JsonValue &object);
  /// `size`: elements of the population or input.
  Senders senders(const JsonValue &object, StringRef key, int64_t size);
  SliceProgram slice(const JsonValue &object);
  Axon axon(const JsonValue &object, int64_t numNeurons);
  CoreProgram core(const JsonValue &object);
  void readMachine(const JsonValue &json);
  void readPopulations(const JsonValue &json);
  void readInput(const JsonValue &object);
  void readOutput(const JsonValue &object);
  void readTable(const JsonValue &object);
  /// The items of `key`, which are `count`.
  ArrayRef<JsonValue> items(const JsonValue &object, StringRef key,
                            size_t count);
  void checkCoverage(const JsonValue &json);

  Program program;
  std::string message;
};

} // namespace

void ProgramReader::fail(llvm::Error error) {
  std::string text = llvm::toString(std::move(error));
  if (message.empty())
    message = std::move(text);
}

const JsonValue &ProgramReader::at(const JsonValue &object, StringRef key) {
  static const JsonValue null;
  llvm::Expected<const JsonValue &> member = object.at(key);
  if (member)
    return *member;
  fail(member.takeError());
  return null;
}

ArrayRef<JsonValue> ProgramReader::items(const JsonValue &object,
                                         StringRef key) {
  if (!message.empty())
    return {};
  llvm::Expected<ArrayRef<JsonValue>> array = at(object, key).getArray();
  if (array)
    return *array;
  fail(array.takeError());
  return {};
}

int64_t ProgramReader::integer(const JsonValue &value, Range range) {
  llvm::Expected<int64_t> number = value.getInteger();
  if (!number) {
    fail(number.takeError());
    return 0;
  }
  if (range.contains(*number))
    return *number;
  fail(value.makeError("needs an integer from " + llvm::Twine(range.low) +
                       " to " + llvm::Twine(range.high) + ", has " +
                       llvm::Twine(*number)));
  return 0;
}

std::vector<int64_t> ProgramReader::integers(const JsonValue &object,
                                             StringRef key, Range range) {
  std::vector<int64_t> numbers;
  for (const JsonValue &value : items(object, key))
    numbers.push_back(integer(value, range));
  return numbers;
}

std::vector<int64_t> ProgramReader::column(const JsonValue &object,
                                           StringRef key, Range range,
                                           size_t count) {
  std::vector<int64_t> numbers = integers(object, key, range);
  if (message.empty() && numbers.size() != count)
    fail(at(object, key)
             .makeError("needs " + llvm::Twine(count) + " numbers, has " +
                        llvm::Twine(numbers.size())));
  return numbers;
}

std::vector<int64_t> ProgramReader::shape(const JsonValue &object) {
  std::vector<int64_t> extents = integers(object, "shape", {1, kMany});
  int64_t size = 1;
  for (int64_t extent : extents)
    size = std::min(size * extent, kMany + 1);
  if (size > kMany) {
    fail(object.makeError("needs at most " + llvm::Twine(kMany) + " elements"));
    extents.clear();
  }
  return extents;
}

Senders ProgramReader::senders(const JsonValue &object, StringRef key,
                               int64_t size) {
  Senders senders;
  senders.elements = integers(object, key, {0, size - 1});
  senders.key = integer(at(object, "key"), {Senders::kSilent, keyRange.high});
  int64_t end = senders.key + static_cast<int64_t>(senders.elements.size());
  if (message.empty() && end > keyRange.high + 1)
    fail(object.makeError("needs keys to " + llvm::Twine(end - 1) +
                          ", has keys to " + llvm::Twine(keyRange.high)));
  return senders;
}

SliceProgram ProgramReader::slice(const JsonValue &object) {
  SliceProgram slice;
  int64_t numPopulations = program.populations.size();
  slice.population = integer(at(object, "population"), {0, numPopulations - 1});
  if (!message.empty())
    return slice;
  slice.neurons = senders(
      object, "neurons", program.populations[slice.population].getNumNeurons());
  slice.leak = integer(at(object, "leak"), leakRange);
  slice.onset = integer(at(object, "onset"), {0, kMany});
  llvm::Expected<StringRef> reset = at(object, "reset").getString();
  if (!reset)
    fail(reset.takeError());
  else if (*reset != "subtract" && *reset != "to_value")
    fail(at(object, "reset").makeError("needs subtract or to_value"));
  else
    slice.subtracts = *reset == "subtract";
  size_t count = slice.getCount();
  slice.thresholds = column(object, "thresholds", thresholdRange, count);
  slice.initials = column(object, "initials", potentialRange, count);
  slice.biases = column(object, "biases", potentialRange, count);
  slice.resets =
      column(object, "resets", potentialRange, slice.subtracts ? 0 : count);
  return slice;
}

Axon ProgramReader::axon(const JsonValue &object, int64_t numNeurons) {
  Axon axon;
  axon.key = integer(at(object, "key"), keyRange);
  axon.neurons = integers(object, "neurons", {0, numNeurons - 1});
  size_t count = axon.neurons.size();
  axon.weights = column(object, "weights", weightRange, count);
  axon.delays = column(object, "delays", delayRange, count);
  return axon;
}

CoreProgram ProgramReader::core(const JsonValue &object) {
  CoreProgram core;
  for (const JsonValue &value : items(object, "slices"))
    core.slices.push_back(slice(value));
  int64_t neurons = core.getNumNeurons(), synapses = 0, last = -1;
  for (const JsonValue &value : items(object, "axons")) {
    const Axon &read = core.axons.emplace_back(axon(value, neurons));
    if (message.empty() && read.key <= last)
      fail(value.makeError("needs a key above " + llvm::Twine(last) + ", has " +
                           llvm::Twine(read.key)));
    last = read.key;
    synapses += read.neurons.size();
  }
  if (message.empty() &&
      (neurons > neuronsPerCore || synapses > synapsesPerCore))
    fail(object.makeError("core needs " + llvm::Twine(neurons) +
                          " neurons and " + llvm::Twine(synapses) +
                          " synapses, has " + llvm::Twine(neuronsPerCore) +
                          " and " + llvm::Twine(synapsesPerCore)));
  return core;
}

ArrayRef<JsonValue> ProgramReader::items(const JsonValue &object, StringRef key,
                                         size_t count) {
  ArrayRef<JsonValue> values = items(object, key);
  if (message.empty() && values.size() != count)
    fail(at(object, key)
             .makeError("needs " + llvm::Twine(count) + " items, has " +
                        llvm::Twine(values.size())));
  return values;
}

void ProgramReader::readMachine(const JsonValue &json) {
  llvm::Expected<StringRef> name = at(json, "machine").getString();
  if (!name)
    return fail(name.takeError());
  llvm::Expected<MachineGraph> machine = makeMachine(*name);
  if (!machine)
    return fail(machine.takeError());
  program.machine = std::move(*machine);
}

void ProgramReader::readPopulations(const JsonValue &json) {
  for (const JsonValue &value : items(json, "populations")) {
    PopulationInfo &info = program.populations.emplace_back();
    llvm::Expected<StringRef> name = at(value, "name").getString();
    if (name)
      info.name = name->str();
    else
      fail(name.takeError());
    info.shape = shape(value);
  }
}

void ProgramReader::readInput(const JsonValue &object) {
  InputProgram &input = program.inputs.emplace_back();
  input.shape = shape(object);
  int64_t numCores = program.machine.getCores().size();
  for (const JsonValue &value : items(object, "slices"))
    input.slices.push_back(
        {integer(at(value, "core"), {0, numCores - 1}),
         senders(value, "elements", getNumElements(input.shape))});
}

void ProgramReader::readOutput(const JsonValue &object) {
  OutputProgram &output = program.outputs.emplace_back();
  int64_t numPopulations = program.populations.size();
  output.population =
      integer(at(object, "population"), {0, numPopulations - 1});
  output.shape = shape(object);
  if (message.empty() &&
      getNumElements(output.shape) !=
          program.populations[output.population].getNumNeurons())
    fail(object.makeError("needs the size of its population"));
}

void ProgramReader::readTable(const JsonValue &object) {
  RoutingTables &tables = program.tables;
  std::vector<TableEntry> &entries = tables.entries.emplace_back();
  auto bits = [](uint32_t count) {
    return Range{0, (int64_t(1) << count) - 1};
  };
  std::vector<int64_t> keys = integers(object, "keys", keyRange);
  size_t count = keys.size();
  std::vector<int64_t> masks = column(object, "masks", keyRange, count);
  std::vector<int64_t> ports =
      column(object, "ports", bits(program.machine.getNumPorts()), count);
  std::vector<int64_t> cores =
      column(object, "cores", bits(maxCoresPerChip), count);
  if (message.empty() && count > tableEntries)
    fail(object.makeError("table needs " + llvm::Twine(count) +
                          " entries, has " + llvm::Twine(tableEntries)));
  for (size_t i = 0; i < count && message.empty(); ++i) {
    Route route;
    route.ports = ports[i];
    route.cores.front() = cores[i];
    entries.push_back(
        {{static_cast<uint32_t>(keys[i]), static_cast<uint32_t>(masks[i])},
         static_cast<uint32_t>(tables.routes.size()),
         noIndex});
    tables.routes.push_back(route);
  }
}

/// Counts the elements of `senders`; false if one is there twice.
static bool count(const Senders &senders, std::vector<bool> &seen) {
  for (int64_t element : senders.elements) {
    if (seen[element])
      return false;
    seen[element] = true;
  }
  return true;
}

/// Slices do not overlap, and those of a population leave nothing out.
void ProgramReader::checkCoverage(const JsonValue &json) {
  std::vector<std::vector<bool>> seen;
  for (const PopulationInfo &population : program.populations)
    seen.emplace_back(population.getNumNeurons());
  bool good = true;
  for (const CoreProgram &core : program.cores)
    for (const SliceProgram &slice : core.slices)
      good &= count(slice.neurons, seen[slice.population]);
  for (const std::vector<bool> &neurons : seen)
    good &= !llvm::is_contained(neurons, false);
  for (const InputProgram &input : program.inputs) {
    std::vector<bool> elements(getNumElements(input.shape));
    for (const InputSlice &slice : input.slices)
      good &= count(slice.elements, elements);
  }
  if (!good)
    fail(json.makeError("the slices need every neuron of every population "
                        "exactly once, and no element of an input twice"));
}

llvm::Expected<Program> ProgramReader::read(const JsonValue &json) {
  integer(at(json, "format"), {programFormat, programFormat});
  readMachine(json);
  readPopulations(json);
  for (const JsonValue &value : items(json, "inputs"))
    readInput(value);
  for (const JsonValue &value : items(json, "outputs"))
    readOutput(value);
  for (const JsonValue &value :
       items(json, "cores", program.machine.getCores().size()))
    program.cores.push_back(core(value));
  for (const JsonValue &value :
       items(json, "tables", program.machine.getRouters().size()))
    readTable(value);
  if (message.empty())
    checkCoverage(json);
  if (!message.empty())
    return llvm::createStringError(message);
  return std::move(program);
}

llvm::Expected<Program> templ::readProgram(const JsonValue &json) {
  return ProgramReader().read(json);
}
