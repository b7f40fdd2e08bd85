//===- SamplesTest.cpp - from DATA arguments to samples and labels --------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//===----------------------------------------------------------------------===//

#include "TestFiles.h"
#include "spikeformer/Support/Digest.h"
#include "spikeformer/Support/FitSamples.h"
#include "spikeformer/Support/Labels.h"
#include "spikeformer/Support/Npy.h"
#include "spikeformer/Support/Npz.h"

using namespace spikeformer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {
using Shape = llvm::SmallVector<int64_t, 4>;

struct DataSourceTest : FileTest {
  std::string put(llvm::StringRef name, const Tensor &tensor) {
    EXPECT_EQ(message(writeNpyFile(path(name), tensor)), "");
    return path(name);
  }
  using FileTest::put;
};

struct FitTest : FileTest {
  /// The reading of float `stored` for the input `x`; its notes replace
  /// `notes`.
  llvm::Expected<FittedSamples> fit(Shape stored) {
    notes.clear();
    return fitSamples({"f.npy", "", makeIota<float>(stored), {}}, input,
                      options, notes);
  }
  std::vector<int64_t> fitted(Shape stored) {
    auto result = fit(stored);
    if (result)
      return shape(result->values);
    ADD_FAILURE() << llvm::toString(result.takeError());
    return {};
  }
  std::string error(Shape stored) { return message(fit(stored)); }

  InputDescription input{"x", {10}, ElementType::f32, false, {}};
  FitOptions options;
  std::vector<std::string> notes;
};

struct LabelsTest : DataSourceTest {};
} // namespace

//===----------------------------------------------------------------------===//
// DATA arguments
//===----------------------------------------------------------------------===//

TEST_F(DataSourceTest, ArgumentsAreCut) {
  auto check = [&](llvm::StringRef text, llvm::StringRef input,
                   llvm::StringRef file, llvm::StringRef key) {
    auto argument = parseDataArgument(text);
    ASSERT_TRUE(bool(argument)) << llvm::toString(argument.takeError());
    EXPECT_EQ(argument->input, input) << text.str();
    EXPECT_EQ(argument->file, file) << text.str();
    EXPECT_EQ(argument->key, key) << text.str();
  };
  check("a/b.npy", "", "a/b.npy", "");
  check("b.npz:x", "", "b.npz", "x");
  check("image=b.npz:x:0", "image", "b.npz", "x:0");
  check("serving/x:0=b.csv", "serving/x:0", "b.csv", "");
  check("./a=b.npy", "", "./a=b.npy", "");
  check("/d/a=b.npy", "", "/d/a=b.npy", "");
  EXPECT_EQ(message(parseDataArgument("=b")),
            "'=b' names no input before the '='");
  EXPECT_EQ(message(parseDataArgument("b.npz:")),
            "'b.npz:' names no array after the ':'");
  EXPECT_EQ(message(parseDataArgument("x=")), "'x=' names no file");
}

TEST_F(DataSourceTest, FormatsAreRecognised) {
  Tensor tensor = makeIota<uint8_t>({2});
  std::string idx = bytes("\0\0\x08\1\0\0\0\2\0\1");
  std::string npy = put("a.npy", tensor);
  ASSERT_EQ(message(writeNpzFile(path("a.npz"), {{"x", tensor}})), "");
  for (std::string file :
       {npy, path("a.npz"), path("a.npz:x"), put("a-idx1-ubyte", idx),
        put("plain", idx), put("array", get("a.npy")), put("zip", get("a.npz")),
        put("a.csv", "0\n1\n")}) {
    auto array = readDataArray(*parseDataArgument(file), CsvLabel::none);
    ASSERT_TRUE(bool(array)) << llvm::toString(array.takeError());
    EXPECT_THAT(elements(array->values), ElementsAre(0, 1)) << file;
  }
  auto error = [&](std::string file, CsvLabel label) {
    return message(readDataArray({"", file, ""}, label));
  };
  EXPECT_EQ(error(put("a.txt", "0,1"), CsvLabel::none),
            "a.txt: error: is in no known format; data are .npy, .npz, IDX "
            "(also .gz), .csv, .bs2 or HDF5");
  EXPECT_EQ(error(npy, CsvLabel::first),
            "a.npy: error: is no table; --csv-label is for .csv files, give "
            "the labels in a file of their own");
  EXPECT_EQ(error(path("none"), CsvLabel::none), "none: error: no such file");
  EXPECT_THAT(error(path(""), CsvLabel::none), HasSubstr("is a directory"));
}

