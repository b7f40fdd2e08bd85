//===- SNNTypes.cpp - signals and currents --------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/IR/SNNTypes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace spikeformer;
using namespace spikeformer::snn;

#define GET_TYPEDEF_CLASSES
#include "spikeformer/Dialect/SNN/IR/SNNTypes.cpp.inc"

namespace {
/// Largest payload in bits: it must fit the 32-bit lanes of the engines.
constexpr unsigned kMaxPayloadBits = 32;

/// A signal fits 32-bit element numbers.
constexpr int64_t kMaxElements = int64_t(1) << 32;
} // namespace

static LogicalResult verifyShape(function_ref<InFlightDiagnostic()> emitError,
                                 ArrayRef<int64_t> shape) {
  if (shape.empty() || llvm::any_of(shape, [](int64_t d) { return d < 1; }))
    return emitError() << "needs a static shape with extents of at least 1";
  int64_t count = 1;
  for (int64_t extent : shape) {
    if (extent >= kMaxElements || count * extent >= kMaxElements)
      return emitError() << "has 2^32 elements or more";
    count *= extent;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// SignalType
//===----------------------------------------------------------------------===//

/// Parses what follows the name of an alphabet: `<4>`, `<ui8>` or nothing.
static ParseResult parseAlphabetArgument(AsmParser &parser, AlphabetKind kind,
                                         unsigned &limit, Type &carrier) {
  if (kind == AlphabetKind::count)
    return failure(parser.parseLess() || parser.parseInteger(limit) ||
                   parser.parseGreater());
  if (kind == AlphabetKind::graded || kind == AlphabetKind::analogue)
    return failure(parser.parseLess() || parser.parseType(carrier) ||
                   parser.parseGreater());
  return success();
}

Type SignalType::parse(AsmParser &parser) {
  SmallVector<int64_t> shape;
  unsigned limit = 0;
  Type carrier;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() ||
      parser.parseDimensionList(shape, /*allowDynamic=*/false,
                                /*withTrailingX=*/false) ||
      parser.parseComma())
    return {};
  FailureOr<AlphabetKind> kind = FieldParser<AlphabetKind>::parse(parser);
  if (failed(kind) || parseAlphabetArgument(parser, *kind, limit, carrier) ||
      parser.parseGreater())
    return {};
  return parser.getChecked<SignalType>(loc, parser.getContext(), shape, *kind,
                                       limit, carrier);
}

void SignalType::print(AsmPrinter &printer) const {
  printer << "<";
  printer.printDimensionList(getShape());
  printer << ", " << stringifyAlphabetKind(getKind());
  if (getKind() == AlphabetKind::count)
    printer << "<" << getLimit() << ">";
  else if (getCarrier())
    printer << "<" << getCarrier() << ">";
  printer << ">";
}

LogicalResult SignalType::verify(function_ref<InFlightDiagnostic()> emitError,
                                 ArrayRef<int64_t> shape, AlphabetKind kind,
                                 unsigned limit, Type carrier) {
  auto inSignal = [&] { return emitError() << "signal "; };
  if (failed(verifyShape(inSignal, shape)))
    return failure();
  if (kind == AlphabetKind::count && limit == 0)
    return emitError() << "count<N> needs N of at least 1";
  auto integer = dyn_cast_or_null<IntegerType>(carrier);
  bool smallInteger = integer && integer.getWidth() <= kMaxPayloadBits;
  if (kind == AlphabetKind::graded && !(smallInteger && !integer.isSignless()))
    return emitError() << "graded<T> needs uiN or siN with N of at most "
                       << kMaxPayloadBits << ", got " << carrier;
  if (kind == AlphabetKind::analogue && !(smallInteger && integer.isSigned()) &&
      !(carrier && (carrier.isF32() || carrier.isF64())))
    return emitError() << "analogue<T> needs f32, f64 or siN with N of at most "
                       << kMaxPayloadBits << ", got " << carrier;
  return success();
}

int64_t SignalType::getNumElements() const {
  return ShapedType::getNumElements(getShape());
}

Type SignalType::getElementType() const {
  switch (getKind()) {
  case AlphabetKind::binary:
    return IntegerType::get(getContext(), 1);
  case AlphabetKind::ternary:
    return IntegerType::get(getContext(), 8);
  case AlphabetKind::count:
    return IntegerType::get(getContext(), 32);
  case AlphabetKind::graded:
  case AlphabetKind::analogue:
    if (isa<IntegerType>(getCarrier()))
      return IntegerType::get(getContext(), 32);
    return getCarrier();
  }
  llvm_unreachable("unknown alphabet");
}

std::pair<int64_t, int64_t> SignalType::getRange() const {
  switch (getKind()) {
  case AlphabetKind::binary:
    return {0, 1};
  case AlphabetKind::ternary:
    return {-1, 1};
  case AlphabetKind::count:
    return {0, getLimit()};
  case AlphabetKind::graded:
  case AlphabetKind::analogue:
    break;
  }
  auto carrier = cast<IntegerType>(getCarrier());
  if (carrier.isUnsigned())
    return {0, llvm::maxUIntN(carrier.getWidth())};
  return {llvm::minIntN(carrier.getWidth()), llvm::maxIntN(carrier.getWidth())};
}

spikeformer::ElementType SignalType::getRecordType() const {
  switch (getKind()) {
  case AlphabetKind::binary:
    return ElementType::u8;
  case AlphabetKind::ternary:
    return ElementType::i8;
  default:
    break;
  }
  Type type = getElementType();
  if (type.isF32())
    return ElementType::f32;
  return type.isF64() ? ElementType::f64 : ElementType::i32;
}

//===----------------------------------------------------------------------===//
// CurrentType
//===----------------------------------------------------------------------===//

Type CurrentType::parse(AsmParser &parser) {
  SmallVector<int64_t> shape;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() ||
      parser.parseDimensionList(shape, /*allowDynamic=*/false,
                                /*withTrailingX=*/false) ||
      parser.parseGreater())
    return {};
  return parser.getChecked<CurrentType>(loc, parser.getContext(), shape);
}

void CurrentType::print(AsmPrinter &printer) const {
  printer << "<";
  printer.printDimensionList(getShape());
  printer << ">";
}

LogicalResult CurrentType::verify(function_ref<InFlightDiagnostic()> emitError,
                                  ArrayRef<int64_t> shape) {
  return verifyShape([&] { return emitError() << "current "; }, shape);
}

void SNNDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "spikeformer/Dialect/SNN/IR/SNNTypes.cpp.inc"
      >();
}
