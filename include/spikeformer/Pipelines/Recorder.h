//===- Recorder.h - recordings of a run -------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Collects what probes record, batch by batch, for an .npz or a SONATA file.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_RECORDER_H
#define SPIKEFORMER_PIPELINES_RECORDER_H

#include "spikeformer/Pipelines/Probes.h"
#include "spikeformer/Support/HDF5/SonataSpikes.h"
#include "spikeformer/Support/Npz.h"

namespace spikeformer {

/// Values of --record-format.
enum class RecordFormat {
  /// [sample, step, ...shape] for each probe.
  dense,
  /// int64 [event, 3] for each probe: sample, step and neuron of every nonzero
  /// element, in that order; NAME.shape is int64 [sample, step, ...shape], and
  /// NAME.value has the values where they are not all 1 by their type.
  events,
  /// A SONATA file of spikes, a population for each probe.
  sonata
};

/// Largest dense recording in bytes.
constexpr int64_t maxDenseBytes = int64_t(1) << 30;

class Recorder {
public:
  /// `probes` outlive the recorder.
  Recorder(ArrayRef<ProbeRequest> probes, RecordFormat format, int64_t samples)
      : format(format), samples(samples) {
    for (const ProbeRequest &probe : probes)
      if (!probe.initial)
        columns.push_back({&probe, {}, {}, {}, {}});
  }

  /// Takes one batch: per probe [sample, step, ...]. Errors: a dense recording
  /// of more than maxDenseBytes, events of a state; for SONATA also several
  /// samples, values that are not 0 or 1, and a name with a '/'.
  llvm::Error take(ArrayRef<Tensor> batch);

  /// The arrays; initial states of probed ones are in `initial`, by their text.
  std::vector<NamedTensor> finish(ArrayRef<NamedTensor> initial);

  /// The spikes of each probe in a network with steps of `dt` seconds; the
  /// spike of step t is at (t + 1) dt, and neurons have their numbers in the
  /// population.
  std::vector<hdf5::SpikeTrains> finishSpikes(double dt) const;

private:
  struct Column {
    const ProbeRequest *probe;
    /// Dense.
    Tensor whole;
    /// Events: sample, step and neuron, one after another.
    std::vector<int64_t> events;
    std::vector<double> values;
    /// Of a batch.
    Tensor last;
  };

  llvm::Error checkEvents() const;
  llvm::Error checkSonata(ArrayRef<Tensor> batch) const;
  llvm::Error checkSize(ArrayRef<Tensor> batch) const;
  void takeEvents(Column &column, const Tensor &batch);

  RecordFormat format;
  int64_t samples, seen = 0;
  std::vector<Column> columns;
};

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_RECORDER_H