//===----------------------------------------------------------------------===//
// Fitting
//===----------------------------------------------------------------------===//

TEST_F(FitTest, StaticNeurons) {
  EXPECT_THAT(fitted({7, 10}), ElementsAre(7, 10));
  EXPECT_THAT(notes, IsEmpty());
  EXPECT_EQ(error({7, 11}),
            "f.npy: error: array does not fit input 'x': needs [S, 10], has "
            "[7, 11]; where its axes are others, name them by --axes");
  EXPECT_THAT(error({}), HasSubstr("has []"));
  EXPECT_EQ(error({0, 10}),
            "f.npy: error: holds no samples: its shape is [0, 10]");
}

TEST_F(FitTest, ImagesGetTheirChannelAxis) {
  input.shape = {1, 28, 27};
  EXPECT_THAT(fitted({7, 1, 28, 27}), ElementsAre(7, 1, 28, 27));
  EXPECT_THAT(notes, IsEmpty());
  EXPECT_THAT(fitted({7, 28, 27}), ElementsAre(7, 1, 28, 27));
  EXPECT_THAT(notes, ElementsAre("array [7, 28, 27], input 'x' [1, 28, 27]: no "
                                 "channel axis, one of extent 1 is added"));
  EXPECT_THAT(fitted({7, 28, 27, 1}), ElementsAre(7, 1, 28, 27));
  EXPECT_THAT(fitted({7, 28 * 27}), ElementsAre(7, 1, 28, 27));
  EXPECT_THAT(notes, ElementsAre("array [7, 756], input 'x' [1, 28, 27]: "
                                 "flattened images, read as S(CHW)"));
  EXPECT_THAT(error({7, 27, 28}), HasSubstr("needs [S, 1, 28, 27], has"));
}

TEST_F(FitTest, TheChannelMayLieBehind) {
  input.shape = {28, 27, 1};
  EXPECT_THAT(fitted({7, 28, 27}), ElementsAre(7, 28, 27, 1));
  EXPECT_THAT(notes, ElementsAre("array [7, 28, 27], input 'x' [28, 27, 1]: no "
                                 "channel axis, one of extent 1 is added "
                                 "behind"));
  EXPECT_THAT(fitted({7, 28, 27, 1}), ElementsAre(7, 28, 27, 1));
  EXPECT_THAT(notes, IsEmpty());
  EXPECT_THAT(fitted({7, 1, 28, 27}), ElementsAre(7, 28, 27, 1));
  EXPECT_THAT(elements(fit({1, 28, 27})->values).size(), 28 * 27);
  options.axes = "SHWC";
  EXPECT_THAT(fitted({7, 28, 27, 1}), ElementsAre(7, 28, 27, 1));
  options.axes = "SWH";
  EXPECT_THAT(fitted({7, 27, 28}), ElementsAre(7, 28, 27, 1));
  options.axes = "";
  EXPECT_THAT(error({7, 27, 28}), HasSubstr("needs [S, 28, 27, 1], has"));
  // Where both ends have extent 1, the rows and columns say which one it is.
  input.shape = {1, 5, 1};
  EXPECT_THAT(fitted({7, 5, 1}), ElementsAre(7, 1, 5, 1));
  EXPECT_THAT(fitted({7, 1, 5}), ElementsAre(7, 1, 5, 1));
}

