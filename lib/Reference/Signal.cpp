//===- Signal.cpp - one tensor per step in the interpreter ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which values are in an alphabet is decided here, for inputs, populations and
// everything between.
//
//===----------------------------------------------------------------------===//

#include "Signal.h"
#include "llvm/Support/raw_ostream.h"

using namespace spikeformer;
using namespace spikeformer::reference;

Carrier reference::getCarrier(Type type) {
  if (type.isF32())
    return Carrier::f32;
  return type.isF64() ? Carrier::f64 : Carrier::integer;
}

Signal::Signal(SignalType type)
    : type(type), carrier(reference::getCarrier(type.getElementType())),
      values(type.getNumElements()) {
  if (carrier == Carrier::integer)
    std::tie(low, high) = type.getRange();
}

static llvm::Error makeRangeError(int64_t element, int64_t value,
                                  SignalType type) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "element " << element << " is " << value << ", which is not in "
     << type;
  return llvm::createStringError(text);
}

llvm::Error Signal::update() {
  events.clear();
  for (uint32_t k = 0, e = values.size(); k < e; ++k) {
    Scalar value = values[k];
    if (carrier == Carrier::integer) {
      if (value.integer < low || value.integer > high)
        return makeRangeError(k, value.integer, type);
      if (value.integer != 0)
        events.push_back({k, value});
    } else if (carrier == Carrier::f32 ? value.f32 != 0 : value.f64 != 0) {
      events.push_back({k, value});
    }
  }
  return llvm::Error::success();
}

void Signal::clear() {
  llvm::fill(values, Scalar());
  events.clear();
}
