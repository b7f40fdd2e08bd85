//===- Model.cpp - models and what they take ------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/Model.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "spikeformer/Pipelines/Artefact.h"
#include "spikeformer/Pipelines/ErrorLog.h"
#include "spikeformer/Pipelines/Manifest.h"
#include "spikeformer/Pipelines/ModuleFile.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/TensorAttr.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

using namespace spikeformer;

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

static bool isModuleFile(StringRef path) {
  return path == "-" || path.ends_with(".mlir") || path.ends_with(".mlirbc");
}

static llvm::Error makeFormatError(StringRef path,
                                   const PluginRegistry &registry) {
  std::string known = ".mlir, .mlirbc";
  for (const Owned<Importer> &importer : registry.getImporters())
    for (const std::string &extension : importer.value.extensions)
      known += ", " + extension;
  return makeInputError(path, "is no model by its name: needs one of " + known +
                                  ", has '" + llvm::sys::path::extension(path) +
                                  "'");
}

static OwningOpRef<ModuleOp>
parseModule(std::unique_ptr<llvm::MemoryBuffer> buffer, MLIRContext &context) {
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  return mlir::parseSourceFile<ModuleOp>(sources, &context);
}

static llvm::Expected<OwningOpRef<ModuleOp>>
importModel(const Importer &importer, StringRef path, MLIRContext &context,
            const TranslationValues &flags) {
  auto buffer = readInputFile(path);
  if (!buffer)
    return buffer.takeError();
  OwningOpRef<ModuleOp> module =
      importer.run((*buffer)->getMemBufferRef(), context, flags);
  if (module && failed(verify(*module)))
    module = nullptr;
  return module;
}

TranslationValues
spikeformer::selectImportFlags(StringRef path, const TranslationValues &flags) {
  TranslationValues known;
  const Importer *importer = PluginRegistry::get().lookupImporterOf(path);
  if (importer)
    for (const TranslationOption &option : importer->options)
      if (auto given = flags.find(option.name); given != flags.end())
        known.insert(*given);
  return known;
}

llvm::Expected<Model> spikeformer::loadModel(StringRef path,
                                             MLIRContext &context,
                                             ErrorLog &log,
                                             const TranslationValues &flags) {
  TranslationValues known = selectImportFlags(path, flags);
  for (const auto &[name, value] : flags)
    if (!known.count(name))
      return makeInputError(path, "takes no --" + name +
                                      ": the module says what a step is");
  const PluginRegistry &registry = PluginRegistry::get();
  if (isArtefact(path))
    return openArtefact(path, context);
  if (path != "-" && llvm::sys::fs::is_directory(path))
    return makeInputError(path, "is a directory and no artefact: needs " +
                                    manifestFile + " in it, or a file");
  Model model;
  model.path = path.str();
  const Importer *importer = registry.lookupImporterOf(path);
  if (!importer && !isModuleFile(path))
    return makeFormatError(path, registry);
  if (importer) {
    auto module = importModel(*importer, path, context, flags);
    if (!module)
      return module.takeError();
    model.module = std::move(*module);
  } else {
    auto buffer = openModule(path, registry);
    if (!buffer) {
      // A missing plugin is no fault of the file.
      log.fail(buffer.takeError());
      return makeReportedError(exitCannotRun);
    }
    model.module = parseModule(std::move(*buffer), context);
  }
  if (!model.module)
    return makeReportedError();
  return model;
}

//===----------------------------------------------------------------------===//
// What @main takes
//===----------------------------------------------------------------------===//

FailureOr<func::FuncOp> spikeformer::getMainFunction(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (main && !main.isExternal())
    return main;
  return module.emitError("there is no function @main to run; a network runs "
                          "by an snn.simulate in it");
}

FailureOr<snn::SimulateOp> spikeformer::getSimulation(func::FuncOp main) {
  SmallVector<snn::SimulateOp> found;
  main.walk([&](snn::SimulateOp op) { found.push_back(op); });
  if (found.size() > 1)
    return found[1].emitOpError("is the second of @main: one network runs at a "
                                "time");
  return found.empty() ? snn::SimulateOp() : found.front();
}

static constexpr StringLiteral nameAttrName = "snn.name";

void spikeformer::setInputName(func::FuncOp main, unsigned index,
                               StringRef name) {
  main.setArgAttr(index, nameAttrName,
                  StringAttr::get(main.getContext(), name));
}

std::string spikeformer::getInputName(func::FuncOp main, unsigned index) {
  for (StringRef attribute : {StringRef(nameAttrName), StringRef("onnx.name")})
    if (auto name = main.getArgAttrOfType<StringAttr>(index, attribute))
      return name.str();
  if (auto name = dyn_cast<NameLoc>(main.getArgument(index).getLoc()))
    return name.getName().str();
  return main.getNumArguments() == 1 ? "input"
                                     : "input" + std::to_string(index);
}

