//===- BytecodeFields.h - fields of attributes in bytecode ------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An attribute is a code and its fields, one after the other. Codes are part of
// the file format: they are never reused and only appended to; what gets more
// fields gets a new code. docs/Design/Bytecode.md lists them.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_DIALECT_SNN_IR_BYTECODEFIELDS_H
#define SPIKEFORMER_LIB_DIALECT_SNN_IR_BYTECODEFIELDS_H

#include "mlir/Bytecode/BytecodeImplementation.h"
#include "spikeformer/Support/LLVM.h"

namespace spikeformer::snn {

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

/// Writes the fields of an attribute one after the other.
class Writer {
public:
  template <typename Code>
  Writer(DialectBytecodeWriter &writer, Code code) : writer(writer) {
    writer.writeVarInt(static_cast<uint64_t>(code));
  }
  Writer &number(uint64_t value) {
    writer.writeVarInt(value);
    return *this;
  }
  template <typename... Enums>
  Writer &choice(Enums... values) {
    (number(static_cast<uint64_t>(values)), ...);
    return *this;
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
  uint32_t number32() { return static_cast<uint32_t>(number()); }
  int64_t signedNumber() { return static_cast<int64_t>(number()); }
  bool flag() { return number() != 0; }
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

/// Writes a neuron model; fails (nothing written) where `attribute` is none.
LogicalResult writeModel(Attribute attribute, DialectBytecodeWriter &writer);
/// Whether `code` is that of a neuron model.
bool isModelCode(uint64_t code);
/// The neuron model whose code has been read; null after a failure.
Attribute readModel(MLIRContext *context, uint64_t code, Reader &reader);

/// Writes connectivity, a form of delay or an encoder; fails (nothing written)
/// where `attribute` is none.
LogicalResult writeLink(Attribute attribute, DialectBytecodeWriter &writer);
/// What writeLink wrote, whose code has been read: nothing for other codes,
/// null after a failure.
std::optional<Attribute> readLink(MLIRContext *context, uint64_t code,
                                  Reader &reader);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_LIB_DIALECT_SNN_IR_BYTECODEFIELDS_H
