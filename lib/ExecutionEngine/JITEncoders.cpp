//===- JITEncoders.cpp - values become signals ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Encoders of the dialect are calls of the runtime; those of plugins are called
// element by element.
//
//===----------------------------------------------------------------------===//

#include "JITNetwork.h"
#include "spikeformer-rt/Encoders.h"
#include "spikeformer/Dialect/SNN/IR/SNNEncoders.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/FormatVariadic.h"

using namespace spikeformer;
using namespace spikeformer::jit;
using namespace spikeformer::snn;

//===----------------------------------------------------------------------===//
// Encoders of plugins
//===----------------------------------------------------------------------===//

namespace {
/// Arguments of `encode`.
struct EncodeCall {
  SfrtSignal source, target;
  EncoderAttrInterface encoder;
  Type sourceType, targetType;
  double dt;
  /// Offset of the values of the step before, one f64 per element.
  size_t previous;
};
} // namespace

static double readElement(const SfrtSignal &signal, Type type,
                          const SfrtFrame &frame, size_t position) {
  const unsigned char *values = frame.memory + signal.offset;
  if (signal.format == SFRT_BITS)
    return values[position / 8] >> position % 8 & 1;
  if (signal.format == SFRT_U32)
    return reinterpret_cast<const uint32_t *>(values)[position];
  if (signal.format == SFRT_I8)
    return reinterpret_cast<const int8_t *>(values)[position];
  if (signal.format == SFRT_I32)
    return reinterpret_cast<const int32_t *>(values)[position];
  Scalar value;
  unsigned size = getFormatBits(signal.format) / CHAR_BIT;
  std::memcpy(&value, values + position * size, size);
  return value.toDouble(type);
}

static void writeElement(const SfrtSignal &signal, Type type, SfrtFrame &frame,
                         size_t position, double number) {
  unsigned char *values = frame.memory + signal.offset;
  if (signal.format == SFRT_BITS) {
    unsigned char mask = 1u << position % 8;
    values[position / 8] =
        (values[position / 8] & ~mask) | (number != 0 ? mask : 0);
    return;
  }
  Scalar value = Scalar::round(number, type);
  unsigned size = getFormatBits(signal.format) / CHAR_BIT;
  std::memcpy(values + position * size, &value, size);
}

static void encode(const void *arguments, SfrtFrame *frame) {
  const auto &call = *static_cast<const EncodeCall *>(arguments);
  Layout layout{call.source.channels, call.source.pixels, call.source.pitch};
  auto *previous = reinterpret_cast<double *>(frame->memory + call.previous);
  SmallVector<double> emitted(call.target.pixels / layout.getElements());
  for (size_t k = 0, e = layout.getElements(); k < e; ++k) {
    EncoderInput input{
        readElement(call.source, call.sourceType, *frame, layout.positionOf(k)),
        std::nullopt,
        call.dt,
        k,
        static_cast<uint32_t>(frame->step),
        frame->sample};
    if (frame->step > 0)
      input.previous = previous[k];
    previous[k] = input.value;
    if (failed(call.encoder.referenceEncode(input, emitted))) {
      frame->failed = arguments;
      frame->failedElement = k;
      frame->failedValue = input.value;
      return;
    }
    for (auto [i, value] : llvm::enumerate(emitted))
      writeElement(call.target, call.targetType, *frame, k * emitted.size() + i,
                   value);
  }
}

//===----------------------------------------------------------------------===//
// Encoders of the dialect
//===----------------------------------------------------------------------===//

namespace {
/// Adds the calls of one encoder.
class EncoderCalls {
public:
  EncoderCalls(EncodeOp op, Program &program, const SignalPlace &source,
               const SfrtSignal &target)
      : op(op), program(program), source(source), target(target),
        dt(op->getParentOfType<NetworkOp>().getStepLength()) {}

  /// When the result can change.
  Timing add() {
    return llvm::TypeSwitch<Attribute, Timing>(op.getEncoder())
        .Case<PoissonAttr, RateAttr, LatencyAttr, LatencyRCAttr, BurstAttr,
              DeltaAttr, PhaseAttr, PopulationCodeAttr>(
            [&](auto encoder) { return add(encoder); })
        .Default([&](Attribute) { return addUnknown(); });
  }

private:
  Timing add(PoissonAttr encoder);
  Timing add(RateAttr encoder);
  Timing add(LatencyAttr encoder);
  Timing add(LatencyRCAttr encoder);
  Timing add(BurstAttr encoder);
  Timing add(DeltaAttr encoder);
  Timing add(PhaseAttr encoder);
  Timing add(PopulationCodeAttr encoder);
  Timing addUnknown();

  size_t getElements() const { return source.getLayout().getElements(); }
  /// A call that fails where a value cannot be encoded.
  template <typename T>
  void addChecked(SfrtFunction function, const T &arguments, Timing timing);
  /// The trains of `prepare`, emitted.
  template <typename T>
  Timing addTrains(SfrtFunction prepare, T arguments);