TEST_F(FitTest, ChannelsLastAreMoved) {
  input.shape = {2, 1, 3};
  auto samples = fit({1, 1, 3, 2});
  ASSERT_TRUE(bool(samples));
  EXPECT_THAT(elements(samples->values), ElementsAre(0, 2, 4, 1, 3, 5));
  EXPECT_THAT(notes, ElementsAre(HasSubstr("moved to the front")));
}

TEST_F(FitTest, ALayoutThatIsNotClearIsAnError) {
  input.shape = {3, 3, 3};
  EXPECT_EQ(error({7, 3, 3, 3}),
            "f.npy: error: array [7, 3, 3, 3], input 'x' [3, 3, 3]: can be "
            "read as SCHW (S=7, C=3, H=3, W=3) or SHWC (S=7, H=3, W=3, C=3); "
            "pass --axes=SCHW or --axes=SHWC");
  options.layout = ImageLayout::HWC;
  auto samples = fit({1, 3, 3, 3});
  ASSERT_TRUE(bool(samples));
  EXPECT_EQ(samples->values.getAsDouble(1), 3);
  options.layout = ImageLayout::CHW;
  EXPECT_EQ(fit({1, 3, 3, 3})->values.getAsDouble(1), 1);
  input.shape = {3, 4, 5};
  EXPECT_THAT(error({7, 4, 5, 3}), HasSubstr("'x' by --input-layout=CHW: "));
}

TEST_F(FitTest, FlattenedImagesNeedALayout) {
  input.shape = {2, 1, 3};
  EXPECT_EQ(error({7, 6}),
            "f.npy: error: array [7, 6], input 'x' [2, 1, 3]: can be read as "
            "S(CHW) (S=7, C=2, H=1, W=3) or S(HWC) (S=7, H=1, W=3, C=2); pass "
            "--input-layout=CHW or --input-layout=HWC");
  options.layout = ImageLayout::HWC;
  auto samples = fit({1, 6});
  ASSERT_TRUE(bool(samples));
  EXPECT_THAT(shape(samples->values), ElementsAre(1, 2, 1, 3));
  EXPECT_THAT(elements(samples->values), ElementsAre(0, 2, 4, 1, 3, 5));
}

