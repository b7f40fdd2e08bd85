//===- InputPreprocessing.cpp - how stored numbers become inputs ----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/InputPreprocessing.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/APInt.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;

bool InputPreprocessing::isIdentity() const {
  return scale == 1 && llvm::all_of(mean, [](double m) { return m == 0; }) &&
         llvm::all_of(stddev, [](double d) { return d == 1; });
}

llvm::Error InputPreprocessing::checkChannels(int64_t channels) const {
  auto check = [&](llvm::StringRef flag, size_t count) -> llvm::Error {
    if (count <= 1 || static_cast<int64_t>(count) == channels)
      return llvm::Error::success();
    return llvm::createStringError(
        flag + " has " + llvm::Twine(count) + " values, the input has " +
        llvm::Twine(channels) + " channels; give one or as many");
  };
  if (llvm::Error error = check("--input-mean", mean.size()))
    return error;
  return check("--input-std", stddev.size());
}

//===----------------------------------------------------------------------===//
// Fractions
//===----------------------------------------------------------------------===//

/// Bits of the integers: 80 digits and a power of ten up to 400 on each side
/// stay below 3200.
static constexpr unsigned bits = 4096;

namespace {
/// digits * 10^exponent.
struct Decimal {
  llvm::APInt digits{bits, 0};
  int exponent = 0;
  bool negative = false;
};
} // namespace

/// Nothing if `text` is no decimal number, or a longer one than anybody writes.
static std::optional<Decimal> parseDecimal(llvm::StringRef text) {
  Decimal result;
  if (text.size() > 80)
    return std::nullopt;
  result.negative = text.consume_front("-");
  if (!result.negative)
    text.consume_front("+");
  size_t mark = text.find_first_of("eE");
  if (mark != llvm::StringRef::npos) {
    llvm::StringRef exponent = text.drop_front(mark + 1);
    exponent.consume_front("+");
    if (exponent.getAsInteger(10, result.exponent) ||
        std::abs(result.exponent) > 400)
      return std::nullopt;
    text = text.take_front(mark);
  }
  auto [whole, fraction] = text.split('.');
  std::string digits = (whole + fraction).str();
  if (digits.empty() || !llvm::all_of(digits, llvm::isDigit))
    return std::nullopt;
  result.digits = llvm::APInt(bits, digits, 10);
  result.exponent -= fraction.size();
  return result;
}

static llvm::APInt powerOfTen(int exponent) {
  llvm::APInt result(bits, 1), ten(bits, 10);
  for (int i = 0; i < exponent; ++i)
    result *= ten;
  return result;
}

/// The double nearest to above / below; both are positive.
static double divideExactly(llvm::APInt above, llvm::APInt below) {
  // A quotient of at least 64 bits, whose last bit also says whether anything
  // is left over, rounds as the exact one would.
  int shift = 64 + below.getActiveBits() - above.getActiveBits();
  if (shift > 0)
    above <<= shift;
  else
    shift = 0;
  llvm::APInt quotient(bits, 0), rest(bits, 0);
  llvm::APInt::udivrem(above, below, quotient, rest);
  if (!rest.isZero())
    quotient.setBit(0);
  llvm::APFloat result(llvm::APFloat::IEEEdouble());
  result.convertFromAPInt(quotient, /*IsSigned=*/false,
                          llvm::APFloat::rmNearestTiesToEven);
  return llvm::scalbn(result, -shift, llvm::APFloat::rmNearestTiesToEven)
      .convertToDouble();
}

llvm::Expected<double> spikeformer::parseFraction(llvm::StringRef text) {
  llvm::StringRef number = text.trim();
  auto [left, right] = number.split('/');
  auto above = parseDecimal(left.trim());
  auto below = parseDecimal(number.contains('/') ? right.trim() : "1");
  if (!above || !below)
    return llvm::createStringError("needs a number or a fraction such as "
                                   "1/255, has '" +
                                   text + "'");
  if (below->digits.isZero())
    return llvm::createStringError("'" + text + "' divides by zero");
  if (above->digits.isZero())
    return 0.0;
  int exponent = above->exponent - below->exponent;
  (exponent > 0 ? above : below)->digits *= powerOfTen(std::abs(exponent));
  double result = divideExactly(above->digits, below->digits);
  if (result < 1e-300 || result > 1e300)
    return llvm::createStringError("'" + text + "' is outside 1e-300 to 1e300");
  return above->negative != below->negative ? -result : result;
}

//===----------------------------------------------------------------------===//
// Flags
//===----------------------------------------------------------------------===//

static llvm::Error parseList(llvm::StringRef flag, llvm::StringRef text,
                             llvm::SmallVectorImpl<double> &values) {
  llvm::SmallVector<llvm::StringRef, 3> parts;
  if (!text.empty())
    text.split(parts, ',');
  for (llvm::StringRef part : parts) {
    auto value = parseFraction(part);
    if (!value)
      return llvm::createStringError(flag + ": " +
                                     llvm::toString(value.takeError()));
    values.push_back(*value);
  }
  return llvm::Error::success();
}

llvm::Expected<std::optional<InputPreprocessing>>
spikeformer::parseInputPreprocessing(llvm::StringRef scale,
                                     llvm::StringRef mean,
                                     llvm::StringRef std) {
  if (scale.empty() && mean.empty() && std.empty())
    return std::nullopt;
  InputPreprocessing result;
  if (!scale.empty() && scale != "none") {
    auto value = parseFraction(scale);
    if (!value)
      return llvm::createStringError(
          "--input-scale: " + llvm::toString(value.takeError()) + ", or none");
    if (*value == 0)
      return llvm::createStringError("--input-scale is 0, which makes every "
                                     "input the same");
    result.scale = *value;
  }
  if (llvm::Error error = parseList("--input-mean", mean, result.mean))
    return std::move(error);
  if (llvm::Error error = parseList("--input-std", std, result.stddev))
    return std::move(error);
  for (double deviation : result.stddev)
    if (deviation <= 0)
      return llvm::createStringError(
          "--input-std: needs positive numbers, has '" + std + "'");
  return result;
}
