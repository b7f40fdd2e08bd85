//===- TensorEvaluator.cpp - run tensor functions on the host -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds which inputs hold samples and runs the program on the whole batch or
// once per sample.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/ExecutionEngine/TensorEvaluator.h"
#include "TensorRun.h"

using namespace spikeformer;
using namespace spikeformer::evaluator;

struct TensorEvaluator::Impl {
  /// How an argument is fed from its input.
  enum class Feed { shared, leading, extra };

  func::FuncOp function;
  TensorEvaluatorOptions options;
  Program program;
  std::string obstacle;
  Observer observer;
  llvm::DenseMap<unsigned, SmallVector<Value, 1>> observed;
  llvm::DenseSet<unsigned> observedSlots;
  std::shared_ptr<BufferPool> buffers = std::make_shared<BufferPool>();
  std::unique_ptr<llvm::ThreadPoolInterface> workers;

  unsigned getThreads();
  FailureOr<int64_t> bindInputs(ArrayRef<Tensor> inputs,
                                SmallVectorImpl<Feed> &feeds);
  LogicalResult checkInput(unsigned number, const Tensor &input,
                           ArrayRef<int64_t> shape);
  FailureOr<SmallVector<Tensor>> runEach(const RunContext &context,
                                         ArrayRef<Tensor> inputs,
                                         ArrayRef<Feed> feeds, int64_t samples,
                                         int64_t firstSample);
  Tensor join(unsigned number, ArrayRef<SmallVector<Tensor>> results,
              bool stack);
  bool hasSampleAxis(Value value);
  Observations getObservedConstants() const;
};

/// The leading axis of `value` is 1 or dynamic.
bool TensorEvaluator::Impl::hasSampleAxis(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return type.getRank() > 0 &&
         (type.isDynamicDim(0) || type.getDimSize(0) == 1);
}

Observations TensorEvaluator::Impl::getObservedConstants() const {
  Observations observations;
  for (auto [slot, constant] : llvm::enumerate(program.constants))
    if (constant && observedSlots.contains(slot))
      observations.push_back({static_cast<unsigned>(slot), constant});
  return observations;
}

/// Starts the workers on first use.
unsigned TensorEvaluator::Impl::getThreads() {
  llvm::ThreadPoolStrategy strategy =
      llvm::hardware_concurrency(options.threads);
  unsigned threads =
      options.threads ? options.threads : strategy.compute_thread_count();
  if (threads > 1 && !workers)
    workers = std::make_unique<llvm::DefaultThreadPool>(strategy);
  return threads;
}

LogicalResult TensorEvaluator::Impl::checkInput(unsigned number,
                                                const Tensor &input,
                                                ArrayRef<int64_t> shape) {
  const ValueInfo &info = program.values[program.arguments[number]];
  if (input && input.getElementType() == info.type && input.getShape() == shape)
    return success();
  auto print = [](InFlightDiagnostic &diagnostic, ArrayRef<int64_t> extents,
                  ElementType type) {
    diagnostic << getElementTypeName(type) << " of shape [";
    llvm::interleaveComma(extents, diagnostic);
    diagnostic << "]";
  };
  InFlightDiagnostic diagnostic = function.emitOpError();
  diagnostic << "needs as input #" << number << " ";
  print(diagnostic, shape, info.type);
  diagnostic << ", but was given ";
  print(diagnostic, input.getShape(), input.getElementType());
  return diagnostic;
}

/// Finds the number of samples and how each argument gets its own.
FailureOr<int64_t>
TensorEvaluator::Impl::bindInputs(ArrayRef<Tensor> inputs,
                                  SmallVectorImpl<Feed> &feeds) {
  if (inputs.size() != function.getNumArguments())
    return function.emitOpError() << "needs " << function.getNumArguments()
                                  << " inputs, but was given " << inputs.size();
  bool anyLeading = llvm::any_of(function.getArguments(), [&](Value argument) {
    return hasSampleAxis(argument);
  });
  std::optional<int64_t> samples;
  for (auto [number, argument] : llvm::enumerate(function.getArguments())) {
    const Tensor &input = inputs[number];
    SmallVector<int64_t, 4> shape =
        program.values[program.arguments[number]].shape;
    Feed feed = Feed::shared;
    if (hasSampleAxis(argument))
      feed = Feed::leading;
    else if (!anyLeading &&
             input.getRank() == static_cast<int64_t>(shape.size()) + 1)
      feed = Feed::extra;
    if (feed != Feed::shared && !samples)
      samples = input.getRank() ? input.getShape().front() : 1;
    if (feed == Feed::extra)
      shape.insert(shape.begin(), *samples);
    else if (feed == Feed::leading)
      shape.front() = *samples;
    if (failed(checkInput(number, input, shape)))
      return failure();
    feeds.push_back(feed);
  }
  return samples.value_or(1);
}

