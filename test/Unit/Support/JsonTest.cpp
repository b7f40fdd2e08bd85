//===- JsonTest.cpp - JSON values, parsed and printed ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Json.h"
#include "TestFiles.h"
#include <cmath>
#include <limits>

using namespace spikeformer;

namespace {
struct JsonTest : FileTest {
  JsonValue parse(llvm::StringRef text) {
    auto result = parseJson(text, "f.json");
    if (result)
      return *result;
    ADD_FAILURE() << llvm::toString(result.takeError());
    return {};
  }
  std::string error(llvm::StringRef text) {
    return message(parseJson(text, "f.json"));
  }
};
} // namespace

TEST_F(JsonTest, KeepsOrderAndTypes) {
  JsonValue value = parse(R"({"z": 1, "a": [true, null, -2.5, "x\n\u00e9"]})");
  EXPECT_EQ(value.str(), "{\n  \"z\": 1,\n"
                         "  \"a\": [true, null, -2.5, \"x\\n\xc3\xa9\"]\n}\n");
  EXPECT_EQ(*value.at("z")->getInteger(), 1);
  EXPECT_EQ(*value.at("z")->getDouble(), 1.0);
  EXPECT_EQ(value.find("b"), nullptr);
  auto array = value.at("a")->getArray();
  ASSERT_TRUE(bool(array));
  EXPECT_TRUE(*(*array)[0].getBool());
  EXPECT_TRUE((*array)[1].isNull());
  EXPECT_EQ(*(*array)[3].getString(), "x\n\xc3\xa9");
}

TEST_F(JsonTest, GettersSayWhereAndWhat) {
  JsonValue value =
      parse("{\n  \"a\" :  -1,\n  \"b\": [1,2 , \"x\"],\"c\": {}}");
  EXPECT_EQ(message(value.at("a")->getString()),
            "f.json:2:10: error: needs a string, has an integer");
  EXPECT_EQ(message(value.at("a")->getUnsigned()),
            "f.json:2:10: error: needs an integer that is not negative, has "
            "-1");
  llvm::ArrayRef<JsonValue> array = *value.at("b")->getArray();
  EXPECT_EQ(message(array[1].getBool()),
            "f.json:3:11: error: needs a boolean, has an integer");
  EXPECT_EQ(message(array[2].getDouble()),
            "f.json:3:15: error: needs a number, has a string");
  EXPECT_EQ(message(value.at("c")->getArray()),
            "f.json:3:25: error: needs an array, has an object");
  EXPECT_EQ(message(value.at("c")->at("d")),
            "f.json:3:25: error: needs a member 'd'");
  EXPECT_EQ(message(value.checkKeys({"a", "b"})),
            "f.json:3:25: error: unknown member 'c'; known are 'a', 'b'");
  EXPECT_EQ(message(value.checkKeys({"a", "b", "c"})), "");
  EXPECT_EQ(message(JsonValue(1).getString()),
            "needs a string, has an integer");
}

TEST_F(JsonTest, PlacesAreRightBehindAMark) {
  JsonValue value = parse("\xEF\xBB\xBF[1]");
  EXPECT_EQ(message(value.getBool()),
            "f.json:1:4: error: needs a boolean, has an array");
}

