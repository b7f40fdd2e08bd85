//===- Csv.h - tables of numbers as text ------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Comma-separated numbers, one sample a line, without a header line and without
// quotes. A column may hold labels.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_CSV_H
#define SPIKEFORMER_SUPPORT_CSV_H

#include "spikeformer/Support/Tensor.h"
#include "llvm/Support/Error.h"

namespace spikeformer {

/// Which column of a table holds the label (--csv-label).
enum class CsvLabel { none, first, last };

/// A table cut into values [row, column] and labels [row]; each is int64 if
/// all its cells are integers, else float64. Without a label column `labels` is
/// the default-constructed tensor.
struct CsvTable {
  Tensor values, labels;
};

/// Errors name line and column of the cell: not a finite number, an integer
/// that a double cannot hold, a row of another length; also a table without
/// rows or, beside the label, columns. Empty lines at the end are skipped.
llvm::Expected<CsvTable> parseCsv(llvm::StringRef text, llvm::StringRef file,
                                  CsvLabel label);
llvm::Expected<CsvTable> readCsvFile(llvm::StringRef path, CsvLabel label);
/// Reads "first", "last" or "none".
llvm::Expected<CsvLabel> parseCsvLabel(llvm::StringRef text);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_CSV_H
