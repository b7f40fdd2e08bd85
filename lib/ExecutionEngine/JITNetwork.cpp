//===- JITNetwork.cpp - from networks to programs -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All operations but populations, and the event lists between them.
//
//===----------------------------------------------------------------------===//

#include "JITNetwork.h"
#include "spikeformer-rt/Signals.h"
#include "spikeformer/Dialect/SNN/Analysis/StepOrder.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/FormatVariadic.h"

using namespace spikeformer;
using namespace spikeformer::jit;
using namespace spikeformer::snn;

/// Positions of a pixel of a pooled signal are whole bytes of bits.
static constexpr unsigned kPoolPitch = 8;

//===----------------------------------------------------------------------===//
// Formats
//===----------------------------------------------------------------------===//

uint32_t jit::getFormat(Type stored) {
  if (stored.isF32())
    return SFRT_F32;
  if (stored.isF64())
    return SFRT_F64;
  switch (stored.getIntOrFloatBitWidth()) {
  case 8:
    return SFRT_I8;
  case 16:
    return SFRT_I16;
  case 32:
    return SFRT_I32;
  default:
    return SFRT_I64;
  }
}

uint32_t jit::getFormat(SignalType type) {
  Type element = type.getElementType();
  if (element.isInteger(1))
    return SFRT_BITS;
  if (type.getCarrier() && type.getCarrier().isUnsignedInteger(32))
    return SFRT_U32;
  return getFormat(element);
}

unsigned jit::getFormatBits(uint32_t format) {
  switch (format) {
  case SFRT_BITS:
    return 1;
  case SFRT_I8:
    return 8;
  case SFRT_I16:
    return 16;
  case SFRT_I64:
  case SFRT_F64:
    return 64;
  default:
    return 32;
  }
}

static std::string print(Type type) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << type;
  return text;
}

//===----------------------------------------------------------------------===//
// Before the step
//===----------------------------------------------------------------------===//

NetworkCompiler::NetworkCompiler(NetworkOp network, KernelCompiler &kernels)
    : network(network), kernels(kernels),
      // Bits of a kernel's iteration are whole bytes.
      lanes(std::max(8u, kernels.getPreferredLanes())),
      program(std::make_unique<Program>()) {}

/// A reshape keeps the elements and their order: it has the events of its
/// source.
Value NetworkCompiler::getRoot(Value signal) const {
  while (auto reshape = signal.getDefiningOp<ReshapeOp>())
    signal = reshape.getSource();
  return signal;
}

LogicalResult NetworkCompiler::readProjections() {
  bool ok = true;
  for (auto op : network.getBody().getOps<ProjectOp>()) {
    FailureOr<Projection> projection = Projection::create(op);
    ok &= succeeded(projection);
    if (ok)
      projections.try_emplace(op, std::move(*projection));
  }
  return success(ok);
}

/// One ring per signal that projections take, as long as their longest delay.
void NetworkCompiler::placeRings() {
  llvm::MapVector<Value, uint32_t> longest;
  for (auto op : network.getBody().getOps<ProjectOp>()) {
    uint32_t &delay = longest[getRoot(op.getSource())];
    delay = std::max(delay, projections.at(op).getMaximumDelay());
  }
  for (auto [root, delay] : longest) {
    auto type = cast<SignalType>(root.getType());
    size_t elements = type.getNumElements();
    SfrtEventRing ring{};
    ring.slots = delay + 1;
    uint32_t format = getFormat(type);
    ring.format = format == SFRT_I8 ? SFRT_I32 : format;
    // The counters of the channels lie behind the indices, see Events.cpp.
    ring.values = llvm::alignTo(
        SFRT_EVENT_INDICES + 2 * elements * sizeof(uint32_t), kAlignment);
    size_t valueBytes = ring.format == SFRT_BITS
                            ? 0
                            : elements * getFormatBits(ring.format) / CHAR_BIT;
    ring.slotBytes = llvm::alignTo(ring.values + valueBytes, kAlignment);
    ring.offset = program->allocate(ring.slotBytes * ring.slots);
    rings[root] = ring;
    program->addReset(sfrtClearEvents, ring);
  }
}

