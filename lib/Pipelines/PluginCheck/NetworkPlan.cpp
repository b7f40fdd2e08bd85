//===- NetworkPlan.cpp - a network as plain data --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers are written with as many digits as read back the same.
//
//===----------------------------------------------------------------------===//

#include "NetworkPlan.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <functional>
#include <numeric>

using namespace spikeformer;
using namespace spikeformer::plugincheck;

int64_t plugincheck::countElements(ArrayRef<int64_t> shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t(1),
                         std::multiplies<int64_t>());
}

ArrayRef<int64_t> NetworkPlan::getShape(size_t source) const {
  return source < inputs.size() ? inputs[source].shape
                                : populations[source - inputs.size()].shape;
}

namespace {
/// Writes one plan.
class PlanWriter {
public:
  explicit PlanWriter(const NetworkPlan &plan) : plan(plan) {}

  std::pair<std::string, PlanLines> write();

private:
  /// Starts a line and returns its number.
  unsigned startLine();
  std::string getSignal(ArrayRef<int64_t> shape, StringRef alphabet) const;
  std::string getSourceSignal(size_t source) const;
  std::string getSourceName(size_t source) const;
  /// `number`, or a reference to a parameter that is written now.
  std::string define(StringRef name, ArrayRef<int64_t> shape, StringRef element,
                     ArrayRef<double> values);
  /// The same as a param, bias or delay.
  std::string defineParam(StringRef name, ArrayRef<int64_t> shape,
                          StringRef element, ArrayRef<double> values);
  void defineNumbers();
  void writeNetwork();
  void writeProjection(size_t index);
  void writePopulation(size_t index);
  void writeMain();
  std::string getResult(const PlannedOutput &output) const;

  const NetworkPlan &plan;
  std::string text;
  llvm::raw_string_ostream os{text};
  PlanLines lines;
  unsigned line = 0;
  /// What stands where a number is wanted, by projection and by population.
  std::vector<std::string> weights, delays, biases, params;
};
} // namespace

static std::string printShape(ArrayRef<int64_t> shape) {
  return llvm::join(
      llvm::map_range(shape, [](int64_t n) { return std::to_string(n); }), "x");
}

/// A number as an attribute: with a point for floats, without for integers.
static std::string printNumber(double value, bool isInteger) {
  std::string number;
  if (isInteger)
    llvm::raw_string_ostream(number) << static_cast<int64_t>(value);
  else
    llvm::raw_string_ostream(number) << llvm::format("%.16e", value);
  return number;
}

/// Nested brackets, row-major.
static void printElements(ArrayRef<int64_t> shape, ArrayRef<double> values,
                          bool isInteger, llvm::raw_ostream &os) {
  if (shape.empty()) {
    os << printNumber(values.front(), isInteger);
    return;
  }
  size_t stride = values.size() / shape.front();
  os << '[';
  for (int64_t k = 0; k < shape.front(); ++k) {
    os << (k ? ", " : "");
    printElements(shape.drop_front(), values.slice(k * stride, stride),
                  isInteger, os);
  }
  os << ']';
}

unsigned PlanWriter::startLine() {
  if (line != 0)
    os << '\n';
  return ++line;
}

std::string PlanWriter::getSignal(ArrayRef<int64_t> shape,
                                  StringRef alphabet) const {
  return "!snn.signal<" + printShape(shape) + ", " + alphabet.str() + ">";
}

std::string PlanWriter::getSourceSignal(size_t source) const {
  size_t numInputs = plan.inputs.size();
  return getSignal(plan.getShape(source),
                   source < numInputs
                       ? plan.inputs[source].alphabet
                       : plan.populations[source - numInputs].alphabet);
}

std::string PlanWriter::getSourceName(size_t source) const {
  size_t numInputs = plan.inputs.size();
  return source < numInputs ? "%x" + std::to_string(source)
                            : "%p" + std::to_string(source - numInputs);
}

std::string PlanWriter::define(StringRef name, ArrayRef<int64_t> shape,
                               StringRef element, ArrayRef<double> values) {
  bool isInteger = element.starts_with("i");
  if (values.size() == 1 && !isInteger)
    return printNumber(values.front(), isInteger);
  startLine();
  os << "snn.parameter @" << name << " : tensor<" << printShape(shape) << 'x'
     << element << "> = dense<";
  printElements(shape, values, isInteger, os);
  os << '>';
  return ("@" + name).str();
}

std::string PlanWriter::defineParam(StringRef name, ArrayRef<int64_t> shape,
                                    StringRef element,
                                    ArrayRef<double> values) {
  std::string defined = define(name, shape, element, values);
  return defined.front() == '@' ? "#snn.param<" + defined + ">" : defined;
}

/// Writes everything that is a tensor.
void PlanWriter::defineNumbers() {
  for (auto [index, projection] : llvm::enumerate(plan.projections)) {
    std::string suffix = std::to_string(index);
    for (const auto &[name, values] : projection.tables)
      define(name, {static_cast<int64_t>(values.size())}, "i64",
             Numbers(values.begin(), values.end()));
    weights.push_back(define("w" + suffix, projection.weightShape, "f32",
                             projection.weights));
    const std::vector<int64_t> &steps = projection.delays;
    delays.push_back(
        steps.size() == 1
            ? std::to_string(steps.front())
            : "(" +
                  defineParam("d" + suffix, projection.weightShape, "i32",
                              Numbers(steps.begin(), steps.end())) +
                  ")");
  }
  for (auto [index, population] : llvm::enumerate(plan.populations)) {
    std::string prefix = "p" + std::to_string(index) + "_";
    std::vector<std::string> list;
    for (const auto &[name, values] : population.params)
      list.push_back(
          name + " = " +
          defineParam(prefix + name, population.shape, "f32", values));
    params.push_back(llvm::join(list, ", "));
    bool hasBias = population.bias != Numbers{0.0};
    biases.push_back(hasBias ? " bias " + defineParam(prefix + "bias",
                                                      population.shape, "f32",
                                                      population.bias)
                             : "");
  }
}

