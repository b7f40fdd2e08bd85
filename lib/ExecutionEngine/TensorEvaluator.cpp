//===- TensorEvaluator.cpp - run tensor functions on the host -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Schedules a program over samples: blocks of samples that fit into the cache
// run on worker threads, external ops see the whole batch, observed values are
// handed out in the order of the samples.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/ExecutionEngine/TensorEvaluator.h"
#include "TensorProgram.h"
#include "llvm/Support/ThreadPool.h"
#include <cstring>

using namespace spikeformer;
using namespace spikeformer::evaluator;

namespace {

/// An observed value, kept until it is its turn.
struct Observation {
  unsigned slot;
  Tensor tensor;
};
using Observations = std::vector<Observation>;

/// What is the same for the whole run.
struct RunContext {
  const Program &program;
  llvm::DenseSet<unsigned> observed;
  /// Null: everything runs on the calling thread.
  llvm::ThreadPoolInterface *pool = nullptr;
  unsigned threads = 1;
  function_ref<void(const Observations &)> deliver;
};

/// The tensors of one pass over the program, by slot.
class Values {
public:
  explicit Values(const Program &program)
      : program(program), tensors(program.values.size()) {}

  const Tensor &get(unsigned slot) const {
    const Tensor &constant = program.constants[slot];
    return constant ? constant : tensors[slot];
  }
  void set(unsigned slot, Tensor tensor) { tensors[slot] = std::move(tensor); }
  void release(unsigned slot) { tensors[slot] = Tensor(); }

private:
  const Program &program;
  std::vector<Tensor> tensors;
};

} // namespace

/// Runs `task(i)` for i in [0, count), several at once, and `finish(i)` in
/// ascending order on the calling thread.
static void forEachInOrder(const RunContext &context, int64_t count,
                           function_ref<void(int64_t)> task,
                           function_ref<void(int64_t)> finish) {
  int64_t step = context.pool ? context.threads : 1;
  for (int64_t begin = 0; begin < count; begin += step) {
    int64_t end = std::min(count, begin + step);
    for (int64_t i = begin + 1; i < end; ++i)
      context.pool->async([task, i] { task(i); });
    task(begin);
    if (end > begin + 1)
      context.pool->wait();
    for (int64_t i = begin; i < end; ++i)
      finish(i);
  }
}

static SmallVector<Tensor, 4> getOperands(const Step &step,
                                          const Values &values) {
  SmallVector<Tensor, 4> operands;
  for (int slot : step.operands)
    operands.push_back(slot < 0 ? Tensor() : values.get(slot));
  return operands;
}

/// The shape of `info` for `samples` samples.
static SmallVector<int64_t, 4> getShape(const ValueInfo &info,
                                        int64_t samples) {
  SmallVector<int64_t, 4> shape = info.shape;
  if (info.batched)
    shape.front() = samples;
  return shape;
}

/// Runs the steps of `segment` on one block of samples. What is the same for
/// all samples is observed in the first block.
static void runBlock(const RunContext &context, const Segment &segment,
                     int64_t samples, bool isFirst, Values &values,
                     Observations &observations) {
  const Program &program = context.program;
  for (unsigned i = segment.begin; i < segment.end; ++i) {
    const Step &step = program.steps[i];
    unsigned slot = step.results.front();
    {
      SmallVector<Tensor, 4> operands = getOperands(step, values);
      values.set(
          slot, step.kernel(operands, getShape(program.values[slot], samples)));
    }
    if (context.observed.contains(slot) &&
        (isFirst || program.values[slot].batched))
      observations.push_back({slot, values.get(slot)});
    for (unsigned dead : step.release)
      values.release(dead);
  }
}

/// Copies `block` to the rows from `row` on of `whole`.
static void copyRows(const Tensor &block, int64_t row, Tensor &whole) {
  Tensor rows = whole.slice(row, row + block.getShape().front());
  std::memcpy(rows.getBytes(), block.getBytes(), block.getNumBytes());
}