TEST_F(FitTest, ImagesAreFlattenedForNeurons) {
  input.shape = {6};
  EXPECT_THAT(fitted({7, 2, 3}), ElementsAre(7, 6));
  EXPECT_THAT(notes, ElementsAre("array [7, 2, 3], input 'x' [6]: images, "
                                 "flattened row by row"));
  EXPECT_THAT(fitted({7, 1, 2, 3}), ElementsAre(7, 6));
  EXPECT_THAT(elements(fit({1, 1, 2, 3})->values),
              ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(fitted({7, 2, 3, 1}), ElementsAre(7, 6));
  input.shape = {12};
  EXPECT_THAT(error({7, 2, 2, 3}), HasSubstr("--axes=SCHW or --axes=SHWC"));
}

TEST_F(FitTest, StepsMayComeFirstOrSecond) {
  input.hasSteps = true;
  EXPECT_EQ(error({7, 5, 10}),
            "f.npy: error: array [7, 5, 10], input 'x' [10]: can be read as "
            "STN (S=7, T=5, N=10) or TSN (T=7, S=5, N=10); pass --axes=STN or "
            "--axes=TSN");
  input.timesteps = 7;
  auto samples = fit({7, 5, 10});
  ASSERT_TRUE(bool(samples));
  EXPECT_THAT(shape(samples->values), ElementsAre(5, 7, 10));
  EXPECT_TRUE(samples->hasSteps);
  EXPECT_EQ(samples->values.getAsDouble(10), 50); // Sample 0, step 1.
  EXPECT_THAT(fitted({7, 10}), ElementsAre(1, 7, 10));
  EXPECT_THAT(notes, ElementsAre("array [7, 10], input 'x' [10]: no sample "
                                 "axis, read as one sample of 7 steps"));
  EXPECT_THAT(error({4, 5, 10}), HasSubstr("needs [S, 7, 10], has"));
}

TEST_F(FitTest, AnOpenInputIsAmbiguousUnlessTSaysMore) {
  input.hasSteps = std::nullopt;
  EXPECT_THAT(error({7, 10}), HasSubstr("SN (S=7, N=10) or TN (T=7, N=10)"));
  input.timesteps = 5;
  EXPECT_THAT(fitted({7, 10}), ElementsAre(7, 10));
  EXPECT_THAT(error({7, 11}), HasSubstr("needs [S, 10] or [S, 5, 10]"));
}

TEST_F(FitTest, AxesSayWhatIsWhat) {
  input.hasSteps = true;
  options.axes = "TSN";
  EXPECT_THAT(fitted({4, 5, 10}), ElementsAre(5, 4, 10));
  EXPECT_THAT(notes, IsEmpty());
  options.axes = "TN";
  EXPECT_THAT(fitted({4, 10}), ElementsAre(1, 4, 10));
  options.axes = "NTS";
  auto samples = fit({10, 2, 3});
  ASSERT_TRUE(bool(samples));
  EXPECT_THAT(shape(samples->values), ElementsAre(3, 2, 10));
  EXPECT_EQ(samples->values.getAsDouble(1), 6);
  input.shape = {2, 3, 4};
  options.axes = "STCHW";
  EXPECT_THAT(fitted({6, 5, 2, 3, 4}), ElementsAre(6, 5, 2, 3, 4));
  options.axes = "CHW";
  input.hasSteps = false;
  EXPECT_THAT(fitted({2, 3, 4}), ElementsAre(1, 2, 3, 4));
}

TEST_F(FitTest, BadAxes) {
  auto with = [&](std::string axes, Shape stored) {
    options.axes = axes;
    return error(stored);
  };
  EXPECT_EQ(with("SX", {7, 10}),
            "--axes=SX: unknown letter 'X'; known are S, T, N, C, H and W");
  EXPECT_EQ(with("SS", {7, 10}), "--axes=SS: letter 'S' is given twice");
  EXPECT_EQ(with("STN", {7, 10}),
            "f.npy: error: --axes=STN names 3 axes, the array has 2: [7, 10]");
  EXPECT_EQ(with("TN", {7, 10}),
            "f.npy: error: --axes=TN has steps, but input 'x' takes one value "
            "for all steps");
  EXPECT_THAT(with("NS", {7, 10}), HasSubstr("does not fit input 'x' by "
                                             "--axes=NS: needs [S, 10]"));
  input.hasSteps = true;
  EXPECT_EQ(with("SN", {7, 10}),
            "f.npy: error: --axes=SN has no T, but input 'x' takes a value for "
            "each step");
  options.layout = ImageLayout::HWC;
  EXPECT_EQ(with("SCHW", {1, 1, 1, 1}),
            "f.npy: error: --axes=SCHW and --input-layout put the channels at "
            "different ends; pass one of them");
  options.layout.reset();
  input.hasSteps = false;
  input.shape = {1, 2, 5};
  EXPECT_THAT(with("SCN", {7, 1, 10}), HasSubstr("does not fit"));
  EXPECT_THAT(with("S", {7}), HasSubstr("does not fit"));
}

TEST_F(FitTest, ChannelsOfSeries) {
  input.shape = {3, 8};
  EXPECT_THAT(fitted({7, 3, 8}), ElementsAre(7, 3, 8));
  EXPECT_THAT(fitted({7, 8, 3}), ElementsAre(7, 3, 8));
  input.shape = {1, 8};
  EXPECT_THAT(fitted({7, 8}), ElementsAre(7, 1, 8));
  input.shape = {1, 2, 3, 4};
  EXPECT_THAT(error({7, 1, 2, 3, 4}),
              HasSubstr("data are fitted to [N], [C, N] and [C, H, W]"));
}

TEST_F(FitTest, TheLimitKeepsTheFirstSamples) {
  options.limit = 2;
  auto samples = fit({7, 10});
  ASSERT_TRUE(bool(samples));
  EXPECT_THAT(shape(samples->values), ElementsAre(2, 10));
  EXPECT_EQ(samples->available, 7);
  options.axes = "NS";
  EXPECT_THAT(fitted({10, 7}), ElementsAre(2, 10));
  options.limit = 9;
  EXPECT_THAT(fitted({10, 7}), ElementsAre(7, 10));
}

TEST_F(FitTest, IntegersNeedAScale) {
  DataArray array{"f.npy", "", makeIota<uint8_t>({7, 10}), {}};
  EXPECT_EQ(message(fitSamples(array, input, options, notes)),
            "f.npy: error: holds uint8, input 'x' takes float32; say how to "
            "scale it, such as --input-scale=1/255, or --input-scale=none for "
            "the numbers as they are");
  options.preprocessed = true;
  EXPECT_EQ(message(fitSamples(array, input, options, notes)), "");
  options.preprocessed = false;
  input.type = ElementType::u8;
  EXPECT_EQ(message(fitSamples(array, input, options, notes)), "");
  input.type = ElementType::f32;
  array.values = makeIota<bool>({7, 10});
  EXPECT_EQ(message(fitSamples(array, input, options, notes)), "");
}

//===----------------------------------------------------------------------===//
// All inputs
//===----------------------------------------------------------------------===//

TEST_F(DataSourceTest, InputsAreAssignedByName) {
  InputDescription a{"a", {2}, ElementType::f32, false, {}};
  InputDescription b{"b", {3}, ElementType::f32, false, {}};
  Tensor forA = makeIota<float>({4, 2}), forB = makeIota<float>({4, 3});
  std::string fileA = put("a.npy", forA), fileB = put("b.npy", forB);
  std::vector<std::string> notes;
  auto load = [&](std::vector<std::string> texts) {
    return loadSamples(texts, {a, b}, {}, notes);
  };
  auto set = load({"b=" + fileB, "a=" + fileA});
  ASSERT_TRUE(bool(set)) << llvm::toString(set.takeError());
  EXPECT_THAT(shape(set->inputs[0].values), ElementsAre(4, 2));
  EXPECT_THAT(shape(set->inputs[1].values), ElementsAre(4, 3));
  EXPECT_EQ(set->sha256, sha256({forA, forB}));
  EXPECT_EQ(set->getNumSamples(), 4);

  EXPECT_EQ(message(load({fileA})),
            "a.npy: error: the network has the inputs 'a', 'b'; say which this "
            "is for, such as a=a.npy");
  EXPECT_EQ(message(load({"c=" + fileA})),
            "a.npy: error: the network has no input 'c'; it has 'a', 'b'");
  EXPECT_EQ(message(load({"a=" + fileA, "a=" + fileB})),
            "b.npy: error: input 'a' has data already, a.npy");
  EXPECT_EQ(message(load({"a=" + fileA})),
            "input 'b' has no data; pass --data=b=FILE");
  put("b.npy", makeIota<float>({5, 3}));
  EXPECT_EQ(message(load({"b=" + fileB, "a=" + fileA})),
            "b.npy: error: has 5 samples, a.npy has 4; all inputs need as "
            "many");
}

TEST_F(DataSourceTest, ATableBringsItsLabels) {
  InputDescription x{"x", {2}, ElementType::f64, false, {}};
  FitOptions options;
  options.csvLabel = CsvLabel::last;
  std::vector<std::string> notes;
  auto set =
      loadSamples({put("a.csv", "0.5,1,7\n2,3,8\n")}, {x}, options, notes);
  ASSERT_TRUE(bool(set)) << llvm::toString(set.takeError());
  EXPECT_THAT(elements(set->inputs[0].values), ElementsAre(0.5, 1, 2, 3));
  EXPECT_THAT(elements(set->labels), ElementsAre(7, 8));
}

TEST_F(DataSourceTest, Mnist) {
  std::string data = SPIKEFORMER_SHARED_DATA "/mnist/";
  if (!llvm::sys::fs::is_directory(data))
    GTEST_SKIP() << "needs the MNIST files, which lie beside the checkout";
  InputDescription x{"x", {1, 28, 28}, ElementType::f32, false, {}};
  FitOptions options;
  options.preprocessed = true;
  options.limit = 100;
  std::vector<std::string> notes;
  auto set =
      loadSamples({data + "t10k-images-idx3-ubyte.gz"}, {x}, options, notes);
  ASSERT_TRUE(bool(set)) << llvm::toString(set.takeError());
  EXPECT_THAT(shape(set->inputs[0].values), ElementsAre(100, 1, 28, 28));
  EXPECT_EQ(notes.size(), 1u);
  // zcat t10k-images-idx3-ubyte.gz | tail -c +17 | head -c 78400 | sha256sum
  EXPECT_EQ(set->sha256,
            "8a004a2f81a80f4866259cbb77cf37af89315036b298b250b4d45c24aaa92048");
  auto labels = loadLabels(data + "t10k-labels-idx1-ubyte.gz",
                           set->getNumAvailable(), set->getNumSamples());
  ASSERT_TRUE(bool(labels)) << llvm::toString(labels.takeError());
  EXPECT_THAT(shape(labels->values), ElementsAre(100));
  EXPECT_THAT(labels->values.data<int64_t>().take_front(4),
              ElementsAre(7, 2, 1, 0));
}

//===----------------------------------------------------------------------===//
// Labels
//===----------------------------------------------------------------------===//

TEST_F(LabelsTest, IntegersAreClasses) {
  auto labels = loadLabels(put("a.npy", makeIota<uint8_t>({5, 1})), 5, 3);
  ASSERT_TRUE(bool(labels)) << llvm::toString(labels.takeError());
  EXPECT_TRUE(labels->areClasses());
  EXPECT_THAT(shape(labels->values), ElementsAre(3));
  EXPECT_THAT(elements(labels->values), ElementsAre(0, 1, 2));
  auto table = loadLabels(put("a.csv", "4\n2\n"), 2, 2);
  ASSERT_TRUE(bool(table));
  EXPECT_THAT(elements(table->values), ElementsAre(4, 2));
}

TEST_F(LabelsTest, FloatsAreTargets) {
  auto labels = loadLabels(put("a.npy", makeIota<float>({5, 2})), 5, 3);
  ASSERT_TRUE(bool(labels)) << llvm::toString(labels.takeError());
  EXPECT_FALSE(labels->areClasses());
  EXPECT_THAT(shape(labels->values), ElementsAre(3, 2));
  labels = loadLabels(put("a.npy", makeIota<float>({5, 1})), 5, 3);
  ASSERT_TRUE(bool(labels));
  EXPECT_THAT(shape(labels->values), ElementsAre(3));
}

TEST_F(LabelsTest, Mismatches) {
  EXPECT_EQ(message(loadLabels(put("a.npy", makeIota<uint8_t>({5})), 6, 3)),
            "a.npy: error: number of labels differs from number of samples: "
            "needs 6, has 5");
  EXPECT_THAT(message(loadLabels(put("a.npy", makeIota<uint8_t>({})), 6, 3)),
              HasSubstr("needs 6, has one number"));
  EXPECT_EQ(message(loadLabels(put("a.npy", makeIota<uint8_t>({5, 2})), 5, 3)),
            "a.npy: error: integer labels are classes, one for each sample: "
            "needs [5], has [5, 2]; give the index of the class, or float "
            "targets");
  EXPECT_EQ(message(loadLabels(put("a.npy", makeTensor<int64_t>({2}, {3, -1})),
                               2, 2)),
            "a.npy: error: label of sample 1 is -1; a class is an index from "
            "0");
}