  EncodeOp op;
  Program &program;
  const SignalPlace &source;
  const SfrtSignal &target;
  double dt;
};
} // namespace

template <typename T>
void EncoderCalls::addChecked(SfrtFunction function, const T &arguments,
                              Timing timing) {
  const void *kept = program.addStep(function, arguments, timing);
  program.failures[kept] =
      [name = op.getName().str(), encoder = op.getEncoder(),
       dt = dt](const SfrtFrame &frame, int64_t sample) mutable {
        return llvm::formatv(
                   "encoder \"{0}\": element {1}, step {2}, sample {3}: {4}",
                   name, frame.failedElement, frame.step, sample,
                   encoder.explain(frame.failedValue, dt))
            .str();
      };
}

template <typename T>
Timing EncoderCalls::addTrains(SfrtFunction prepare, T arguments) {
  arguments.source = source.signal;
  arguments.trains = program.allocate(getElements() * sizeof(SfrtTrain));
  addChecked(prepare, arguments, source.timing);
  program.addStep(sfrtEncodeTrains, SfrtEncodeTrains{target, arguments.trains},
                  Timing());
  return Timing();
}

Timing EncoderCalls::add(PoissonAttr encoder) {
  // Draws are made 32 at a time.
  size_t thresholds =
      program.allocate(llvm::alignTo(getElements(), 32) * sizeof(uint32_t));
  SfrtPoissonRates rates{
      source.signal, thresholds, encoder.getGain().getValueAsDouble() * dt,
      encoder.getProbability() == Probability::one_minus_exp};
  addChecked(sfrtPoissonRates, rates, source.timing);
  program.addStep(sfrtPoissonDraw,
                  SfrtPoissonDraw{target, thresholds,
                                  static_cast<uint32_t>(encoder.getSeed()),
                                  encoder.getStream()},
                  Timing());
  return Timing();
}

Timing EncoderCalls::add(RateAttr encoder) {
  double rate = encoder.getGain().getValueAsDouble() * dt;
  addChecked(sfrtEncodeRate, SfrtEncodeRate{source.signal, target, rate},
             Timing());
  return Timing();
}

Timing EncoderCalls::add(LatencyAttr encoder) {
  SfrtLatency call{};
  call.threshold = encoder.getThreshold().getValueAsDouble();
  call.window = encoder.getWindow();
  return addTrains(sfrtLatency, call);
}

Timing EncoderCalls::add(LatencyRCAttr encoder) {
  SfrtLatencyRC call{};
  call.threshold = encoder.getThreshold().getValueAsDouble();
  call.tau = encoder.getTau().getValueAsDouble() / dt;
  call.window = encoder.getWindow();
  return addTrains(sfrtLatencyRC, call);
}

Timing EncoderCalls::add(BurstAttr encoder) {
  SfrtBurst call{};
  call.spikes = encoder.getSpikes();
  call.shortest = encoder.getShortest();
  call.longest = encoder.getLongest();
  return addTrains(sfrtBurst, call);
}

Timing EncoderCalls::add(DeltaAttr encoder) {
  SfrtEncodeDelta call{
      source.signal, target, program.allocate(getElements() * sizeof(double)),
      encoder.getThreshold().getValueAsDouble(), encoder.getFromZero()};
  addChecked(sfrtEncodeDelta, call, Timing());
  return Timing();
}

Timing EncoderCalls::add(PhaseAttr encoder) {
  addChecked(sfrtEncodePhase,
             SfrtEncodePhase{source.signal, target, encoder.getPeriod()},
             Timing());
  return Timing();
}

Timing EncoderCalls::add(PopulationCodeAttr encoder) {
  SfrtTuning call{source.signal,
                  target,
                  encoder.getNeurons(),
                  encoder.getLow().getValueAsDouble(),
                  encoder.getHigh().getValueAsDouble(),
                  encoder.getWidth().getValueAsDouble()};
  addChecked(sfrtTuning, call, source.timing);
  return source.timing;
}

Timing EncoderCalls::addUnknown() {
  auto typeOf = [](Value value) {
    return cast<SignalType>(value.getType()).getElementType();
  };
  EncodeCall call{source.signal,
                  target,
                  op.getEncoder(),
                  typeOf(op.getInput()),
                  typeOf(op.getResult()),
                  dt,
                  program.allocate(getElements() * sizeof(double))};
  addChecked(encode, call, Timing());
  return Timing();
}

void NetworkCompiler::addEncode(EncodeOp op) {
  SignalPlace source = getPlace(op.getInput());
  if (isa<ConstantCurrentAttr>(op.getEncoder())) {
    finish(op.getResult(), source);
  } else {
    auto type = cast<SignalType>(op.getResult().getType());
    SfrtSignal target =
        makeSignal(type, Layout::rowMajor(type.getNumElements()));
    Timing timing = EncoderCalls(op, *program, source, target).add();
    addCheck(op, op.getResult(), target);
    finish(op.getResult(), {target, timing});
  }
  program->encoders.push_back(
      {op.getName().str(), makeRecordable(op.getResult())});
}
