//===- JITDelivery.cpp - packing weights for the runtime ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rounds every weight once to what the accumulator adds, and lays the weights
// out so that those of one event and neighbouring targets are neighbours.
//
//===----------------------------------------------------------------------===//

#include "JITProjection.h"
#include "spikeformer/Dialect/SNN/Analysis/PopulationNumbers.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"

using namespace spikeformer;
using namespace spikeformer::jit;
using namespace spikeformer::snn;

namespace {
/// The arithmetics of the runtime, in the order of its list.
enum class Arithmetic : uint8_t {
#define SF_ARITHMETIC(A) A,
  SFRT_FOR_EACH_ARITHMETIC(SF_ARITHMETIC)
#undef SF_ARITHMETIC
};

struct DeliveryFunctions {
  SfrtFunction dense, conv, sparse;
};
constexpr DeliveryFunctions deliveryFunctions[] = {
#define SF_FUNCTIONS(A) {sfrtDense##A, sfrtConv##A, sfrtSparse##A},
    SFRT_FOR_EACH_ARITHMETIC(SF_FUNCTIONS)
#undef SF_FUNCTIONS
};

/// How one receptor adds the contributions of one kind of source.
class WeightRule {
public:
  WeightRule(ReceptorAttr receptor, SignalType source)
      : receptor(receptor), arithmetic(choose(receptor, source)) {}

  const DeliveryFunctions &getFunctions() const {
    return deliveryFunctions[static_cast<unsigned>(arithmetic)];
  }
  int32_t getFraction() const { return receptor.getFraction(); }
  /// Bytes of a weight.
  unsigned getSize() const {
    return isReal() || receptor.getType().getIntOrFloatBitWidth() == 64 ? 8 : 4;
  }

  /// An array of `count` weights, all 0.
  void *makeArray(Program &program, size_t count) const {
    return getSize() == 4
               ? static_cast<void *>(program.makeArray<uint32_t>(count).data())
               : program.makeArray<uint64_t>(count).data();
  }
  /// Writes `weight` in the type that the arithmetic takes.
  void write(void *array, size_t index, double weight) const {
    if (isReal()) {
      static_cast<double *>(array)[index] = weight;
      return;
    }
    Scalar rounded = roundToAccumulator(weight, receptor);
    if (arithmetic == Arithmetic::F32)
      static_cast<float *>(array)[index] = rounded.f32;
    else if (arithmetic == Arithmetic::F64)
      static_cast<double *>(array)[index] = rounded.f64;
    else if (getSize() == 4)
      static_cast<int32_t *>(array)[index] =
          static_cast<int32_t>(rounded.integer);
    else
      static_cast<int64_t *>(array)[index] = rounded.integer;
  }

private:
  static Arithmetic choose(ReceptorAttr receptor, SignalType source) {
    bool isWide = receptor.getType().getIntOrFloatBitWidth() == 64;
    bool isReal = isa<FloatType>(source.getElementType());
    switch (receptor.getAccumulator()) {
    case AccumulatorKind::ordered:
      return isWide ? Arithmetic::F64 : Arithmetic::F32;
    case AccumulatorKind::exact:
      if (isReal)
        return isWide ? Arithmetic::R64 : Arithmetic::R32;
      return isWide ? Arithmetic::I64 : Arithmetic::I32;
    case AccumulatorKind::saturating:
      if (isReal)
        return isWide ? Arithmetic::Q64 : Arithmetic::Q32;
      return isWide ? Arithmetic::S64 : Arithmetic::S32;
    }
    llvm_unreachable("unknown accumulator");
  }
  /// Whether weights stay real numbers.
  bool isReal() const {
    return arithmetic == Arithmetic::R32 || arithmetic == Arithmetic::R64 ||
           arithmetic == Arithmetic::Q32 || arithmetic == Arithmetic::Q64;
  }
  ReceptorAttr receptor;
  Arithmetic arithmetic;
};

/// Reads a projection's weights by index.
using WeightAt = llvm::function_ref<double(uint64_t)>;

//===----------------------------------------------------------------------===//
// Dense
//===----------------------------------------------------------------------===//

void addDense(Program &program, const WeightRule &rule, const Target &target,
              SfrtDense call, Timing timing, WeightAt weightAt) {
  size_t positions = target.layout.getPositions();
  call.panel = positions <= 16 ? 16 : positions <= 32 ? 32 : kLargestPanel;
  call.panels = llvm::divideCeil(positions, call.panel);
  void *packed =
      rule.makeArray(program, size_t(call.panels) * call.sources * call.panel);
  for (size_t t = 0, e = target.layout.getElements(); t < e; ++t) {
    size_t position = target.layout.positionOf(t);
    size_t column = position / call.panel * call.sources * call.panel +
                    position % call.panel;
    for (size_t s = 0; s < call.sources; ++s)
      rule.write(packed, column + s * call.panel,
                 weightAt(t * call.sources + s));
  }
  call.weights = packed;
  program.addStep(rule.getFunctions().dense, call, timing);
}

//===----------------------------------------------------------------------===//
// Conv
//===----------------------------------------------------------------------===//

/// Weights of the channels that are sorted at a time: half of a usual
/// first-level cache.
constexpr size_t kChunkBytes = 16384;

/// Packs one convolution.
class ConvPacker {
public:
  ConvPacker(const Convolution &conv, const Layout &layout)
      : conv(conv), source(conv.source), target(conv.target), layout(layout),
        inputs(source[0] / conv.groups), outputs(target[0] / conv.groups),
        numTaps(conv.getNumTaps()) {
    // Without groups, weights are padded like the accumulators.
    rowSize = conv.groups == 1 ? layout.pitch : outputs;
  }

