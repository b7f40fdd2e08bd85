//===- SNNBytecode.cpp - types and attributes in bytecode -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Codes are part of the file format: they are never reused and only appended
// to. docs/Design/Bytecode.md lists them per dialect version.
//
//===----------------------------------------------------------------------===//

#include "mlir/Bytecode/BytecodeImplementation.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNEncoders.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace spikeformer;
using namespace spikeformer::snn;

namespace {

enum class TypeCode : uint64_t { signal = 0, current = 1 };

enum class AttributeCode : uint64_t {
  param = 0,
  random = 1,
  file = 2,
  view = 3,
  ref = 4,
  relation = 5,
  receptor = 6,
  integrateAndFire = 7,
  lif = 8,
  cubaLif = 9,
  linear = 10,
  custom = 11,
  dense = 12,
  conv2d = 13,
  oneToOne = 14,
  csr = 15,
  fixedProbability = 16,
  fixedTotal = 17,
  constantCurrent = 18,
  poisson = 19,
};

/// Whether an attribute class has a verifier: only then it has `getChecked`
/// with these fields.
template <typename Attr, typename... Fields>
struct HasRules {
  template <typename T>
  static auto test(int)
      -> decltype(T::verify(std::declval<function_ref<InFlightDiagnostic()>>(),
                            std::declval<Fields>()...),
                  std::true_type());
  template <typename T>
  static std::false_type test(...);
  static constexpr bool value = decltype(test<Attr>(0))::value;
};

struct SNNVersion : DialectVersion {
  uint64_t value = SNNDialect::kVersion;
};

/// Writes the fields of an attribute one after the other.
class Writer {
public:
  Writer(DialectBytecodeWriter &writer, AttributeCode code) : writer(writer) {
    writer.writeVarInt(static_cast<uint64_t>(code));
  }
  Writer &number(uint64_t value) {
    writer.writeVarInt(value);
    return *this;
  }
  template <typename Enum>
  Writer &choice(Enum value) {
    return number(static_cast<uint64_t>(value));
  }
  Writer &attribute(Attribute value) {
    writer.writeOptionalAttribute(value);
    return *this;
  }
  Writer &type(Type value) {
    writer.writeType(value);
    return *this;
  }
  Writer &list(ArrayRef<int64_t> values) {
    writer.writeSignedVarInts(values);
    return *this;
  }

private:
  DialectBytecodeWriter &writer;
};

/// Reads the fields of an attribute; after a failure every field is empty and
/// `ok` is false.
class Reader {
public:
  explicit Reader(DialectBytecodeReader &reader) : reader(reader) {}

  uint64_t number() {
    uint64_t value = 0;
    ok = ok && succeeded(reader.readVarInt(value));
    return value;
  }
  /// An enumerator; an unknown one is a failure.
  template <typename Enum>
  Enum choice(std::optional<Enum> (*symbolize)(uint32_t)) {
    uint64_t value = number();
    std::optional<Enum> result = symbolize(value);
    if (ok && (!result || value > UINT32_MAX)) {
      reader.emitError("unknown enumerator ") << value;
      ok = false;
    }
    return result.value_or(Enum());
  }
  template <typename Attr = Attribute>
  Attr attribute() {
    Attribute value;
    ok = ok && succeeded(reader.readOptionalAttribute(value));
    Attr result = dyn_cast_or_null<Attr>(value);
    ok = ok && (!value || result);
    return result;
  }
  /// An attribute that has to be there.
  template <typename Attr>
  Attr required() {
    Attr value = attribute<Attr>();
    ok = ok && value;
    return value;
  }
  Type type() {
    Type value;
    ok = ok && succeeded(reader.readType(value));
    return value;
  }
  SmallVector<int64_t> list() {
    SmallVector<int64_t> values;
    ok = ok && succeeded(reader.readSignedVarInts(values));
    return values;
  }
  /// The attribute of these fields, checked where it has rules; null after a
  /// failure.
  template <typename Attr, typename... Fields>
  Attribute make(MLIRContext *context, Fields... fields) {
    if (!ok)
      return {};
    if constexpr (!HasRules<Attr, Fields...>::value)
      return Attr::get(context, fields...);
    else
      return Attr::getChecked([&] { return reader.emitError(); }, context,
                              fields...);
  }

private:
  DialectBytecodeReader &reader;
  bool ok = true;
};

struct SNNBytecode : BytecodeDialectInterface {
  explicit SNNBytecode(Dialect *dialect) : BytecodeDialectInterface(dialect) {}

