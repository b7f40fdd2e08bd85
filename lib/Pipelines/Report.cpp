//===- Report.cpp - how the tools print a report --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As text, a table where the report has an array of objects; JSON keeps every
// digit.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/Report.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace spikeformer;

static std::string toText(const JsonValue &value) {
  if (auto text = value.getString())
    return text->str();
  else
    llvm::consumeError(text.takeError());
  return value.str();
}

/// The members of an object; none for anything else.
static llvm::ArrayRef<JsonValue::Member> getMembers(const JsonValue &value) {
  if (!value.isObject())
    return {};
  return *value.getObject();
}

/// A cell of a table; numbers are for reading there, null is empty.
static std::string toCell(const JsonValue &value) {
  if (value.isNull())
    return "";
  if (value.isNumber() && !value.isInteger()) {
    std::string text;
    llvm::raw_string_ostream(text) << llvm::format("%.4g", *value.getDouble());
    return text;
  }
  return StringRef(toText(value)).rtrim().str();
}

/// The names of the members and a line of cells for each row.
static llvm::SmallVector<llvm::SmallVector<std::string>>
makeCells(llvm::ArrayRef<JsonValue> rows) {
  llvm::SetVector<StringRef> names;
  for (const JsonValue &row : rows)
    for (const JsonValue::Member &member : getMembers(row))
      names.insert(member.first);
  llvm::SmallVector<llvm::SmallVector<std::string>> lines(1);
  for (StringRef name : names)
    lines.front().push_back(name.str());
  for (const JsonValue &row : rows) {
    lines.emplace_back();
    for (StringRef name : names) {
      const JsonValue *member = row.find(name);
      lines.back().push_back(member ? toCell(*member) : "");
    }
  }
  return lines;
}

/// Aligned columns, indented.
static void printTable(llvm::ArrayRef<JsonValue> rows, llvm::raw_ostream &os) {
  auto lines = makeCells(rows);
  llvm::SmallVector<size_t> widths(lines.front().size());
  for (const auto &line : lines)
    for (auto [cell, width] : llvm::zip_equal(line, widths))
      width = std::max(width, cell.size());
  for (const auto &line : lines) {
    std::string text;
    for (auto [cell, width] : llvm::zip_equal(line, widths))
      text += "  " + cell + std::string(width - cell.size(), ' ');
    os << StringRef(text).rtrim() << '\n';
  }
}

static void printText(const JsonValue &value, StringRef prefix,
                      llvm::raw_ostream &os) {
  for (const auto &[name, member] : getMembers(value)) {
    std::string path = prefix.empty() ? name : (prefix + "." + name).str();
    bool isTable = member.isArray() && !member.getArray()->empty() &&
                   member.getArray()->front().isObject();
    if (member.isObject())
      printText(member, path, os);
    else if (isTable)
      printTable(*member.getArray(), os << path << ":\n");
    else if (!member.isNull())
      os << path << ": " << StringRef(toText(member)).rtrim() << '\n';
  }
}

void spikeformer::printReport(const JsonValue &report, ReportFormat format,
                              llvm::raw_ostream &os) {
  if (format == ReportFormat::text)
    return printText(report, "", os);
  report.print(os);
}