//===----------------------------------------------------------------------===//
// Signals
//===----------------------------------------------------------------------===//

SfrtSignal NetworkCompiler::makeSignal(SignalType type, Layout layout) {
  SfrtSignal signal{0, getFormat(type), layout.channels, layout.pixels,
                    layout.pitch};
  signal.offset = program->allocate(getBytes(signal));
  return signal;
}

/// Whole iterations of a kernel.
size_t NetworkCompiler::getBytes(const SfrtSignal &signal) const {
  size_t count = llvm::alignTo(size_t(signal.pixels) * signal.pitch, lanes);
  return llvm::divideCeil(count * getFormatBits(signal.format), CHAR_BIT);
}

void NetworkCompiler::finish(Value value, SignalPlace place) {
  places[value] = place;
  auto ring = rings.find(value);
  if (ring == rings.end())
    return;
  Timing timing = place.timing;
  // Every slot of a longer ring has to be written.
  timing.isDynamic |= ring->second.slots > 1;
  program->addStep(sfrtCollect, SfrtCollect{place.signal, ring->second},
                   timing);
}

/// "snn.population \"hidden\"" or, for operations without a name, "snn.pool".
static std::string describe(Operation *op) {
  std::string text = op->getName().getStringRef().str();
  if (auto name = op->getAttrOfType<StringAttr>("name"))
    text += " \"" + name.str() + "\"";
  return text;
}

/// Checks integers that `op` wrote against the alphabet of `value`.
void NetworkCompiler::addCheck(Operation *op, Value value,
                               const SfrtSignal &signal) {
  auto type = cast<SignalType>(value.getType());
  if (isa<FloatType>(type.getElementType()) ||
      type.getKind() == AlphabetKind::binary)
    return;
  auto [low, high] = type.getRange();
  SfrtCheck check{signal, low, high};
  // Integers are computed with a sign, whatever the alphabet.
  if (check.signal.format == SFRT_U32)
    check.signal.format = SFRT_I32;
  if (low == INT32_MIN && high == INT32_MAX)
    return;
  const void *arguments = program->addStep(sfrtCheck, check, Timing());
  program->failures[arguments] = [what = describe(op), text = print(type)](
                                     const SfrtFrame &frame, int64_t sample) {
    return llvm::formatv("{0}: in step {1} of sample {2} element {3} is "
                         "{4}, which is not in {5}",
                         what, frame.step, sample, frame.failedElement,
                         static_cast<int64_t>(frame.failedValue), text)
        .str();
  };
}

Recordable NetworkCompiler::makeRecordable(Value value) const {
  auto type = cast<SignalType>(value.getType());
  return {getPlace(value).signal, llvm::to_vector(type.getShape()),
          type.getRecordType()};
}

//===----------------------------------------------------------------------===//
// Sources of signals
//===----------------------------------------------------------------------===//

void NetworkCompiler::addInput(BlockArgument argument) {
  auto type = cast<SignalType>(argument.getType());
  unsigned number = argument.getArgNumber();
  InputInfo &info = program->inputs.emplace_back();
  info.shape = llvm::to_vector(type.getShape());
  info.type = type.getRecordType();
  info.isInteger = !isa<FloatType>(type.getElementType());
  info.typeName = print(type);
  if (info.isInteger)
    std::tie(info.low, info.high) = type.getRange();
  // More inputs than a mask has bits are taken as different in every step.
  Timing timing = Timing::constant();
  if (number < 64)
    timing.inputs = uint64_t(1) << number;
  else
    timing.isDynamic = true;
  SfrtSignal signal = makeSignal(type, Layout::rowMajor(type.getNumElements()));
  program->addStep(sfrtImport, SfrtImport{signal, number}, timing);
  finish(argument, {signal, timing});
  auto ring = rings.find(argument);
  if (ring != rings.end())
    program->addStep(sfrtTallyEvents,
                     SfrtTallyEvents{ring->second, kInputEvents}, Timing());
  else
    program->addStep(sfrtTallyElements,
                     SfrtTallyElements{signal, signal.pixels, kInputEvents},
                     Timing());
}

