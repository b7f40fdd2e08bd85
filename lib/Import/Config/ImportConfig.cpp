//===- ImportConfig.cpp - networks from a JSON configuration --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The module is written as a user would write it, and parsed.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/Config/ImportConfig.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Support/Diagnostics.h"
#include "spikeformer/Support/InputDiagnostics.h"
#include "spikeformer/Support/JsonSchema.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace spikeformer;

static constexpr llvm::StringLiteral schemaText(
#include "NetworkConfigSchema.inc"
);

StringRef spikeformer::getConfigSchema() { return schemaText; }

namespace {
/// Writes the module of a valid configuration.
class ConfigWriter {
public:
  ConfigWriter(const JsonValue &config, const JsonValue &schema);

  std::string write();

private:
  double number(StringRef key) const;
  int64_t integer(StringRef key) const;
  StringRef text(StringRef key) const;

  void writeWeights();
  void writeLayers();
  std::string getModel() const;
  std::string getSignal(size_t layer) const;

  const JsonValue &config, &schema;
  /// Neurons of the input, the hidden layers and the output.
  std::vector<int64_t> sizes;
  std::string result;
  llvm::raw_string_ostream os{result};
};
} // namespace

ConfigWriter::ConfigWriter(const JsonValue &config, const JsonValue &schema)
    : config(config), schema(schema) {
  sizes.push_back(integer("input"));
  const JsonValue *hidden = config.find("hidden_layers");
  for (const JsonValue &layer : llvm::cantFail(hidden->getArray()))
    sizes.push_back(llvm::cantFail(layer.getInteger()));
  sizes.push_back(integer("output"));
}

double ConfigWriter::number(StringRef key) const {
  return llvm::cantFail(getOrDefault(config, schema, key)->getDouble());
}

int64_t ConfigWriter::integer(StringRef key) const {
  return llvm::cantFail(getOrDefault(config, schema, key)->getInteger());
}

StringRef ConfigWriter::text(StringRef key) const {
  return llvm::cantFail(getOrDefault(config, schema, key)->getString());
}

/// `number` as MLIR reads it back.
static std::string print(double number) {
  return llvm::formatv("{0:e17}", number);
}

void ConfigWriter::writeWeights() {
  for (size_t layer = 1; layer < sizes.size(); ++layer) {
    std::string bound = print(1 / std::sqrt(double(sizes[layer - 1])));
    os << llvm::formatv(
        "snn.parameter @w{0} : tensor<{1}x{2}xf32> = "
        "#snn.random<uniform(-{3}, {3}), generator = philox, seed = {4}, "
        "stream = {0}>\n",
        layer, sizes[layer], sizes[layer - 1], bound, integer("seed"));
  }
}

std::string ConfigWriter::getModel() const {
  std::string rest = llvm::formatv("v_threshold = {0}, v_init = 0.0}",
                                   print(number("threshold")));
  // The gain of a step of `if` is r dt.
  if (text("neuron") == "if")
    return "#snn.if<state = f32, reset = subtract, fires = above, when = "
           "same_step> params {r = " +
           print(1e3 / number("dt")) + ", " + rest;
  double decay = std::exp(-number("dt") / number("tau_mem"));
  return "#snn.lif<state = f32, integration = discrete, reset = subtract, "
         "fires = above, when = same_step, refractory = none> params {decay "
         "= " +
         print(decay) + ", r = 1.0, " + rest;
}

/// The type of what `layer` emits; the input is layer 0.
std::string ConfigWriter::getSignal(size_t layer) const {
  bool isCurrent = layer == 0 && text("encoder") == "constant";
  return llvm::formatv("!snn.signal<{0}, {1}>", sizes[layer],
                       isCurrent ? "analogue<f32>" : "binary");
}

void ConfigWriter::writeLayers() {
  double seconds = number("dt") * 1e-3, gain = 1 / seconds;
  // An input of 1 fires in every step, and no rounding takes p beyond 1.
  if (gain * seconds > 1)
    gain = std::nextafter(gain, 0);
  if (text("encoder") == "poisson")
    os << llvm::formatv("  %s0 = snn.encode \"input\" by #snn.poisson<"
                        "probability = rate_dt, gain = {0} : f64, seed = {1}, "
                        "stream = 0> of %x : !snn.signal<{2}, analogue<f32>> "
                        "-> !snn.signal<{2}, binary>\n",
                        print(gain), integer("seed"), sizes[0]);
  for (size_t layer = 1; layer < sizes.size(); ++layer) {
    bool isFirst = layer == 1, isLast = layer + 1 == sizes.size();
    std::string source = isFirst && text("encoder") == "constant"
                             ? "x"
                             : "s" + std::to_string(layer - 1);
    std::string name = isLast ? "output" : "hidden" + std::to_string(layer);
    os << llvm::formatv("  %i{0} = snn.project %{1} through #snn.dense weights "
                        "@w{0} delay 0 : {2} -> !snn.current<{3}>\n",
                        layer, source, getSignal(layer - 1), sizes[layer])
       << llvm::formatv("  %s{0} = snn.population \"{1}\" (in: %i{0} "
                        "accumulate ordered<f32>) model {2} : {3}\n",
                        layer, name, getModel(), getSignal(layer));
  }
}

std::string ConfigWriter::write() {
  size_t last = sizes.size() - 1;
  std::string output = getSignal(last);
  std::string tensors = llvm::formatv("tensor<?x{0}xf32>) -> tensor<?x{1}xi32>",
                                      sizes[0], sizes[last]);
  writeWeights();
  os << llvm::formatv("snn.network @network(%x: !snn.signal<{0}, "
                      "analogue<f32>>) -> ({1}) attributes {{dt = {2} : f64} "
                      "{{\n",
                      sizes[0], output, print(number("dt") * 1e-3));
  writeLayers();
  os << llvm::formatv("  snn.output %s{0} : {1}\n}\n", last, output)
     << "func.func @main(%x: " << tensors << " {\n"
     << llvm::formatv("  %r = snn.simulate @network(%x) steps({0}) "
                      "reset(per_sample) readout(count) : ({1}\n",
                      integer("timesteps"), tensors)
     << llvm::formatv("  return %r : tensor<?x{0}xi32>\n}\n", sizes[last]);
  return result;
}

//===----------------------------------------------------------------------===//
// Importing
//===----------------------------------------------------------------------===//

/// Gives every operation the file and, of populations, the name as its place.
static void setLocations(ModuleOp module, StringRef path) {
  Location file = getPartLocation(module.getContext(), path, "");
  module->walk([&](Operation *op) {
    auto population = dyn_cast<snn::PopulationOp>(op);
    op->setLoc(population ? getPartLocation(module.getContext(), path,
                                            population.getName())
                          : file);
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (BlockArgument argument : block.getArguments())
          argument.setLoc(file);
  });
}

OwningOpRef<ModuleOp> spikeformer::importConfig(StringRef text, StringRef path,
                                                MLIRContext &context) {
  context.loadDialect<snn::SNNDialect, func::FuncDialect>();
  JsonValue schema = llvm::cantFail(parseJson(schemaText, "schema"));
  llvm::Expected<JsonValue> config = parseJson(text, path);
  if (!config)
    return (void)emitErrors(config.takeError(), context), nullptr;
  if (failed(emitErrors(checkSchema(*config, schema), context)))
    return nullptr;
  ParserConfig parser(&context);
  auto module = parseSourceString<ModuleOp>(
      ConfigWriter(*config, schema).write(), parser);
  if (module)
    setLocations(*module, path);
  return module;
}
