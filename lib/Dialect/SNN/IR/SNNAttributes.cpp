//===- SNNAttributes.cpp - numbers and references -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/IR/SNNAttributes.h"
#include "mlir/IR/DialectImplementation.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNEncoders.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::snn;

MLIR_DEFINE_EXPLICIT_TYPE_ID(::spikeformer::snn::NeuronModelAttrInterface)
MLIR_DEFINE_EXPLICIT_TYPE_ID(::spikeformer::snn::ConnectivityAttrInterface)
MLIR_DEFINE_EXPLICIT_TYPE_ID(::spikeformer::snn::EncoderAttrInterface)

#include "spikeformer/Dialect/SNN/IR/SNNInterfaces.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "spikeformer/Dialect/SNN/IR/SNNAttributes.cpp.inc"

//===----------------------------------------------------------------------===//
// Scalar
//===----------------------------------------------------------------------===//

Scalar Scalar::round(double value, mlir::Type type) {
  if (type.isF32())
    return of(static_cast<float>(value));
  if (type.isF64())
    return of(value);
  unsigned bits = cast<IntegerType>(type).getWidth();
  if (bits == 1)
    return of(static_cast<int64_t>(std::nearbyint(value) > 0));
  double low = -std::ldexp(1.0, bits - 1);
  double high = std::ldexp(1.0, bits - 1);
  double rounded = std::nearbyint(value);
  if (!(rounded > low))
    return of(static_cast<int64_t>(low));
  if (rounded >= high)
    return of(static_cast<int64_t>((uint64_t(1) << (bits - 1)) - 1));
  return of(static_cast<int64_t>(rounded));
}

double Scalar::toDouble(mlir::Type type) const {
  if (type.isF32())
    return f32;
  return type.isF64() ? f64 : static_cast<double>(integer);
}

//===----------------------------------------------------------------------===//
// RandomAttr
//===----------------------------------------------------------------------===//

/// Parses `name = (low, high)`-like pairs: `(` float `,` float `)`.
static ParseResult parsePair(AsmParser &parser, FloatAttr &first,
                             FloatAttr &second) {
  double a = 0, b = 0;
  if (parser.parseLParen() || parser.parseFloat(a) || parser.parseComma() ||
      parser.parseFloat(b) || parser.parseRParen())
    return failure();
  Builder builder(parser.getContext());
  first = builder.getF64FloatAttr(a);
  second = builder.getF64FloatAttr(b);
  return success();
}

static void printPair(AsmPrinter &printer, FloatAttr first, FloatAttr second) {
  printer << "(";
  printer.printFloat(first.getValue());
  printer << ", ";
  printer.printFloat(second.getValue());
  printer << ")";
}

Attribute RandomAttr::parse(AsmParser &parser, Type) {
  SMLoc loc = parser.getCurrentLocation();
  FloatAttr first, second, clipLow, clipHigh;
  uint64_t seed = 0;
  uint32_t stream = 0;
  if (parser.parseLess())
    return {};
  FailureOr<Distribution> distribution =
      FieldParser<Distribution>::parse(parser);
  if (failed(distribution) || parsePair(parser, first, second) ||
      parser.parseComma())
    return {};
  if (succeeded(parser.parseOptionalKeyword("clip")) &&
      (parser.parseEqual() || parsePair(parser, clipLow, clipHigh) ||
       parser.parseComma()))
    return {};
  if (parser.parseKeyword("generator") || parser.parseEqual())
    return {};
  FailureOr<Generator> generator = FieldParser<Generator>::parse(parser);
  if (failed(generator) || parser.parseComma() || parser.parseKeyword("seed") ||
      parser.parseEqual() || parser.parseInteger(seed) || parser.parseComma() ||
      parser.parseKeyword("stream") || parser.parseEqual() ||
      parser.parseInteger(stream) || parser.parseGreater())
    return {};
  return parser.getChecked<RandomAttr>(loc, parser.getContext(), *distribution,
                                       first, second, clipLow, clipHigh,
                                       *generator, seed, stream);
}

