//===- ReadoutTest.cpp - readouts and the classes they say ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Section 7 of docs/Semantics.md by hand. Both engines are read by the same
// code, so a comparison of engines says nothing about it.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/Readout.h"
#include "gmock/gmock.h"
#include <cmath>
#include <limits>

using namespace spikeformer;
using snn::Readout;
using testing::ElementsAre;

/// One sample of three steps of `values.size()` / 3 neurons.
template <typename T>
static Tensor makeSignal(std::vector<T> values) {
  Tensor tensor({1, 3, static_cast<int64_t>(values.size()) / 3},
                elementTypeOf<T>());
  llvm::copy(values, tensor.data<T>().begin());
  return tensor;
}

template <typename T>
static std::vector<T> valuesOf(const Tensor &tensor) {
  EXPECT_EQ(elementTypeOf<T>(), tensor.getElementType());
  return tensor.data<T>().vec();
}

TEST(Readout, FirstSpike) {
  // In steps 0, 1, 2 and never: then it is T.
  ReadoutResult result =
      read(makeSignal<uint8_t>({1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0}),
           Readout::first_spike);
  EXPECT_THAT(valuesOf<int32_t>(result.values), ElementsAre(0, 1, 2, 3));
}

TEST(Readout, Count) {
  ReadoutResult result =
      read(makeSignal<int8_t>({1, -1, 0, -1, 1, 1}), Readout::count);
  EXPECT_THAT(valuesOf<int32_t>(result.values), ElementsAre(2, -1));
  // Ties go to the lowest class.
  EXPECT_THAT(valuesOf<int32_t>(result.predictionByStep), ElementsAre(0, 0, 0));
}

TEST(Readout, MarginIsOfMeansForSumsAndOfValuesForOthers) {
  // Counts [1, 0, 1], [2, 0, 2], [3, 1, 2].
  ReadoutResult result =
      read(makeSignal<uint8_t>({1, 0, 1, 1, 0, 1, 1, 1, 0}), Readout::count);
  EXPECT_THAT(valuesOf<double>(result.marginByStep),
              ElementsAre(0.0, 0.0, 1.0 / 3));
  result = read(makeSignal<float>({-4.0f, -1.5f, 1.0f, -1.0f, 0.0f, 3.0f}),
                Readout::membrane_last);
  EXPECT_THAT(valuesOf<double>(result.marginByStep),
              ElementsAre(2.5, 2.0, 3.0));
  float nan = std::numeric_limits<float>::quiet_NaN();
  result = read(makeSignal<float>({nan, 2.0f, 5.0f, nan, 1.0f, 3.0f}),
                Readout::membrane_last);
  EXPECT_THAT(valuesOf<int32_t>(result.predictionByStep), ElementsAre(1, 0, 1));
  EXPECT_TRUE(std::isnan(result.marginByStep.data<double>()[0]));
}

TEST(Readout, CurrentSumIsRoundedInEachStep) {
  ReadoutResult result =
      read(makeSignal<float>({0x1p24f, 1.0f, 1.0f}), Readout::current_sum);
  EXPECT_THAT(valuesOf<float>(result.values), ElementsAre(0x1p24f));
}

TEST(Readout, MembraneBelowZero) {
  Tensor signal = makeSignal<float>({-3.0f, -1.0f, -2.0f, -4.0f, -5.0f, -6.0f});
  EXPECT_THAT(valuesOf<float>(read(signal, Readout::membrane_max).values),
              ElementsAre(-2.0f, -1.0f));
  EXPECT_THAT(valuesOf<float>(read(signal, Readout::membrane_last).values),
              ElementsAre(-5.0f, -6.0f));
}

TEST(Readout, RateIsPerSecond) {
  // 2 and 1 spikes in 3 steps of 1/4 s.
  ReadoutResult result =
      read(makeSignal<uint8_t>({1, 0, 0, 1, 1, 0}), Readout::rate, 0.25);
  EXPECT_THAT(valuesOf<float>(result.values),
              ElementsAre(float(8.0 / 3), float(4.0 / 3)));
  EXPECT_THAT(valuesOf<int32_t>(result.predictionByStep), ElementsAre(0, 0, 0));
  result = read(makeSignal<int8_t>({-1, 0, 0, 1, -1, 0}), Readout::rate);
  EXPECT_THAT(valuesOf<float>(result.values),
              ElementsAre(float(-2.0 / 3), float(1.0 / 3)));
}

TEST(Readout, PopulationVector) {
  // Counts 1, 0, 2: (2 * 2) / (3 * 2). A large payload does not overflow.
  ReadoutResult result = read(makeSignal<uint8_t>({1, 0, 0, 0, 0, 1, 0, 0, 1}),
                              Readout::population_vector);
  EXPECT_EQ(1, result.values.getRank());
  EXPECT_THAT(valuesOf<float>(result.values), ElementsAre(float(4.0 / 6)));
  result = read(makeSignal<uint32_t>({0, UINT32_MAX, 0, UINT32_MAX, 0, 1}),
                Readout::population_vector);
  EXPECT_THAT(valuesOf<float>(result.values), ElementsAre(1.0f));
}

TEST(Readout, PopulationVectorOfSilenceIsTheMiddle) {
  ReadoutResult result =
      read(makeSignal<uint8_t>({0, 0, 0, 0, 0, 1}), Readout::population_vector);
  EXPECT_THAT(valuesOf<float>(result.values), ElementsAre(1.0f));
  result =
      read(makeSignal<uint8_t>({0, 0, 0, 0, 0, 0}), Readout::population_vector);
  EXPECT_THAT(valuesOf<float>(result.values), ElementsAre(0.5f));
}

TEST(Readout, PredictsTheLowestOfEqualClasses) {
  Tensor values({2, 3}, ElementType::f32);
  llvm::copy(std::vector<float>{1, 2, 2, 3, 1, 1},
             values.data<float>().begin());
  Predictions largest = predict(values), smallest = predict(values, true);
  EXPECT_THAT(valuesOf<int32_t>(largest.classes), ElementsAre(1, 0));
  EXPECT_EQ(1, largest.ties);
  EXPECT_THAT(valuesOf<int32_t>(smallest.classes), ElementsAre(0, 1));
  EXPECT_EQ(1, smallest.ties);
}
