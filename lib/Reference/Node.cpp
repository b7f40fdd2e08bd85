//===- Node.cpp - operations that run -------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything but populations: delivery along projections, encoders, and what
// turns signals into signals.
//
//===----------------------------------------------------------------------===//

#include "Node.h"
#include "llvm/Support/FormatVariadic.h"
#include <deque>
#include <map>

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

Signal &Values::getSignal(Value value) {
  std::unique_ptr<Signal> &signal = signals[value];
  if (!signal)
    signal = std::make_unique<Signal>(cast<SignalType>(value.getType()));
  return *signal;
}

Current &Values::getCurrent(Value value) {
  std::unique_ptr<Current> &current = currents[value];
  if (!current)
    current = std::make_unique<Current>();
  return *current;
}

//===----------------------------------------------------------------------===//
// Projections
//===----------------------------------------------------------------------===//

namespace {
/// All synapses have one delay: rows are delivered `delay` steps later.
class UniformProjectNode : public Node {
public:
  UniformProjectNode(const Projection &projection, const Signal &source,
                     Current &current)
      : projection(projection), source(source), current(current) {
    current.projection = &projection;
  }

  void reset() override { underWay.clear(); }

  llvm::Error execute(Step &) override {
    current.events = {};
    if (projection.delay == 0) {
      current.events = source.getEvents();
    } else if (static_cast<int64_t>(underWay.size()) == projection.delay) {
      arrived = std::move(underWay.front());
      underWay.pop_front();
      current.events = arrived;
    }
    current.synapticEvents = 0;
    for (const Event &event : current.events)
      current.synapticEvents += projection.carrying[event.index];
    return llvm::Error::success();
  }

  void finish() override {
    if (projection.delay > 0)
      underWay.push_back(source.getEvents());
  }

private:
  const Projection &projection;
  const Signal &source;
  Current &current;
  /// What the source emitted in the last steps, oldest first.
  std::deque<std::vector<Event>> underWay;
  std::vector<Event> arrived;
};

/// Each synapse has its own delay. Synapses are entered when the source emits,
/// so what arrives in one step is in the order of emission, source and synapse.
class DelayedProjectNode : public Node {
public:
  DelayedProjectNode(const Projection &projection, const Signal &source,
                     Current &current)
      : projection(projection), source(source), current(current) {
    current.projection = &projection;
  }

  void reset() override {
    underWay.clear();
    now = 0;
  }

  llvm::Error execute(Step &) override {
    arrived.clear();
    if (auto due = underWay.find(now); due != underWay.end()) {
      arrived = std::move(due->second);
      underWay.erase(due);
    }
    current.arrivals = arrived;
    current.synapticEvents = 0;
    for (const Arrival &arrival : arrived)
      current.synapticEvents += projection.getWeight(arrival.synapse) != 0;
    return llvm::Error::success();
  }

  void finish() override {
    const std::vector<uint64_t> &rows = projection.table.rows;
    for (const Event &event : source.getEvents())
      for (uint64_t k = rows[event.index]; k < rows[event.index + 1]; ++k)
        underWay[now + projection.delays[k]].push_back({k, event.value});
    ++now;
  }

private:
  const Projection &projection;
  const Signal &source;
  Current &current;
  /// By the step of arrival, counted since the last reset.
  std::map<int64_t, std::vector<Arrival>> underWay;
  std::vector<Arrival> arrived;
  int64_t now = 0;
};

//===----------------------------------------------------------------------===//
// Sources of signals
//===----------------------------------------------------------------------===//

class EncodeNode : public Node {
public:
  EncodeNode(EncodeOp op, const Signal &source, Signal &result)
      : op(op), dt(op->getParentOfType<NetworkOp>().getStepLength()),
        source(source), result(result), previous(source.getSize()),
        emitted(result.getSize() / source.getSize()) {}

