//===- TensorRun.cpp - one pass over a program ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorRun.h"
#include <atomic>
#include <cstring>

using namespace spikeformer;
using namespace spikeformer::evaluator;

namespace {

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

/// Runs `task(i)` for i in [begin, end) on all workers.
static void forEachAtOnce(const RunContext &context, int64_t begin, int64_t end,
                          function_ref<void(int64_t)> task) {
  std::atomic<int64_t> next(begin);
  auto work = [&] {
    for (int64_t i = next++; i < end; i = next++)
      task(i);
  };
  int64_t helpers =
      context.workers ? std::min<int64_t>(context.threads, end - begin) - 1 : 0;
  for (int64_t i = 0; i < helpers; ++i)
    context.workers->async(work);
  work();
  if (helpers > 0)
    context.workers->wait();
}

void evaluator::forEachInOrder(
    const RunContext &context, int64_t count,
    function_ref<void(int64_t, Observations &)> task) {
  // Observations of one round are held in memory, so rounds are short.
  int64_t round = context.observed.empty() ? count : context.threads;
  for (int64_t begin = 0; begin < count; begin += round) {
    int64_t end = std::min(count, begin + round);
    std::vector<Observations> made(end - begin);
    forEachAtOnce(context, begin, end,
                  [&](int64_t i) { task(i, made[i - begin]); });
    for (const Observations &observations : made)
      context.deliver(observations);
  }
}

void evaluator::copyRows(const Tensor &block, int64_t row, Tensor &whole) {
  Tensor rows = whole.slice(row, row + block.getShape().front());
  std::memcpy(rows.getBytes(), block.getBytes(), block.getNumBytes());
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

static Tensor runStep(const RunContext &context, const Step &step,
                      int64_t samples, const Values &values) {
  const ValueInfo &info = context.program.values[step.results.front()];
  SmallVector<int64_t, 4> shape = getShape(info, samples);
  Tensor result = step.isView ? Tensor(shape, info.type, nullptr, nullptr)
                              : context.buffers.allocate(shape, info.type);
  step.kernel(getOperands(step, values), result);
  return result;
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
    values.set(slot, runStep(context, step, samples, values));
    if (context.observed.contains(slot) &&
        (isFirst || program.values[slot].batched))
      observations.push_back({slot, values.get(slot)});
    for (unsigned dead : step.release)
      values.release(dead);
  }
}

/// Runs a segment of kernels on the batch in `values`, block by block.
static void runSegment(const RunContext &context, const Segment &segment,
                       int64_t samples, Values &values) {
  const Program &program = context.program;
  int64_t share = (samples + context.threads - 1) / context.threads;
  int64_t size = std::clamp<int64_t>(share, 1, segment.blockSize);
  int64_t count = std::max<int64_t>((samples + size - 1) / size, 1);
  llvm::DenseMap<unsigned, Tensor> outputs;
  for (unsigned slot : segment.outputs)
    if (count > 1 && program.values[slot].batched)
      outputs[slot] = Tensor(getShape(program.values[slot], samples),
                             program.values[slot].type);

  auto runOne = [&](int64_t block, Observations &observations) {
    int64_t begin = block * size, end = std::min(samples, begin + size);
    Values local(program);
    for (unsigned slot : segment.inputs) {
      const Tensor &whole = values.get(slot);
      bool cut = program.values[slot].batched && count > 1;
      local.set(slot, cut ? whole.slice(begin, end) : whole);
    }
    runBlock(context, segment, end - begin, block == 0, local, observations);
    for (unsigned slot : segment.outputs) {
      auto it = outputs.find(slot);
      if (it != outputs.end())
        copyRows(local.get(slot), begin, it->second);
      else if (block == 0)
        values.set(slot, local.get(slot));
    }
  };
  forEachInOrder(context, count, runOne);
  for (auto &[slot, tensor] : outputs)
    values.set(slot, std::move(tensor));
}

/// Fails unless `tensor` is what the value must be for `samples` samples.
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
  FailureOr<SmallVector<Tensor>> results =
      (*step.external)(step.op, getOperands(step, values), firstSample);
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

FailureOr<SmallVector<Tensor>> evaluator::runProgram(const RunContext &context,
                                                     ArrayRef<Tensor> inputs,
                                                     int64_t samples,
                                                     int64_t firstSample) {
  const Program &program = context.program;
  Values values(program);
  Observations observations;
  for (auto [slot, input] : llvm::zip_equal(program.arguments, inputs)) {
    values.set(slot, input);
    if (context.observed.contains(slot))
      observations.push_back({slot, input});
  }
  context.deliver(observations);
  for (const Segment &segment : program.segments) {
    if (!segment.isExternal)
      runSegment(context, segment, samples, values);
    else if (failed(runExternal(context, program.steps[segment.begin], samples,
                                firstSample, values)))
      return failure();
  }
  SmallVector<Tensor> results;
  for (unsigned slot : program.results)
    results.push_back(values.get(slot));
  return results;
}
