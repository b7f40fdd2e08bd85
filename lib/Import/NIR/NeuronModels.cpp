//===- NeuronModels.cpp - neurons of NIR under a rule ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/NIR/NeuronModels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::nir;

bool nir::isSpiking(NodeType type) {
  return type == NodeType::LIF || type == NodeType::IF ||
         type == NodeType::CubaLIF;
}

static bool hasSynapse(NodeType type) {
  return type == NodeType::CubaLIF || type == NodeType::CubaLI;
}

static bool hasLeak(NodeType type) {
  return type != NodeType::IF && type != NodeType::I;
}

static bool resetsLater(const Rule &rule) {
  return rule.when != When::same_step && rule.reset != Reset::none;
}

static bool resetsAtOnce(const Rule &rule) {
  return rule.when != When::next_step && rule.reset != Reset::none &&
         rule.tested == Tested::after;
}

//===----------------------------------------------------------------------===//
// Params
//===----------------------------------------------------------------------===//

namespace {
/// f32 arithmetic on params: one number or as many as the others.
class Numbers {
public:
  explicit Numbers(float value) : values(1, value) {}
  explicit Numbers(const Tensor &tensor)
      : shape(tensor.getShape()), values(tensor.getNumElements()) {
    for (auto [index, value] : llvm::enumerate(values))
      value = static_cast<float>(tensor.getAsDouble(index));
  }

  static Numbers combine(const Numbers &a, const Numbers &b,
                         llvm::function_ref<float(float, float)> rule) {
    Numbers result = a.values.size() >= b.values.size() ? a : b;
    for (auto [index, value] : llvm::enumerate(result.values))
      value = rule(a.at(index), b.at(index));
    return result;
  }
  Numbers map(llvm::function_ref<float(float)> rule) const {
    Numbers result = *this;
    llvm::transform(values, result.values.begin(), rule);
    return result;
  }
  Tensor toTensor() const {
    Tensor tensor(values.size() == 1 ? SmallVector<int64_t>() : shape,
                  ElementType::f32);
    llvm::copy(values, tensor.data<float>().begin());
    return tensor;
  }

private:
  float at(size_t index) const {
    return values.size() == 1 ? values[0] : values[index];
  }
  SmallVector<int64_t> shape;
  std::vector<float> values;
};

Numbers operator*(const Numbers &a, const Numbers &b) {
  return Numbers::combine(a, b, std::multiplies<float>());
}
Numbers operator/(const Numbers &a, const Numbers &b) {
  return Numbers::combine(a, b, std::divides<float>());
}
Numbers operator-(const Numbers &a, const Numbers &b) {
  return Numbers::combine(a, b, std::minus<float>());
}

/// Computes the params of one node.
class ParamBuilder {
public:
  ParamBuilder(const Node &node, const Rule &rule, double dt)
      : node(node), rule(rule), dt(static_cast<float>(dt)) {}

  std::vector<NeuronParam> build();

private:
  Numbers get(StringRef name, float fallback = 0) const {
    const Tensor *tensor = node.findTensor(name);
    return tensor ? Numbers(*tensor) : Numbers(fallback);
  }
  void add(StringRef name, const Numbers &numbers) {
    params.push_back({name.str(), numbers.toTensor()});
  }
  Numbers decay(const Numbers &k) const {
    if (rule.decay == Decay::exp)
      return k.map([](float x) { return std::exp(-x); });
    return Numbers(1) - k;
  }
  void addSynapse();
  void addMembrane();
  void addSpike();
  void addInitial();

  const Node &node;
  const Rule &rule;
  Numbers dt;
  std::vector<NeuronParam> params;
};
} // namespace

void ParamBuilder::addSynapse() {
  Numbers k = dt / get("tau_syn");
  if (rule.synapse == Synapse::jump)
    add("step_syn", k);
  else
    add("decay_syn", decay(k));
  if (rule.synapseGain == SynapseGain::nir)
    add("gain_syn", k * get("w_in", 1));
  if (rule.synapseLeak)
    add("leak_syn", k * get("v_leak"));
}

void ParamBuilder::addMembrane() {
  NodeType type = node.info->type;
  Numbers k = dt, a(1);
  if (hasLeak(type)) {
    k = dt / get(hasSynapse(type) ? "tau_mem" : "tau");
    a = decay(k);
    add("decay", a);
    add("leak", (Numbers(1) - a) * get("v_leak"));
  }
  if (rule.gain == Gain::nir)
    add("gain", k * get("r"));
  else if (rule.gain == Gain::k)
    add("gain", k);
  else if (rule.gain == Gain::norm)
    add("gain", Numbers(1) - a);
}