  void fill(Program &program, SfrtConv &call) const {
    std::vector<uint32_t> first{0};
    std::vector<SfrtTap> taps;
    for (int64_t y = 0; y < source[1]; ++y)
      for (int64_t x = 0; x < source[2]; ++x) {
        appendTaps(y, x, taps);
        first.push_back(taps.size());
      }
    auto keptFirst = program.makeArray<uint32_t>(first.size());
    auto keptTaps = program.makeArray<SfrtTap>(taps.size());
    llvm::copy(first, keptFirst.begin());
    llvm::copy(taps, keptTaps.begin());
    call.firstTap = keptFirst.data();
    call.taps = keptTaps.data();
    call.pixels = source[1] * source[2];
    call.targetPixels = target[1] * target[2];
    call.numTaps = numTaps;
    call.pitch = layout.pitch;
    call.count = rowSize;
    call.groupChannels = inputs;
    call.targetStep = outputs;
  }

  /// Chooses how many channels are sorted at a time and makes room for the
  /// lists. Groups are too narrow for it.
  void addLists(Program &program, SfrtConv &call, size_t weightBytes) const {
    size_t perChannel = numTaps * rowSize * weightBytes;
    int64_t chunk = std::clamp<int64_t>(kChunkBytes / perChannel, 1, source[0]);
    if (conv.groups != 1 || chunk * numTaps > UINT16_MAX)
      return;
    size_t rows = size_t(call.targetPixels) * chunk * numTaps;
    call.chunk = chunk;
    call.counters = program.allocate(call.targetPixels * sizeof(uint32_t));
    call.rows = program.allocate(rows * sizeof(uint16_t));
    call.values = call.source.format == SFRT_BITS
                      ? call.rows
                      : program.allocate(rows * sizeof(uint64_t));
  }

  /// Channel by channel, tap by tap, the weights of all outputs of its group.
  void *pack(Program &program, const WeightRule &rule,
             WeightAt weightAt) const {
    void *packed =
        rule.makeArray(program, size_t(source[0]) * numTaps * rowSize);
    for (int64_t o = 0; o < target[0]; ++o)
      for (int64_t i = 0; i < inputs; ++i)
        for (int64_t tap = 0; tap < numTaps; ++tap) {
          int64_t channel = o / outputs * inputs + i;
          rule.write(packed, (channel * numTaps + tap) * rowSize + o % outputs,
                     weightAt((o * inputs + i) * numTaps + tap));
        }
    return packed;
  }

private:
  void appendTaps(int64_t y, int64_t x, std::vector<SfrtTap> &taps) const {
    for (int64_t ky = 0; ky < conv.kernel[0]; ++ky) {
      int64_t outY = conv.getTarget(y, ky, 0);
      for (int64_t kx = 0; outY >= 0 && kx < conv.kernel[1]; ++kx) {
        int64_t outX = conv.getTarget(x, kx, 1);
        if (outX < 0)
          continue;
        int64_t pixel = outY * target[2] + outX;
        taps.push_back({static_cast<uint32_t>(pixel),
                        static_cast<uint32_t>(ky * conv.kernel[1] + kx)});
      }
    }
  }

