//===- Signal.h - one tensor per step in the interpreter --------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The value of a signal in the present step, and its events: the elements that
// are not zero. Everything that travels along projections is an event.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_REFERENCE_SIGNAL_H
#define SPIKEFORMER_LIB_REFERENCE_SIGNAL_H

#include "spikeformer/Dialect/SNN/IR/SNNModel.h"
#include "spikeformer/Dialect/SNN/IR/SNNTypes.h"
#include "llvm/Support/Error.h"

namespace spikeformer::reference {
using snn::Scalar;
using snn::SignalType;

/// The member of a Scalar that holds a value.
enum class Carrier : uint8_t { integer, f32, f64 };

Carrier getCarrier(Type type);

/// `value` rounded once to T, which is float, double or int64_t; a float never
/// becomes an integer here.
template <typename T>
T convert(Scalar value, Carrier carrier) {
  if (carrier == Carrier::integer)
    return static_cast<T>(value.integer);
  return carrier == Carrier::f32 ? static_cast<T>(value.f32)
                                 : static_cast<T>(value.f64);
}

/// A nonzero element.
struct Event {
  uint32_t index;
  Scalar value;
};

/// The value of a signal in the present step.
class Signal {
public:
  explicit Signal(SignalType type);

  SignalType getType() const { return type; }
  Carrier getCarrier() const { return carrier; }
  int64_t getSize() const { return values.size(); }
  /// Row-major; after writing, `update`.
  MutableArrayRef<Scalar> getValues() { return values; }
  ArrayRef<Scalar> getValues() const { return values; }
  /// Nonzero elements, row-major; valid after `update`.
  const std::vector<Event> &getEvents() const { return events; }

  /// Collects the events. Fails, with the element and the alphabet in the
  /// message, where an element is not in the alphabet.
  llvm::Error update();
  /// Silence.
  void clear();

private:
  SignalType type;
  Carrier carrier;
  /// Range of an integer alphabet.
  int64_t low = 0, high = 0;
  std::vector<Scalar> values;
  std::vector<Event> events;
};

} // namespace spikeformer::reference

#endif // SPIKEFORMER_LIB_REFERENCE_SIGNAL_H
