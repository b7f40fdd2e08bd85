//===- JITPopulation.cpp - the calls of a population ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Accumulators start, projections deliver in the order of the operands, the
// kernel updates. Contributions that are the same in every step and come first
// in their accumulator are added up once and kept.
//
//===----------------------------------------------------------------------===//

#include "JITKernels.h"
#include "JITNetwork.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"

using namespace spikeformer;
using namespace spikeformer::jit;
using namespace spikeformer::snn;

/// Targets of convolutions lie channel-last: all channels of a pixel get their
/// contributions from the same events.
Layout NetworkCompiler::chooseLayout(PopulationOp op) const {
  ArrayRef<int64_t> shape = op.getSignalType().getShape();
  bool isImage = llvm::any_of(op.getInputs(), [](Value current) {
    return Convolution::get(current.getDefiningOp<ProjectOp>()).has_value();
  });
  if (!isImage)
    return Layout::rowMajor(op.getSignalType().getNumElements());
  return Layout::channelLast(shape, llvm::alignTo(shape[0], lanes));
}

//===----------------------------------------------------------------------===//
// Numbers in arrays
//===----------------------------------------------------------------------===//

static unsigned getStorageBytes(Type type) {
  return getStorageType(type).getIntOrFloatBitWidth() / CHAR_BIT;
}

/// The bits of element `neuron` as they are stored.
static uint64_t getBits(const NumberColumn &column, size_t neuron) {
  uint64_t bits = 0;
  Scalar value = column[neuron];
  if (column.type.isInteger(1))
    value.integer &= 1;
  std::memcpy(&bits, &value, getStorageBytes(column.type));
  return bits;
}

static bool isUniform(const NumberColumn &column) {
  for (size_t n = 1; n < column.values.size(); ++n)
    if (getBits(column, n) != getBits(column, 0))
      return false;
  return true;
}

/// `bits` of `size` bytes, repeated in 8.
static uint64_t repeat(uint64_t bits, unsigned size) {
  for (unsigned have = size; have < 8; have *= 2)
    bits |= bits << (have * CHAR_BIT);
  return bits;
}

/// The column by position. Positions without a neuron repeat the first one: a
/// kernel may compute there what it likes, but with numbers that make sense.
static ArrayRef<char> makePositions(Program &program,
                                    const NumberColumn &column, Layout layout,
                                    size_t count) {
  unsigned size = getStorageBytes(column.type);
  auto bytes = program.makeArray<char>(count * size);
  auto write = [&](size_t position, size_t neuron) {
    uint64_t bits = getBits(column, neuron);
    std::memcpy(&bytes[position * size], &bits, size);
  };
  for (size_t position = 0; position < count; ++position)
    write(position, 0);
  for (size_t n = 0, e = layout.getElements(); n < e; ++n)
    write(layout.positionOf(n), n);
  return bytes;
}

SfrtSignal NetworkCompiler::addState(const NumberColumn &column,
                                     Layout layout) {
  unsigned size = getStorageBytes(column.type);
  size_t count = getCount(layout), bytes = llvm::alignTo(count * size, 8);
  SfrtSignal place{program->allocate(bytes),
                   getFormat(getStorageType(column.type)), layout.channels,
                   layout.pixels, layout.pitch};
  if (isUniform(column))
    program->addReset(sfrtFill, SfrtFill{place.offset, bytes,
                                         repeat(getBits(column, 0), size)});
  else
    program->addReset(
        sfrtCopy,
        SfrtCopy{place.offset, count * size,
                 makePositions(*program, column, layout, count).data(), 0});
  return place;
}

SfrtArray NetworkCompiler::addCoefficient(const NumberColumn &column,
                                          Layout layout, bool isShared) {
  if (!isShared)
    return {makePositions(*program, column, layout, getCount(layout)).data(),
            0};
  auto shared = program->makeArray<uint64_t>(1);
  shared[0] = getBits(column, 0);
  return {shared.data(), 0};
}

//===----------------------------------------------------------------------===//
// Receptors
//===----------------------------------------------------------------------===//

void NetworkCompiler::addStart(size_t sums, const NumberColumn &bias,
                               Layout layout, int64_t onset, Timing timing) {
  unsigned size = getStorageBytes(bias.type);
  size_t count = getCount(layout);
  SfrtStart start{sums, llvm::alignTo(count * size, 8), nullptr, 0, onset};
  if (isUniform(bias))
    start.pattern = repeat(getBits(bias, 0), size);
  else
    start.bias = makePositions(*program, bias, layout, count).data();
  program->addStep(sfrtStart, start, timing);
}

/// When what the projection delivers can change.
Timing NetworkCompiler::getTiming(const Projection &projection) const {
  if (projection.getMaximumDelay() > 0)
    return Timing();
  return getPlace(projection.getOp().getSource()).timing;
}