/// Joins result `number` of all samples, along its leading axis or, with
/// `stack`, along a new one.
Tensor TensorEvaluator::Impl::join(unsigned number,
                                   ArrayRef<SmallVector<Tensor>> results,
                                   bool stack) {
  const ValueInfo &info = program.values[program.results[number]];
  SmallVector<int64_t, 4> shape = info.shape;
  if (stack)
    shape.insert(shape.begin(), 1);
  SmallVector<int64_t, 4> whole = shape;
  whole.front() = results.size();
  Tensor joined(whole, info.type);
  for (auto [row, result] : llvm::enumerate(results))
    copyRows(result[number].reshape(shape), row, joined);
  return joined;
}

FailureOr<SmallVector<Tensor>>
TensorEvaluator::Impl::runEach(const RunContext &context,
                               ArrayRef<Tensor> inputs, ArrayRef<Feed> feeds,
                               int64_t samples, int64_t firstSample) {
  std::vector<SmallVector<Tensor>> results(samples);
  std::vector<char> failures(samples, false);
  auto runOne = [&](int64_t sample, Observations &observations) {
    SmallVector<Tensor> own;
    for (auto [input, feed, slot] :
         llvm::zip_equal(inputs, feeds, program.arguments))
      own.push_back(feed == Feed::shared
                        ? input
                        : input.slice(sample, sample + 1)
                              .reshape(program.values[slot].shape));
    auto keep = [&](const Observations &made) {
      llvm::append_range(observations, made);
    };
    RunContext single = {program, *buffers, context.observed, keep};
    FailureOr<SmallVector<Tensor>> result =
        runProgram(single, own, 1, firstSample + sample);
    failures[sample] = failed(result);
    if (succeeded(result))
      results[sample] = std::move(*result);
  };
  forEachInOrder(context, samples, runOne);
  if (llvm::is_contained(failures, true))
    return failure();
  SmallVector<Tensor> joined;
  bool extra = llvm::is_contained(feeds, Feed::extra);
  Operation *terminator = function.getBody().front().getTerminator();
  for (auto [number, value] : llvm::enumerate(terminator->getOperands())) {
    bool stack = extra || !hasSampleAxis(value);
    joined.push_back(stack && !extra && samples == 1
                         ? results.front()[number]
                         : join(number, results, stack));
  }
  return joined;
}

FailureOr<TensorEvaluator>
TensorEvaluator::create(func::FuncOp function, TensorEvaluatorOptions options) {
  auto impl = std::make_unique<Impl>();
  impl->function = function;
  impl->options = std::move(options);
  std::optional<BatchObstacle> obstacle;
  FailureOr<Program> program =
      buildProgram(function, impl->options, /*batched=*/true, obstacle);
  if (obstacle) {
    impl->obstacle = std::move(obstacle->text);
    program =
        buildProgram(function, impl->options, /*batched=*/false, obstacle);
  }
  if (failed(program))
    return failure();
  impl->program = std::move(*program);
  return TensorEvaluator(std::move(impl));
}

TensorEvaluator::TensorEvaluator(std::unique_ptr<Impl> impl)
    : impl(std::move(impl)) {}
TensorEvaluator::TensorEvaluator(TensorEvaluator &&) = default;
TensorEvaluator &TensorEvaluator::operator=(TensorEvaluator &&) = default;
TensorEvaluator::~TensorEvaluator() = default;

StringRef TensorEvaluator::getBatchObstacle() const { return impl->obstacle; }

void TensorEvaluator::setObserver(Observer observer) {
  impl->observer = std::move(observer);
}

LogicalResult TensorEvaluator::observe(Value value) {
  auto it = impl->program.slots.find(value);
  if (it == impl->program.slots.end())
    return failure();
  for (unsigned slot : it->second) {
    impl->observed[slot].push_back(value);
    impl->observedSlots.insert(slot);
  }
  return success();
}

FailureOr<SmallVector<Tensor>> TensorEvaluator::run(ArrayRef<Tensor> inputs,
                                                    int64_t firstSample) {
  SmallVector<Impl::Feed> feeds;
  FailureOr<int64_t> samples = impl->bindInputs(inputs, feeds);
  if (failed(samples))
    return failure();
  auto deliver = [&](const Observations &observations) {
    if (impl->observer)
      for (const Observation &observation : observations)
        for (Value value : impl->observed[observation.slot])
          impl->observer(value, observation.tensor);
  };
  deliver(impl->getObservedConstants());
  RunContext context = {impl->program, *impl->buffers, impl->observedSlots,
                        deliver};
  context.threads = impl->getThreads();
  context.workers = impl->workers.get();
  bool each =
      !impl->program.batched || llvm::is_contained(feeds, Impl::Feed::extra);
  if (!each)
    return runProgram(context, inputs, *samples, firstSample);
  // External ops are promised one call at a time.
  if (llvm::any_of(impl->program.steps,
                   [](const Step &step) { return step.external; }))
    context.workers = nullptr;
  return impl->runEach(context, inputs, feeds, *samples, firstSample);
}