void RandomAttr::print(AsmPrinter &printer) const {
  printer << "<" << stringifyDistribution(getDistribution());
  printPair(printer, getFirst(), getSecond());
  if (getClipLow()) {
    printer << ", clip = ";
    printPair(printer, getClipLow(), getClipHigh());
  }
  printer << ", generator = " << stringifyGenerator(getGenerator())
          << ", seed = " << getSeed() << ", stream = " << getStream() << ">";
}

LogicalResult RandomAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 Distribution distribution, FloatAttr first,
                                 FloatAttr second, FloatAttr clipLow,
                                 FloatAttr clipHigh, Generator generator,
                                 uint64_t seed, uint32_t stream) {
  double a = first.getValueAsDouble(), b = second.getValueAsDouble();
  if (!std::isfinite(a) || !std::isfinite(b))
    return emitError() << "random numbers need finite bounds";
  if (distribution == Distribution::uniform && a > b)
    return emitError() << "uniform(lo, hi) needs lo <= hi, got " << first
                       << " and " << second;
  if (distribution == Distribution::normal && b < 0)
    return emitError() << "normal(mean, sd) needs sd of at least 0, got "
                       << second;
  if (clipLow && !(clipLow.getValueAsDouble() <= clipHigh.getValueAsDouble()))
    return emitError() << "clip = (lo, hi) needs lo <= hi, got " << clipLow
                       << " and " << clipHigh;
  if (generator == Generator::mix64 &&
      (stream != 0 || distribution != Distribution::uniform))
    return emitError() << "generator mix64 has no stream (use 0) and gives "
                          "uniform numbers only";
  if (generator == Generator::philox && seed > UINT32_MAX)
    return emitError() << "generator philox needs a seed below 2^32, got "
                       << seed;
  return success();
}

//===----------------------------------------------------------------------===//
// FileAttr, ViewAttr, ReceptorAttr
//===----------------------------------------------------------------------===//

LogicalResult FileAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               StringAttr path, uint64_t, StringAttr sha256) {
  if (path.empty())
    return emitError() << "file needs a path";
  if (sha256.size() != 64 || !llvm::all_of(sha256.getValue(), [](char c) {
        return llvm::isHexDigit(c);
      }))
    return emitError() << "sha256 needs 64 hexadecimal digits, got "
                       << sha256.size() << " characters";
  return success();
}

LogicalResult ViewAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               FlatSymbolRefAttr, ArrayRef<int64_t> transpose,
                               FloatAttr scale) {
  SmallVector<bool> seen(transpose.size());
  for (int64_t axis : transpose) {
    if (axis < 0 || axis >= static_cast<int64_t>(seen.size()) || seen[axis])
      return emitError() << "transpose needs each axis from 0 to "
                         << seen.size() << " - 1 once";
    seen[axis] = true;
  }
  if (!std::isfinite(scale.getValueAsDouble()))
    return emitError() << "scale needs a finite number";
  return success();
}

LogicalResult ReceptorAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                   StringAttr name, unsigned,
                                   AccumulatorKind accumulator, Type type,
                                   unsigned fraction, Attribute bias) {
  if (accumulator == AccumulatorKind::ordered) {
    if (!type.isF32() && !type.isF64())
      return emitError() << "receptor " << name
                         << ": ordered<T> needs f32 or f64, got " << type;
  } else {
    auto integer = dyn_cast<IntegerType>(type);
    if (!integer || !integer.isSignless() ||
        (integer.getWidth() != 32 && integer.getWidth() != 64))
      return emitError() << "receptor " << name << ": "
                         << stringifyAccumulatorKind(accumulator)
                         << "<T, fraction = k> needs i32 or i64, got " << type;
    if (fraction >= integer.getWidth())
      return emitError() << "receptor " << name << ": fraction needs less than "
                         << integer.getWidth() << " bits, got " << fraction;
  }
  if (bias && !isa<FloatAttr, IntegerAttr, ParamAttr, RandomAttr>(bias))
    return emitError() << "receptor " << name
                       << ": bias needs a number, #snn.param or #snn.random, "
                          "got "
                       << bias;
  return success();
}

void SNNDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "spikeformer/Dialect/SNN/IR/SNNAttributes.cpp.inc"
      >();
}
