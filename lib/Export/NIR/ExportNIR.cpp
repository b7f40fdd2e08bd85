//===- ExportNIR.cpp - networks as NIR files ------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Export/NIR/ExportNIR.h"
#include "GraphBuilder.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Import/NIR/ImportNIR.h"
#include "spikeformer/Import/NIR/Semantics.h"
#include "spikeformer/Import/NIR/WriteNIR.h"
#include "llvm/ADT/SetVector.h"

using namespace spikeformer;
using namespace spikeformer::nir;
using namespace spikeformer::snn;

/// What `/version` says: the release whose reader takes our files.
static constexpr llvm::StringLiteral formatVersion("1.0.8");

namespace {
/// One call.
class Exporter {
public:
  Exporter(ModuleOp module, const ExportNIROptions &options)
      : module(module), options(options) {}

  LogicalResult run(StringRef path);

private:
  bool findNetwork();
  bool chooseProfiles();
  bool addProfile(StringRef text);
  /// The profiles that an imported module states, or its models name.
  bool takeImported();
  std::string getInputName(unsigned index);
  std::string getOutputName(unsigned index);
  void describeRun();
  void warnOfSurroundings();
  std::optional<Model> makeModel();
  LogicalResult checkModel(const Model &model);

  ModuleOp module;
  const ExportNIROptions &options;
  NetworkOp network;
  /// Null if nothing runs the network.
  SimulateOp simulate;
  ProfileChoice choice;
  Semantics semantics;
};
} // namespace

bool Exporter::findNetwork() {
  auto networks = llvm::to_vector(module.getOps<NetworkOp>());
  SmallVector<SimulateOp> runs;
  module.walk([&](SimulateOp op) { runs.push_back(op); });
  if (networks.size() != 1 || runs.size() > 1) {
    module.emitError("needs one network and at most one snn.simulate of it to "
                     "export, has ")
        << networks.size() << " and " << runs.size();
    return false;
  }
  network = networks.front();
  if (!runs.empty())
    simulate = runs.front();
  return true;
}

//===----------------------------------------------------------------------===//
// Profiles
//===----------------------------------------------------------------------===//

bool Exporter::addProfile(StringRef text) {
  auto [node, name] = text.rsplit('=');
  StringRef wanted = node;
  bool isForOne = node.size() != text.size();
  const Profile *profile = findProfile(options.known, isForOne ? name : text);
  if (!profile) {
    network.emitError("there is no profile '")
        << (isForOne ? name : text) << "'; there are"
        << listProfiles(options.known);
    return false;
  }
  if (!isForOne) {
    choice.common = profile;
    return true;
  }
  auto populations = network.getBody().getOps<PopulationOp>();
  bool isStated = options.profiles.empty();
  if (!isStated && llvm::none_of(populations, [&](PopulationOp population) {
        return population.getName() == wanted;
      })) {
    network.emitError("--profile=")
        << text << ": there is no population '" << node << "'";
    return false;
  }
  choice.byNode[node] = profile;
  return true;
}

bool Exporter::takeImported() {
  if (auto stated = module->getAttrOfType<ArrayAttr>(profilesAttrName)) {
    bool isGood = true;
    for (StringRef text : stated.getAsValueRange<StringAttr>())
      isGood &= addProfile(text);
    return isGood && choice.common;
  }
  llvm::SetVector<const Profile *> named;
  for (PopulationOp population : network.getBody().getOps<PopulationOp>()) {
    auto custom = dyn_cast<CustomAttr>(population.getModel());
    if (!custom)
      continue;
    auto [type, profile] = custom.getModel().getValue().split('.');
    profile.consume_back(".recurrent");
    if (!profile.empty())
      named.insert(findProfile(options.known, profile));
  }
  if (named.size() != 1 || !named.front()) {
    network.emitError("NIR says the equations and not what a step is: needs "
                      "--profile=NAME of the software that reads the file, one "
                      "of")
        << listProfiles(options.known);
    return false;
  }
  choice.common = named.front();
  return true;
}

bool Exporter::chooseProfiles() {
  bool isGood = true;
  for (const std::string &text : options.profiles)
    isGood &= addProfile(text);
  if (!isGood || (!choice.common && !takeImported()))
    return false;
  auto spell = [](const Profile &profile) {
    return profile.name + "@" + profile.version;
  };
  semantics.profiles.push_back(spell(*choice.common));
  for (const auto &own : choice.byNode)
    semantics.profiles.push_back(own.first().str() + "=" + spell(*own.second));
  llvm::sort(semantics.profiles.begin() + 1, semantics.profiles.end());
  // A reader that counts steps takes no seconds.
  auto seconds = dyn_cast_or_null<FloatAttr>(network->getAttr("dt"));
  semantics.dt = options.dt;
  if (!semantics.dt)
    semantics.dt = seconds && choice.common->dt != 1
                       ? seconds.getValueAsDouble()
                       : choice.common->dt;
  return true;
}

//===----------------------------------------------------------------------===//
// Around the network
//===----------------------------------------------------------------------===//

/// The name that `main` states in attribute `get` of something.
template <typename Get>
static std::optional<std::string> findName(Get get) {
  for (StringRef attribute : {"snn.name", "onnx.name"})
    if (auto name = llvm::dyn_cast_or_null<StringAttr>(get(attribute)))
      return name.str();
  return std::nullopt;
}