void ParamBuilder::addSpike() {
  add("threshold", get("v_threshold"));
  if (rule.reset == Reset::value && resetsAtOnce(rule))
    add("v_reset", get("v_reset"));
  if (rule.boundedByThreshold)
    add("lower_bound", Numbers(0) - get("v_threshold"));
  else if (rule.lowerBound)
    add("lower_bound", Numbers(static_cast<float>(*rule.lowerBound)));
}

void ParamBuilder::addInitial() {
  Numbers start(0);
  if (rule.initial == Initial::leak)
    start = get("v_leak");
  else if (rule.initial == Initial::reset)
    start = get("v_reset");
  add("v_init", start);
  if (hasSynapse(node.info->type))
    add("i_init", rule.synapseLeak ? get("v_leak") : Numbers(0));
}

std::vector<NeuronParam> ParamBuilder::build() {
  if (hasSynapse(node.info->type))
    addSynapse();
  addMembrane();
  if (isSpiking(node.info->type))
    addSpike();
  addInitial();
  return std::move(params);
}

std::vector<NeuronParam> nir::computeParams(const Node &node, const Rule &rule,
                                            double dt) {
  return ParamBuilder(node, rule, dt).build();
}

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

namespace {
/// Writes the step of one rule.
class StepWriter {
public:
  StepWriter(snn::ModelOp model, NodeType type, const Rule &rule)
      : b(model.getLoc(), model.getContext()), model(model), type(type),
        rule(rule) {
    b.setInsertionPointToEnd(&model.getBody().front());
  }
  void write();

private:
  mlir::Value param(StringRef name);
  mlir::Value zero() {
    return arith::ConstantOp::create(b, b.getF32FloatAttr(0));
  }
  mlir::Value add(mlir::Value x, mlir::Value y) {
    return arith::AddFOp::create(b, x, y);
  }
  mlir::Value sub(mlir::Value x, mlir::Value y) {
    return arith::SubFOp::create(b, x, y);
  }
  mlir::Value mul(mlir::Value x, mlir::Value y) {
    return arith::MulFOp::create(b, x, y);
  }
  mlir::Value select(mlir::Value condition, mlir::Value x, mlir::Value y) {
    return arith::SelectOp::create(b, condition, x, y);
  }
  mlir::Value synapse(mlir::Value x);
  mlir::Value test(mlir::Value v);
  /// Spikes as a number: 0 and 1, or how many.
  mlir::Value count(mlir::Value v);
  mlir::Value toNumber(mlir::Value fires) {
    mlir::Value one = arith::ConstantOp::create(b, b.getF32FloatAttr(1));
    return select(fires, one, zero());
  }
  mlir::Value resetLater(mlir::Value v, mlir::Value fired);
  mlir::Value integrate(mlir::Value v, mlir::Value current);
  mlir::Value resetAtOnce(mlir::Value v, mlir::Value spikes, mlir::Value fired);
  mlir::Value bound(mlir::Value v);

  ImplicitLocOpBuilder b;
  snn::ModelOp model;
  NodeType type;
  const Rule &rule;
  /// The synaptic current after the step.
  mlir::Value current;
};
} // namespace

mlir::Value StepWriter::param(StringRef name) {
  auto names = model.getParams().getAsValueRange<StringAttr>();
  for (auto [candidate, value] :
       llvm::zip_equal(names, model.getParamArguments()))
    if (candidate == name)
      return value;
  return nullptr;
}

mlir::Value StepWriter::synapse(mlir::Value x) {
  mlir::Value before = model.getStateArguments()[1];
  if (mlir::Value gain = param("gain_syn"))
    x = mul(x, gain);
  mlir::Value sum = add(before, x), used;
  if (rule.synapse == Synapse::jump) {
    used = sum;
    current = sub(sum, mul(param("step_syn"), sum));
  } else {
    current = rule.synapse == Synapse::add_decay
                  ? mul(param("decay_syn"), sum)
                  : add(mul(param("decay_syn"), before), x);
  }
  if (mlir::Value leak = param("leak_syn"))
    current = add(current, leak);
  if (used)
    return used;
  return rule.synapse == Synapse::lagged ? before : current;
}

mlir::Value StepWriter::test(mlir::Value v) {
  auto predicate = rule.fires == Fires::above ? arith::CmpFPredicate::OGT
                                              : arith::CmpFPredicate::OGE;
  return arith::CmpFOp::create(b, predicate, v, param("threshold"));
}

mlir::Value StepWriter::count(mlir::Value v) {
  if (rule.fires != Fires::many)
    return toNumber(test(v));
  mlir::Value ratio = arith::DivFOp::create(b, v, param("threshold"));
  return select(test(v), math::FloorOp::create(b, ratio), zero());
}

