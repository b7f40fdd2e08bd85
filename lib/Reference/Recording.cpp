//===- Recording.cpp - what a run keeps -----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which element type a recording has follows from the signal or the state.
//
//===----------------------------------------------------------------------===//

#include "Recording.h"

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

static SmallVector<int64_t> getShape(SignalType type, int64_t samples,
                                     int64_t numSteps) {
  SmallVector<int64_t> shape{samples, numSteps};
  llvm::append_range(shape, type.getShape());
  return shape;
}

/// Flags are u8, states of up to 32 bits i32, wider ones i64.
static ElementType getStateType(Type type) {
  if (type.isF32())
    return ElementType::f32;
  if (type.isF64())
    return ElementType::f64;
  unsigned width = type.getIntOrFloatBitWidth();
  if (width == 1)
    return ElementType::u8;
  return width <= 32 ? ElementType::i32 : ElementType::i64;
}

Recording::Recording(const Signal &signal, int64_t samples, int64_t firstStep,
                     int64_t numSteps)
    : signal(&signal), numElements(signal.getSize()), firstStep(firstStep),
      numSteps(numSteps), tensor(getShape(signal.getType(), samples, numSteps),
                                 signal.getType().getRecordType()) {}

Recording::Recording(const PopulationNode &node, unsigned index,
                     int64_t samples, int64_t numSteps)
    : node(&node), state(index), numElements(node.getNumNeurons()),
      firstStep(0), numSteps(numSteps),
      tensor(getShape(node.getSignalType(), samples, numSteps),
             getStateType(node.getPopulation().states[index].type)) {}

template <typename T>
void Recording::copy(int64_t position) {
  T *out = tensor.data<T>().data() + position * numElements;
  for (int64_t k = 0; k < numElements; ++k)
    if constexpr (std::is_same_v<T, float>)
      out[k] = get(k).f32;
    else if constexpr (std::is_same_v<T, double>)
      out[k] = get(k).f64;
    else
      out[k] = static_cast<T>(get(k).integer);
}

void Recording::take(int64_t sample, int64_t step) {
  if (step < firstStep || step >= firstStep + numSteps)
    return;
  int64_t position = sample * numSteps + step - firstStep;
  switch (tensor.getElementType()) {
  case ElementType::u8:
    return copy<uint8_t>(position);
  case ElementType::i8:
    return copy<int8_t>(position);
  case ElementType::i32:
    return copy<int32_t>(position);
  case ElementType::i64:
    return copy<int64_t>(position);
  case ElementType::f32:
    return copy<float>(position);
  case ElementType::f64:
    return copy<double>(position);
  default:
    llvm_unreachable("no recording has this type");
  }
}