  LogicalResult writeType(Type type,
                          DialectBytecodeWriter &writer) const override;
  Type readType(DialectBytecodeReader &reader) const override;
  LogicalResult writeAttribute(Attribute attribute,
                               DialectBytecodeWriter &writer) const override;
  Attribute readAttribute(DialectBytecodeReader &reader) const override;

  void writeVersion(DialectBytecodeWriter &writer) const override {
    writer.writeVarInt(SNNDialect::kVersion);
  }
  std::unique_ptr<DialectVersion>
  readVersion(DialectBytecodeReader &reader) const override {
    auto version = std::make_unique<SNNVersion>();
    if (failed(reader.readVarInt(version->value)))
      return nullptr;
    if (version->value <= SNNDialect::kVersion)
      return version;
    reader.emitError("this file has version ")
        << version->value << " of the snn dialect, this tool reads up to "
        << SNNDialect::kVersion << "; use a newer SpikeFormer";
    return nullptr;
  }

private:
  Attribute readModel(AttributeCode code, Reader &r) const;
  Attribute readConnectivity(AttributeCode code, Reader &r) const;
  Attribute readNumber(AttributeCode code, Reader &r) const;
};

} // namespace

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

LogicalResult SNNBytecode::writeType(Type type,
                                     DialectBytecodeWriter &writer) const {
  if (auto current = dyn_cast<CurrentType>(type)) {
    writer.writeVarInt(static_cast<uint64_t>(TypeCode::current));
    writer.writeSignedVarInts(current.getShape());
    return success();
  }
  auto signal = dyn_cast<SignalType>(type);
  if (!signal)
    return failure();
  writer.writeVarInt(static_cast<uint64_t>(TypeCode::signal));
  writer.writeSignedVarInts(signal.getShape());
  writer.writeVarInt(static_cast<uint64_t>(signal.getKind()));
  writer.writeVarInt(signal.getLimit());
  writer.writeOwnedBool(static_cast<bool>(signal.getCarrier()));
  if (signal.getCarrier())
    writer.writeType(signal.getCarrier());
  return success();
}

