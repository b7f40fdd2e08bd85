//===- ModelBytecode.cpp - neuron models in bytecode ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BytecodeFields.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "llvm/ADT/TypeSwitch.h"
#include <tuple>

using namespace spikeformer;
using namespace spikeformer::snn;

namespace {
/// Models with options that are not printed have two codes: the short form of
/// dialect version 1, which holds none of them, is written where it can be.
enum class Code : uint64_t {
  shortIntegrateAndFire = 7,
  shortLif = 8,
  shortCubaLif = 9,
  linear = 10,
  custom = 11,
  integrateAndFire = 64,
  lif = 65,
  cubaLif = 66,
  integrator = 67,
  leakyIntegrator = 68,
  cubaLI = 69,
  threshold = 70,
  alif = 71,
  adLif = 72,
  adEx = 73,
  izhikevich = 74,
  resonateAndFire = 75,
  sigmaDelta = 76,
  iafPsc = 77,
  iafCond = 78,
  integerLif = 79,
};
} // namespace

bool snn::isModelCode(uint64_t code) {
  return (code >= 7 && code <= 11) ||
         (code >= uint64_t(Code::integrateAndFire) &&
          code <= uint64_t(Code::integerLif));
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

/// A model whose fields are the type of its state and enumerators.
template <typename Attr, typename... Enums>
static LogicalResult write(DialectBytecodeWriter &writer, Code code, Attr model,
                           Enums... choices) {
  Writer(writer, code).type(model.getState()).choice(choices...);
  return success();
}

static LogicalResult write(DialectBytecodeWriter &writer, IFAttr a) {
  if (a.isBasic())
    return write(writer, Code::shortIntegrateAndFire, a, a.getReset(),
                 a.getFires(), a.getWhen());
  return write(writer, Code::integrateAndFire, a, a.getReset(), a.getFires(),
               a.getWhen(), a.getRefractory(), a.getSpikes(), a.getTested(),
               a.getBound());
}

static LogicalResult write(DialectBytecodeWriter &writer, LIFAttr a) {
  if (a.isBasic())
    return write(writer, Code::shortLif, a, a.getIntegration(), a.getReset(),
                 a.getFires(), a.getWhen(), a.getRefractory());
  return write(writer, Code::lif, a, a.getIntegration(), a.getReset(),
               a.getFires(), a.getWhen(), a.getRefractory(), a.getSpikes(),
               a.getTested(), a.getBound(), a.getInput());
}

static LogicalResult write(DialectBytecodeWriter &writer, CubaLIFAttr a) {
  if (a.isBasic())
    return write(writer, Code::shortCubaLif, a, a.getIntegration(),
                 a.getOrder(), a.getReset(), a.getFires(), a.getWhen(),
                 a.getRefractory());
  return write(writer, Code::cubaLif, a, a.getIntegration(), a.getOrder(),
               a.getReset(), a.getFires(), a.getWhen(), a.getRefractory(),
               a.getSpikes(), a.getTested(), a.getBound(), a.getInput());
}

static LogicalResult write(DialectBytecodeWriter &writer, IntegerLIFAttr a) {
  Writer(writer, Code::integerLif)
      .number(a.getWidth())
      .number(a.getBits())
      .choice(a.getRounding(), a.getOverflow(), a.getReset(), a.getFires());
  return success();
}

LogicalResult snn::writeModel(Attribute attribute, DialectBytecodeWriter &w) {
  return TypeSwitch<Attribute, LogicalResult>(attribute)
      .Case<IFAttr, LIFAttr, CubaLIFAttr, IntegerLIFAttr>(
          [&](auto a) { return write(w, a); })
      .Case([&](CustomAttr a) {
        Writer(w, Code::custom).attribute(a.getModel());
        return success();
      })
      .Case([&](LinearAttr a) { return write(w, Code::linear, a); })
      .Case([&](IAttr a) { return write(w, Code::integrator, a); })
      .Case([&](IafCondAttr a) { return write(w, Code::iafCond, a); })
      .Case([&](LIAttr a) {
        return write(w, Code::leakyIntegrator, a, a.getIntegration(),
                     a.getInput());
      })
      .Case([&](CubaLIAttr a) {
        return write(w, Code::cubaLI, a, a.getIntegration(), a.getOrder(),
                     a.getInput());
      })
      .Case([&](ThresholdAttr a) {
        return write(w, Code::threshold, a, a.getFires(), a.getSpikes());
      })
      .Case([&](ALIFAttr a) {
        return write(w, Code::alif, a, a.getIntegration(), a.getReset(),
                     a.getFires(), a.getWhen(), a.getRefractory());
      })
      .Case([&](AdLIFAttr a) {
        return write(w, Code::adLif, a, a.getIntegration(), a.getReset(),
                     a.getFires());
      })
      .Case([&](AdExAttr a) {
        return write(w, Code::adEx, a, a.getIntegration());
      })
      .Case([&](IzhikevichAttr a) {
        return write(w, Code::izhikevich, a, a.getRecovery());
      })
      .Case([&](ResonateAndFireAttr a) {
        return write(w, Code::resonateAndFire, a, a.getFires(), a.getInput());
      })
      .Case([&](SigmaDeltaAttr a) {
        return write(w, Code::sigmaDelta, a, a.getStages(), a.getActivation());
      })
      .Case([&](IafPscAttr a) {
        return write(w, Code::iafPsc, a, a.getSynapse(), a.getBound());
      })
      .Default([](Attribute) { return failure(); });
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

template <typename Enum>
using Symbolize = std::optional<Enum> (*)(uint32_t);

/// The counterpart of `write`; `rest` are the fields that a short form does not
/// hold.
template <typename Attr, typename... Rest, typename... Enums>
static Attribute read(MLIRContext *context, Reader &r, std::tuple<Rest...> rest,
                      Symbolize<Enums>... symbolize) {
  Type state = r.type();
  // Braces: the order of the fields is the order in which they are read.
  std::tuple<Enums...> choices{r.choice<Enums>(symbolize)...};
  return std::apply(
      [&](auto... fields) { return r.make<Attr>(context, state, fields...); },
      std::tuple_cat(choices, rest));
}

static Attribute readShortIF(MLIRContext *c, Reader &r) {
  return read<IFAttr>(c, r,
                      std::tuple(RefractoryKind::none, SpikeKind::one,
                                 TestTime::after, BoundKind::none),
                      symbolizeResetKind, symbolizeFiresKind,
                      symbolizeResetTime);
}

static Attribute readShortLIF(MLIRContext *c, Reader &r) {
  return read<LIFAttr>(c, r,
                       std::tuple(SpikeKind::one, TestTime::after,
                                  BoundKind::none, InputKind::held),
                       symbolizeIntegration, symbolizeResetKind,
                       symbolizeFiresKind, symbolizeResetTime,
                       symbolizeRefractoryKind);
}

static Attribute readShortCubaLIF(MLIRContext *c, Reader &r) {
  return read<CubaLIFAttr>(c, r,
                           std::tuple(SpikeKind::one, TestTime::after,
                                      BoundKind::none, InputKind::impulse),
                           symbolizeIntegration, symbolizeSynapseOrder,
                           symbolizeResetKind, symbolizeFiresKind,
                           symbolizeResetTime, symbolizeRefractoryKind);
}

static Attribute readIntegerLIF(MLIRContext *context, Reader &r) {
  auto width = static_cast<unsigned>(r.number());
  auto bits = static_cast<unsigned>(r.number());
  auto rounding = r.choice<Rounding>(symbolizeRounding);
  auto overflow = r.choice<Overflow>(symbolizeOverflow);
  auto reset = r.choice<ResetKind>(symbolizeResetKind);
  auto fires = r.choice<FiresKind>(symbolizeFiresKind);
  return r.make<IntegerLIFAttr>(context, width, bits, rounding, overflow, reset,
                                fires);
}

Attribute snn::readModel(MLIRContext *context, uint64_t code, Reader &r) {
  std::tuple<> none;
  switch (static_cast<Code>(code)) {
  case Code::shortIntegrateAndFire:
    return readShortIF(context, r);
  case Code::shortLif:
    return readShortLIF(context, r);
  case Code::shortCubaLif:
    return readShortCubaLIF(context, r);
  case Code::linear:
    return read<LinearAttr>(context, r, none);
  case Code::custom:
    return r.make<CustomAttr>(context, r.required<FlatSymbolRefAttr>());
  case Code::integrateAndFire:
    return read<IFAttr>(context, r, none, symbolizeResetKind,
                        symbolizeFiresKind, symbolizeResetTime,
                        symbolizeRefractoryKind, symbolizeSpikeKind,
                        symbolizeTestTime, symbolizeBoundKind);
  case Code::lif:
    return read<LIFAttr>(context, r, none, symbolizeIntegration,
                         symbolizeResetKind, symbolizeFiresKind,
                         symbolizeResetTime, symbolizeRefractoryKind,
                         symbolizeSpikeKind, symbolizeTestTime,
                         symbolizeBoundKind, symbolizeInputKind);
  case Code::cubaLif:
    return read<CubaLIFAttr>(
        context, r, none, symbolizeIntegration, symbolizeSynapseOrder,
        symbolizeResetKind, symbolizeFiresKind, symbolizeResetTime,
        symbolizeRefractoryKind, symbolizeSpikeKind, symbolizeTestTime,
        symbolizeBoundKind, symbolizeInputKind);
  case Code::integrator:
    return read<IAttr>(context, r, none);
  case Code::leakyIntegrator:
    return read<LIAttr>(context, r, none, symbolizeIntegration,
                        symbolizeInputKind);
  case Code::cubaLI:
    return read<CubaLIAttr>(context, r, none, symbolizeIntegration,
                            symbolizeSynapseOrder, symbolizeInputKind);
  case Code::threshold:
    return read<ThresholdAttr>(context, r, none, symbolizeFiresKind,
                               symbolizeSpikeKind);
  case Code::alif:
    return read<ALIFAttr>(context, r, none, symbolizeIntegration,
                          symbolizeResetKind, symbolizeFiresKind,
                          symbolizeResetTime, symbolizeRefractoryKind);
  case Code::adLif:
    return read<AdLIFAttr>(context, r, none, symbolizeIntegration,
                           symbolizeResetKind, symbolizeFiresKind);
  case Code::adEx:
    return read<AdExAttr>(context, r, none, symbolizeIntegration);
  case Code::izhikevich:
    return read<IzhikevichAttr>(context, r, none, symbolizeRecovery);
  case Code::resonateAndFire:
    return read<ResonateAndFireAttr>(context, r, none, symbolizeFiresKind,
                                     symbolizeInputKind);
  case Code::sigmaDelta:
    return read<SigmaDeltaAttr>(context, r, none, symbolizeStages,
                                symbolizeActivation);
  case Code::iafPsc:
    return read<IafPscAttr>(context, r, none, symbolizeSynapseKernel,
                            symbolizeBoundKind);
  case Code::iafCond:
    return read<IafCondAttr>(context, r, none);
  case Code::integerLif:
    return readIntegerLIF(context, r);
  }
  return {};
}
