//===- ConnectivityTest.cpp - synapses of sparse connectivity -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All engines take synapses from the same code, so a comparison of engines says
// nothing about it. The expected rows were computed apart, by the formulas of
// docs/Semantics.md; that code gives the known answers of Philox.
//
//===----------------------------------------------------------------------===//

#include "ReferenceTest.h"
#include "mlir/AsmParser/AsmParser.h"

using namespace spikeformer;
using namespace spikeformer::snn;
using testing::ElementsAre;
using testing::HasSubstr;

using Rows = std::vector<std::vector<uint64_t>>;

namespace {
class ConnectivityTest : public ReferenceTest {
protected:
  /// The targets of each source.
  Rows expand(llvm::StringRef text, int64_t sources, int64_t targets) {
    auto connectivity = dyn_cast_or_null<ConnectivityAttrInterface>(
        mlir::parseAttribute(text, &context));
    if (!connectivity) {
      ADD_FAILURE() << text.str();
      return {};
    }
    auto table = connectivity.expand(nullptr, {sources}, {targets});
    Rows rows;
    for (size_t s = 0; s + 1 < table->rows.size(); ++s)
      rows.emplace_back(table->targets.begin() + table->rows[s],
                        table->targets.begin() + table->rows[s + 1]);
    for (size_t k = 0; k < table->weights.size(); ++k)
      EXPECT_EQ(k, table->weights[k]);
    return rows;
  }
};
} // namespace

static std::string fixedProbability(const std::string &first,
                                    const std::string &self) {
  return "#snn.fixed_probability<p = 0.5 : f64, first = " + first +
         ", self = " + self + ", generator = mix64, seed = 11, stream = 0>";
}

TEST_F(ConnectivityTest, FixedProbability) {
  EXPECT_EQ((Rows{{2, 3}, {3}, {0, 1}, {4}, {4}}),
            expand(fixedProbability("0", "true"), 5, 5));
  EXPECT_EQ((Rows{{0, 5}, {}, {0, 3}, {2, 4}}),
            expand("#snn.fixed_probability<p = 0.25 : f64, first = 0, self = "
                   "true, generator = philox, seed = 7, stream = 3>",
                   4, 6));
}

TEST_F(ConnectivityTest, FixedProbabilityOfAPart) {
  // Sources 2 to 6 of a population: the rows are those of the whole.
  EXPECT_EQ((Rows{{0, 1}, {4}, {4}, {0, 1}, {0, 2, 3}}),
            expand(fixedProbability("2", "true"), 5, 5));
}

TEST_F(ConnectivityTest, FixedProbabilityWithoutSelf) {
  EXPECT_EQ((Rows{{2, 3}, {3}, {0, 1}, {4}, {}}),
            expand(fixedProbability("0", "false"), 5, 5));
  EXPECT_EQ((Rows{{0, 1}, {4}, {}, {0, 1}, {0, 2, 3}}),
            expand(fixedProbability("2", "false"), 5, 5));
}

TEST_F(ConnectivityTest, FixedTotalIsOrderedByDraw) {
  EXPECT_EQ((Rows{{4, 4}, {3, 1}, {0, 0, 1}, {0, 0, 4, 3, 0}}),
            expand("#snn.fixed_total<count = 12, seed = 7, stream = 3>", 4, 5));
}

//===----------------------------------------------------------------------===//
// CSR
//===----------------------------------------------------------------------===//

/// A network of 2 sources and 3 targets.
static std::string makeCSR(const std::string &rows, const std::string &columns,
                           int count) {
  return "snn.parameter @r : tensor<3xi64> = dense<" + rows +
         "> snn.parameter @c : tensor<" + std::to_string(count) +
         "xi32> = dense<" + columns + R"(>
  snn.network @n(%x: !snn.signal<2, binary>) -> !snn.signal<3, analogue<f32>> attributes {dt = "steps"} {
    %i = snn.project %x through #snn.csr<rows = @r, columns = @c> delay 0 : !snn.signal<2, binary> -> !snn.current<3>
    %s = snn.population "p" (in: %i accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<3, analogue<f32>>
    snn.output %s : !snn.signal<3, analogue<f32>>
  })";
}

TEST_F(ConnectivityTest, CSR) {
  load(makeCSR("[0, 1, 4]", "[2, 0, 0, 1]", 4));
  RunResult result =
      run(request(2, {makeTensor<int8_t>({1, 2, 2}, {1, 0, 0, 1})}));
  EXPECT_THAT(valuesOf<float>(result.outputs[0]),
              ElementsAre(0.0f, 0.0f, 1.0f, 2.0f, 1.0f, 0.0f));
}

TEST_F(ConnectivityTest, RefusesCSRThatIsNotOne) {
  EXPECT_THAT(loadError(makeCSR("[0, 1, 4]", "[2, 0, 1, 0]", 4)),
              HasSubstr("csr columns of row 1 need to ascend"));
  EXPECT_THAT(loadError(makeCSR("[0, 1, 4]", "[2, 0, 1, 3]", 4)),
              HasSubstr("csr column 3 needs a target from 0 to 2, got 3"));
  EXPECT_THAT(loadError(makeCSR("[0, 1, 3]", "[2, 0, 1, 2]", 4)),
              HasSubstr("to end at the number of columns, 4"));
  EXPECT_THAT(loadError(makeCSR("[0, 5, 4]", "[2, 0, 1, 2]", 4)),
              HasSubstr("csr row 1 ends before it begins"));
}
