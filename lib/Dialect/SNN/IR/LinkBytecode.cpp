//===- LinkBytecode.cpp - connectivity and encoders in bytecode -----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BytecodeFields.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNEncoders.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace spikeformer;
using namespace spikeformer::snn;

namespace {
enum class Code : uint64_t {
  dense = 12,
  conv2d = 13,
  oneToOne = 14,
  csr = 15,
  fixedProbability = 16,
  fixedTotal = 17,
  constantCurrent = 18,
  poisson = 19,
  conv1d = 20,
  convTranspose1d = 21,
  convTranspose2d = 22,
  allToAll = 23,
  fixedInDegree = 24,
  distance = 25,
  perSource = 26,
  rate = 27,
  latency = 28,
  latencyRC = 29,
  delta = 30,
  phase = 31,
  burst = 32,
  populationCode = 33,
};
} // namespace

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static LogicalResult writeEncoder(Attribute attribute,
                                  DialectBytecodeWriter &writer) {
  return TypeSwitch<Attribute, LogicalResult>(attribute)
      .Case([&](ConstantCurrentAttr) {
        Writer(writer, Code::constantCurrent);
        return success();
      })
      .Case([&](PoissonAttr a) {
        Writer(writer, Code::poisson)
            .choice(a.getProbability())
            .attribute(a.getGain())
            .number(a.getSeed())
            .number(a.getStream());
        return success();
      })
      .Case([&](RateAttr a) {
        Writer(writer, Code::rate).attribute(a.getGain());
        return success();
      })
      .Case([&](LatencyAttr a) {
        Writer(writer, Code::latency)
            .number(a.getWindow())
            .attribute(a.getThreshold());
        return success();
      })
      .Case([&](LatencyRCAttr a) {
        Writer(writer, Code::latencyRC)
            .number(a.getWindow())
            .attribute(a.getThreshold())
            .attribute(a.getTau());
        return success();
      })
      .Case([&](DeltaAttr a) {
        Writer(writer, Code::delta)
            .attribute(a.getThreshold())
            .number(a.getOff())
            .number(a.getFromZero());
        return success();
      })
      .Case([&](PhaseAttr a) {
        Writer(writer, Code::phase).number(a.getPeriod());
        return success();
      })
      .Case([&](BurstAttr a) {
        Writer(writer, Code::burst)
            .number(a.getSpikes())
            .number(a.getShortest())
            .number(a.getLongest());
        return success();
      })
      .Case([&](PopulationCodeAttr a) {
        Writer(writer, Code::populationCode)
            .number(a.getNeurons())
            .attribute(a.getLow())
            .attribute(a.getHigh())
            .attribute(a.getWidth());
        return success();
      })
      .Default([](Attribute) { return failure(); });
}

