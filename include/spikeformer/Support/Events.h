//===- Events.h - recordings of event cameras -------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An event camera sends the pixels whose brightness changes. A network takes
// how many events each pixel had in each step.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_EVENTS_H
#define SPIKEFORMER_SUPPORT_EVENTS_H

#include "spikeformer/Support/Tensor.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace spikeformer {

/// One change: pixel, polarity (0 or 1) and time in microseconds.
struct Event {
  int64_t x, y, polarity, time;
};

/// How events become values of steps.
struct EventBinning {
  /// Where the first step begins: at time 0 or at the first event.
  enum class Origin { zero, first };
  /// What a pixel with several events in a step has: how many, or 1.
  enum class Value { count, binary };

  /// Length of a step, in seconds; above 0.
  double bin = 0;
  Origin origin = Origin::zero;
  Value value = Value::count;
  /// Number of steps, where the network leaves it open.
  std::optional<int64_t> steps = std::nullopt;
};

/// The words of --event-origin and --event-value. Errors: another word.
llvm::Expected<EventBinning::Origin> parseEventOrigin(llvm::StringRef text);
llvm::Expected<EventBinning::Value> parseEventValue(llvm::StringRef text);
llvm::StringRef stringify(EventBinning::Origin origin);
llvm::StringRef stringify(EventBinning::Value value);

/// Whether `path` names a recording of events by its extension: .bs2.
bool isEventFile(llvm::StringRef path);

/// The files of an argument: itself, the parts of a list a,b,..., or the
/// recordings in a directory, by name; one for each sample.
llvm::Expected<std::vector<std::string>> listEventFiles(llvm::StringRef path);

/// Reads a recording: .bs2 (40 bits an event, big endian: x 8, y 8, polarity 1,
/// microseconds 23; Orchard et al. 2015, doi:10.3389/fnins.2015.00437), or an
/// integer .npy [event, 4] of x, y, microseconds, polarity. Errors: it is
/// missing, empty, cut off, or of another form.
llvm::Expected<std::vector<Event>> readEvents(llvm::StringRef file);

/// Adds the events up: f32 [step, polarity, y, x] for `shape`, which is
/// polarity, rows, columns. An event at the border of two steps is in the later
/// one. `late` becomes the number of events after the last step, which are left
/// out. Errors name `file`: an event is outside of the shape or before the
/// first step.
llvm::Expected<Tensor> binEvents(llvm::ArrayRef<Event> events,
                                 const EventBinning &binning, int64_t steps,
                                 llvm::ArrayRef<int64_t> shape,
                                 llvm::StringRef file, int64_t &late);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_EVENTS_H