  llvm::Error execute(Step &step) override {
    for (int64_t k = 0; k < source.getSize(); ++k) {
      EncoderInput input{
          convert<double>(source.getValues()[k], source.getCarrier()),
          std::nullopt,
          dt,
          static_cast<uint64_t>(k),
          static_cast<uint32_t>(step.index),
          static_cast<uint32_t>(step.sample)};
      if (step.index > 0)
        input.previous = previous[k];
      previous[k] = input.value;
      if (failed(op.getEncoder().referenceEncode(input, emitted)))
        return makeError(step, k, input.value);
      write(k);
    }
    return llvm::Error::success();
  }

private:
  /// Enters what element `k` of the source emits.
  void write(int64_t k) {
    Type type = result.getType().getElementType();
    Scalar *out = &result.getValues()[k * emitted.size()];
    for (double value : emitted) {
      *out = Scalar::round(value, type);
      if (result.getType().getKind() == AlphabetKind::binary)
        out->integer = value != 0;
      ++out;
    }
  }

  llvm::Error makeError(const Step &step, int64_t element, double value) {
    return llvm::createStringError(llvm::formatv(
        "encoder \"{0}\": element {1}, step {2}, sample {3}: {4}", op.getName(),
        element, step.index, step.sample, op.getEncoder().explain(value, dt)));
  }

  EncodeOp op;
  double dt;
  const Signal &source;
  Signal &result;
  /// The values of the step before.
  std::vector<double> previous;
  /// What one element emits.
  std::vector<double> emitted;
};

class ConstantNode : public Node {
public:
  ConstantNode(ArrayRef<Scalar> elements, Signal &result)
      : elements(elements), result(result) {}

  llvm::Error execute(Step &) override {
    llvm::copy(elements, result.getValues().begin());
    return llvm::Error::success();
  }

private:
  ArrayRef<Scalar> elements;
  Signal &result;
};

//===----------------------------------------------------------------------===//
// Signals to signals
//===----------------------------------------------------------------------===//

/// Adds in the carrier; integers modulo 2^32, the lanes of the engines.
static Scalar add(Scalar a, Scalar b, Carrier carrier) {
  switch (carrier) {
  case Carrier::integer:
    return Scalar::of(static_cast<int64_t>(
        static_cast<int32_t>(static_cast<uint64_t>(a.integer) + b.integer)));
  case Carrier::f32:
    return Scalar::of(a.f32 + b.f32);
  case Carrier::f64:
    return Scalar::of(a.f64 + b.f64);
  }
  llvm_unreachable("unknown carrier");
}

/// The larger one; `a` where neither is.
static Scalar maximum(Scalar a, Scalar b, Carrier carrier) {
  switch (carrier) {
  case Carrier::integer:
    return b.integer > a.integer ? b : a;
  case Carrier::f32:
    return b.f32 > a.f32 ? b : a;
  case Carrier::f64:
    return b.f64 > a.f64 ? b : a;
  }
  llvm_unreachable("unknown carrier");
}

class PoolNode : public Node {
public:
  PoolNode(PoolOp op, const Signal &source, Signal &result)
      : op(op), source(source), result(result) {}

  llvm::Error execute(Step &) override {
    ArrayRef<int64_t> shape = result.getType().getShape();
    Scalar *out = result.getValues().data();
    for (int64_t channel = 0; channel < shape[0]; ++channel)
      for (int64_t y = 0; y < shape[1]; ++y)
        for (int64_t x = 0; x < shape[2]; ++x)
          *out++ =
              reduce(channel, y * op.getStride()[0], x * op.getStride()[1]);
    return llvm::Error::success();
  }

private:
  /// The window whose first element is (y, x), row-major.
  Scalar reduce(int64_t channel, int64_t y, int64_t x) {
    ArrayRef<int64_t> shape = source.getType().getShape();
    bool isSum = op.getReductionKind() == Reduction::sum;
    Carrier carrier = source.getCarrier();
    auto at = [&](int64_t i, int64_t j) {
      return source
          .getValues()[(channel * shape[1] + y + i) * shape[2] + x + j];
    };
    Scalar value = isSum ? Scalar() : at(0, 0);
    for (int64_t i = 0; i < op.getKernel()[0]; ++i)
      for (int64_t j = 0; j < op.getKernel()[1]; ++j)
        value = isSum ? add(value, at(i, j), carrier)
                      : maximum(value, at(i, j), carrier);
    return value;
  }