std::string Exporter::getInputName(unsigned index) {
  std::string fallback = "input";
  if (network.getBody().getNumArguments() > 1)
    fallback += std::to_string(index);
  if (!simulate)
    return fallback;
  // What is computed before the network is a chain along first operands.
  mlir::Value value = simulate.getInputs()[index];
  while (Operation *op = value.getDefiningOp()) {
    if (op->getNumOperands() == 0)
      return fallback;
    value = op->getOperand(0);
  }
  auto argument = cast<BlockArgument>(value);
  auto main = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
  if (!main)
    return fallback;
  return findName([&](StringRef attribute) {
           return main.getArgAttr(argument.getArgNumber(), attribute);
         })
      .value_or(fallback);
}

std::string Exporter::getOutputName(unsigned index) {
  std::string fallback = "output";
  if (network.getFunctionType().getNumResults() > 1)
    fallback += std::to_string(index);
  if (!simulate)
    return fallback;
  auto main = simulate->getParentOfType<func::FuncOp>();
  if (!main || index >= main.getNumResults())
    return fallback;
  return findName([&](StringRef attribute) {
           return main.getResultAttr(index, attribute);
         })
      .value_or(fallback);
}

/// What `snn.simulate` says, where it is not what an import says.
void Exporter::describeRun() {
  if (!simulate)
    return;
  if (simulate.getSteps())
    semantics.timesteps = simulate.getSteps();
  semantics.keepsState = simulate.getResetKind() == SampleReset::never;
  for (auto [index, input] : llvm::enumerate(simulate.getInputs())) {
    auto signal = cast<SignalType>(network.getFunctionType().getInput(index));
    size_t rank = cast<ShapedType>(input.getType()).getRank();
    if (rank == signal.getShape().size() + 1)
      semantics.held.push_back(semantics.inputs[index]);
  }
  bool isUsual = true;
  for (auto [index, type] :
       llvm::enumerate(network.getFunctionType().getResults())) {
    Readout readout = simulate.getReadout(index);
    bool isAnalogue =
        cast<SignalType>(type).getKind() == AlphabetKind::analogue;
    isUsual &=
        readout == (isAnalogue ? Readout::membrane_last : Readout::count);
    semantics.readouts.push_back(stringifyReadout(readout).str());
  }
  if (isUsual)
    semantics.readouts.clear();
}

void Exporter::warnOfSurroundings() {
  if (!simulate)
    return;
  unsigned count = 0;
  for (Operation &op : *simulate->getBlock())
    count += !op.hasTrait<OpTrait::ConstantLike>() && &op != simulate &&
             !op.hasTrait<OpTrait::IsTerminator>();
  if (count)
    simulate->getParentOp()->emitWarning("computes ")
        << count
        << " operations around the network, which the file does not "
           "have: give its Input what they give";
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

/// A name that groups of HDF5 and modules of torch can have.
static std::string spellNode(StringRef name, llvm::StringSet<> &taken) {
  std::string spelled = name.ltrim('/').str();
  llvm::replace(spelled, '/', '_');
  if (spelled.empty() || spelled == "type" || spelled == ".")
    spelled += "_node";
  std::string unique = spelled;
  for (unsigned number = 2; !taken.insert(unique).second; ++number)
    unique = spelled + "_" + std::to_string(number);
  return unique;
}

/// Renames nodes to what a file can say; metadata keep the others.
static Graph spellNodes(Graph graph) {
  Graph spelled;
  spelled.path = graph.path;
  spelled.edgesKnown = true;
  llvm::StringMap<std::string> names;
  llvm::StringSet<> taken;
  for (auto &[name, node] : graph.nodes)
    if (!StringRef(name).contains('/'))
      names[name] = spellNode(name, taken);
  for (auto &[name, node] : graph.nodes)
    if (StringRef(name).contains('/'))
      names[name] = spellNode(name, taken);
  for (auto &[name, node] : graph.nodes) {
    std::string own = names[name];
    node.path = "/node/nodes/" + own;
    if (own != name)
      node.metadata.insert({nameKey.str(), makeText(name)});
    spelled.nodes.insert({own, std::move(node)});
  }
  for (const Edge &edge : graph.edges)
    spelled.edges.push_back(
        {names[edge.source], names[edge.target], edge.path});
  sortNodes(spelled);
  return spelled;
}

std::optional<Model> Exporter::makeModel() {
  std::vector<std::string> inputs, outputs;
  for (unsigned k = 0; k < network.getBody().getNumArguments(); ++k)
    inputs.push_back(getInputName(k));
  for (unsigned k = 0; k < network.getFunctionType().getNumResults(); ++k)
    outputs.push_back(getOutputName(k));
  GraphBuilder builder(network, options.known, inputs, outputs, choice,
                       semantics.dt);
  if (!builder.build())
    return std::nullopt;
  semantics.inputs = builder.inputs;
  semantics.outputs = builder.outputs;
  describeRun();
  Model model;
  model.version = formatVersion.str();
  model.graph = spellNodes(std::move(builder.graph));
  model.metadata = writeSemantics(semantics);
  return model;
}

/// What we write must pass what we demand of others.
LogicalResult Exporter::checkModel(const Model &model) {
  CheckResult checked = checkGraph(model);
  for (const Finding &finding : checked.findings.get())
    if (finding.isError)
      network.emitError("the graph would be refused: ")
          << finding.location << ": " << finding.message;
  return success(!checked.findings.hasErrors());
}

LogicalResult Exporter::run(StringRef path) {
  if (!findNetwork() || !chooseProfiles())
    return failure();
  std::optional<Model> model = makeModel();
  if (!model || mlir::failed(checkModel(*model)))
    return failure();
  model->file = path.str();
  if (llvm::Error error = writeFile(*model, path))
    return module.emitError(llvm::toString(std::move(error)));
  warnOfSurroundings();
  return success();
}

LogicalResult spikeformer::exportNIR(ModuleOp module, StringRef path,
                                     const ExportNIROptions &options) {
  return Exporter(module, options).run(path);
}
