//===- Probes.cpp - what a user asks to record ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/Probes.h"
#include "spikeformer/Dialect/SNN/Analysis/PopulationNumbers.h"
#include "spikeformer/Support/VisitElements.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <cstring>

using namespace spikeformer;

static int64_t product(ArrayRef<int64_t> shape) {
  int64_t result = 1;
  for (int64_t extent : shape)
    result *= extent;
  return result;
}

int64_t ProbeRequest::getNumNeurons() const {
  return neurons ? neurons->second - neurons->first : product(shape);
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

namespace {
/// Resolves the texts of probes in one network.
class ProbeParser {
public:
  ProbeParser(ArrayRef<NamedSignal> list, TypeRange outputs,
              const Executor &executor);
  llvm::Expected<ProbeRequest> parse(StringRef text) const;

private:
  llvm::Error parseRange(StringRef range, ProbeRequest &request) const;
  llvm::Error resolve(StringRef name, ProbeRequest &request) const;

  const Executor &executor;
  SmallVector<std::string> outputNames;
  /// Shapes of what has a name.
  llvm::MapVector<StringRef, ArrayRef<int64_t>> signals;
};
} // namespace

ProbeParser::ProbeParser(ArrayRef<NamedSignal> list, TypeRange outputs,
                         const Executor &executor)
    : executor(executor) {
  for (const NamedSignal &signal : list)
    signals[signal.name] = signal.shape;
  for (auto [index, type] : llvm::enumerate(outputs))
    outputNames.push_back(getOutputName(index));
  for (auto [name, type] : llvm::zip_equal(outputNames, outputs))
    signals.insert({name, cast<snn::SignalType>(type).getShape()});
}

llvm::Error ProbeParser::parseRange(StringRef range,
                                    ProbeRequest &request) const {
  auto [first, last] = range.split(':');
  int64_t begin = 0, end = 0, size = product(request.shape);
  if (first.getAsInteger(10, begin) || last.getAsInteger(10, end) ||
      begin < 0 || begin >= end || end > size)
    return llvm::createStringError(
        "--probe=" + request.text + ": needs [I:J] with 0 <= I < J <= " +
        llvm::Twine(size) + ", the neurons of '" + request.probe.population +
        "', has [" + range + "]");
  request.neurons = {begin, end};
  return llvm::Error::success();
}

llvm::Error ProbeParser::resolve(StringRef name, ProbeRequest &request) const {
  StringRef population = name, state;
  if (!signals.contains(population)) {
    request.initial = name.consume_back(".init");
    std::tie(population, state) = name.rsplit('.');
  }
  auto found = signals.find(population);
  if (found == signals.end()) {
    auto names = llvm::make_first_range(signals);
    return llvm::createStringError(
        "--probe=" + request.text + ": there is no population '" + population +
        "'; there are '" + llvm::join(names, "', '") + "'");
  }
  request.probe = {population.str(), state.str()};
  request.shape.assign(found->second.begin(), found->second.end());
  if (state.empty() && !request.initial)
    return llvm::Error::success();
  std::vector<std::string> states = executor.getStates(population);
  if (llvm::is_contained(states, state))
    return llvm::Error::success();
  return llvm::createStringError(
      "--probe=" + request.text + ": '" + population + "' has no state '" +
      state + "'; " +
      (states.empty() ? std::string("it has none")
                      : "it has '" + llvm::join(states, "', '") + "'"));
}

llvm::Expected<ProbeRequest> ProbeParser::parse(StringRef text) const {
  ProbeRequest request;
  request.text = text.str();
  StringRef name = text, range;
  bool hasRange = name.consume_back("]");
  if (hasRange)
    std::tie(name, range) = name.rsplit('[');
  if (llvm::Error error = resolve(name, request))
    return std::move(error);
  if (hasRange)
    if (llvm::Error error = parseRange(range, request))
      return std::move(error);
  return request;
}

llvm::Expected<std::vector<ProbeRequest>>
spikeformer::parseProbes(ArrayRef<std::string> texts,
                         ArrayRef<NamedSignal> signals, TypeRange outputs,
                         const Executor &executor) {
  ProbeParser parser(signals, outputs, executor);
  std::vector<ProbeRequest> requests;
  for (const std::string &text : texts) {
    auto request = parser.parse(text);
    if (!request)
      return request.takeError();
    for (const ProbeRequest &other : requests)
      if (other.text == text)
        return llvm::createStringError("--probe=" + text + " is given twice");
    requests.push_back(std::move(*request));
  }
  return requests;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// What executors record a state of `type` as.
static ElementType getRecordType(Type type) {
  if (isa<FloatType>(type))
    return type.isF32() ? ElementType::f32 : ElementType::f64;
  unsigned width = type.getIntOrFloatBitWidth();
  if (width == 1)
    return ElementType::u8;
  return width <= 32 ? ElementType::i32 : ElementType::i64;
}

FailureOr<Tensor> spikeformer::getInitialState(const ProbeRequest &request,
                                               snn::NetworkOp network) {
  snn::PopulationOp population;
  network.walk([&](snn::PopulationOp op) {
    if (op.getName() == request.probe.population)
      population = op;
  });
  FailureOr<snn::PopulationNumbers> numbers =
      snn::PopulationNumbers::create(population);
  if (failed(numbers))
    return failure();
  const snn::NumberColumn &column =
      *llvm::find_if(numbers->states, [&](const snn::NumberColumn &state) {
        return state.name == request.probe.state;
      });
  SmallVector<int64_t, 4> shape = request.shape;
  int64_t first = 0;
  if (request.neurons) {
    shape = {request.getNumNeurons()};
    first = request.neurons->first;
  }
  Tensor result(shape, getRecordType(column.type));
  visitElementType(result.getElementType(), [&](auto zero) {
    using T = decltype(zero);
    for (auto [k, element] : llvm::enumerate(result.data<T>()))
      element = static_cast<T>(column[first + k].toDouble(column.type));
  });
  return result;
}

Tensor spikeformer::selectNeurons(const Tensor &recording,
                                  const ProbeRequest &request) {
  if (!request.neurons)
    return recording;
  ArrayRef<int64_t> shape = recording.getShape();
  int64_t rows = shape[0] * shape[1], size = product(request.shape);
  int64_t count = request.getNumNeurons();
  Tensor result({shape[0], shape[1], count}, recording.getElementType());
  int64_t element = getElementSize(recording.getElementType());
  const char *from = static_cast<const char *>(recording.getBytes()) +
                     request.neurons->first * element;
  char *to = static_cast<char *>(result.getBytes());
  for (int64_t row = 0; row < rows; ++row)
    std::memcpy(to + row * count * element, from + row * size * element,
                count * element);
  return result;
}
