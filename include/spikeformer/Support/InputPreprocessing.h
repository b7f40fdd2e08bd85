//===- InputPreprocessing.h - how stored numbers become inputs --*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The numbers of --input-scale, --input-mean and --input-std. They become part
// of a module, so each is the double nearest to what the user wrote: 1/255 is
// rounded once, after the division.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_INPUTPREPROCESSING_H
#define SPIKEFORMER_SUPPORT_INPUTPREPROCESSING_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <optional>

namespace spikeformer {

/// x = (value * scale - mean) / stddev, for each channel.
struct InputPreprocessing {
  double scale = 1;
  /// Empty (0), one for all channels, or one for each.
  llvm::SmallVector<double, 3> mean;
  /// Empty (1), one for all channels, or one for each; all positive.
  llvm::SmallVector<double, 3> stddev;

  bool isIdentity() const;
  /// Errors: as many means or deviations as neither 1 nor `channels`.
  llvm::Error checkChannels(int64_t channels) const;
};

/// The double nearest to a decimal number or a quotient of two ("1/255",
/// "0.5", "-1e-3/7"); ties to even. Errors: other text, a zero divisor, or a
/// magnitude outside 1e-300 to 1e300.
llvm::Expected<double> parseFraction(llvm::StringRef text);

/// Reads the three flags; an empty text is a flag that is not given. `none` as
/// scale means 1, said on purpose. Nothing if no flag is given.
llvm::Expected<std::optional<InputPreprocessing>>
parseInputPreprocessing(llvm::StringRef scale, llvm::StringRef mean,
                        llvm::StringRef std);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_INPUTPREPROCESSING_H