LogicalResult snn::writeLink(Attribute attribute,
                             DialectBytecodeWriter &writer) {
  return TypeSwitch<Attribute, LogicalResult>(attribute)
      .Case([&](DenseAttr) {
        Writer(writer, Code::dense);
        return success();
      })
      .Case([&](Conv2DAttr a) {
        Writer(writer, Code::conv2d)
            .list(a.getKernel())
            .list(a.getStride())
            .list(a.getPad())
            .list(a.getDilation())
            .number(a.getGroups());
        return success();
      })
      .Case([&](OneToOneAttr) {
        Writer(writer, Code::oneToOne);
        return success();
      })
      .Case([&](CSRAttr a) {
        Writer(writer, Code::csr)
            .attribute(a.getRows())
            .attribute(a.getColumns());
        return success();
      })
      .Case([&](FixedProbabilityAttr a) {
        Writer(writer, Code::fixedProbability)
            .attribute(a.getP())
            .number(a.getFirst())
            .number(a.getSelf())
            .choice(a.getGenerator())
            .number(a.getSeed())
            .number(a.getStream());
        return success();
      })
      .Case([&](FixedTotalAttr a) {
        Writer(writer, Code::fixedTotal)
            .number(a.getCount())
            .number(a.getSeed())
            .number(a.getStream());
        return success();
      })
      .Case([&](Conv1DAttr a) {
        Writer(writer, Code::conv1d)
            .number(a.getKernel())
            .number(a.getStride())
            .list(a.getPad())
            .number(a.getDilation())
            .number(a.getGroups());
        return success();
      })
      .Case([&](ConvTranspose1DAttr a) {
        Writer(writer, Code::convTranspose1d)
            .number(a.getKernel())
            .number(a.getStride())
            .list(a.getPad())
            .number(a.getOutputPad())
            .number(a.getDilation())
            .number(a.getGroups());
        return success();
      })
      .Case([&](ConvTranspose2DAttr a) {
        Writer(writer, Code::convTranspose2d)
            .list(a.getKernel())
            .list(a.getStride())
            .list(a.getPad())
            .list(a.getOutputPad())
            .list(a.getDilation())
            .number(a.getGroups());
        return success();
      })
      .Case([&](AllToAllAttr a) {
        Writer(writer, Code::allToAll).number(a.getSelf());
        return success();
      })
      .Case([&](FixedInDegreeAttr a) {
        Writer(writer, Code::fixedInDegree)
            .number(a.getCount())
            .number(a.getSelf())
            .number(a.getMultapses())
            .number(a.getSeed())
            .number(a.getStream());
        return success();
      })
      .Case([&](DistanceAttr a) {
        Writer(writer, Code::distance)
            .choice(a.getFalloff())
            .attribute(a.getP())
            .attribute(a.getScale())
            .number(a.getPeriodic())
            .number(a.getSelf())
            .number(a.getSeed())
            .number(a.getStream());
        return success();
      })
      .Case([&](PerSourceAttr a) {
        Writer(writer, Code::perSource).attribute(a.getParameter());
        return success();
      })
      .Default([&](Attribute a) { return writeEncoder(a, writer); });
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static std::optional<Attribute> readConnectivity(Code code, Reader &r,
                                                 MLIRContext *context) {
  switch (code) {
  case Code::dense:
    return r.make<DenseAttr>(context);
  case Code::oneToOne:
    return r.make<OneToOneAttr>(context);
  case Code::conv2d: {
    SmallVector<int64_t> kernel = r.list(), stride = r.list();
    SmallVector<int64_t> pad = r.list(), dilation = r.list();
    auto groups = r.signedNumber();
    return r.make<Conv2DAttr>(context, ArrayRef<int64_t>(kernel),
                              ArrayRef<int64_t>(stride), ArrayRef<int64_t>(pad),
                              ArrayRef<int64_t>(dilation), groups);
  }
  case Code::csr: {
    auto rows = r.required<FlatSymbolRefAttr>();
    auto columns = r.required<FlatSymbolRefAttr>();
    return r.make<CSRAttr>(context, rows, columns);
  }
  case Code::fixedProbability: {
    auto p = r.required<FloatAttr>();
    uint64_t first = r.number();
    bool self = r.flag();
    auto generator = r.choice<Generator>(symbolizeGenerator);
    uint64_t seed = r.number();
    auto stream = r.number32();
    return r.make<FixedProbabilityAttr>(context, p, first, self, generator,
                                        seed, stream);
  }
  case Code::fixedTotal: {
    uint64_t count = r.number(), seed = r.number();
    auto stream = r.number32();
    return r.make<FixedTotalAttr>(context, count, seed, stream);
  }
  case Code::conv1d: {
    auto kernel = r.signedNumber(), stride = r.signedNumber();
    SmallVector<int64_t> pad = r.list();
    auto dilation = r.signedNumber(), groups = r.signedNumber();
    return r.make<Conv1DAttr>(context, kernel, stride, ArrayRef<int64_t>(pad),
                              dilation, groups);
  }
  case Code::convTranspose1d: {
    auto kernel = r.signedNumber(), stride = r.signedNumber();
    SmallVector<int64_t> pad = r.list();
    auto outputPad = r.signedNumber(), dilation = r.signedNumber(),
         groups = r.signedNumber();
    return r.make<ConvTranspose1DAttr>(context, kernel, stride,
                                       ArrayRef<int64_t>(pad), outputPad,
                                       dilation, groups);
  }
  case Code::convTranspose2d: {
    SmallVector<int64_t> kernel = r.list(), stride = r.list(), pad = r.list();
    SmallVector<int64_t> outputPad = r.list(), dilation = r.list();
    return r.make<ConvTranspose2DAttr>(
        context, ArrayRef<int64_t>(kernel), ArrayRef<int64_t>(stride),
        ArrayRef<int64_t>(pad), ArrayRef<int64_t>(outputPad),
        ArrayRef<int64_t>(dilation), r.signedNumber());
  }
  case Code::allToAll:
    return r.make<AllToAllAttr>(context, r.flag());
  case Code::fixedInDegree: {
    uint64_t count = r.number();
    bool self = r.flag(), multapses = r.flag();
    uint64_t seed = r.number();
    return r.make<FixedInDegreeAttr>(context, count, self, multapses, seed,
                                     r.number32());
  }
  case Code::distance: {
    auto falloff = r.choice<Falloff>(symbolizeFalloff);
    auto p = r.required<FloatAttr>(), scale = r.required<FloatAttr>();
    bool periodic = r.flag(), self = r.flag();
    uint64_t seed = r.number();
    return r.make<DistanceAttr>(context, falloff, p, scale, periodic, self,
                                seed, r.number32());
  }
  case Code::perSource:
    return r.make<PerSourceAttr>(context, r.required<FlatSymbolRefAttr>());
  default:
    return std::nullopt;
  }
}

static std::optional<Attribute> readEncoder(Code code, Reader &r,
                                            MLIRContext *context) {
  switch (code) {
  case Code::constantCurrent:
    return r.make<ConstantCurrentAttr>(context);
  case Code::poisson: {
    auto probability = r.choice<Probability>(symbolizeProbability);
    auto gain = r.required<FloatAttr>();
    uint64_t seed = r.number();
    return r.make<PoissonAttr>(context, probability, gain, seed, r.number32());
  }
  case Code::rate:
    return r.make<RateAttr>(context, r.required<FloatAttr>());
  case Code::latency: {
    uint32_t window = r.number32();
    return r.make<LatencyAttr>(context, window, r.required<FloatAttr>());
  }
  case Code::latencyRC: {
    uint32_t window = r.number32();
    auto threshold = r.required<FloatAttr>(), tau = r.required<FloatAttr>();
    return r.make<LatencyRCAttr>(context, window, threshold, tau);
  }
  case Code::delta: {
    auto threshold = r.required<FloatAttr>();
    bool off = r.flag(), fromZero = r.flag();
    return r.make<DeltaAttr>(context, threshold, off, fromZero);
  }
  case Code::phase:
    return r.make<PhaseAttr>(context, r.number32());
  case Code::burst: {
    uint32_t spikes = r.number32(), shortest = r.number32();
    return r.make<BurstAttr>(context, spikes, shortest, r.number32());
  }
  case Code::populationCode: {
    uint32_t neurons = r.number32();
    auto low = r.required<FloatAttr>(), high = r.required<FloatAttr>();
    auto width = r.required<FloatAttr>();
    return r.make<PopulationCodeAttr>(context, neurons, low, high, width);
  }
  default:
    return std::nullopt;
  }
}

std::optional<Attribute> snn::readLink(MLIRContext *context, uint64_t raw,
                                       Reader &reader) {
  auto code = static_cast<Code>(raw);
  if (auto connectivity = readConnectivity(code, reader, context))
    return connectivity;
  return readEncoder(code, reader, context);
}