/// Runs a segment of kernels on the batch in `values`, block by block.
static void runSegment(const RunContext &context, const Segment &segment,
                       int64_t samples, Values &values) {
  const Program &program = context.program;
  int64_t share = (samples + context.threads - 1) / context.threads;
  int64_t size = std::clamp<int64_t>(share, 1, segment.blockSize);
  int64_t count = std::max<int64_t>((samples + size - 1) / size, 1);
  std::vector<Observations> observations(count);
  llvm::DenseMap<unsigned, Tensor> outputs;
  for (unsigned slot : segment.outputs)
    if (count > 1 && program.values[slot].batched)
      outputs[slot] = Tensor(getShape(program.values[slot], samples),
                             program.values[slot].type);

  auto task = [&](int64_t block) {
    int64_t begin = block * size, end = std::min(samples, begin + size);
    Values local(program);
    for (unsigned slot : segment.inputs) {
      const Tensor &whole = values.get(slot);
      bool cut = program.values[slot].batched && count > 1;
      local.set(slot, cut ? whole.slice(begin, end) : whole);
    }
    runBlock(context, segment, end - begin, block == 0, local,
             observations[block]);
    for (unsigned slot : segment.outputs) {
      auto it = outputs.find(slot);
      if (it != outputs.end())
        copyRows(local.get(slot), begin, it->second);
      else if (block == 0)
        values.set(slot, local.get(slot));
    }
  };
  forEachInOrder(context, count, task, [&](int64_t block) {
    context.deliver(observations[block]);
    observations[block].clear();
  });
  for (auto &[slot, tensor] : outputs)
    values.set(slot, std::move(tensor));
}

/// Fails unless `tensor` is what `value` must be for `samples` samples.
static LogicalResult checkResult(Operation *op, unsigned number,
                                 const ValueInfo &info, int64_t samples,
                                 const Tensor &tensor) {
  SmallVector<int64_t, 4> shape = getShape(info, samples);
  if (tensor && tensor.getShape() == ArrayRef<int64_t>(shape) &&
      tensor.getElementType() == info.type)
    return success();
  InFlightDiagnostic diagnostic = op->emitOpError()
                                  << "was executed outside the evaluator, "
                                     "whose result #"
                                  << number << " must have shape [";
  llvm::interleaveComma(shape, diagnostic);
  return diagnostic << "] and element type '" << getElementTypeName(info.type)
                    << "'";
}

static LogicalResult runExternal(const RunContext &context, const Step &step,
                                 int64_t samples, int64_t firstSample,
                                 Values &values) {
  SmallVector<Tensor, 4> operands = getOperands(step, values);
  FailureOr<SmallVector<Tensor>> results =
      (*step.external)(step.op, operands, firstSample);
  if (failed(results))
    return failure();
  if (results->size() != step.results.size())
    return step.op->emitOpError()
           << "was executed outside the evaluator and gave " << results->size()
           << " results instead of " << step.results.size();
  Observations observations;
  for (auto [number, slot] : llvm::enumerate(step.results)) {
    Tensor &tensor = (*results)[number];
    const ValueInfo &info = context.program.values[slot];
    if (failed(checkResult(step.op, number, info, samples, tensor)))
      return failure();
    if (context.observed.contains(slot))
      observations.push_back({slot, tensor});
    values.set(slot, std::move(tensor));
  }
  for (unsigned dead : step.release)
    values.release(dead);
  context.deliver(observations);
  return success();
}

