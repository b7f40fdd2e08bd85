//===- DiffSide.cpp - one of two things compared --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DiffSide.h"
#include "DiffRecording.h"
#include "spikeformer/Support/InputFile.h"

using namespace spikeformer;

//===----------------------------------------------------------------------===//
// Opening
//===----------------------------------------------------------------------===//

llvm::Error DiffSide::loadModule(const DiffOptions &options,
                                 MLIRContext &context, ErrorLog &log) {
  auto loaded = loadModel(path, context, log,
                          selectImportFlags(path, options.input.import));
  if (!loaded)
    return loaded.takeError();
  model = std::move(*loaded);
  FailureOr<func::FuncOp> found = getMainFunction(*model.module);
  if (failed(found))
    return makeReportedError();
  main = *found;
  FailureOr<snn::SimulateOp> simulation = getSimulation(main);
  if (failed(simulation))
    return makeReportedError();
  if (*simulation) {
    network = SymbolTable::lookupNearestSymbolFrom<snn::NetworkOp>(
        *simulation, simulation->getNetworkAttr());
    how.timesteps = options.timesteps;
  }
  if (main.getNumArguments() == 0 && options.data.empty())
    return llvm::Error::success();
  auto read = readData(main, options.data, "", options.input, log);
  if (!read)
    return read.takeError();
  data = std::move(*read);
  // Flags are for the sides that need them.
  if (options.input.preprocessing && !takesStoredNumbers(main, 0) &&
      failed(insertPreprocessing(main, *options.input.preprocessing,
                                 data->getElementTypes())))
    return makeReportedError();
  return convertData(main, *data);
}

llvm::Expected<std::unique_ptr<DiffSide>>
DiffSide::open(StringRef path, StringRef engine, const DiffOptions &options,
               MLIRContext &context, ErrorLog &log) {
  auto side = std::make_unique<DiffSide>();
  side->path = path.str();
  side->how.engine = engine.str();
  side->how.threads = options.threads;
  if (spikeformer::isRecording(path)) {
    auto arrays = readRecording(path, options.recorded);
    if (!arrays)
      return arrays.takeError();
    side->arrays = std::move(*arrays);
    return side;
  }
  if (llvm::Error error = side->loadModule(options, context, log))
    return std::move(error);
  return side;
}

//===----------------------------------------------------------------------===//
// Signals
//===----------------------------------------------------------------------===//

FailureOr<std::vector<NamedSignal>> DiffSide::getSignals(size_t skip) const {
  if (isArtefact())
    return model.artefact->signals;
  std::vector<NamedSignal> signals;
  for (const NamedTensor &array : arrays) {
    NamedSignal &signal = signals.emplace_back();
    signal.name = signal.origin.population = array.first;
    llvm::append_range(signal.shape, array.second.getShape().drop_front(2));
  }
  if (!network)
    return signals;
  auto chain = snn::RelationChain::create(getModule(), skip);
  if (failed(chain))
    return failure();
  return listSignals(network, *chain);
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

int64_t DiffSide::getNumSamples() const {
  if (isRecording())
    return arrays.front().second.getShape().front();
  return data ? data->samples.getNumSamples() : 1;
}

std::vector<Tensor> DiffSide::getInputs(int64_t begin, int64_t end) const {
  std::vector<Tensor> inputs;
  if (data)
    for (const Tensor &values : data->getValues())
      inputs.push_back(values.slice(begin, end));
  return inputs;
}

llvm::Error DiffSide::prepare(std::vector<std::string> names) {
  probes = std::move(names);
  if (isRecording())
    return llvm::Error::success();
  how.probes = probes;
  auto made = ModelRunner::create(getModule(), how,
                                  data ? data->getSteps() : std::nullopt,
                                  model.artefact ? &*model.artefact : nullptr);
  if (!made)
    return made.takeError();
  runner = std::move(*made);
  return llvm::Error::success();
}

llvm::Error DiffSide::fit(ArrayRef<ProbeRequest> requests) {
  for (const ProbeRequest &request : requests)
    for (NamedTensor &array : arrays)
      if (array.first == request.text)
        if (llvm::Error error = fitRecording(path, array, request))
          return error;
  return llvm::Error::success();
}

int64_t DiffSide::getBatchSize() {
  int64_t samples = getNumSamples();
  return runner ? runner->getBatchSize(getInputs(0, samples), samples)
                : samples;
}

llvm::Expected<DiffSide::Part> DiffSide::run(int64_t begin, int64_t end) {
  Part part;
  if (isRecording()) {
    for (const std::string &name : probes)
      for (const NamedTensor &array : arrays)
        if (array.first == name)
          part.recordings.push_back(array.second.slice(begin, end));
    return part;
  }
  // A batch may come in several pieces; the recorder joins them.
  Recorder recorder(runner->getProbes(), RecordFormat::dense, end - begin);
  auto run = runner->run(
      getInputs(begin, end), end - begin,
      [&](ArrayRef<Tensor> batch) { return recorder.take(batch); }, nullptr,
      begin);
  if (!run)
    return run.takeError();
  for (NamedTensor &array : recorder.finish({}))
    part.recordings.push_back(std::move(array.second));
  part.results = std::move(run->results);
  return part;
}
