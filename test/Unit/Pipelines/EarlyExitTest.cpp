//===- EarlyExitTest.cpp - answers before the last step -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Three samples of three steps: the answer of the first never changes, the
// second is wrong by 0.5 and 0.75 first, the third by 2.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/EarlyExit.h"
#include "gmock/gmock.h"

using namespace spikeformer;
using testing::ElementsAre;

static ModelRun makeRun() {
  ModelRun run;
  run.samples = 3;
  run.predictionByStep = Tensor({3, 3}, ElementType::i32);
  run.marginByStep = Tensor({3, 3}, ElementType::f64);
  llvm::copy(std::vector<int32_t>{4, 4, 4, 0, 1, 2, 1, 0, 0},
             run.predictionByStep.data<int32_t>().begin());
  llvm::copy(std::vector<double>{1, 1, 1, 0.5, 0.75, 0.25, 2, 3, 3},
             run.marginByStep.data<double>().begin());
  return run;
}

TEST(EarlyExit, StopsWhereTheMarginIsReached) {
  ModelRun run = makeRun();
  Tensor labels({3}, ElementType::i64);
  llvm::copy(std::vector<int64_t>{4, 1, 0}, labels.data<int64_t>().begin());
  EarlyExit exit = findEarlyExit(run, 0.75, &labels);
  EXPECT_THAT(exit.samplesBySteps, ElementsAre(2, 1, 0));
  EXPECT_EQ(exit.getMeanSteps(), 4.0 / 3);
  EXPECT_EQ(exit.agreed, 1);
  EXPECT_EQ(exit.correct, 2);
  exit = findEarlyExit(run, 1, nullptr);
  EXPECT_THAT(exit.samplesBySteps, ElementsAre(2, 0, 1));
  EXPECT_EQ(exit.agreed, 2);
  EXPECT_FALSE(exit.correct);
}

TEST(EarlyExit, SmallestMarginOfAShare) {
  ModelRun run = makeRun();
  EXPECT_EQ(findExitMargin(run, 0.3), 0);
  for (auto [share, wrong] : {std::pair(2.0 / 3, 0.75), std::pair(1.0, 2.0)}) {
    double margin = findExitMargin(run, share);
    EXPECT_GT(margin, wrong);
    EXPECT_LT(margin, wrong + 1e-9);
    EXPECT_GE(findEarlyExit(run, margin, nullptr).getAgreement(), share);
    EXPECT_LT(findEarlyExit(run, wrong, nullptr).getAgreement(), share);
  }
}
