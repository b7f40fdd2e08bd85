//===- ConversionScheme.cpp - what a conversion makes of a network --------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inputs and outputs are changed behind the conversion, by the passes that
// change them in any network.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/ConversionScheme.h"
#include "mlir/Pass/PassManager.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Dialect/SNN/Transforms/Passes.h"
#include "spikeformer/Pipelines/ErrorLog.h"
#include "spikeformer/Pipelines/ModelRunner.h"

using namespace spikeformer;

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static constexpr StringRef flagNames[] = {"neuron",       "max-pool",
                                          "input-coding", "initial-potential",
                                          "readout",      "average-pool"};
static constexpr StringRef codingNames[] = {"current", "rate", "poisson",
                                            "latency", "phase"};
static constexpr StringRef startNames[] = {"half", "spread", "zero"};
static constexpr StringRef readoutNames[] = {"current_sum", "membrane_last",
                                             "count"};

static constexpr StringRef averageNames[] = {"sums", "weights"};

StringRef spikeformer::getFlagName(SchemePart part) {
  return flagNames[static_cast<size_t>(part)];
}

ArrayRef<StringRef> spikeformer::getChoiceNames(SchemePart part) {
  switch (part) {
  case SchemePart::neuron:
    return getNeuronKindNames();
  case SchemePart::maxPool:
    return getMaxPoolNames();
  case SchemePart::inputCoding:
    return codingNames;
  case SchemePart::initialPotential:
    return startNames;
  case SchemePart::readout:
    return readoutNames;
  case SchemePart::averagePool:
    return averageNames;
  }
  llvm_unreachable("an unknown part");
}

std::string ConversionScheme::getFlags() const {
  std::string flags;
  for (size_t index = 0; index < numSchemeParts; ++index) {
    auto part = static_cast<SchemePart>(index);
    if (get(part) != 0)
      flags += (Twine(flags.empty() ? "--" : " --") + getFlagName(part) + "=" +
                getChoiceNames(part)[get(part)])
                   .str();
  }
  return flags;
}

bool ConversionScheme::isFree(SchemePart part) const {
  auto neuron = getAs<NeuronKind>(SchemePart::neuron);
  bool sendsChanges = neuron == NeuronKind::SigmaDelta;
  switch (part) {
  case SchemePart::inputCoding:
  case SchemePart::initialPotential:
    return !sendsChanges && neuron != NeuronKind::Graded;
  case SchemePart::readout:
    return !sendsChanges;
  default:
    return true;
  }
}

JsonValue ConversionScheme::toJson() const {
  JsonValue value = JsonValue::object();
  for (size_t index = 0; index < numSchemeParts; ++index) {
    auto part = static_cast<SchemePart>(index);
    bool isChoice = isFree(part) || part == SchemePart::inputCoding;
    value.set(getFlagName(part),
              isChoice ? JsonValue(getChoiceNames(part)[get(part)])
                       : JsonValue());
  }
  return value;
}

//===----------------------------------------------------------------------===//
// Ranges
//===----------------------------------------------------------------------===//

namespace {
/// The least and largest of some values.
struct Range {
  double low = 0, high = 0;
};

/// What goes into the network and comes out of it on samples.
struct Ranges {
  SmallVector<Range> inputs, outputs;
};
} // namespace

static Range findRange(const Tensor &tensor, double factor) {
  Range range{HUGE_VAL, -HUGE_VAL};
  for (int64_t index = 0; index < tensor.getNumElements(); ++index) {
    double value = tensor.getAsDouble(index) * factor;
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
  }
  return range;
}

/// Runs a copy of `module` whose @main returns what its simulation takes and
/// gives.
static FailureOr<Ranges> findRanges(ModuleOp module, StringRef function,
                                    ArrayRef<Tensor> samples,
                                    unsigned threads) {
  OwningOpRef<ModuleOp> copy = module.clone();
  auto main = copy->lookupSymbol<func::FuncOp>(function);
  auto simulations = main.getOps<snn::SimulateOp>();
  snn::SimulateOp simulation = *simulations.begin();
  SmallVector<Value> values(simulation.getInputs());
  llvm::append_range(values, simulation.getResults());
  main.front().getTerminator()->setOperands(values);
  main.setFunctionType(
      FunctionType::get(module.getContext(), main.getArgumentTypes(),
                        llvm::map_to_vector(values, [](Value value) {
                          return value.getType();
                        })));
  RunnerOptions how;
  how.threads = threads;
  auto runner = ModelRunner::create(*copy, how);
  if (!runner) {
    module.emitError() << llvm::toString(runner.takeError());
    return failure();
  }
  auto run = (*runner)->run(samples, samples.front().getShape().front());
  if (!run) {
    module.emitError() << llvm::toString(run.takeError());
    return failure();
  }
  Ranges ranges;
  size_t inputs = simulation.getInputs().size();
  for (auto [index, result] : llvm::enumerate(run->results)) {
    bool isInput = index < inputs;
    (isInput ? ranges.inputs : ranges.outputs)
        .push_back(findRange(
            result,
            isInput ? 1 : 1 / static_cast<double>(*simulation.getSteps())));
  }
  return ranges;
}

