//===- ActivationDiff.cpp - float against spiking activations -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ActivationDiff.h"
#include "AppendRows.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/ExecutionEngine/TensorEvaluator.h"
#include "spikeformer/Pipelines/Readout.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/TensorOps.h"
#include <cmath>

using namespace spikeformer;

namespace {
/// A population and the value of the float network that it stands for.
struct Pair {
  std::string population;
  Value value;
  SmallVector<int64_t> shape;
  snn::NumberView theta;
  int64_t onset = 0;
  /// Of the samples seen: sum and largest of |x - theta count / T| / theta.
  double sum = 0, largest = 0;
  int64_t count = 0;

  double getMean() const { return count ? sum / count : 0; }
};

/// A value of the float network on one batch.
struct Activation {
  Tensor values;
  int64_t rows = 0;
};

/// One comparison.
class ActivationDiff {
public:
  ActivationDiff(DiffSide &floatSide, DiffSide &spikingSide)
      : floatSide(floatSide), spikingSide(spikingSide) {}

  llvm::Expected<JsonValue> run(double tolerance);

private:
  llvm::Error findPairs();
  llvm::Error addPair(StringRef population, StringRef node);
  llvm::Error runBatch(TensorEvaluator &evaluator, int64_t begin, int64_t end);
  void compare(Pair &pair, const Tensor &activation, const Tensor &spikes);
  JsonValue makeReport(double tolerance) const;

  DiffSide &floatSide, &spikingSide;
  std::vector<Pair> pairs;
  llvm::DenseMap<Value, Activation> activations;
  /// Samples of the batch that runs.
  int64_t batch = 0;
  int64_t agreed = 0;
  double maxAbsError = 0;
};
} // namespace

//===----------------------------------------------------------------------===//
// Pairs
//===----------------------------------------------------------------------===//

/// The last value that node `name` computes.
static Value findValue(func::FuncOp main, StringRef name) {
  Value found;
  main.walk([&](Operation *op) {
    auto location = dyn_cast<NameLoc>(op->getLoc());
    if (location && location.getName() == name && op->getNumResults() == 1 &&
        !op->hasTrait<OpTrait::ConstantLike>())
      found = op->getResult(0);
  });
  return found;
}

llvm::Error ActivationDiff::addPair(StringRef name, StringRef node) {
  snn::PopulationOp population;
  spikingSide.getNetwork().walk([&](snn::PopulationOp op) {
    if (op.getName() == name)
      population = op;
  });
  Value value = findValue(floatSide.getMain(), node);
  if (!population || !value)
    return makeInputError(floatSide.getPath(), node,
                          "is no value of this network, but population '" +
                              name + "' of " + spikingSide.getPath() +
                              " stands for it; compare a network with what was "
                              "made of it");
  Pair pair;
  pair.population = name.str();
  pair.value = value;
  llvm::append_range(pair.shape, population.getSignalType().getShape());
  auto theta = snn::NumberView::createBroadcast(
      population, population.getParams().get("v_threshold"), pair.shape);
  if (failed(theta))
    return makeReportedError();
  pair.theta = *theta;
  pair.onset = population.getOnsetStep();
  pairs.push_back(std::move(pair));
  return llvm::Error::success();
}

