//===- DiffSide.cpp - one of two things compared --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DiffSide.h"
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

/// The dense form of the events in `events`, [event, 3].
static llvm::Expected<Tensor> expandEvents(StringRef file, StringRef name,
                                           const Tensor &events,
                                           const Tensor &shape,
                                           const Tensor &values) {
  auto bad = [&](const llvm::Twine &why) {
    return makeInputError(file, name, "is no recording of events: " + why);
  };
  bool good = events.getElementType() == ElementType::i64 &&
              shape.getElementType() == ElementType::i64 &&
              events.getRank() == 2 && events.getShape()[1] == 3 &&
              shape.getRank() == 1 && shape.getNumElements() >= 2 &&
              (!values || (values.getElementType() == ElementType::f64 &&
                           values.getNumElements() == events.getShape()[0]));
  if (!good)
    return bad("needs int64 [event, 3] and its shape");
  ArrayRef<int64_t> extents = shape.data<int64_t>();
  int64_t neurons = 1;
  for (int64_t extent : extents.drop_front(2))
    neurons *= extent;
  if (llvm::any_of(extents, [](int64_t extent) { return extent < 0; }) ||
      extents[0] * extents[1] * neurons > (int64_t(1) << 32))
    return bad("its shape is too large");
  Tensor dense(extents, values ? ElementType::f64 : ElementType::u8);
  ArrayRef<int64_t> rows = events.data<int64_t>();
  for (int64_t i = 0; i < events.getShape()[0]; ++i) {
    int64_t sample = rows[3 * i], step = rows[3 * i + 1];
    int64_t neuron = rows[3 * i + 2];
    if (sample < 0 || sample >= extents[0] || step < 0 || step >= extents[1] ||
        neuron < 0 || neuron >= neurons)
      return bad("event " + llvm::Twine(i) + " is outside of the shape");
    int64_t at = (sample * extents[1] + step) * neurons + neuron;
    if (values)
      dense.data<double>()[at] = values.data<double>()[i];
    else
      dense.data<uint8_t>()[at] = 1;
  }
  return dense;
}

llvm::Error DiffSide::loadRecording() {
  auto archive = NpzFile::open(path);
  if (!archive)
    return archive.takeError();
  std::vector<std::string> keys = archive->getKeys();
  for (const std::string &key : keys) {
    StringRef base = key;
    if ((base.consume_back(".shape") || base.consume_back(".value")) &&
        llvm::is_contained(keys, (base + ".shape").str()))
      continue;
    auto array = archive->read(key);
    if (!array)
      return array.takeError();
    if (llvm::is_contained(keys, key + ".shape")) {
      auto shape = archive->read(key + ".shape");
      if (!shape)
        return shape.takeError();
      Tensor values;
      if (llvm::is_contained(keys, key + ".value")) {
        auto read = archive->read(key + ".value");
        if (!read)
          return read.takeError();
        values = *read;
      }
      array = expandEvents(path, key, *array, *shape, values);
      if (!array)
        return array.takeError();
    }
    if (array->getRank() >= 2)
      arrays.push_back({key, *array});
  }
  if (arrays.empty())
    return makeInputError(path, "holds no recording: needs arrays [sample, "
                                "step, ...]");
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<DiffSide>>
DiffSide::open(StringRef path, StringRef engine, const DiffOptions &options,
               MLIRContext &context, ErrorLog &log) {
  auto side = std::make_unique<DiffSide>();
  side->path = path.str();
  side->how.engine = engine.str();
  side->how.threads = options.threads;
  llvm::Error error = path.ends_with(".npz")
                          ? side->loadRecording()
                          : side->loadModule(options, context, log);
  if (error)
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
