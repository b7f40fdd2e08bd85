//===- Program.cpp - cores.json, written and read -------------------------===//
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
#include "llvm/ADT/STLExtras.h"
#include <functional>
#include <numeric>

using namespace spikeformer;
using namespace spikeformer::templ;
using llvm::ArrayRef;
using llvm::StringRef;

static int64_t getNumElements(ArrayRef<int64_t> shape) {
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

/// A row per element: core and axon of each destination in turn.
static JsonValue makeRoutes(ArrayRef<std::vector<Destination>> routes) {
  JsonValue rows = JsonValue::array();
  for (const std::vector<Destination> &route : routes) {
    std::vector<int64_t> numbers;
    for (const Destination &destination : route)
      numbers.insert(numbers.end(), {destination.core, destination.axon});
    rows.push(makeArray(numbers));
  }
  return rows;
}

static JsonValue makeSlice(const SliceProgram &slice) {
  return JsonValue::object()
      .set("population", slice.population)
      .set("first", slice.first)
      .set("leak", slice.leak)
      .set("reset", slice.subtracts ? "subtract" : "to_value")
      .set("onset", slice.onset)
      .set("thresholds", makeArray(slice.thresholds))
      .set("initials", makeArray(slice.initials))
      .set("biases", makeArray(slice.biases))
      .set("resets", makeArray(slice.resets))
      .set("routes", makeRoutes(slice.routes));
}

static JsonValue makeCore(const CoreProgram &core) {
  JsonValue slices = JsonValue::array(), axons = JsonValue::array();
  for (const SliceProgram &slice : core.slices)
    slices.push(makeSlice(slice));
  for (const Axon &axon : core.axons)
    axons.push(JsonValue::object()
                   .set("neurons", makeArray(axon.neurons))
                   .set("weights", makeArray(axon.weights))
                   .set("delays", makeArray(axon.delays)));
  return JsonValue::object()
      .set("slices", std::move(slices))
      .set("axons", std::move(axons));
}

JsonValue templ::toJson(const Program &program) {
  JsonValue populations = JsonValue::array(), inputs = JsonValue::array();
  JsonValue outputs = JsonValue::array(), cores = JsonValue::array();
  for (const PopulationInfo &population : program.populations)
    populations.push(JsonValue::object()
                         .set("name", population.name)
                         .set("shape", makeArray(population.shape)));
  for (const InputProgram &input : program.inputs)
    inputs.push(JsonValue::object()
                    .set("shape", makeArray(input.shape))
                    .set("routes", makeRoutes(input.routes)));
  for (const OutputProgram &output : program.outputs)
    outputs.push(JsonValue::object()
                     .set("population", output.population)
                     .set("shape", makeArray(output.shape)));
  for (const CoreProgram &core : program.cores)
    cores.push(makeCore(core));
  return JsonValue::object()
      .set("format", programFormat)
      .set("populations", std::move(populations))
      .set("inputs", std::move(inputs))
      .set("outputs", std::move(outputs))
      .set("cores", std::move(cores));
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
  std::vector<std::vector<Destination>> routes(const JsonValue &object,
                                               size_t count);
  SliceProgram slice(const JsonValue &object);
  Axon axon(const JsonValue &object, int64_t numNeurons);
  CoreProgram core(const JsonValue &object);
  void readPopulations(const JsonValue &json);
  void readBorder(const JsonValue &json);
  void checkDestinations(const JsonValue &json);
  void checkCoverage(const JsonValue &json);

  Program program;
  int64_t numCores = 0;
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

std::vector<std::vector<Destination>>
ProgramReader::routes(const JsonValue &object, size_t count) {
  std::vector<std::vector<Destination>> rows;
  for (const JsonValue &row : items(object, "routes")) {
    std::vector<Destination> &route = rows.emplace_back();
    llvm::Expected<ArrayRef<JsonValue>> numbers = row.getArray();
    if (!numbers) {
      fail(numbers.takeError());
      return rows;
    }
    if (numbers->size() % 2)
      fail(row.makeError("needs pairs of core and axon"));
    for (size_t k = 0; k + 1 < numbers->size(); k += 2)
      route.push_back({integer((*numbers)[k], {0, numCores - 1}),
                       integer((*numbers)[k + 1], {0, kMany})});
  }
  if (message.empty() && rows.size() != count)
    fail(object.makeError("needs " + llvm::Twine(count) + " routes, has " +
                          llvm::Twine(rows.size())));
  return rows;
}

SliceProgram ProgramReader::slice(const JsonValue &object) {
  SliceProgram slice;
  int64_t numPopulations = program.populations.size();
  slice.population = integer(at(object, "population"), {0, numPopulations - 1});
  slice.first = integer(at(object, "first"), {0, kMany});
  slice.leak = integer(at(object, "leak"), leakRange);
  slice.onset = integer(at(object, "onset"), {0, kMany});
  llvm::Expected<StringRef> reset = at(object, "reset").getString();
  if (!reset)
    fail(reset.takeError());
  else if (*reset != "subtract" && *reset != "to_value")
    fail(at(object, "reset").makeError("needs subtract or to_value"));
  else
    slice.subtracts = *reset == "subtract";
  slice.thresholds = integers(object, "thresholds", thresholdRange);
  size_t count = slice.thresholds.size();
  slice.initials = column(object, "initials", potentialRange, count);
  slice.biases = column(object, "biases", potentialRange, count);
  slice.resets =
      column(object, "resets", potentialRange, slice.subtracts ? 0 : count);
  slice.routes = routes(object, count);
  return slice;
}

Axon ProgramReader::axon(const JsonValue &object, int64_t numNeurons) {
  Axon axon;
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
  Usage used{core.getNumNeurons(), 0};
  for (const JsonValue &value : items(object, "axons")) {
    core.axons.push_back(axon(value, used.neurons));
    used.synapses += core.axons.back().neurons.size();
  }
  if (message.empty() && !fits(used, coreCapacity))
    fail(object.makeError("core needs " + describe(used) + ", has " +
                          describe(coreCapacity)));
  return core;
}

void ProgramReader::checkDestinations(const JsonValue &json) {
  auto check = [&](ArrayRef<std::vector<Destination>> routes) {
    for (const std::vector<Destination> &route : routes)
      for (const Destination &to : route) {
        size_t count = program.cores[to.core].axons.size();
        if (static_cast<size_t>(to.axon) >= count)
          fail(json.makeError("a route leads to axon " + llvm::Twine(to.axon) +
                              " of core " + llvm::Twine(to.core) +
                              ", which has " + llvm::Twine(count)));
      }
  };
  for (const InputProgram &input : program.inputs)
    check(input.routes);
  for (const CoreProgram &core : program.cores)
    for (const SliceProgram &slice : core.slices)
      check(slice.routes);
}

/// Slices of a population do not overlap and leave nothing out.
void ProgramReader::checkCoverage(const JsonValue &json) {
  std::vector<std::vector<int>> seen;
  for (const PopulationInfo &population : program.populations)
    seen.emplace_back(population.getNumNeurons());
  bool complete = true;
  for (const CoreProgram &core : program.cores)
    for (const SliceProgram &slice : core.slices)
      for (int64_t n = 0; n < slice.getCount(); ++n) {
        auto &counts = seen[slice.population];
        size_t neuron = slice.first + n;
        complete &= neuron < counts.size() && ++counts[neuron] == 1;
      }
  for (const std::vector<int> &counts : seen)
    complete &= llvm::all_of(counts, [](int count) { return count == 1; });
  if (!complete)
    fail(json.makeError("the slices need every neuron of every population "
                        "exactly once"));
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

void ProgramReader::readBorder(const JsonValue &json) {
  for (const JsonValue &value : items(json, "inputs")) {
    InputProgram &input = program.inputs.emplace_back();
    input.shape = shape(value);
    input.routes = routes(value, getNumElements(input.shape));
  }
  int64_t numPopulations = program.populations.size();
  for (const JsonValue &value : items(json, "outputs")) {
    OutputProgram &output = program.outputs.emplace_back();
    output.population =
        integer(at(value, "population"), {0, numPopulations - 1});
    output.shape = shape(value);
    if (message.empty() &&
        getNumElements(output.shape) !=
            program.populations[output.population].getNumNeurons())
      fail(value.makeError("needs the size of its population"));
  }
}

llvm::Expected<Program> ProgramReader::read(const JsonValue &json) {
  integer(at(json, "format"), {programFormat, programFormat});
  numCores = items(json, "cores").size();
  readPopulations(json);
  readBorder(json);
  for (const JsonValue &value : items(json, "cores"))
    program.cores.push_back(core(value));
  if (message.empty()) {
    checkDestinations(json);
    checkCoverage(json);
  }
  if (!message.empty())
    return llvm::createStringError(message);
  return std::move(program);
}

llvm::Expected<Program> templ::readProgram(const JsonValue &json) {
  return ProgramReader().read(json);
}