/// How many of the operands of `simulation` that depend on `argument` have an
/// axis of steps: none, or all.
static bool hasSteps(snn::SimulateOp simulation, BlockArgument argument) {
  if (!simulation)
    return false;
  auto network = SymbolTable::lookupNearestSymbolFrom<snn::NetworkOp>(
      simulation, simulation.getNetworkAttr());
  for (auto [operand, signal] : llvm::zip_equal(
           simulation.getInputs(), network.getFunctionType().getInputs())) {
    // Preprocessing is a chain along first operands.
    Value value = operand;
    while (Operation *op = value.getDefiningOp()) {
      if (op->getNumOperands() == 0)
        break;
      value = op->getOperand(0);
    }
    int64_t rank = cast<snn::SignalType>(signal).getShape().size();
    if (value == argument)
      return cast<ShapedType>(operand.getType()).getRank() == rank + 2;
  }
  return false;
}

/// Length of a step of the network; nothing where it counts in steps.
static std::optional<double> getStepSeconds(snn::SimulateOp simulation) {
  auto network = SymbolTable::lookupNearestSymbolFrom<snn::NetworkOp>(
      simulation, simulation.getNetworkAttr());
  auto seconds = network->getAttrOfType<FloatAttr>("dt");
  return seconds ? std::optional(seconds.getValueAsDouble()) : std::nullopt;
}

/// Name of the argument attribute that says how events become values.
static constexpr StringLiteral eventsAttrName = "snn.events";

static std::optional<EventBinning> getEventBinning(func::FuncOp main,
                                                   unsigned index) {
  auto given = main.getArgAttrOfType<DictionaryAttr>(index, eventsAttrName);
  auto bin = given ? given.getAs<FloatAttr>("bin") : FloatAttr();
  auto origin = given ? given.getAs<StringAttr>("origin") : StringAttr();
  auto value = given ? given.getAs<StringAttr>("value") : StringAttr();
  if (!bin || !origin || !value)
    return std::nullopt;
  auto parsedOrigin = parseEventOrigin(origin);
  auto parsedValue = parseEventValue(value);
  if (parsedOrigin && parsedValue)
    return EventBinning{bin.getValueAsDouble(), *parsedOrigin, *parsedValue};
  llvm::consumeError(parsedOrigin.takeError());
  llvm::consumeError(parsedValue.takeError());
  return std::nullopt;
}

void spikeformer::setEventBinning(func::FuncOp main, unsigned index,
                                  const EventBinning &binning) {
  Builder builder(main.getContext());
  main.setArgAttr(
      index, eventsAttrName,
      builder.getDictionaryAttr(
          {builder.getNamedAttr("bin", builder.getF64FloatAttr(binning.bin)),
           builder.getNamedAttr(
               "origin", builder.getStringAttr(stringify(binning.origin))),
           builder.getNamedAttr(
               "value", builder.getStringAttr(stringify(binning.value)))}));
}

static FailureOr<InputDescription>
describeInput(func::FuncOp main, unsigned index, snn::SimulateOp simulation) {
  BlockArgument argument = main.getArgument(index);
  auto type = dyn_cast<RankedTensorType>(argument.getType());
  std::optional<ElementType> element =
      type ? getElementType(type.getElementType()) : std::nullopt;
  bool steps = type && hasSteps(simulation, argument);
  int64_t lead = steps ? 2 : 1;
  bool good = element && type.getRank() >= lead && type.getRank() <= lead + 3 &&
              (type.isDynamicDim(0) || type.getDimSize(0) == 1);
  if (!good ||
      llvm::any_of(type.getShape().drop_front(lead), ShapedType::isDynamic))
    return emitError(argument.getLoc())
           << "input '" << getInputName(main, index)
           << "' cannot be given samples: needs a tensor [1, ...shape] with at "
              "most three axes in shape, has "
           << argument.getType();
  InputDescription input;
  input.name = getInputName(main, index);
  llvm::append_range(input.shape, type.getShape().drop_front(lead));
  input.type = *element;
  input.hasSteps = steps;
  if (steps && !type.isDynamicDim(1))
    input.timesteps = type.getDimSize(1);
  if (simulation)
    input.stepSeconds = getStepSeconds(simulation);
  input.events = getEventBinning(main, index);
  return input;
}

FailureOr<std::vector<InputDescription>>
spikeformer::describeInputs(func::FuncOp main) {
  FailureOr<snn::SimulateOp> simulation = getSimulation(main);
  if (failed(simulation))
    return failure();
  std::vector<InputDescription> inputs;
  for (unsigned index = 0; index < main.getNumArguments(); ++index) {
    auto input = describeInput(main, index, *simulation);
    if (failed(input))
      return failure();
    inputs.push_back(std::move(*input));
  }
  return inputs;
}

bool spikeformer::takesStoredNumbers(func::FuncOp main, unsigned index) {
  return main.getArgAttr(index, storedInputAttrName) != nullptr;
}