mlir::Value StepWriter::resetLater(mlir::Value v, mlir::Value fired) {
  if (rule.reset == Reset::subtract)
    return sub(v, mul(toNumber(fired), param("threshold")));
  return select(fired, zero(), v);
}

mlir::Value StepWriter::integrate(mlir::Value v, mlir::Value input) {
  if (mlir::Value decay = param("decay"))
    v = mul(decay, v);
  if (mlir::Value gain = param("gain"))
    input = mul(gain, input);
  v = add(v, input);
  mlir::Value leak = param("leak");
  return leak ? add(v, leak) : v;
}

mlir::Value StepWriter::resetAtOnce(mlir::Value v, mlir::Value spikes,
                                    mlir::Value fired) {
  mlir::Value due = fired ? sub(spikes, toNumber(fired)) : spikes;
  if (rule.reset == Reset::subtract)
    return sub(v, mul(due, param("threshold")));
  mlir::Value any =
      arith::CmpFOp::create(b, arith::CmpFPredicate::ONE, due, zero());
  mlir::Value to = rule.reset == Reset::value ? param("v_reset") : zero();
  return select(any, to, v);
}

mlir::Value StepWriter::bound(mlir::Value v) {
  mlir::Value least = param("lower_bound");
  if (!least)
    return v;
  mlir::Value below =
      arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, v, least);
  return select(below, least, v);
}

void StepWriter::write() {
  mlir::Value v = model.getStateArguments()[0], emitted;
  mlir::Value input = model.getReceptorArguments()[0], fired;
  if (isSpiking(type) && resetsLater(rule))
    fired = test(v);
  if (hasSynapse(type))
    input = synapse(input);
  if (fired && rule.place == Place::before)
    v = resetLater(v, fired);
  v = integrate(v, input);
  if (fired && rule.place == Place::after)
    v = resetLater(v, fired);
  if (!isSpiking(type)) {
    emitted = v;
  } else {
    emitted = rule.fires == Fires::many ? count(v) : test(v);
    if (resetsAtOnce(rule)) {
      mlir::Value spikes =
          rule.fires == Fires::many ? emitted : toNumber(emitted);
      v = resetAtOnce(v, spikes, fired);
    }
    v = bound(v);
  }
  SmallVector<mlir::Value> states{v};
  if (current)
    states.push_back(current);
  if (isSpiking(type) && rule.fires == Fires::many)
    emitted = arith::FPToSIOp::create(b, b.getI32Type(), emitted);
  snn::YieldOp::create(b, emitted, states);
}

static snn::ModelOp createModel(OpBuilder &builder, Location loc,
                                StringRef name, ArrayRef<StringRef> states,
                                ArrayRef<StringRef> params) {
  auto model = snn::ModelOp::create(
      builder, loc, name, StringAttr(), builder.getStrArrayAttr(states),
      builder.getStrArrayAttr({"in"}), builder.getStrArrayAttr(params));
  Block &block = model.getBody().emplaceBlock();
  for (size_t i = 0; i < states.size() + 1 + params.size(); ++i)
    block.addArgument(builder.getF32Type(), loc);
  return model;
}

snn::ModelOp nir::buildModel(OpBuilder &builder, Location loc, StringRef name,
                             NodeType type, const Rule &rule) {
  SmallVector<StringRef> states{"v"}, params;
  if (hasSynapse(type)) {
    states.push_back("i");
    params.push_back(rule.synapse == Synapse::jump ? "step_syn" : "decay_syn");
    if (rule.synapseGain == SynapseGain::nir)
      params.push_back("gain_syn");
    if (rule.synapseLeak)
      params.push_back("leak_syn");
  }
  if (hasLeak(type))
    params.append({"decay", "leak"});
  if (rule.gain != Gain::one)
    params.push_back("gain");
  if (isSpiking(type)) {
    params.push_back("threshold");
    if (rule.reset == Reset::value && resetsAtOnce(rule))
      params.push_back("v_reset");
    if (rule.boundedByThreshold || rule.lowerBound)
      params.push_back("lower_bound");
  }
  snn::ModelOp model = createModel(builder, loc, name, states, params);
  StepWriter(model, type, rule).write();
  return model;
}

snn::ModelOp nir::buildThreshold(OpBuilder &builder, Location loc,
                                 StringRef name) {
  snn::ModelOp model = createModel(builder, loc, name, {}, {"threshold"});
  ImplicitLocOpBuilder b(loc, builder.getContext());
  b.setInsertionPointToEnd(&model.getBody().front());
  mlir::Value fires = arith::CmpFOp::create(b, arith::CmpFPredicate::OGT,
                                            model.getReceptorArguments()[0],
                                            model.getParamArguments()[0]);
  snn::YieldOp::create(b, fires, ValueRange());
  return model;
}