/// Runs the program on `samples` samples; the arguments are set in `values`.
static LogicalResult runProgram(const RunContext &context, int64_t samples,
                                int64_t firstSample, Values &values) {
  Observations observations;
  for (unsigned slot : context.program.arguments)
    if (context.observed.contains(slot))
      observations.push_back({slot, values.get(slot)});
  context.deliver(observations);
  for (const Segment &segment : context.program.segments) {
    if (!segment.isExternal)
      runSegment(context, segment, samples, values);
    else if (failed(runExternal(context, context.program.steps[segment.begin],
                                samples, firstSample, values)))
      return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// The evaluator
//===----------------------------------------------------------------------===//

struct TensorEvaluator::Impl {
  /// How an argument is fed from its input.
  enum class Feed { shared, leading, extra };

  func::FuncOp function;
  TensorEvaluatorOptions options;
  Program program;
  std::string obstacle;
  Observer observer;
  llvm::DenseMap<unsigned, SmallVector<Value, 1>> observed;
  std::unique_ptr<llvm::ThreadPoolInterface> pool;

  unsigned getThreads();
  FailureOr<int64_t> bindInputs(ArrayRef<Tensor> inputs,
                                SmallVectorImpl<Feed> &feeds);
  LogicalResult checkInput(unsigned number, const Tensor &input,
                           ArrayRef<int64_t> shape);
  FailureOr<SmallVector<Tensor>> runWhole(const RunContext &context,
                                          ArrayRef<Tensor> inputs,
                                          int64_t samples, int64_t firstSample);
  FailureOr<SmallVector<Tensor>> runEach(const RunContext &context,
                                         ArrayRef<Tensor> inputs,
                                         ArrayRef<Feed> feeds, int64_t samples,
                                         int64_t firstSample);
  Tensor join(unsigned number, ArrayRef<SmallVector<Tensor>> results,
              bool stack);
  bool hasSampleAxis(Value value);
};

/// The leading axis of `value` is 1 or dynamic.
bool TensorEvaluator::Impl::hasSampleAxis(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return type.getRank() > 0 &&
         (type.isDynamicDim(0) || type.getDimSize(0) == 1);
}

/// Starts the workers on first use.
unsigned TensorEvaluator::Impl::getThreads() {
  llvm::ThreadPoolStrategy strategy =
      llvm::hardware_concurrency(options.threads);
  unsigned threads =
      options.threads ? options.threads : strategy.compute_thread_count();
  if (threads > 1 && !pool)
    pool = std::make_unique<llvm::DefaultThreadPool>(strategy);
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

FailureOr<SmallVector<Tensor>>
TensorEvaluator::Impl::runWhole(const RunContext &context,
                                ArrayRef<Tensor> inputs, int64_t samples,
                                int64_t firstSample) {
  Values values(program);
  for (auto [slot, input] : llvm::zip_equal(program.arguments, inputs))
    values.set(slot, input);
  if (failed(runProgram(context, samples, firstSample, values)))
    return failure();
  SmallVector<Tensor> results;
  for (unsigned slot : program.results)
    results.push_back(values.get(slot));
  return results;
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
  std::vector<Observations> observations(samples);
  std::vector<char> failures(samples, false);
  auto task = [&](int64_t sample) {
    SmallVector<Tensor> own;
    for (auto [input, feed, slot] :
         llvm::zip_equal(inputs, feeds, program.arguments))
      own.push_back(feed == Feed::shared
                        ? input
                        : input.slice(sample, sample + 1)
                              .reshape(program.values[slot].shape));
    auto keep = [&](const Observations &made) {
      llvm::append_range(observations[sample], made);
    };
    RunContext single = {program, context.observed, nullptr, 1, keep};
    auto result = runWhole(single, own, 1, firstSample + sample);
    failures[sample] = failed(result);
    if (succeeded(result))
      results[sample] = std::move(*result);
  };
  forEachInOrder(context, samples, task, [&](int64_t sample) {
    context.deliver(observations[sample]);
    observations[sample].clear();
  });
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
  for (unsigned slot : it->second)
    impl->observed[slot].push_back(value);
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
  RunContext context = {impl->program, {}, nullptr, 1, deliver};
  Observations constants;
  for (unsigned slot = 0; slot < impl->program.values.size(); ++slot) {
    if (!impl->observed.contains(slot))
      continue;
    context.observed.insert(slot);
    if (const Tensor &constant = impl->program.constants[slot])
      constants.push_back({slot, constant});
  }
  deliver(constants);
  context.threads = impl->getThreads();
  context.pool = impl->pool.get();
  bool each =
      !impl->obstacle.empty() || llvm::is_contained(feeds, Impl::Feed::extra);
  if (each && llvm::any_of(impl->program.steps,
                           [](const Step &step) { return step.external; }))
    // External ops are promised one call at a time.
    context.pool = nullptr;
  return each ? impl->runEach(context, inputs, feeds, *samples, firstSample)
              : impl->runWhole(context, inputs, *samples, firstSample);
}