  PoolOp op;
  const Signal &source;
  Signal &result;
};

/// Reshape and concat: the elements of all sources, one behind the other.
class ConcatNode : public Node {
public:
  ConcatNode(SmallVector<const Signal *> sources, Signal &result)
      : sources(std::move(sources)), result(result) {}

  llvm::Error execute(Step &) override {
    Scalar *out = result.getValues().data();
    for (const Signal *source : sources)
      out = llvm::copy(source->getValues(), out);
    return llvm::Error::success();
  }

private:
  SmallVector<const Signal *> sources;
  Signal &result;
};

class SliceNode : public Node {
public:
  SliceNode(SliceOp op, const Signal &source, Signal &result)
      : source(source), result(result) {
    ArrayRef<int64_t> rows = result.getType().getShape();
    begin = op.getBegin() * (result.getSize() / rows.front());
  }

  llvm::Error execute(Step &) override {
    llvm::copy(source.getValues().slice(begin, result.getSize()),
               result.getValues().begin());
    return llvm::Error::success();
  }

private:
  const Signal &source;
  Signal &result;
  int64_t begin;
};

class DelayNode : public Node {
public:
  DelayNode(int64_t steps, const Signal &source, Signal &result)
      : steps(steps), source(source), result(result) {}

  void reset() override { underWay.clear(); }

  llvm::Error execute(Step &) override {
    result.clear();
    if (static_cast<int64_t>(underWay.size()) < steps)
      return llvm::Error::success();
    llvm::copy(underWay.front(), result.getValues().begin());
    underWay.pop_front();
    return llvm::Error::success();
  }

  void finish() override { underWay.push_back(source.getValues().vec()); }

private:
  int64_t steps;
  const Signal &source;
  Signal &result;
  std::deque<std::vector<Scalar>> underWay;
};
} // namespace

//===----------------------------------------------------------------------===//
// createNode
//===----------------------------------------------------------------------===//

static std::unique_ptr<Node> createProjectNode(const Projection &projection,
                                               const Signal &source,
                                               Current &current) {
  if (projection.delays.empty())
    return std::make_unique<UniformProjectNode>(projection, source, current);
  return std::make_unique<DelayedProjectNode>(projection, source, current);
}

std::unique_ptr<Node>
reference::createNode(Operation *op, const Network &network, Values &values) {
  if (auto project = dyn_cast<ProjectOp>(op))
    return createProjectNode(*network.projections.at(op),
                             values.getSignal(project.getSource()),
                             values.getCurrent(project.getResult()));
  Signal &result = values.getSignal(op->getResult(0));
  if (isa<ConstantOp>(op))
    return std::make_unique<ConstantNode>(network.constants.at(op), result);
  SmallVector<const Signal *> sources;
  for (Value operand : op->getOperands())
    sources.push_back(&values.getSignal(operand));
  if (auto encode = dyn_cast<EncodeOp>(op))
    return std::make_unique<EncodeNode>(encode, *sources[0], result);
  if (auto pool = dyn_cast<PoolOp>(op))
    return std::make_unique<PoolNode>(pool, *sources[0], result);
  if (auto slice = dyn_cast<SliceOp>(op))
    return std::make_unique<SliceNode>(slice, *sources[0], result);
  if (auto delay = dyn_cast<DelayOp>(op))
    return std::make_unique<DelayNode>(delay.getSteps(), *sources[0], result);
  assert((isa<ReshapeOp, ConcatOp>(op)) && "unknown operation");
  return std::make_unique<ConcatNode>(std::move(sources), result);
}
