//===- ModelRunner.cpp - runs what a module computes ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Batches bound the memory of a run; the results do not depend on their size.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/ModelRunner.h"
#include "AppendRows.h"
#include "spikeformer/Dialect/PnR/Transforms/MappedDelivery.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/ExecutionEngine/JITExecutor.h"
#include "spikeformer/Pipelines/ErrorLog.h"
#include "spikeformer/Pipelines/Readout.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "spikeformer/Reference/Interpreter.h"

using namespace spikeformer;

/// Bytes of inputs, outputs and recordings that a batch may take.
static constexpr int64_t maxBatchBytes = int64_t(1) << 28;
static constexpr int64_t maxBatchSize = 1024;

//===----------------------------------------------------------------------===//
// Engines
//===----------------------------------------------------------------------===//

llvm::Error spikeformer::checkEngineName(StringRef engine) {
  if (engine == "jit" || engine == "reference")
    return llvm::Error::success();
  return llvm::createStringError("there is no engine '" + engine +
                                 "'; there are 'jit' and 'reference'");
}

/// The JIT engine names in its error what a diagnostic has located already.
static llvm::Expected<std::unique_ptr<Executor>>
createJIT(snn::NetworkOp network) {
  bool isReported = false;
  ScopedDiagnosticHandler watch(network.getContext(), [&](Diagnostic &seen) {
    isReported |= seen.getSeverity() == DiagnosticSeverity::Error;
    return failure();
  });
  auto made = createJITExecutor(network);
  if (made)
    return made;
  std::string text = llvm::toString(made.takeError());
  return isReported ? makeReportedError() : makeRefusedError(text);
}

/// A network with a mapping runs as it is mapped; null for others.
static FailureOr<DeliveredCopies> getDeliveredCopies(snn::NetworkOp network) {
  pnr::MappingOp mapping = pnr::findMapping(network);
  if (!mapping)
    return DeliveredCopies();
  auto machine = PluginRegistry::get().makeMachine(mapping.getMachine());
  if (!machine)
    return emitError(mapping.getLoc()) << llvm::toString(machine.takeError());
  return pnr::makeMappedDelivery(mapping, network, *machine);
}

llvm::Expected<std::unique_ptr<Executor>>
spikeformer::createExecutor(StringRef engine, snn::NetworkOp network) {
  if (engine == "jit")
    return createJIT(network);
  auto copies = getDeliveredCopies(network);
  if (failed(copies))
    return makeReportedError();
  auto made = createReferenceExecutor(network, *copies);
  if (failed(made))
    return makeReportedError();
  return std::move(*made);
}

//===----------------------------------------------------------------------===//
// Timesteps
//===----------------------------------------------------------------------===//

/// Gives every value of `main` whose axis of steps is open `timesteps` of them.
static void setStepAxes(func::FuncOp main, int64_t timesteps) {
  auto fix = [&](Value value) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || type.getRank() < 2 || !type.isDynamicDim(1))
      return;
    SmallVector<int64_t> shape(type.getShape());
    shape[1] = timesteps;
    value.setType(type.clone(shape));
  };
  for (BlockArgument argument : main.getArguments())
    fix(argument);
  main.walk([&](Operation *op) { llvm::for_each(op->getResults(), fix); });
  main.setFunctionType(FunctionType::get(main.getContext(),
                                         main.front().getArgumentTypes(),
                                         main.getFunctionType().getResults()));
}

