//===- Evaluation.cpp - how good results are ------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/Evaluation.h"
#include "spikeformer/Pipelines/ErrorLog.h"
#include "spikeformer/Support/InputFile.h"
#include <cmath>

using namespace spikeformer;

static llvm::Expected<Evaluation>
evaluateClasses(const ModelRun &run, const Predictions &predictions,
                const Tensor &labels, StringRef file) {
  int64_t classes = run.results[0].getNumElements() / run.samples;
  ArrayRef<int64_t> wanted = labels.data<int64_t>();
  for (auto [sample, label] : llvm::enumerate(wanted))
    if (label >= classes)
      return makeInputError(
          file, "label of sample " + llvm::Twine(sample) +
                    " is a class that the model does not have: needs "
                    "less than " +
                    llvm::Twine(classes) + ", has " + llvm::Twine(label));
  Evaluation result;
  result.correct = 0;
  for (auto [sample, label] : llvm::enumerate(wanted))
    *result.correct += predictions.classes.data<int32_t>()[sample] == label;
  if (!run.predictionByStep)
    return result;
  int64_t steps = run.predictionByStep.getShape()[1];
  ArrayRef<int32_t> byStep = run.predictionByStep.data<int32_t>();
  result.correctByStep.assign(steps, 0);
  for (auto [sample, label] : llvm::enumerate(wanted))
    for (int64_t step = 0; step < steps; ++step)
      result.correctByStep[step] += byStep[sample * steps + step] == label;
  return result;
}

static llvm::Expected<Evaluation>
evaluateTargets(const ModelRun &run, const Tensor &targets, StringRef file) {
  const Tensor &values = run.results[0];
  int64_t count = values.getNumElements();
  if (targets.getNumElements() != count)
    return makeInputError(file,
                          "targets do not fit the output of the model: needs " +
                              formatShape(values.getShape()) + ", has " +
                              formatShape(targets.getShape()));
  int64_t width = count / run.samples;
  std::vector<double> mean(width, 0);
  for (int64_t i = 0; i < count; ++i)
    mean[i % width] += targets.getAsDouble(i) / run.samples;
  double residual = 0, total = 0, absolute = 0;
  for (int64_t i = 0; i < count; ++i) {
    double target = targets.getAsDouble(i);
    double error = values.getAsDouble(i) - target;
    residual += error * error;
    absolute += std::abs(error);
    total += (target - mean[i % width]) * (target - mean[i % width]);
  }
  Evaluation result;
  result.rmse = std::sqrt(residual / count);
  result.mae = absolute / count;
  if (total > 0)
    result.r2 = 1 - residual / total;
  return result;
}

llvm::Expected<Evaluation> spikeformer::evaluate(const ModelRun &run,
                                                 const Predictions &predictions,
                                                 const Labels &labels,
                                                 StringRef file) {
  if (run.results.empty())
    return makeInputError(file, "the model gives nothing to compare with "
                                "labels; leave them out");
  return labels.areClasses()
             ? evaluateClasses(run, predictions, labels.values, file)
             : evaluateTargets(run, labels.values, file);
}
