//===- SNNBytecode.cpp - types and attributes in bytecode -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// BytecodeFields.h states the format; the models are in ModelBytecode.cpp.
//
//===----------------------------------------------------------------------===//

#include "BytecodeFields.h"
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
  // 7 to 11 and from 64 on: ModelBytecode.cpp; 12 to 63: LinkBytecode.cpp.
};

struct SNNVersion : DialectVersion {
  uint64_t value = SNNDialect::kVersion;
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
      .Default([&](Attribute a) {
        return success(succeeded(writeModel(a, writer)) ||
                       succeeded(writeLink(a, writer)));
      });
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

Attribute SNNBytecode::readAttribute(DialectBytecodeReader &reader) const {
  uint64_t raw = 0;
  if (failed(reader.readVarInt(raw)))
    return {};
  auto code = static_cast<AttributeCode>(raw);
  Reader r(reader);
  if (isModelCode(raw))
    return readModel(getContext(), raw, r);
  switch (code) {
  case AttributeCode::param:
  case AttributeCode::random:
  case AttributeCode::file:
  case AttributeCode::view:
  case AttributeCode::ref:
  case AttributeCode::relation:
  case AttributeCode::receptor:
    return readNumber(code, r);
  }
  if (std::optional<Attribute> link = readLink(getContext(), raw, r))
    return *link;
  reader.emitError("unknown attribute code of the snn dialect: ") << raw;
  return {};
}

void SNNDialect::addBytecodeInterface() { addInterfaces<SNNBytecode>(); }