LogicalResult NetworkCompiler::addConstant(ConstantOp op) {
  auto type = cast<SignalType>(op.getResult().getType());
  FailureOr<NumberView> view =
      NumberView::createBroadcast(op, op.getValue(), type.getShape());
  if (failed(view))
    return failure();
  size_t elements = type.getNumElements();
  SfrtSignal signal = makeSignal(type, Layout::rowMajor(elements));
  unsigned size = getFormatBits(signal.format) / CHAR_BIT;
  auto bytes = program->makeArray<char>(elements * size);
  for (size_t k = 0; k < elements; ++k) {
    Scalar value = Scalar::round((*view)[k], type.getCarrier());
    std::memcpy(&bytes[k * size], &value, size);
  }
  program->addStep(sfrtCopy,
                   SfrtCopy{signal.offset, bytes.size(), bytes.data(), 0},
                   Timing::constant());
  finish(op.getResult(), {signal, Timing::constant()});
  return success();
}

//===----------------------------------------------------------------------===//
// Signals to signals
//===----------------------------------------------------------------------===//

void NetworkCompiler::addPool(PoolOp op) {
  SignalPlace source = getPlace(op.getSource());
  auto sourceType = cast<SignalType>(op.getSource().getType());
  auto type = cast<SignalType>(op.getResult().getType());
  ArrayRef<int64_t> shape = sourceType.getShape();
  unsigned pitch = std::max<unsigned>(source.signal.pitch,
                                      llvm::alignTo(shape[0], kPoolPitch));
  Layout need = Layout::channelLast(shape, pitch);
  Layout have = source.getLayout();
  if (have.isRowMajor() || have.channels != need.channels ||
      have.pixels != need.pixels) {
    SfrtSignal moved = makeSignal(sourceType, need);
    uint32_t count = sourceType.getNumElements();
    program->addStep(sfrtMove, SfrtMove{source.signal, moved, 0, 0, count},
                     source.timing);
    source.signal = moved;
  }
  SfrtSignal target =
      makeSignal(type, Layout::channelLast(type.getShape(), pitch));
  SfrtPool pool{source.signal,
                target,
                static_cast<uint32_t>(shape[2]),
                static_cast<uint32_t>(type.getShape()[2]),
                static_cast<uint32_t>(op.getKernel()[0]),
                static_cast<uint32_t>(op.getKernel()[1]),
                static_cast<uint32_t>(op.getStride()[0]),
                static_cast<uint32_t>(op.getStride()[1])};
  bool isSum = op.getReductionKind() == Reduction::sum;
  program->addStep(isSum ? sfrtPoolSum : sfrtPoolMax, pool, source.timing);
  if (isSum)
    addCheck(op, op.getResult(), target);
  finish(op.getResult(), {target, source.timing});
}

void NetworkCompiler::addConcat(ConcatOp op) {
  auto type = cast<SignalType>(op.getResult().getType());
  SfrtSignal target = makeSignal(type, Layout::rowMajor(type.getNumElements()));
  Timing timing = Timing::constant();
  uint32_t begin = 0;
  for (Value value : op.getSources()) {
    SignalPlace source = getPlace(value);
    uint32_t count = cast<SignalType>(value.getType()).getNumElements();
    program->addStep(sfrtMove, SfrtMove{source.signal, target, 0, begin, count},
                     source.timing);
    timing = timing.join(source.timing);
    begin += count;
  }
  finish(op.getResult(), {target, timing});
}

void NetworkCompiler::addSlice(SliceOp op) {
  auto type = cast<SignalType>(op.getResult().getType());
  SignalPlace source = getPlace(op.getSource());
  uint32_t count = type.getNumElements();
  SfrtSignal target = makeSignal(type, Layout::rowMajor(count));
  uint32_t begin =
      static_cast<uint32_t>(op.getBegin()) * (count / type.getShape().front());
  program->addStep(sfrtMove, SfrtMove{source.signal, target, begin, 0, count},
                   source.timing);
  finish(op.getResult(), {target, source.timing});
}