llvm::Error ActivationDiff::findPairs() {
  auto relations =
      spikingSide.getModule()->getAttrOfType<ArrayAttr>("snn.relations");
  DictionaryAttr populations;
  if (relations)
    for (auto relation : relations.getAsRange<snn::RelationAttr>())
      if (auto found =
              relation.getDetails().getAs<DictionaryAttr>("populations"))
        populations = found;
  if (!populations)
    return makeInputError(spikingSide.getPath(),
                          "does not say which float network it was made of");
  // The order of the network, not that of the names.
  auto signals = spikingSide.getSignals();
  if (failed(signals))
    return makeReportedError();
  for (const NamedSignal &signal : *signals) {
    StringRef origin = signal.origin.population;
    auto entry = populations.getAs<DictionaryAttr>(origin);
    if (!entry || !entry.contains("theta"))
      continue;
    auto node = entry.getAs<StringAttr>("value");
    if (llvm::Error error =
            addPair(signal.name, node ? node.getValue() : origin))
      return error;
  }
  if (pairs.empty())
    return makeInputError(spikingSide.getPath(),
                          "has no population that stands for a named value of "
                          "a float network");
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Comparing
//===----------------------------------------------------------------------===//

/// `activation` in the order of a population of `shape`: images lie N, H, W, C
/// in the float network and C, H, W in the spiking one. The default-constructed
/// tensor if they do not fit.
static Tensor orderAs(const Tensor &activation, ArrayRef<int64_t> shape) {
  ArrayRef<int64_t> has = activation.getShape();
  if (has.size() == 4 && shape.size() == 3 && has[1] == shape[1] &&
      has[2] == shape[2] && has[3] == shape[0])
    return permute(activation, {0, 3, 1, 2});
  int64_t size = 1;
  for (int64_t extent : shape)
    size *= extent;
  return activation.getNumElements() == has[0] * size ? activation : Tensor();
}

void ActivationDiff::compare(Pair &pair, const Tensor &activation,
                             const Tensor &spikes) {
  int64_t samples = spikes.getShape()[0], steps = spikes.getShape()[1];
  int64_t timesteps = spikingSide.getRunner().getTimesteps();
  int64_t neurons = spikes.getNumElements() / (samples * steps);
  for (int64_t sample = 0; sample < samples; ++sample)
    for (int64_t k = 0; k < neurons; ++k) {
      double count = 0;
      for (int64_t t = pair.onset; t < pair.onset + timesteps && t < steps; ++t)
        count += spikes.getAsDouble((sample * steps + t) * neurons + k);
      double theta = pair.theta[k];
      double x = activation.getAsDouble(sample * neurons + k);
      double error = std::abs(x - theta * count / timesteps) / theta;
      pair.sum += error;
      pair.largest = std::max(pair.largest, error);
      ++pair.count;
    }
}

llvm::Error ActivationDiff::runBatch(TensorEvaluator &evaluator, int64_t begin,
                                     int64_t end) {
  SmallVector<Tensor> inputs;
  for (const Tensor &values : floatSide.getData().getValues())
    inputs.push_back(values.slice(begin, end));
  activations.clear();
  batch = end - begin;
  FailureOr<SmallVector<Tensor>> results = evaluator.run(inputs, begin);
  if (failed(results))
    return makeReportedError();
  auto part = spikingSide.run(begin, end);
  if (!part)
    return part.takeError();
  for (auto [pair, spikes] : llvm::zip_equal(pairs, part->recordings)) {
    Tensor ordered = orderAs(activations[pair.value].values, pair.shape);
    if (!ordered)
      return makeRefusedError("population '" + pair.population +
                              "' has another shape than the activation that it "
                              "stands for");
    compare(pair, ordered, spikes);
  }
  const Tensor &a = (*results)[0], &b = part->results[0];
  for (int64_t i = 0; i < std::min(a.getNumElements(), b.getNumElements()); ++i)
    maxAbsError =
        std::max(maxAbsError, std::abs(a.getAsDouble(i) - b.getAsDouble(i)));
  Predictions predictedA = predict(a), predictedB = predict(b);
  for (int64_t i = 0; i < end - begin; ++i)
    agreed += predictedA.classes.data<int32_t>()[i] ==
              predictedB.classes.data<int32_t>()[i];
  return llvm::Error::success();
}

JsonValue ActivationDiff::makeReport(double tolerance) const {
  JsonValue rows = JsonValue::array(), first;
  for (const Pair &pair : pairs) {
    JsonValue row = JsonValue::object()
                        .set("population", pair.population)
                        .set("mean_error", pair.getMean())
                        .set("max_error", pair.largest);
    if (first.isNull() && pair.getMean() > tolerance)
      first = row;
    rows.push(std::move(row));
  }
  int64_t samples = spikingSide.getNumSamples();
  bool equal = first.isNull();
  return JsonValue::object()
      .set("equal", equal)
      .set("first", std::move(first))
      .set("populations", std::move(rows))
      .set("agreement", static_cast<double>(agreed) / samples)
      .set("max_abs_error", maxAbsError)
      .set("samples", samples);
}

llvm::Expected<JsonValue> ActivationDiff::run(double tolerance) {
  if (llvm::Error error = findPairs())
    return std::move(error);
  std::vector<std::string> probes;
  for (const Pair &pair : pairs)
    probes.push_back(pair.population);
  if (llvm::Error error = spikingSide.prepare(std::move(probes)))
    return std::move(error);
  auto evaluator = TensorEvaluator::create(floatSide.getMain());
  if (failed(evaluator))
    return makeReportedError();
  evaluator->setObserver([&](Value value, const Tensor &block) {
    // Blocks come in the order of the samples.
    Activation &activation = activations[value];
    appendRows(block, activation.rows, batch, activation.values);
    activation.rows += block.getShape().front();
  });
  for (const Pair &pair : pairs)
    if (failed(evaluator->observe(pair.value)))
      return makeReportedError();
  int64_t samples = spikingSide.getNumSamples();
  int64_t size = spikingSide.getBatchSize();
  for (int64_t begin = 0; begin < samples; begin += size)
    if (llvm::Error error =
            runBatch(*evaluator, begin, std::min(samples, begin + size)))
      return std::move(error);
  return makeReport(tolerance);
}

llvm::Expected<JsonValue> spikeformer::compareActivations(DiffSide &floatSide,
                                                          DiffSide &spikingSide,
                                                          double tolerance) {
  return ActivationDiff(floatSide, spikingSide).run(tolerance);
}
