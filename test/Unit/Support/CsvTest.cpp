//===- CsvTest.cpp - tables of numbers as text ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Csv.h"
#include "TestFiles.h"

using namespace spikeformer;
using testing::ElementsAre;

namespace {
struct CsvTest : FileTest {
  CsvTable parse(llvm::StringRef text, CsvLabel label = CsvLabel::none) {
    auto table = parseCsv(text, "f.csv", label);
    if (table)
      return *table;
    ADD_FAILURE() << llvm::toString(table.takeError());
    return {};
  }
  std::string error(llvm::StringRef text, CsvLabel label = CsvLabel::none) {
    return message(parseCsv(text, "f.csv", label));
  }
};
} // namespace

TEST_F(CsvTest, IntegersStayIntegers) {
  Tensor values = parse("1,2,3\r\n 4 ,+5,-6\r\n\n").values;
  EXPECT_EQ(values.getElementType(), ElementType::i64);
  EXPECT_THAT(shape(values), ElementsAre(2, 3));
  EXPECT_THAT(elements(values), ElementsAre(1, 2, 3, 4, 5, -6));
}

TEST_F(CsvTest, OnePointMakesFloats) {
  Tensor values = parse("\xEF\xBB\xBF"
                        "1,0.1\n2,1e-3")
                      .values;
  EXPECT_EQ(values.getElementType(), ElementType::f64);
  EXPECT_THAT(elements(values), ElementsAre(1, 0.1, 2, 1e-3));
}

TEST_F(CsvTest, LabelColumns) {
  CsvTable first = parse("7,0.5,1\n8,2,3\n", CsvLabel::first);
  EXPECT_THAT(elements(first.values), ElementsAre(0.5, 1, 2, 3));
  EXPECT_THAT(elements(first.labels), ElementsAre(7, 8));
  EXPECT_EQ(first.labels.getElementType(), ElementType::i64);
  CsvTable last = parse("1,2,0.5\n3,4,1.5\n", CsvLabel::last);
  EXPECT_EQ(last.values.getElementType(), ElementType::i64);
  EXPECT_THAT(elements(last.values), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(shape(last.labels), ElementsAre(2));
  EXPECT_THAT(elements(last.labels), ElementsAre(0.5, 1.5));
  EXPECT_FALSE(bool(parse("1,2").labels));
}

TEST_F(CsvTest, ErrorsNameLineAndColumn) {
  EXPECT_EQ(error("1,2\n3, x4,5"),
            "f.csv:2:1: error: row has 3 cells, the first has 2");
  EXPECT_EQ(error("1,2\n3, x4\n"),
            "f.csv:2:4: error: needs a number, has 'x4'");
  EXPECT_EQ(error("1,\n"), "f.csv:1:3: error: needs a number, has ''");
  EXPECT_EQ(error("1,2\n\n3,4"),
            "f.csv:2:1: error: row has 1 cell, the first has 2");
  EXPECT_EQ(error("a,b\n1,2"), "f.csv:1:1: error: needs a number, has 'a'");
  EXPECT_EQ(error("nan"), "f.csv:1:1: error: needs a number, has 'nan'");
  EXPECT_EQ(error("0x10"), "f.csv:1:1: error: needs a number, has '0x10'");
  EXPECT_EQ(error("1e999"), "f.csv:1:1: error: number '1e999' is beyond the "
                            "range of float64");
  EXPECT_EQ(error("9007199254740993"),
            "f.csv:1:1: error: integer '9007199254740993' is not below 2^53, "
            "so it may lose digits");
}

TEST_F(CsvTest, EmptyTables) {
  EXPECT_EQ(error(""), "f.csv: error: is empty; needs one line of numbers for "
                       "each sample");
  EXPECT_EQ(error("\n\n").find("f.csv: error: is empty"), 0u);
  EXPECT_EQ(error("1\n2", CsvLabel::last),
            "f.csv: error: has one column, the label, and none for the input; "
            "pass --csv-label=none if it is no label");
}

TEST_F(CsvTest, TheFlag) {
  EXPECT_EQ(*parseCsvLabel("last"), CsvLabel::last);
  EXPECT_EQ(message(parseCsvLabel("1")),
            "--csv-label needs first, last or none, has '1'");
}