Type SNNBytecode::readType(DialectBytecodeReader &reader) const {
  uint64_t code = 0, kind = 0, limit = 0;
  SmallVector<int64_t> shape;
  auto emitError = [&] { return reader.emitError(); };
  if (failed(reader.readVarInt(code)) ||
      failed(reader.readSignedVarInts(shape)))
    return {};
  if (code == static_cast<uint64_t>(TypeCode::current))
    return CurrentType::getChecked(emitError, getContext(),
                                   ArrayRef<int64_t>(shape));
  if (code != static_cast<uint64_t>(TypeCode::signal)) {
    reader.emitError("unknown type code of the snn dialect: ") << code;
    return {};
  }
  bool hasCarrier = false;
  Type carrier;
  if (failed(reader.readVarInt(kind)) || failed(reader.readVarInt(limit)) ||
      failed(reader.readBool(hasCarrier)) ||
      (hasCarrier && failed(reader.readType(carrier))))
    return {};
  std::optional<AlphabetKind> alphabet = symbolizeAlphabetKind(kind);
  if (!alphabet) {
    reader.emitError("unknown alphabet code: ") << kind;
    return {};
  }
  return SignalType::getChecked(emitError, getContext(),
                                ArrayRef<int64_t>(shape), *alphabet,
                                static_cast<unsigned>(limit), carrier);
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

LogicalResult SNNBytecode::writeAttribute(Attribute attribute,
                                          DialectBytecodeWriter &writer) const {
  using Code = AttributeCode;
  return TypeSwitch<Attribute, LogicalResult>(attribute)
      .Case([&](ParamAttr a) {
        Writer(writer, Code::param).attribute(a.getParameter());
        return success();
      })
      .Case([&](RandomAttr a) {
        Writer(writer, Code::random)
            .choice(a.getDistribution())
            .attribute(a.getFirst())
            .attribute(a.getSecond())
            .attribute(a.getClipLow())
            .attribute(a.getClipHigh())
            .choice(a.getGenerator())
            .number(a.getSeed())
            .number(a.getStream());
        return success();
      })
      .Case([&](FileAttr a) {
        Writer(writer, Code::file)
            .attribute(a.getPath())
            .number(a.getOffset())
            .attribute(a.getSha256());
        return success();
      })
      .Case([&](ViewAttr a) {
        Writer(writer, Code::view)
            .attribute(a.getParameter())
            .list(a.getTranspose())
            .attribute(a.getScale());
        return success();
      })
      .Case([&](RefAttr a) {
        Writer(writer, Code::ref)
            .attribute(a.getNetwork())
            .attribute(a.getPopulation());
        return success();
      })
      .Case([&](RelationAttr a) {
        Writer(writer, Code::relation)
            .attribute(a.getPhase())
            .choice(a.getKind())
            .attribute(a.getDetails());
        return success();
      })
      .Case([&](ReceptorAttr a) {
        Writer(writer, Code::receptor)
            .attribute(a.getName())
            .number(a.getNumOperands())
            .choice(a.getAccumulator())
            .type(a.getType())
            .number(a.getFraction())
            .attribute(a.getBias());
        return success();
      })
      .Case([&](IFAttr a) {
        Writer(writer, Code::integrateAndFire)
            .type(a.getState())
            .choice(a.getReset())
            .choice(a.getFires())
            .choice(a.getWhen());
        return success();
      })
      .Case([&](LIFAttr a) {
        Writer(writer, Code::lif)
            .type(a.getState())
            .choice(a.getIntegration())
            .choice(a.getReset())
            .choice(a.getFires())
            .choice(a.getWhen())
            .choice(a.getRefractory());
        return success();
      })
      .Case([&](CubaLIFAttr a) {
        Writer(writer, Code::cubaLif)
            .type(a.getState())
            .choice(a.getIntegration())
            .choice(a.getOrder())
            .choice(a.getReset())
            .choice(a.getFires())
            .choice(a.getWhen())
            .choice(a.getRefractory());
        return success();
      })
      .Case([&](LinearAttr a) {
        Writer(writer, Code::linear).type(a.getState());
        return success();
      })
      .Case([&](CustomAttr a) {
        Writer(writer, Code::custom).attribute(a.getModel());
        return success();
      })
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
      .Default([](Attribute) { return failure(); });
}

// The fields are read in the order of the statements: the order in which
// arguments of a call are evaluated is open.

Attribute SNNBytecode::readNumber(AttributeCode code, Reader &r) const {
  MLIRContext *context = getContext();
  switch (code) {
  case AttributeCode::param:
    return r.make<ParamAttr>(context, r.required<FlatSymbolRefAttr>());
  case AttributeCode::random: {
    auto distribution = r.choice<Distribution>(symbolizeDistribution);
    auto first = r.required<FloatAttr>(), second = r.required<FloatAttr>();
    auto low = r.attribute<FloatAttr>(), high = r.attribute<FloatAttr>();
    auto generator = r.choice<Generator>(symbolizeGenerator);
    uint64_t seed = r.number();
    auto stream = static_cast<uint32_t>(r.number());
    return r.make<RandomAttr>(context, distribution, first, second, low, high,
                              generator, seed, stream);
  }
  case AttributeCode::file: {
    auto path = r.required<StringAttr>();
    uint64_t offset = r.number();
    auto digest = r.required<StringAttr>();
    return r.make<FileAttr>(context, path, offset, digest);
  }
  case AttributeCode::view: {
    auto parameter = r.required<FlatSymbolRefAttr>();
    SmallVector<int64_t> transpose = r.list();
    auto scale = r.required<FloatAttr>();
    return r.make<ViewAttr>(context, parameter, ArrayRef<int64_t>(transpose),
                            scale);
  }
  case AttributeCode::ref: {
    auto network = r.required<FlatSymbolRefAttr>();
    auto population = r.required<StringAttr>();
    return r.make<RefAttr>(context, network, population);
  }
  case AttributeCode::relation: {
    auto phase = r.required<StringAttr>();
    auto kind = r.choice<RelationKind>(symbolizeRelationKind);
    auto details = r.required<DictionaryAttr>();
    return r.make<RelationAttr>(context, phase, kind, details);
  }
  default: {
    auto name = r.required<StringAttr>();
    auto numOperands = static_cast<unsigned>(r.number());
    auto kind = r.choice<AccumulatorKind>(symbolizeAccumulatorKind);
    Type type = r.type();
    auto fraction = static_cast<unsigned>(r.number());
    auto bias = r.attribute<Attribute>();
    return r.make<ReceptorAttr>(context, name, numOperands, kind, type,
                                fraction, bias);
  }
  }
}

Attribute SNNBytecode::readModel(AttributeCode code, Reader &r) const {
  MLIRContext *context = getContext();
  if (code == AttributeCode::custom)
    return r.make<CustomAttr>(context, r.required<FlatSymbolRefAttr>());
  Type state = r.type();
  if (code == AttributeCode::linear)
    return r.make<LinearAttr>(context, state);
  Integration integration = {};
  SynapseOrder order = {};
  if (code != AttributeCode::integrateAndFire)
    integration = r.choice<Integration>(symbolizeIntegration);
  if (code == AttributeCode::cubaLif)
    order = r.choice<SynapseOrder>(symbolizeSynapseOrder);
  auto reset = r.choice<ResetKind>(symbolizeResetKind);
  auto fires = r.choice<FiresKind>(symbolizeFiresKind);
  auto when = r.choice<ResetTime>(symbolizeResetTime);
  if (code == AttributeCode::integrateAndFire)
    return r.make<IFAttr>(context, state, reset, fires, when);
  auto refractory = r.choice<RefractoryKind>(symbolizeRefractoryKind);
  if (code == AttributeCode::lif)
    return r.make<LIFAttr>(context, state, integration, reset, fires, when,
                           refractory);
  return r.make<CubaLIFAttr>(context, state, integration, order, reset, fires,
                             when, refractory);
}

Attribute SNNBytecode::readConnectivity(AttributeCode code, Reader &r) const {
  MLIRContext *context = getContext();
  switch (code) {
  case AttributeCode::dense:
    return DenseAttr::get(context);
  case AttributeCode::oneToOne:
    return OneToOneAttr::get(context);
  case AttributeCode::conv2d: {
    SmallVector<int64_t> kernel = r.list(), stride = r.list();
    SmallVector<int64_t> pad = r.list(), dilation = r.list();
    auto groups = static_cast<int64_t>(r.number());
    return r.make<Conv2DAttr>(context, ArrayRef<int64_t>(kernel),
                              ArrayRef<int64_t>(stride), ArrayRef<int64_t>(pad),
                              ArrayRef<int64_t>(dilation), groups);
  }
  case AttributeCode::csr: {
    auto rows = r.required<FlatSymbolRefAttr>();
    auto columns = r.required<FlatSymbolRefAttr>();
    return r.make<CSRAttr>(context, rows, columns);
  }
  case AttributeCode::fixedProbability: {
    auto p = r.required<FloatAttr>();
    uint64_t first = r.number();
    bool self = r.number();
    auto generator = r.choice<Generator>(symbolizeGenerator);
    uint64_t seed = r.number();
    auto stream = static_cast<uint32_t>(r.number());
    return r.make<FixedProbabilityAttr>(context, p, first, self, generator,
                                        seed, stream);
  }
  default: {
    uint64_t count = r.number(), seed = r.number();
    auto stream = static_cast<uint32_t>(r.number());
    return r.make<FixedTotalAttr>(context, count, seed, stream);
  }
  }
}

Attribute SNNBytecode::readAttribute(DialectBytecodeReader &reader) const {
  uint64_t raw = 0;
  if (failed(reader.readVarInt(raw)))
    return {};
  auto code = static_cast<AttributeCode>(raw);
  Reader r(reader);
  switch (code) {
  case AttributeCode::param:
  case AttributeCode::random:
  case AttributeCode::file:
  case AttributeCode::view:
  case AttributeCode::ref:
  case AttributeCode::relation:
  case AttributeCode::receptor:
    return readNumber(code, r);
  case AttributeCode::integrateAndFire:
  case AttributeCode::lif:
  case AttributeCode::cubaLif:
  case AttributeCode::linear:
  case AttributeCode::custom:
    return readModel(code, r);
  case AttributeCode::dense:
  case AttributeCode::conv2d:
  case AttributeCode::oneToOne:
  case AttributeCode::csr:
  case AttributeCode::fixedProbability:
  case AttributeCode::fixedTotal:
    return readConnectivity(code, r);
  case AttributeCode::constantCurrent:
    return ConstantCurrentAttr::get(getContext());
  case AttributeCode::poisson: {
    auto probability = r.choice<Probability>(symbolizeProbability);
    auto gain = r.required<FloatAttr>();
    uint64_t seed = r.number();
    auto stream = static_cast<uint32_t>(r.number());
    return r.make<PoissonAttr>(getContext(), probability, gain, seed, stream);
  }
  }
  reader.emitError("unknown attribute code of the snn dialect: ") << raw;
  return {};
}

void SNNDialect::addBytecodeInterface() { addInterfaces<SNNBytecode>(); }
