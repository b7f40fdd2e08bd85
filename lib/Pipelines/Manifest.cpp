//===- Manifest.cpp - the border of an artefact ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/Manifest.h"
#include "mlir/AsmParser/AsmParser.h"
#include "spikeformer/Dialect/SNN/Analysis/StepOrder.h"
#include "spikeformer/Dialect/SNN/IR/SNNEncoders.h"
#include "spikeformer/Pipelines/Model.h"
#include "spikeformer/Support/JsonSchema.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;

static constexpr int64_t formatVersion = 1;

static constexpr StringLiteral schemaText(
#include "ManifestSchema.inc"
);

StringRef spikeformer::getManifestSchema() { return schemaText; }

llvm::Error spikeformer::checkManifest(const JsonValue &manifest) {
  static const JsonValue schema =
      llvm::cantFail(parseJson(schemaText, "schema"));
  return checkSchema(manifest, schema);
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static std::string print(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

/// The alphabet as it is spelled behind the shape of a signal.
static std::string getAlphabet(snn::SignalType type) {
  std::string text = print(type);
  return StringRef(text).drop_back().split(", ").second.str();
}

/// The axes of data for a signal of `rank` axes, as --axes names them.
static StringRef getLayout(size_t rank) {
  return rank == 1 ? "N" : rank == 2 ? "CN" : rank == 3 ? "CHW" : "row-major";
}

/// A stored value stands for scale x (value - zero point).
static JsonValue describeSignal(Type type, double scale) {
  auto signal = cast<snn::SignalType>(type);
  return JsonValue::object()
      .set("shape", JsonValue(signal.getShape()))
      .set("layout", getLayout(signal.getShape().size()))
      .set("type", getAlphabet(signal))
      .set("scale", scale)
      .set("zero_point", 0);
}

/// Encoders that are part of the network run where the network does; without
/// one the host presents what the network sees.
static JsonValue describeEncoder(BlockArgument input) {
  for (Operation *user : input.getUsers())
    if (auto encode = dyn_cast<snn::EncodeOp>(user))
      return JsonValue::object()
          .set("name", encode.getName())
          .set("kind", cast<Attribute>(encode.getEncoder())
                           .getAbstractAttribute()
                           .getName()
                           .split('.')
                           .second)
          .set("runs_on", "target");
  return JsonValue();
}

/// The name of the argument of @main that input `index` is.
static std::string nameInput(snn::SimulateOp simulate, unsigned index) {
  auto argument = simulate
                      ? dyn_cast<BlockArgument>(simulate.getInputs()[index])
                      : BlockArgument();
  auto main = argument
                  ? dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp())
                  : func::FuncOp();
  return main ? getInputName(main, argument.getArgNumber())
              : "input" + std::to_string(index);
}

static JsonValue listInputs(snn::NetworkOp network, snn::SimulateOp simulate) {
  JsonValue inputs = JsonValue::array();
  for (BlockArgument argument : network.getBody().getArguments()) {
    unsigned index = argument.getArgNumber();
    JsonValue input = JsonValue::object();
    input.set("name", nameInput(simulate, index))
        .setMembers(describeSignal(argument.getType(), 1));
    input.set("encoder", describeEncoder(argument)).set("first_step", 0);
    if (simulate) {
      auto given = cast<ShapedType>(simulate.getInputs()[index].getType());
      size_t rank = cast<snn::SignalType>(argument.getType()).getShape().size();
      input.set("element", print(given.getElementType()))
          .set("per_step", given.getRank() == static_cast<int64_t>(rank) + 2);
    }
    inputs.push(std::move(input));
  }
  return inputs;
}

/// What a value of output `index` is multiplied by to be what it was before
/// phases scaled it; spikes are not scaled.
static double getOutputScale(snn::NetworkOp network, unsigned index,
                             const snn::RelationChain &relations) {
  Value value = network.getOutput().getValues()[index];
  auto population = value.getDefiningOp<snn::PopulationOp>();
  auto type = cast<snn::SignalType>(value.getType());
  if (!population || type.getKind() != snn::AlphabetKind::analogue)
    return 1;
  return 1 / relations.trace(population.getName()).scale;
}

static JsonValue listOutputs(snn::NetworkOp network, snn::SimulateOp simulate,
                             const snn::RelationChain &relations) {
  JsonValue outputs = JsonValue::array();
  for (auto [index, type] :
       llvm::enumerate(network.getFunctionType().getResults())) {
    JsonValue readout;
    if (simulate)
      readout = snn::stringifyReadout(simulate.getReadout(index));
    int64_t onset = snn::getOutputOnset(network, index);
    JsonValue output = JsonValue::object();
    output.set("name", getOutputName(index))
        .setMembers(
            describeSignal(type, getOutputScale(network, index, relations)));
    outputs.push(output.set("first_step", onset)
                     .set("readout", std::move(readout))
                     .set("class_order", "row-major index")
                     .set("latency", onset));
  }
  return outputs;
}

static JsonValue describePopulation(const NamedSignal &signal) {
  const snn::Origin &origin = signal.origin;
  return JsonValue::object()
      .set("name", signal.name)
      .set("shape", JsonValue(ArrayRef<int64_t>(signal.shape)))
      .set("spikes", signal.hasSpikes)
      .set("onset", signal.onset)
      .set("origin", JsonValue::object()
                         .set("population", origin.population)
                         .set("first", origin.first)
                         .set("steps", origin.steps ? JsonValue(*origin.steps)
                                                    : JsonValue())
                         .set("scale", origin.scale));
}

LogicalResult spikeformer::describeNetwork(ModuleOp module,
                                           JsonValue &manifest) {
  snn::SimulateOp simulate;
  module.walk([&](snn::SimulateOp op) { simulate = op; });
  snn::NetworkOp network;
  if (simulate)
    network = SymbolTable::lookupNearestSymbolFrom<snn::NetworkOp>(
        simulate, simulate.getNetworkAttr());
  else if (auto networks = module.getOps<snn::NetworkOp>(); !networks.empty())
    network = *networks.begin();
  JsonValue populations = JsonValue::array(), inputs = JsonValue::array(),
            outputs = JsonValue::array(), timesteps, reset;
  if (network) {
    auto relations = snn::RelationChain::create(module);
    if (failed(relations))
      return failure();
    for (const NamedSignal &signal : listSignals(network, *relations))
      populations.push(describePopulation(signal));
    inputs = listInputs(network, simulate);
    outputs = listOutputs(network, simulate, *relations);
  }
  if (simulate && simulate.getSteps())
    timesteps = static_cast<int64_t>(*simulate.getSteps());
  if (simulate)
    reset = snn::stringifySampleReset(simulate.getResetKind());
  manifest.set("sample_reset", std::move(reset))
      .set("timesteps", std::move(timesteps))
      .set("inputs", std::move(inputs))
      .set("outputs", std::move(outputs))
      .set("populations", std::move(populations));
  return success();
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {
/// Keeps the first error, so that members can be read one after another.
class ManifestReader {
public:
  explicit ManifestReader(MLIRContext &context) : context(context) {}

  llvm::Expected<Manifest> read(const JsonValue &json);

private:
  void fail(llvm::Error next) {
    error = error ? llvm::joinErrors(std::move(error), std::move(next))
                  : std::move(next);
  }
  /// `value`, or a default in the case of an error.
  template <typename T>
  T take(llvm::Expected<T> value) {
    if (value)
      return *value;
    fail(value.takeError());
    return T();
  }
  const JsonValue &at(const JsonValue &object, StringRef key);
  std::string string(const JsonValue &object, StringRef key) {
    return take(at(object, key).getString()).str();
  }
  int64_t integer(const JsonValue &object, StringRef key) {
    return take(at(object, key).getInteger());
  }
  ArrayRef<JsonValue> items(const JsonValue &object, StringRef key) {
    return take(at(object, key).getArray());
  }
  SmallVector<int64_t> shape(const JsonValue &object);
  snn::SignalType signal(const JsonValue &object);
  /// A word of an enumeration that `symbolize` knows.
  template <typename Symbolize>
  auto word(const JsonValue &object, StringRef key, Symbolize symbolize);
  ManifestInput input(const JsonValue &object);
  NamedSignal population(const JsonValue &object);

  MLIRContext &context;
  llvm::Error error = llvm::Error::success();
  JsonValue none;
};
} // namespace

const JsonValue &ManifestReader::at(const JsonValue &object, StringRef key) {
  llvm::Expected<const JsonValue &> member = object.at(key);
  if (member)
    return *member;
  fail(member.takeError());
  return none;
}

SmallVector<int64_t> ManifestReader::shape(const JsonValue &object) {
  SmallVector<int64_t> extents;
  for (const JsonValue &extent : items(object, "shape")) {
    extents.push_back(take(extent.getInteger()));
    if (extents.back() < 1)
      fail(extent.makeError("needs a positive extent"));
  }
  return extents;
}

snn::SignalType ManifestReader::signal(const JsonValue &object) {
  SmallVector<int64_t> extents = shape(object);
  std::string alphabet = string(object, "type");
  std::string text =
      "!snn.signal<" +
      llvm::join(
          llvm::map_range(extents, [](int64_t n) { return std::to_string(n); }),
          "x") +
      ", " + alphabet + ">";
  // The parser reports at a text that no user has seen.
  ScopedDiagnosticHandler quiet(&context, [](Diagnostic &) {});
  auto type = dyn_cast_or_null<snn::SignalType>(parseType(text, &context));
  if (!type)
    fail(object.makeError("is no signal: '" + text + "'"));
  return type;
}

template <typename Symbolize>
auto ManifestReader::word(const JsonValue &object, StringRef key,
                          Symbolize symbolize) {
  std::string text = string(object, key);
  auto value = symbolize(text);
  if (!value)
    fail(at(object, key).makeError("'" + text + "' is no " + key));
  using T = std::decay_t<decltype(*value)>;
  return value.value_or(T());
}

ManifestInput ManifestReader::input(const JsonValue &object) {
  ManifestInput input;
  input.name = string(object, "name");
  input.signal = signal(object);
  input.hasSteps = take(at(object, "per_step").getBool());
  std::string element = string(object, "element");
  ScopedDiagnosticHandler quiet(&context, [](Diagnostic &) {});
  input.element = parseType(element, &context);
  if (!input.element)
    fail(at(object, "element").makeError("'" + element + "' is no type"));
  return input;
}

NamedSignal ManifestReader::population(const JsonValue &object) {
  NamedSignal population;
  population.name = string(object, "name");
  population.shape = shape(object);
  population.hasSpikes = take(at(object, "spikes").getBool());
  population.onset = integer(object, "onset");
  const JsonValue &origin = at(object, "origin");
  population.origin.population = string(origin, "population");
  population.origin.first = integer(origin, "first");
  population.origin.scale = take(at(origin, "scale").getDouble());
  const JsonValue &steps = at(origin, "steps");
  if (!steps.isNull())
    population.origin.steps = take(steps.getInteger());
  return population;
}

llvm::Expected<Manifest> ManifestReader::read(const JsonValue &json) {
  int64_t version = integer(json, "format_version");
  if (!error && version != formatVersion)
    fail(at(json, "format_version")
             .makeError("needs " + llvm::Twine(formatVersion) + ", has " +
                        llvm::Twine(version)));
  if (error)
    return std::move(error);
  if (llvm::Error wrong = checkManifest(json))
    return std::move(wrong);
  if (at(json, "timesteps").isNull())
    return json.makeError("the artefact cannot be run: its model had no "
                          "@main that states timesteps and readout");
  Manifest manifest;
  manifest.target = string(json, "target");
  manifest.timesteps = integer(json, "timesteps");
  manifest.reset = word(json, "sample_reset", [](StringRef text) {
    return snn::symbolizeSampleReset(text);
  });
  for (const JsonValue &object : items(json, "inputs"))
    manifest.inputs.push_back(input(object));
  for (const JsonValue &object : items(json, "outputs")) {
    ManifestOutput output{signal(object),
                          word(object, "readout", [](StringRef text) {
                            return snn::symbolizeReadout(text);
                          })};
    if (output.readout == snn::Readout::rate)
      fail(at(object, "readout")
               .makeError("a rate needs the length of a step, which an "
                          "artefact does not say; read the count"));
    manifest.outputs.push_back(output);
  }
  for (const JsonValue &object : items(json, "populations"))
    manifest.populations.push_back(population(object));
  for (const JsonValue &object : items(json, "files"))
    manifest.files.emplace_back(string(object, "name"),
                                string(object, "sha256"));
  if (error)
    return std::move(error);
  return manifest;
}

llvm::Expected<Manifest> spikeformer::readManifest(const JsonValue &json,
                                                   MLIRContext &context) {
  context.loadDialect<snn::SNNDialect>();
  return ManifestReader(context).read(json);
}