llvm::Error ModelRunner::setTimesteps(std::optional<int64_t> dataSteps) {
  std::optional<int64_t> own = simulation.getSteps();
  std::optional<int64_t> asked = options.timesteps;
  std::optional<int64_t> known = own ? own : dataSteps;
  if (known && asked && *known != *asked) {
    simulation.emitError("the number of timesteps is part of the ")
        << (own ? "model" : "data") << ": needs " << *known
        << ", has --timesteps=" << *asked << "; leave the flag out";
    return makeReportedError();
  }
  if (!known && !asked) {
    simulation.emitError("the model leaves the number of timesteps open and "
                         "its input is static; pass --timesteps=T");
    return makeReportedError();
  }
  timesteps = known ? *known : *asked;
  if (!own) {
    simulation.setSteps(timesteps);
    setStepAxes(main, timesteps);
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Creation
//===----------------------------------------------------------------------===//

/// Whether the neurons of `op` choose when they send a number.
static bool sendsMessages(snn::PopulationOp op) {
  auto model = dyn_cast<snn::SigmaDeltaAttr>(op.getModel());
  return isa<snn::CustomAttr>(op.getModel()) ||
         (model && model.getStages() != snn::Stages::sigma);
}

llvm::Error ModelRunner::readProbes() {
  std::vector<NamedSignal> signals =
      artefact ? artefact->signals : listSignals(network, snn::RelationChain());
  for (const NamedSignal &signal : signals)
    if (!signal.hasSpikes)
      analoguePopulations.insert(signal.name);
  // What they do not send costs nothing either.
  network.walk([&](snn::PopulationOp op) {
    if (sendsMessages(op))
      analoguePopulations.erase(op.getName());
  });
  auto parsed = parseProbes(options.probes, signals,
                            network.getFunctionType().getResults(), *executor);
  if (!parsed)
    return parsed.takeError();
  probes = std::move(*parsed);
  for (const ProbeRequest &probe : probes)
    if (artefact && probe.initial)
      return llvm::createStringError(
          "--probe=" + probe.text +
          ": an artefact does not say its initial values");
  return llvm::Error::success();
}

llvm::Error ModelRunner::prepareNetwork() {
  if (artefact) {
    executor = artefact->executor;
    return readProbes();
  }
  auto made = createExecutor(options.engine, network);
  if (!made)
    return made.takeError();
  executor = std::move(*made);
  return readProbes();
}

llvm::Error ModelRunner::prepare() {
  TensorEvaluatorOptions evaluation;
  evaluation.threads = options.threads;
  if (simulation) {
    if (llvm::Error error = prepareNetwork())
      return error;
    evaluation.externalOps[snn::SimulateOp::getOperationName()] =
        [this](Operation *, ArrayRef<Tensor> operands, int64_t firstSample) {
          return simulate(operands, firstSample);
        };
  } else if (!options.probes.empty()) {
    return llvm::createStringError("--probe=" + options.probes.front() +
                                   ": a float network has no populations");
  }
  FailureOr<TensorEvaluator> made =
      TensorEvaluator::create(main, std::move(evaluation));
  if (failed(made))
    return makeReportedError();
  evaluator.emplace(std::move(*made));
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<ModelRunner>>
ModelRunner::create(ModuleOp module, RunnerOptions options,
                    std::optional<int64_t> dataSteps,
                    const Artefact *artefact) {
  if (llvm::Error error = checkEngineName(options.engine))
    return std::move(error);
  FailureOr<func::FuncOp> main = getMainFunction(module);
  if (failed(main))
    return makeReportedError();
  FailureOr<snn::SimulateOp> simulation = getSimulation(*main);
  if (failed(simulation))
    return makeReportedError();
  std::unique_ptr<ModelRunner> runner(
      new ModelRunner(*main, std::move(options)));
  runner->simulation = *simulation;
  runner->artefact = artefact;
  if (*simulation) {
    runner->network = SymbolTable::lookupNearestSymbolFrom<snn::NetworkOp>(
        *simulation, simulation->getNetworkAttr());
    if (llvm::Error error = runner->setTimesteps(dataSteps))
      return std::move(error);
  } else if (runner->options.timesteps) {
    return makeRefusedError("--timesteps is for spiking networks; this is a "
                            "float network, sf-compile --timesteps converts "
                            "it");
  }
  if (llvm::Error error = runner->prepare())
    return std::move(error);
  return runner;
}

StringRef ModelRunner::getEngine() const {
  return executor ? executor->getEngine() : StringRef(floatEngineName);
}

bool ModelRunner::isSmallestBest() {
  if (!simulation || simulation.getNumResults() == 0)
    return false;
  auto *terminator = main.front().getTerminator();
  return simulation.getReadout(0) == snn::Readout::first_spike &&
         terminator->getNumOperands() != 0 &&
         terminator->getOperand(0) == simulation.getResult(0);
}

llvm::Error ModelRunner::checkEarlyExit() {
  if (!simulation)
    return makeRefusedError("--early-exit is for spiking networks; this is a "
                            "float network, sf-compile --timesteps converts "
                            "it");
  auto refuse = [&](const Twine &need, const Twine &have) {
    simulation.emitError("--early-exit needs ") << need << ", has " << have;
    return makeReportedError();
  };
  if (simulation.getNumResults() == 0)
    return refuse("an output of classes", "none");
  Type type = network.getFunctionType().getResult(0);
  int64_t classes = cast<snn::SignalType>(type).getNumElements();
  if (classes < 2)
    return refuse("an output of at least two classes",
                  Twine(classes) + " number");
  snn::Readout readout = simulation.getReadout(0);
  if (readout == snn::Readout::first_spike ||
      readout == snn::Readout::population_vector)
    return refuse("a readout whose largest value is the class",
                  snn::stringifyReadout(readout));
  if (simulation.getResetKind() == snn::SampleReset::never)
    return refuse("samples that begin anew, reset(per_sample)", "reset(never)");
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

llvm::Error ModelRunner::take(const RunResult &result) {
  current.inputEvents += result.inputEvents;
  current.synapticEvents += result.synapticEvents;
  for (const auto &[name, statistics] : result.populations) {
    if (analoguePopulations.contains(name))
      continue;
    current.populations[name].neurons = statistics.neurons;
    current.populations[name].spikes += statistics.spikes;
  }
  if (!sink || !*sink)
    return llvm::Error::success();
  std::vector<Tensor> recordings;
  for (const ProbeRequest &request : probes)
    if (!request.initial)
      recordings.push_back(selectNeurons(
          result.recordings.find(request.probe.getKey())->second, request));
  return (*sink)(recordings);
}

FailureOr<SmallVector<Tensor>> ModelRunner::simulate(ArrayRef<Tensor> operands,
                                                     int64_t firstSample) {
  RunRequest request;
  request.inputs = operands.vec();
  request.samples = operands.empty() ? 1 : operands[0].getShape().front();
  request.firstSample = firstSample;
  request.timesteps = timesteps;
  request.resetPerSample =
      simulation.getResetKind() == snn::SampleReset::per_sample;
  request.threads = options.threads;
  llvm::StringSet<> asked;
  for (const ProbeRequest &probe : probes)
    if (!probe.initial && asked.insert(probe.probe.getKey()).second)
      request.probes.push_back(probe.probe);
  llvm::Expected<RunResult> result = executor->run(request);
  llvm::Error error = result ? take(*result) : result.takeError();
  if (error) {
    simulation.emitError(llvm::toString(std::move(error)));
    return failure();
  }
  SmallVector<Tensor> values;
  for (auto [index, signal] : llvm::enumerate(result->outputs)) {
    ReadoutResult read = spikeformer::read(signal, simulation.getReadout(index),
                                           network.getStepLength());
    if (index == 0) {
      predictions.push_back(read.predictionByStep);
      margins.push_back(read.marginByStep);
    }
    values.push_back(std::move(read.values));
  }
  return values;
}

/// Bytes that a sample of `shape` takes in memory.
static int64_t getNumBytes(ArrayRef<int64_t> shape, int64_t elementSize) {
  int64_t bytes = elementSize;
  for (int64_t extent : shape)
    bytes *= extent;
  return bytes;
}

int64_t ModelRunner::getBatchSize(ArrayRef<Tensor> inputs, int64_t samples) {
  if (simulation && simulation.getResetKind() == snn::SampleReset::never)
    return samples;
  if (options.batch != 0)
    return options.batch;
  int64_t bytes = 1;
  for (const Tensor &input : inputs)
    bytes += getNumBytes(input.getShape().drop_front(), sizeof(float));
  if (simulation) {
    int64_t steps = timesteps + executor->getLatency();
    for (Type type : network.getFunctionType().getResults())
      bytes += steps * getNumBytes(cast<snn::SignalType>(type).getShape(),
                                   sizeof(float));
    for (const ProbeRequest &probe : probes)
      bytes += steps * getNumBytes(probe.shape, sizeof(float));
  }
  return std::clamp<int64_t>(maxBatchBytes / bytes, 1, maxBatchSize);
}

llvm::Expected<ModelRun> ModelRunner::run(ArrayRef<Tensor> inputs,
                                          int64_t samples,
                                          const RecordingSink &record,
                                          const Progress &progress,
                                          int64_t firstSample) {
  current = ModelRun();
  current.samples = samples;
  sink = &record;
  int64_t size = getBatchSize(inputs, samples);
  for (int64_t begin = 0; begin < samples; begin += size) {
    int64_t end = std::min(samples, begin + size);
    SmallVector<Tensor> batch;
    for (const Tensor &input : inputs)
      batch.push_back(input.slice(begin, end));
    predictions.clear();
    margins.clear();
    FailureOr<SmallVector<Tensor>> results =
        evaluator->run(batch, firstSample + begin);
    if (failed(results))
      return makeReportedError();
    current.results.resize(results->size());
    for (auto [result, whole] : llvm::zip_equal(*results, current.results))
      appendRows(result, begin, samples, whole);
    int64_t row = begin;
    for (auto [rows, leads] : llvm::zip_equal(predictions, margins)) {
      appendRows(rows, row, samples, current.predictionByStep);
      appendRows(leads, row, samples, current.marginByStep);
      row += rows.getShape().front();
    }
    if (progress)
      progress(end);
  }
  return std::move(current);
}