  const Convolution &conv;
  ArrayRef<int64_t> source, target;
  const Layout &layout;
  int64_t inputs, outputs, numTaps, rowSize;
};

//===----------------------------------------------------------------------===//
// Sparse
//===----------------------------------------------------------------------===//

/// Sorts the synapses of each source by delay, keeping their order otherwise.
/// Returns the synapses in the new order; `rows` gets the row of each source
/// and delay.
std::vector<uint64_t> sortByDelay(const SynapseTable &table,
                                  ArrayRef<uint32_t> delays,
                                  uint32_t minimumDelay, uint32_t numDelays,
                                  MutableArrayRef<uint64_t> rows) {
  std::vector<uint64_t> order(table.targets.size());
  size_t sources = table.rows.size() - 1;
  for (size_t s = 0; s < sources; ++s) {
    MutableArrayRef<uint64_t> own = rows.slice(s * numDelays, numDelays);
    auto rowOf = [&](uint64_t k) -> uint64_t & {
      return own[delays.empty() ? 0 : delays[k] - minimumDelay];
    };
    for (uint64_t k = table.rows[s]; k < table.rows[s + 1]; ++k)
      ++rowOf(k);
    uint64_t begin = table.rows[s];
    for (uint64_t &row : own)
      begin += std::exchange(row, begin);
    // `own` holds the next free place of each row while synapses are placed,
    // that is in the end the begin of the next row.
    for (uint64_t k = table.rows[s]; k < table.rows[s + 1]; ++k)
      order[rowOf(k)++] = k;
  }
  std::copy_backward(rows.begin(), rows.end() - 1, rows.end());
  rows.front() = 0;
  return order;
}
} // namespace

void Projection::addDelivery(Program &program, const Target &target,
                             const SfrtEventRing &ring, Timing timing) const {
  ProjectOp project = op;
  WeightRule rule(target.receptor, project.getSourceType());
  auto weightAt = [&](uint64_t index) { return getWeight(index); };
  if (!table && isa<DenseAttr>(project.getConnectivity())) {
    SfrtDense call{};
    call.source = ring;
    call.delay = minimumDelay;
    call.accumulators = target.accumulators;
    call.sources = getNumSources();
    call.fraction = rule.getFraction();
    return addDense(program, rule, target, call, timing, weightAt);
  }
  if (!table) {
    ConvPacker packer(*convolution, target.layout);
    SfrtConv call{};
    call.source = ring;
    call.delay = minimumDelay;
    call.accumulators = target.accumulators;
    call.fraction = rule.getFraction();
    packer.fill(program, call);
    packer.addLists(program, call, rule.getSize());
    call.weights = packer.pack(program, rule, weightAt);
    program.addStep(rule.getFunctions().conv, call, timing);
    return;
  }
  size_t synapses = table->targets.size();
  auto rows = program.makeArray<uint64_t>(getNumSources() * getNumDelays() + 1);
  std::vector<uint64_t> order =
      sortByDelay(*table, delays, minimumDelay, getNumDelays(), rows);
  auto targets = program.makeArray<uint32_t>(synapses);
  void *packed = rule.makeArray(program, synapses);
  for (size_t k = 0; k < synapses; ++k) {
    targets[k] = target.layout.positionOf(table->targets[order[k]]);
    rule.write(packed, k, getWeight(table->weights[order[k]]));
  }
  SfrtSparse call{
      ring,        minimumDelay,   getNumDelays(), target.accumulators,
      rows.data(), targets.data(), packed,         rule.getFraction()};
  program.addStep(rule.getFunctions().sparse, call, timing);
}
