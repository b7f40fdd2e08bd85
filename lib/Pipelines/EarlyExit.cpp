//===- EarlyExit.cpp - answers before the last step -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/EarlyExit.h"
#include <cmath>
#include <limits>

using namespace spikeformer;

double EarlyExit::getMeanSteps() const {
  int64_t steps = 0;
  for (auto [index, count] : llvm::enumerate(samplesBySteps))
    steps += count * static_cast<int64_t>(index + 1);
  return static_cast<double>(steps) / static_cast<double>(samples);
}

double EarlyExit::getAgreement() const {
  return static_cast<double>(agreed) / static_cast<double>(samples);
}

JsonValue EarlyExit::toJson() const {
  JsonValue counts = JsonValue::array();
  for (int64_t count : samplesBySteps)
    counts.push(count);
  JsonValue value = JsonValue::object();
  value.set("margin", margin)
      .set("mean_steps", getMeanSteps())
      .set("samples_by_steps", std::move(counts))
      .set("agreement", getAgreement());
  if (correct)
    value.set("correct", *correct)
        .set("accuracy", static_cast<double>(*correct) / samples);
  return value;
}

EarlyExit spikeformer::findEarlyExit(const ModelRun &run, double margin,
                                     const Tensor *labels) {
  int64_t steps = run.predictionByStep.getShape()[1];
  EarlyExit result;
  result.margin = margin;
  result.samples = run.samples;
  result.samplesBySteps.assign(steps, 0);
  if (labels)
    result.correct = 0;
  for (int64_t sample = 0; sample < run.samples; ++sample) {
    auto classes =
        run.predictionByStep.data<int32_t>().slice(sample * steps, steps);
    auto margins = run.marginByStep.data<double>().slice(sample * steps, steps);
    const double *found = llvm::find_if(
        margins.drop_back(), [&](double lead) { return lead >= margin; });
    int64_t last = found - margins.begin();
    ++result.samplesBySteps[last];
    result.agreed += classes[last] == classes.back();
    if (labels)
      *result.correct += classes[last] == labels->data<int64_t>()[sample];
  }
  return result;
}

// Above the largest margin of another answer a sample never stops at one.
double spikeformer::findExitMargin(const ModelRun &run, double share) {
  int64_t steps = run.predictionByStep.getShape()[1];
  std::vector<double> needed;
  for (int64_t sample = 0; sample < run.samples; ++sample) {
    auto classes =
        run.predictionByStep.data<int32_t>().slice(sample * steps, steps);
    auto margins = run.marginByStep.data<double>().slice(sample * steps, steps);
    double own = 0;
    for (auto [answer, lead] : llvm::zip_equal(classes, margins))
      if (answer != classes.back() && lead >= own)
        own = std::nextafter(lead, std::numeric_limits<double>::infinity());
    needed.push_back(own);
  }
  auto count =
      static_cast<size_t>(std::ceil(share * static_cast<double>(run.samples)));
  llvm::sort(needed);
  return needed[count - 1];
}