static void setRanges(ArrayRef<Range> ranges,
                      function_ref<void(double low, double high)> add) {
  for (const Range &range : ranges)
    add(range.low, range.high);
}

//===----------------------------------------------------------------------===//
// Conversion
//===----------------------------------------------------------------------===//

/// The passes behind the conversion. An empty range of an input, one that no
/// sample uses, is as good as any other.
static void addPasses(mlir::PassManager &passes, const ConversionPlan &plan,
                      const Ranges &ranges) {
  const ConversionScheme &scheme = plan.scheme;
  if (auto readout = scheme.get(SchemePart::readout)) {
    SNNReadOutputsPassOptions options;
    options.readout = readoutNames[readout];
    options.startsAtHalf =
        scheme.getAs<InitialPotential>(SchemePart::initialPotential) !=
        InitialPotential::Zero;
    setRanges(ranges.outputs, [&](double low, double high) {
      options.low.push_back(low);
      options.high.push_back(high > low ? high : low + 1);
    });
    passes.addPass(createSNNReadOutputsPass(std::move(options)));
  }
  if (auto coding = scheme.get(SchemePart::inputCoding)) {
    SNNCodeInputsPassOptions options;
    options.coding = codingNames[coding];
    options.seed = plan.seed;
    setRanges(ranges.inputs, [&](double low, double high) {
      options.low.push_back(low);
      options.high.push_back(high > 0 ? high : 1);
    });
    passes.addPass(createSNNCodeInputsPass(std::move(options)));
  }
  if (scheme.getAs<AveragePool>(SchemePart::averagePool) ==
      AveragePool::Weights)
    passes.addPass(createSNNFoldPoolsPass());
  // Last, because neurons that are counted start at half as well.
  if (scheme.getAs<InitialPotential>(SchemePart::initialPotential) ==
      InitialPotential::Spread)
    passes.addPass(createSNNSpreadInitialPotentialPass());
}

static bool needsRanges(const ConversionScheme &scheme) {
  return scheme.get(SchemePart::inputCoding) != 0 ||
         scheme.getAs<OutputReadout>(SchemePart::readout) ==
             OutputReadout::Count;
}

/// What neurons leave no choice of. A level of what one step brings is no part
/// of the level of all steps, and a change of spikes says nothing.
static LogicalResult checkScheme(ModuleOp module,
                                 const ConversionScheme &scheme) {
  for (size_t index = 0; index < numSchemeParts; ++index) {
    auto part = static_cast<SchemePart>(index);
    if (scheme.get(part) != 0 && !scheme.isFree(part))
      return module.emitError("--")
             << getFlagName(part) << ": neurons '"
             << getChoiceNames(
                    SchemePart::neuron)[scheme.get(SchemePart::neuron)]
             << "' need '" << getChoiceNames(part)[0] << "', have '"
             << getChoiceNames(part)[scheme.get(part)]
             << "'; leave it out or choose --neuron=if";
  }
  return success();
}

LogicalResult spikeformer::convertByPlan(ModuleOp module,
                                         const ConversionPlan &plan,
                                         ConversionReport &report) {
  const ConversionScheme &scheme = plan.scheme;
  ConvertOptions convert = plan.convert;
  convert.network.neuron = scheme.getAs<NeuronKind>(SchemePart::neuron);
  convert.network.maxPool = scheme.getAs<MaxPool>(SchemePart::maxPool);
  convert.network.startsAtHalf =
      scheme.getAs<InitialPotential>(SchemePart::initialPotential) !=
      InitialPotential::Zero;
  if (failed(checkScheme(module, scheme)))
    return failure();
  if (failed(convertToSNN(module, convert, report)))
    return failure();
  Ranges ranges;
  if (needsRanges(scheme)) {
    if (convert.samples.empty())
      return module.emitError()
             << "input or output as spikes needs the range of their values, "
                "has no samples; pass --calibrate=DATA";
    FailureOr<Ranges> found =
        findRanges(module, convert.function, convert.samples,
                   convert.thresholds.calibration.threads);
    if (failed(found))
      return failure();
    ranges = std::move(*found);
  }
  mlir::PassManager passes(module.getContext(), ModuleOp::getOperationName());
  addPasses(passes, plan, ranges);
  return passes.empty() ? success() : passes.run(module);
}
