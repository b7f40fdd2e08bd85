//===- Recorder.cpp - recordings of a run ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/Recorder.h"
#include "AppendRows.h"
#include "spikeformer/Pipelines/ErrorLog.h"
#include "spikeformer/Support/VisitElements.h"

using namespace spikeformer;

llvm::Error Recorder::checkEvents() const {
  for (const Column &column : columns)
    if (!column.probe->probe.state.empty())
      return makeRefusedError(
          StringRef("--record-format=") +
          (format == RecordFormat::sonata ? "sonata" : "events") +
          " records spikes, and '" + column.probe->text +
          "' is a state; record it with --record-format=dense");
  return llvm::Error::success();
}

llvm::Error Recorder::checkSonata(ArrayRef<Tensor> batch) const {
  if (llvm::Error error = checkEvents())
    return error;
  if (samples != 1)
    return makeRefusedError("a SONATA file has one sample: needs 1, has " +
                            llvm::Twine(samples) +
                            "; choose with --limit=1, or record with "
                            "--record-format=events");
  for (auto [column, tensor] : llvm::zip_equal(columns, batch)) {
    if (tensor.getElementType() != ElementType::u8)
      return makeRefusedError("a SONATA file has spikes that are 0 or 1, and "
                              "those of '" +
                              column.probe->text +
                              "' have values; record them with "
                              "--record-format=events");
    if (StringRef(column.probe->text).contains('/'))
      return makeRefusedError("a population of a SONATA file is a group of "
                              "HDF5 and cannot be named '" +
                              column.probe->text +
                              "'; record it with --record-format=events");
  }
  return llvm::Error::success();
}

llvm::Error Recorder::checkSize(ArrayRef<Tensor> batch) const {
  if (format == RecordFormat::sonata)
    return checkSonata(batch);
  if (format == RecordFormat::events)
    return checkEvents();
  int64_t bytes = 0;
  for (const Tensor &tensor : batch)
    bytes += tensor.getNumBytes() / tensor.getShape().front() * samples;
  if (bytes <= maxDenseBytes)
    return llvm::Error::success();
  return makeRefusedError(
      "the dense recording is too large: needs " + llvm::Twine(bytes) +
      " bytes, has " + llvm::Twine(maxDenseBytes) +
      "; record spikes with --record-format=events, fewer neurons with "
      "--probe=NAME[I:J], or fewer samples with --limit");
}

void Recorder::takeEvents(Column &column, const Tensor &batch) {
  column.last = batch;
  ArrayRef<int64_t> shape = batch.getShape();
  int64_t steps = shape[1];
  int64_t neurons = batch.getNumElements() / (shape[0] * steps);
  visitElementType(batch.getElementType(), [&](auto zero) {
    using T = decltype(zero);
    ArrayRef<T> values = batch.data<T>();
    for (size_t i = 0; i < values.size(); ++i) {
      if (values[i] == zero)
        continue;
      int64_t row = i / neurons;
      column.events.insert(
          column.events.end(),
          {seen + row / steps, row % steps, static_cast<int64_t>(i) % neurons});
      column.values.push_back(static_cast<double>(values[i]));
    }
  });
}

llvm::Error Recorder::take(ArrayRef<Tensor> batch) {
  if (batch.empty())
    return llvm::Error::success();
  if (seen == 0)
    if (llvm::Error error = checkSize(batch))
      return error;
  for (auto [column, tensor] : llvm::zip_equal(columns, batch)) {
    if (format == RecordFormat::dense)
      appendRows(tensor, seen, samples, column.whole);
    else
      takeEvents(column, tensor);
  }
  seen += batch.front().getShape().front();
  return llvm::Error::success();
}

/// A tensor with the elements of `values`.
template <typename T>
static Tensor makeTensor(ArrayRef<int64_t> shape, ArrayRef<T> values) {
  Tensor tensor(shape, elementTypeOf<T>());
  llvm::copy(values, tensor.data<T>().begin());
  return tensor;
}

std::vector<NamedTensor> Recorder::finish(ArrayRef<NamedTensor> initial) {
  std::vector<NamedTensor> arrays;
  for (const Column &column : columns) {
    const std::string &name = column.probe->text;
    if (format == RecordFormat::dense) {
      arrays.push_back({name, column.whole});
      continue;
    }
    auto count = static_cast<int64_t>(column.values.size());
    arrays.push_back({name, makeTensor<int64_t>({count, 3}, column.events)});
    SmallVector<int64_t, 4> shape(column.last.getShape());
    shape.front() = samples;
    arrays.push_back(
        {name + ".shape",
         makeTensor<int64_t>({static_cast<int64_t>(shape.size())}, shape)});
    if (column.last.getElementType() != ElementType::u8)
      arrays.push_back(
          {name + ".value", makeTensor<double>({count}, column.values)});
  }
  llvm::append_range(arrays, initial);
  return arrays;
}

std::vector<hdf5::SpikeTrains> Recorder::finishSpikes(double dt) const {
  std::vector<hdf5::SpikeTrains> populations;
  for (const Column &column : columns) {
    hdf5::SpikeTrains trains;
    trains.population = column.probe->text;
    int64_t first = column.probe->neurons ? column.probe->neurons->first : 0;
    for (size_t i = 0; i < column.events.size(); i += 3) {
      trains.seconds.push_back(static_cast<double>(column.events[i + 1] + 1) *
                               dt);
      trains.neurons.push_back(column.events[i + 2] + first);
    }
    populations.push_back(std::move(trains));
  }
  return populations;
}
