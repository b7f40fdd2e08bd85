//===- TypeTable.cpp - tables of node and edge types ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TypeTable.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::sonata;

const TypeRow::Cell *TypeRow::find(StringRef column) const {
  auto found = cells.find(column.str());
  return found == cells.end() ? nullptr : &found->second;
}

std::optional<double> TypeTable::getNumber(const TypeRow &row, StringRef column,
                                           Problems &problems) const {
  const TypeRow::Cell *cell = row.find(column);
  if (!cell)
    return std::nullopt;
  double number;
  if (!StringRef(cell->text).getAsDouble(number) && std::isfinite(number))
    return number;
  problems.add(file, cell->place,
               column + " needs a number, has '" + cell->text + "'");
  return std::nullopt;
}

/// Cuts a line into cells. Fails at a quote that is not closed; then the last
/// cell begins with it.
static bool splitLine(StringRef line, unsigned number,
                      std::vector<TypeRow::Cell> &cells) {
  size_t at = 0;
  while (true) {
    at = line.find_first_not_of(" \t\r", at);
    if (at == StringRef::npos)
      return true;
    std::string place = std::to_string(number) + ":" + std::to_string(at + 1);
    char quote = line[at];
    bool isQuoted = quote == '"' || quote == '\'';
    size_t end =
        isQuoted ? line.find(quote, at + 1) : line.find_first_of(" \t\r", at);
    if (isQuoted && end == StringRef::npos) {
      cells.push_back({line.drop_front(at).str(), place});
      return false;
    }
    cells.push_back({line.slice(at + isQuoted, end).str(), place});
    at = std::min(end, line.size()) + isQuoted;
  }
}

namespace {
/// Reads a table line by line.
class TableReader {
public:
  TableReader(TypeTable &table, StringRef idColumn, Problems &problems)
      : table(table), idColumn(idColumn), problems(problems) {}

  void read(StringRef text);

private:
  bool readHeader(std::vector<TypeRow::Cell> cells);
  void readRow(std::vector<TypeRow::Cell> cells);

  TypeTable &table;
  StringRef idColumn;
  Problems &problems;
  std::vector<TypeRow::Cell> header;
};
} // namespace

bool TableReader::readHeader(std::vector<TypeRow::Cell> cells) {
  header = std::move(cells);
  for (auto [index, cell] : llvm::enumerate(header))
    for (const TypeRow::Cell &before : ArrayRef(header).take_front(index))
      if (before.text == cell.text)
        problems.add(table.file, cell.place,
                     "column '" + cell.text + "' is there twice");
  if (llvm::any_of(header, [&](const TypeRow::Cell &cell) {
        return cell.text == idColumn;
      }))
    return true;
  problems.add(table.file, header.front().place,
               "there is no column '" + idColumn +
                   "'; needs names of columns, divided by blanks");
  return false;
}

void TableReader::readRow(std::vector<TypeRow::Cell> cells) {
  if (cells.size() != header.size()) {
    problems.add(table.file, cells.front().place,
                 "the row has another length than the header: needs " +
                     llvm::Twine(header.size()) + " cells, has " +
                     llvm::Twine(cells.size()));
    return;
  }
  TypeRow row;
  row.place = cells.front().place;
  for (auto [name, cell] : llvm::zip_equal(header, cells))
    if (cell.text != "NULL")
      row.cells.insert({name.text, std::move(cell)});
  const TypeRow::Cell *id = row.find(idColumn);
  uint64_t number;
  if (!id || !llvm::to_integer(id->text, number, 10)) {
    problems.add(table.file, id ? id->place : row.place,
                 idColumn + " needs an integer, has '" +
                     (id ? id->text : "NULL") + "'");
    return;
  }
  std::string place = id->place;
  if (!table.rows.insert({number, std::move(row)}).second)
    problems.add(table.file, place,
                 "type " + llvm::Twine(number) + " is there twice");
}

void TableReader::read(StringRef text) {
  unsigned number = 0;
  while (!text.empty()) {
    StringRef line;
    std::tie(line, text) = text.split('\n');
    ++number;
    std::vector<TypeRow::Cell> cells;
    if (!splitLine(line, number, cells)) {
      problems.add(table.file, cells.back().place,
                   "a quote is opened and not closed in this line");
      return;
    }
    if (cells.empty())
      continue;
    if (!header.empty())
      readRow(std::move(cells));
    else if (!readHeader(std::move(cells)))
      return;
  }
  if (header.empty())
    problems.add(table.file, "1:1",
                 "the table is empty; needs a line of names of columns");
}

TypeTable sonata::readTypeTable(StringRef path, StringRef idColumn,
                                Problems &problems) {
  TypeTable table;
  table.file = path.str();
  auto buffer = readInputFile(path);
  if (!buffer) {
    problems.add(buffer.takeError());
    return table;
  }
  TableReader(table, idColumn, problems).read((*buffer)->getBuffer());
  return table;
}