void PlanWriter::writeProjection(size_t index) {
  const PlannedProjection &projection = plan.projections[index];
  lines.projections.push_back(startLine());
  os << "  %c" << index << " = snn.project " << getSourceName(projection.source)
     << " through " << projection.connectivity << " weights " << weights[index]
     << " delay " << delays[index] << " : "
     << getSourceSignal(projection.source) << " -> !snn.current<"
     << printShape(plan.populations[projection.target].shape) << '>';
}

void PlanWriter::writePopulation(size_t index) {
  const PlannedPopulation &population = plan.populations[index];
  lines.populations.push_back(startLine());
  std::vector<std::string> currents;
  for (auto [number, projection] : llvm::enumerate(plan.projections))
    if (projection.target == index)
      currents.push_back("%c" + std::to_string(number));
  std::vector<std::string> fields{"state = f32"};
  if (!population.integration.empty())
    fields.push_back("integration = " + population.integration);
  if (population.model == "cuba_lif")
    fields.push_back("order = synapse_first");
  fields.push_back("reset = " + population.reset);
  fields.push_back("fires = " + population.fires);
  fields.push_back("when = " + population.when);
  if (population.model != "if")
    fields.push_back("refractory = none");
  if (!population.option.empty())
    fields.push_back(population.option);
  os << "  %p" << index << " = snn.population \"p" << index
     << "\" (in: " << llvm::join(currents, ", ")
     << (currents.empty() ? "" : " ") << "accumulate ordered<f32>"
     << biases[index] << ") model #snn." << population.model << '<'
     << llvm::join(fields, ", ") << "> params {" << params[index] << '}';
  if (population.onset != 0)
    os << " onset " << population.onset;
  os << " : " << getSignal(population.shape, population.alphabet);
}

void PlanWriter::writeNetwork() {
  std::vector<std::string> arguments, results, values;
  for (auto [index, input] : llvm::enumerate(plan.inputs))
    arguments.push_back("%x" + std::to_string(index) + ": " +
                        getSourceSignal(index));
  for (const PlannedOutput &output : plan.outputs) {
    size_t source = plan.inputs.size() + output.population;
    results.push_back(getSourceSignal(source));
    values.push_back(getSourceName(source));
  }
  lines.network = startLine();
  os << "snn.network @net(" << llvm::join(arguments, ", ") << ") -> ("
     << llvm::join(results, ", ") << ") attributes {dt = "
     << (plan.dt ? printNumber(*plan.dt, false) : "\"steps\"") << "} {";
  for (size_t index = 0; index < plan.projections.size(); ++index)
    writeProjection(index);
  for (size_t index = 0; index < plan.populations.size(); ++index)
    writePopulation(index);
  lines.output = startLine();
  os << "  snn.output " << llvm::join(values, ", ") << " : "
     << llvm::join(results, ", ");
  startLine();
  os << '}';
}

/// The type of what a readout gives.
std::string PlanWriter::getResult(const PlannedOutput &output) const {
  SmallVector<int64_t> shape = plan.populations[output.population].shape;
  if (output.readout == "population_vector")
    shape.pop_back();
  bool isFloat =
      output.readout == "population_vector" || output.readout == "rate";
  std::string extents = printShape(shape);
  return "tensor<?x" + extents + (extents.empty() ? "" : "x") +
         (isFloat ? "f32>" : "i32>");
}

void PlanWriter::writeMain() {
  std::vector<std::string> arguments, names, types, results, readouts;
  for (auto [index, input] : llvm::enumerate(plan.inputs)) {
    names.push_back("%x" + std::to_string(index));
    std::string steps =
        input.perStep ? std::to_string(plan.timesteps) + "x" : "";
    types.push_back("tensor<?x" + steps + printShape(input.shape) + "x" +
                    input.element + ">");
    arguments.push_back(names.back() + ": " + types.back());
  }
  for (const PlannedOutput &output : plan.outputs) {
    results.push_back(getResult(output));
    readouts.push_back(output.readout);
  }
  std::string resultTypes = "(" + llvm::join(results, ", ") + ")";
  startLine();
  os << "func.func @main(" << llvm::join(arguments, ", ") << ") -> "
     << resultTypes << " {";
  lines.simulate = startLine();
  os << "  %r:" << results.size() << " = snn.simulate @net("
     << llvm::join(names, ", ") << ") steps(" << plan.timesteps << ") reset("
     << (plan.resetPerSample ? "per_sample" : "never") << ") readout("
     << llvm::join(readouts, ", ") << ") : (" << llvm::join(types, ", ")
     << ") -> " << resultTypes;
  startLine();
  std::vector<std::string> values;
  for (size_t index = 0; index < results.size(); ++index)
    values.push_back("%r#" + std::to_string(index));
  os << "  return " << llvm::join(values, ", ") << " : "
     << llvm::join(results, ", ");
  startLine();
  os << "}\n";
}

std::pair<std::string, PlanLines> PlanWriter::write() {
  defineNumbers();
  writeNetwork();
  writeMain();
  return {std::move(text), std::move(lines)};
}

std::pair<std::string, PlanLines> NetworkPlan::print() const {
  return PlanWriter(*this).write();
}