/// Returns where the accumulators lie when all contributions have been added.
size_t NetworkCompiler::addReceptor(PopulationOp op, unsigned index,
                                    const NumberColumn &bias, Layout layout) {
  ReceptorAttr receptor = op.getReceptorList()[index];
  size_t bytes = llvm::alignTo(getCount(layout), kLargestPanel) *
                 getStorageBytes(receptor.getType());
  SmallVector<const Projection *> operands;
  for (Value current : op.getReceptorInputs(index))
    operands.push_back(&projections.at(current.getDefiningOp()));

  // The bias changes at the ends of its window, which are those of the input
  // for a population without onset.
  auto rest = operands.begin();
  Timing timing = Timing::constant();
  if (op.getOnsetStep() == 0)
    for (; rest != operands.end() && !getTiming(**rest).isDynamic; ++rest)
      timing = timing.join(getTiming(**rest));
  bool hasBase =
      op.getOnsetStep() == 0 && (rest != operands.begin() || operands.empty());
  if (!hasBase)
    timing = Timing();
  size_t sums = program->allocate(bytes);
  addStart(sums, bias, layout, op.getOnsetStep(), timing);
  for (auto it = operands.begin(); it != operands.end(); ++it) {
    if (hasBase && it == rest) {
      size_t base = std::exchange(sums, program->allocate(bytes));
      timing = Timing();
      program->addStep(sfrtCopy, SfrtCopy{sums, bytes, nullptr, base}, timing);
    }
    SfrtEventRing ring = rings.at(getRoot((*it)->getOp().getSource()));
    (*it)->addDelivery(*program, {receptor, sums, layout}, ring, timing);
    (*it)->addTally(*program, ring);
  }
  return sums;
}

//===----------------------------------------------------------------------===//
// Update
//===----------------------------------------------------------------------===//

LogicalResult NetworkCompiler::addUpdate(PopulationOp op, SfrtUpdate update,
                                         ArrayRef<SfrtArray> arrays,
                                         ArrayRef<bool> isShared) {
  // Kernels that turn out equal are compiled once, whatever their key.
  llvm::Expected<Kernel> kernel =
      kernels.compile(op.getName(), [&](ModuleOp module) {
        buildUpdateKernel(module, op, lanes, isShared);
      });
  if (!kernel) {
    kernelError = llvm::toString(kernel.takeError());
    return failure();
  }
  auto kept = program->makeArray<SfrtArray>(arrays.size());
  llvm::copy(arrays, kept.begin());
  update.kernel = reinterpret_cast<SfrtKernel>(kernel->get());
  program->kernels.push_back(std::move(*kernel));
  update.arrays = kept.data();
  update.numArrays = arrays.size();
  update.scratch = program->allocate(arrays.size() * sizeof(void *));
  program->addStep(sfrtUpdate, update, Timing());
  return success();
}

/// Flags are recorded as u8, states of up to 32 bits as i32, wider ones as i64.
static ElementType getStateRecordType(Type type) {
  if (type.isF32())
    return ElementType::f32;
  if (type.isF64())
    return ElementType::f64;
  if (type.isInteger(1))
    return ElementType::u8;
  return type.getIntOrFloatBitWidth() <= 32 ? ElementType::i32
                                            : ElementType::i64;
}

/// Counts the spikes and enters the results.
void NetworkCompiler::finishPopulation(PopulationOp op,
                                       const SfrtSignal &emitted,
                                       ArrayRef<StateInfo> states) {
  addCheck(op, op.getSpikes(), emitted);
  finish(op.getSpikes(), {emitted, Timing()});
  PopulationInfo &info = program->populations.emplace_back();
  info.name = op.getName().str();
  info.neurons = op.getSignalType().getNumElements();
  info.spikes = makeRecordable(op.getSpikes());
  info.states.assign(states.begin(), states.end());
  info.counter = program->numCounters++;
  auto ring = rings.find(op.getSpikes());
  if (ring != rings.end())
    program->addStep(sfrtTallyEvents,
                     SfrtTallyEvents{ring->second, info.counter}, Timing());
  else
    program->addStep(sfrtTallyElements,
                     SfrtTallyElements{emitted,
                                       size_t(emitted.pixels) * emitted.pitch,
                                       info.counter},
                     Timing());
  for (auto [index, value] : llvm::enumerate(op.getStates())) {
    StringRef name = cast<StringAttr>((*op.getExposed())[index]).getValue();
    const SfrtSignal &signal =
        llvm::find_if(states, [&](const StateInfo &state) {
          return state.name == name;
        })->value.signal;
    addCheck(op, value, signal);
    finish(value, {signal, Timing()});
  }
}

LogicalResult NetworkCompiler::addPopulation(PopulationOp op) {
  FailureOr<PopulationNumbers> numbers = PopulationNumbers::create(op);
  if (failed(numbers))
    return failure();
  Layout layout = chooseLayout(op);
  std::vector<StateInfo> states;
  SmallVector<SfrtArray> arrays;
  for (const NumberColumn &column : numbers->states) {
    SfrtSignal place = addState(column, layout);
    arrays.push_back({nullptr, place.offset});
    states.push_back({column.name,
                      {place, llvm::to_vector(op.getSignalType().getShape()),
                       getStateRecordType(column.type)}});
  }
  SmallVector<bool> isShared;
  for (const NumberColumn &column : numbers->coefficients) {
    isShared.push_back(isUniform(column));
    arrays.push_back(addCoefficient(column, layout, isShared.back()));
  }
  for (auto [index, bias] : llvm::enumerate(numbers->biases))
    arrays.push_back({nullptr, addReceptor(op, index, bias, layout)});
  SfrtUpdate update{};
  update.count = getCount(layout);
  update.onset = op.getOnsetStep();
  update.emitted = makeSignal(op.getSignalType(), layout);
  update.emittedBytes = getBytes(update.emitted);
  arrays.push_back({nullptr, update.emitted.offset});
  if (failed(addUpdate(op, update, arrays, isShared)))
    return failure();
  finishPopulation(op, update.emitted, states);
  return success();
}