TEST_F(JsonTest, IntegersAreExact) {
  JsonValue value = parse("[9223372036854775807, 18446744073709551615, "
                          "-9223372036854775808, 18446744073709551616]");
  llvm::ArrayRef<JsonValue> array = *value.getArray();
  EXPECT_EQ(*array[0].getInteger(), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(*array[1].getUnsigned(), std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(*array[2].getInteger(), std::numeric_limits<int64_t>::min());
  EXPECT_FALSE(array[3].isInteger());
  EXPECT_EQ(message(array[1].getInteger()),
            "f.json:1:23: error: needs an integer of 64 bits with sign, has "
            "18446744073709551615");
  EXPECT_EQ(JsonValue(uint64_t(1) << 63).str(), "9223372036854775808\n");
}

TEST_F(JsonTest, SyntaxErrorsAreLocated) {
  EXPECT_EQ(error("{\n \"a\": tru }"),
            "f.json:2:10: error: syntax error while parsing value - invalid "
            "literal; last read: '\"a\": tru '");
  EXPECT_THAT(error(""), testing::StartsWith("f.json:1:1: error: "));
  EXPECT_THAT(error("[1,"), testing::StartsWith("f.json:1:4: error: "));
  EXPECT_THAT(error("[1] x"), testing::StartsWith("f.json:1:5: error: "));
  EXPECT_THAT(error("\"\xff\""), testing::HasSubstr("ill-formed UTF-8"));
  EXPECT_THAT(error("[1e999]"), testing::HasSubstr("1e999"));
  EXPECT_EQ(error("{\"a\": 1,\n \"a\": 2}"),
            "f.json:2:2: error: member 'a' is given twice");
}

TEST_F(JsonTest, DepthIsLimited) {
  auto nest = [](unsigned depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(error(nest(64)), "");
  EXPECT_EQ(error(nest(65)),
            "f.json:1:65: error: more than 64 levels of arrays and objects");
  EXPECT_EQ(error(std::string(1000000, '[')),
            "f.json:1:65: error: more than 64 levels of arrays and objects");
}

TEST_F(JsonTest, EveryTruncationIsAnError) {
  std::string text = R"({"a": [1, 2.5e3, "t\u00e9"], "b": {"c": null}})";
  EXPECT_EQ(error(text), "");
  for (size_t size = 0; size < text.size(); ++size)
    EXPECT_THAT(error(text.substr(0, size)), testing::StartsWith("f.json:1:"))
        << size;
}

TEST_F(JsonTest, DoublesReadBackTheSame) {
  for (double number : {0.1, 1.0, -0.0, 1e300, 5e-324, 1.0 / 3, 123456789.0}) {
    std::string text = JsonValue(number).str();
    JsonValue again = parse(text);
    EXPECT_FALSE(again.isInteger()) << text;
    EXPECT_EQ(*again.getDouble(), number) << text;
    EXPECT_EQ(again.str(), text);
  }
  EXPECT_EQ(JsonValue(0.1).str(), "0.1\n");
  EXPECT_EQ(JsonValue(1.0).str(), "1.0\n");
  EXPECT_EQ(JsonValue(std::nan("")).str(), "null\n");
}

TEST_F(JsonTest, ReportsAreBuiltInOrder) {
  JsonValue report = JsonValue::object();
  report.set("engine", "jit").set("samples", 3).set("seconds", 0.25);
  JsonValue &errors = report.set("errors", JsonValue::array()).set("ok", true),
            &same = report;
  EXPECT_EQ(&errors, &same);
  JsonValue rates = JsonValue::array();
  rates.push(JsonValue::object().set("name", "h\"1")).set("rate", 0.5);
  report.set("rates", rates).set("samples", 4);
  EXPECT_EQ(report.str(), R"({
  "engine": "jit",
  "samples": 4,
  "seconds": 0.25,
  "errors": [],
  "ok": true,
  "rates": [
    {
      "name": "h\"1",
      "rate": 0.5
    }
  ]
}
)");
  EXPECT_EQ(JsonValue(llvm::ArrayRef<int64_t>{1, 2}).str(), "[1, 2]\n");
  EXPECT_EQ(JsonValue("\xff\x01").str(), "\"\xef\xbf\xbd\\u0001\"\n");
}

TEST_F(JsonTest, FilesAreNamed) {
  EXPECT_EQ(message(parseJsonFile(path("none"))), "none: error: no such file");
  EXPECT_THAT(message(parseJsonFile(put("bad", "{"))),
              testing::StartsWith("bad:1:2: error: "));
}
