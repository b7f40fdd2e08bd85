//===- Csv.cpp - tables of numbers as text --------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Csv.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

using namespace spikeformer;

namespace {
class CsvParser {
public:
  CsvParser(llvm::StringRef text, llvm::StringRef file, CsvLabel label)
      : rest(text), file(file), label(label) {
    rest.consume_front("\xEF\xBB\xBF");
    rest = rest.rtrim("\r\n");
  }

  llvm::Expected<CsvTable> parse();

private:
  llvm::Error parseRow(llvm::StringRef row);
  llvm::Error parseCell(llvm::StringRef cell, uint64_t column);
  CsvTable cut() const;

  llvm::StringRef rest, file;
  CsvLabel label;
  uint64_t line = 0, columns = 0;
  std::vector<double> cells;
  /// Per column: no cell so far has a point or an exponent.
  std::vector<bool> integral;
};
} // namespace

llvm::Error CsvParser::parseCell(llvm::StringRef cell, uint64_t column) {
  column += cell.size() - cell.ltrim(" \t").size();
  llvm::StringRef text = cell.trim(" \t");
  llvm::StringRef digits = text;
  digits.consume_front("+");
  double value = 0;
  auto [end, error] = std::from_chars(digits.begin(), digits.end(), value);
  if (digits.empty() || end != digits.end() || !std::isfinite(value) ||
      error == std::errc::invalid_argument)
    return makeInputError(file, line, column,
                          "needs a number, has '" + text.take_front(40) + "'");
  if (error != std::errc())
    return makeInputError(file, line, column,
                          "number '" + text.take_front(40) +
                              "' is beyond the range of float64");
  if (digits.find_first_of(".eE") != llvm::StringRef::npos)
    integral[cells.size() % columns] = false;
  else if (std::abs(value) >= 9007199254740992.0)
    return makeInputError(file, line, column,
                          "integer '" + text.take_front(40) +
                              "' is not below 2^53, so it may lose digits");
  cells.push_back(value);
  return llvm::Error::success();
}

llvm::Error CsvParser::parseRow(llvm::StringRef row) {
  uint64_t count = row.count(',') + 1;
  if (columns == 0) {
    columns = count;
    integral.assign(columns, true);
  }
  if (count != columns)
    return makeInputError(file, line, 1,
                          "row has " + llvm::Twine(count) +
                              (count == 1 ? " cell" : " cells") +
                              ", the first has " + llvm::Twine(columns));
  uint64_t column = 1;
  for (uint64_t index = 0; index < count; ++index) {
    auto [cell, more] = row.split(',');
    if (llvm::Error error = parseCell(cell, column))
      return error;
    column += cell.size() + 1;
    row = more;
  }
  return llvm::Error::success();
}

/// The columns [first, last) of `cells`, of which a row has `columns`.
static Tensor cutColumns(llvm::ArrayRef<double> cells, uint64_t columns,
                         uint64_t first, uint64_t last, bool integral) {
  int64_t rows = cells.size() / columns;
  Tensor result({rows, static_cast<int64_t>(last - first)},
                integral ? ElementType::i64 : ElementType::f64);
  auto copy = [&](auto *to) {
    for (; !cells.empty(); cells = cells.drop_front(columns))
      to = std::copy(cells.begin() + first, cells.begin() + last, to);
  };
  if (integral)
    copy(result.data<int64_t>().data());
  else
    copy(result.data<double>().data());
  return result;
}

CsvTable CsvParser::cut() const {
  uint64_t first = label == CsvLabel::first ? 1 : 0;
  uint64_t last = columns - (label == CsvLabel::last ? 1 : 0);
  auto areIntegral = [&](uint64_t from, uint64_t to) {
    return std::all_of(integral.begin() + from, integral.begin() + to,
                       [](bool flag) { return flag; });
  };
  CsvTable table;
  table.values =
      cutColumns(cells, columns, first, last, areIntegral(first, last));
  if (label == CsvLabel::none)
    return table;
  uint64_t at = label == CsvLabel::first ? 0 : last;
  table.labels = cutColumns(cells, columns, at, at + 1, integral[at]);
  table.labels = table.labels.reshape({table.labels.getShape().front()});
  return table;
}

llvm::Expected<CsvTable> CsvParser::parse() {
  if (rest.trim().empty())
    return makeInputError(file, "is empty; needs one line of numbers for each "
                                "sample");
  while (!rest.empty()) {
    ++line;
    auto [row, more] = rest.split('\n');
    row.consume_back("\r");
    if (llvm::Error error = parseRow(row))
      return std::move(error);
    rest = more;
  }
  if (label != CsvLabel::none && columns < 2)
    return makeInputError(file, "has one column, the label, and none for the "
                                "input; pass --csv-label=none if it is no "
                                "label");
  return cut();
}

llvm::Expected<CsvTable> spikeformer::parseCsv(llvm::StringRef text,
                                               llvm::StringRef file,
                                               CsvLabel label) {
  return CsvParser(text, file, label).parse();
}

llvm::Expected<CsvTable> spikeformer::readCsvFile(llvm::StringRef path,
                                                  CsvLabel label) {
  auto buffer = readInputFile(path);
  if (!buffer)
    return buffer.takeError();
  return parseCsv((*buffer)->getBuffer(), path, label);
}

llvm::Expected<CsvLabel> spikeformer::parseCsvLabel(llvm::StringRef text) {
  auto label = llvm::StringSwitch<std::optional<CsvLabel>>(text)
                   .Case("first", CsvLabel::first)
                   .Case("last", CsvLabel::last)
                   .Case("none", CsvLabel::none)
                   .Default(std::nullopt);
  if (label)
    return *label;
  return llvm::createStringError(
      "--csv-label needs first, last or none, has '" + text + "'");
}