/// The source may be computed later in the step: where it lies is known when
/// all operations have been added.
void NetworkCompiler::addDelay(DelayOp op) {
  auto type = cast<SignalType>(op.getResult().getType());
  SfrtSignal target = makeSignal(type, Layout::rowMajor(type.getNumElements()));
  SfrtDelay line{target.offset, 0, getBytes(target),
                 static_cast<int64_t>(op.getSteps())};
  size_t size = llvm::alignTo(line.size * line.steps, sizeof(uint64_t));
  line.ring = program->allocate(size);
  program->addReset(sfrtFill, SfrtFill{line.ring, size, 0});
  program->addStep(sfrtDelayFront, line, Timing());
  delayLines.push_back({op, line});
  finish(op.getResult(), {target, Timing()});
}

/// What delay lines take when the step is over.
void NetworkCompiler::addDelayEnds() {
  for (auto &[op, line] : delayLines) {
    SignalPlace source = getPlace(op.getSource());
    auto type = cast<SignalType>(op.getSource().getType());
    uint32_t count = type.getNumElements();
    if (!source.getLayout().isRowMajor()) {
      SfrtSignal moved = makeSignal(type, Layout::rowMajor(count));
      program->addStep(sfrtMove, SfrtMove{source.signal, moved, 0, 0, count},
                       Timing());
      source.signal = moved;
    }
    line.signal = source.signal.offset;
    program->addStep(sfrtDelayPush, line, Timing());
  }
}

void NetworkCompiler::addOutputs() {
  program->latency = getLatency(network);
  for (auto [index, value] : llvm::enumerate(network.getOutput().getValues()))
    program->outputs.push_back(
        {makeRecordable(value), getOutputOnset(network, index)});
}

/// Reports name populations in the order of the text.
void NetworkCompiler::sortPopulations() {
  llvm::StringMap<size_t> ranks;
  for (auto op : network.getBody().getOps<PopulationOp>())
    ranks.try_emplace(op.getName(), ranks.size());
  llvm::sort(program->populations,
             [&](const PopulationInfo &a, const PopulationInfo &b) {
               return ranks.at(a.name) < ranks.at(b.name);
             });
}

//===----------------------------------------------------------------------===//
// The network
//===----------------------------------------------------------------------===//

LogicalResult NetworkCompiler::addOperation(Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](PopulationOp population) { return addPopulation(population); })
      .Case([&](ConstantOp constant) { return addConstant(constant); })
      .Case([&](EncodeOp encode) { return addEncode(encode), success(); })
      .Case([&](PoolOp pool) { return addPool(pool), success(); })
      .Case([&](ConcatOp concat) { return addConcat(concat), success(); })
      .Case([&](SliceOp slice) { return addSlice(slice), success(); })
      .Case([&](DelayOp delay) { return addDelay(delay), success(); })
      .Case([&](ReshapeOp reshape) {
        places[reshape.getResult()] = getPlace(reshape.getSource());
        return success();
      })
      // Delivered where a population takes it.
      .Case([](ProjectOp) { return success(); })
      .Default([](Operation *unknown) {
        return unknown->emitOpError("is not known to the engine jit");
      });
}

llvm::Expected<std::unique_ptr<Program>> NetworkCompiler::compile() {
  auto fail = [&] {
    return llvm::createStringError(
        "network @" + network.getSymName() + " cannot be executed: " +
        (kernelError.empty() ? "see the diagnostics" : kernelError));
  };
  if (failed(readProjections()))
    return fail();
  placeRings();
  for (BlockArgument argument : network.getBody().getArguments())
    addInput(argument);
  for (Operation *op : getStepOrder(network))
    if (failed(addOperation(op)))
      return fail();
  addDelayEnds();
  addOutputs();
  sortPopulations();
  return std::move(program);
}
