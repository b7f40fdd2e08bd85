//===- JITProgram.h - a compiled network ------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the compiler of a network gives to the executor: calls, the constant
// data that they refer to, and where everything that can be asked for lies. It
// holds no IR and is not changed by runs.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_EXECUTIONENGINE_JITPROGRAM_H
#define SPIKEFORMER_LIB_EXECUTIONENGINE_JITPROGRAM_H

#include "spikeformer-rt/Schedule.h"
#include "spikeformer/ExecutionEngine/KernelCompiler.h"
#include "spikeformer/Support/LLVM.h"
#include "spikeformer/Support/Tensor.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/MathExtras.h"
#include <functional>
#include <string>
#include <vector>

namespace spikeformer::jit {

/// Alignment of every array, in bytes.
constexpr size_t kAlignment = 64;

/// When the outcome of a call can differ from the step before: in every step,
/// or only when one of `inputs` (a bit set by input number) is not held, and in
/// the first step with and without input.
struct Timing {
  bool isDynamic = true;
  uint64_t inputs = 0;

  static Timing constant() { return {false, 0}; }
  Timing join(Timing other) const {
    return {isDynamic || other.isDynamic, inputs | other.inputs};
  }
  /// Whether the call can be left out in most steps of a run that holds
  /// `heldInputs`.
  bool isSteady(uint64_t heldInputs) const {
    return !isDynamic && (inputs & ~heldInputs) == 0;
  }
};

struct TimedCall {
  SfrtCall call;
  Timing timing;
};

/// Something that can be recorded.
struct Recordable {
  SfrtSignal signal;
  SmallVector<int64_t> shape;
  /// Type of the recording.
  ElementType type;
};

struct InputInfo {
  SmallVector<int64_t> shape;
  ElementType type;
  /// Range of an integer alphabet.
  bool isInteger;
  int64_t low, high;
  /// The signal's type as text, for errors.
  std::string typeName;
};

struct OutputInfo {
  Recordable value;
  int64_t onset;
};

struct StateInfo {
  std::string name;
  Recordable value;
};

struct PopulationInfo {
  std::string name;
  int64_t neurons;
  Recordable spikes;
  std::vector<StateInfo> states;
  unsigned counter;
};

struct EncoderInfo {
  std::string name;
  Recordable value;
};

/// Counters of a frame; those of populations follow.
enum Counter : unsigned { kInputEvents, kSynapticEvents, kNumFixedCounters };

struct Program {
  std::vector<SfrtCall> reset;
  std::vector<TimedCall> step;
  size_t memorySize = 0;
  unsigned numCounters = kNumFixedCounters;
  int64_t latency = 0;
  std::vector<InputInfo> inputs;
  std::vector<OutputInfo> outputs;
  std::vector<PopulationInfo> populations;
  std::vector<EncoderInfo> encoders;
  /// What `step` calls.
  std::vector<Kernel> kernels;
  /// Messages of calls that can fail, by their arguments; the second parameter
  /// is the global index of the sample.
  llvm::DenseMap<const void *,
                 std::function<std::string(const SfrtFrame &, int64_t)>>
      failures;

  /// Room for `size` bytes in the memory of a frame, and some behind it: whole
  /// registers may be written.
  size_t allocate(size_t size) {
    size_t offset = memorySize;
    memorySize += llvm::alignTo(size, kAlignment) + kAlignment;
    return offset;
  }
  /// `count` constant zeros that live as long as the program.
  template <typename T>
  MutableArrayRef<T> makeArray(size_t count) {
    size_t bytes = llvm::alignTo(count * sizeof(T), kAlignment) + kAlignment;
    void *data = storage.Allocate(bytes, llvm::Align(kAlignment));
    std::memset(data, 0, bytes);
    return {static_cast<T *>(data), count};
  }
  /// A copy of the arguments of a call.
  template <typename T>
  const T *keep(const T &arguments) {
    return new (storage.Allocate(sizeof(T), llvm::Align(alignof(T))))
        T(arguments);
  }
  template <typename T>
  const T *addStep(SfrtFunction function, const T &arguments, Timing timing) {
    const T *kept = keep(arguments);
    step.push_back({{function, kept}, timing});
    return kept;
  }
  template <typename T>
  void addReset(SfrtFunction function, const T &arguments) {
    reset.push_back({function, keep(arguments)});
  }

private:
  llvm::BumpPtrAllocator storage;
};

} // namespace spikeformer::jit

#endif // SPIKEFORMER_LIB_EXECUTIONENGINE_JITPROGRAM_H
