//===- TypeTable.h - tables of node and edge types --------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// SONATA calls them CSV: a line of names, then a line for each type, cells
// divided by blanks. A cell may be quoted, and NULL is no value.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_SONATA_TYPETABLE_H
#define LIB_IMPORT_SONATA_TYPETABLE_H

#include "Problems.h"
#include <map>

namespace spikeformer::sonata {

/// A type: its cells that have a value, by column.
struct TypeRow {
  struct Cell {
    std::string text;
    /// "LINE:COLUMN".
    std::string place;
  };
  std::map<std::string, Cell> cells;
  std::string place;

  const Cell *find(StringRef column) const;
};

struct TypeTable {
  std::string file;
  std::map<uint64_t, TypeRow> rows;

  /// The number in `column`; nothing without one, or after an error.
  std::optional<double> getNumber(const TypeRow &row, StringRef column,
                                  Problems &problems) const;
};

/// Reads the table at `path`, whose first column or another is `idColumn`. What
/// is wrong goes to `problems`.
TypeTable readTypeTable(StringRef path, StringRef idColumn, Problems &problems);

} // namespace spikeformer::sonata

#endif // LIB_IMPORT_SONATA_TYPETABLE_H
