//===- CustomModels.cpp - neuron models that a conversion writes ----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts are f32 where they are added up and compared: they are exact there,
// far above any number of steps.
//
//===----------------------------------------------------------------------===//

#include "CustomModels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "spikeformer/Conversion/TosaToSNN/TosaToSNN.h"

using namespace spikeformer;
using namespace spikeformer::tosatosnn;
using arith::CmpFPredicate;
using mlir::ImplicitLocOpBuilder;

namespace {
/// The body of a model while it is written.
class ModelBody {
public:
  ModelBody(OpBuilder &builder, Location location, StringRef name,
            ArrayRef<StringRef> states, ArrayRef<StringRef> params)
      : model(snn::ModelOp::create(builder, location, name, StringAttr(),
                                   builder.getStrArrayAttr(states),
                                   builder.getStrArrayAttr({"in"}),
                                   builder.getStrArrayAttr(params))),
        ops(location, builder.getContext()) {
    Block &block = model.getBody().emplaceBlock();
    ops.setInsertionPointToStart(&block);
    for (size_t k = 0; k < states.size() + params.size() + 1; ++k)
      block.addArgument(ops.getF32Type(), location);
  }

  /// Argument `index`: states, the input, params.
  Value get(unsigned index) { return model.getBody().getArgument(index); }
  Value number(float value) {
    return arith::ConstantOp::create(ops, ops.getF32FloatAttr(value));
  }
  Value compare(CmpFPredicate predicate, Value a, Value b) {
    return arith::CmpFOp::create(ops, predicate, a, b);
  }
  template <typename Op>
  Value add(ValueRange operands) {
    return Op::create(ops, operands);
  }
  template <typename Op>
  Value convert(Type type, Value value) {
    return Op::create(ops, type, value);
  }
  snn::ModelOp yield(Value emitted, ValueRange states) {
    snn::YieldOp::create(ops, emitted, states);
    return model;
  }

  ImplicitLocOpBuilder &getBuilder() { return ops; }

private:
  snn::ModelOp model;
  ImplicitLocOpBuilder ops;
};
} // namespace

snn::ModelOp tosatosnn::addGateModel(OpBuilder &builder, Location location) {
  ModelBody body(builder, location, "max_gate", {"sent"}, {"v_threshold"});
  Value sent = body.get(0), in = body.get(1), theta = body.get(2);
  Value fires = body.compare(CmpFPredicate::OGT, in, sent);
  Value more = body.add<arith::AddFOp>({sent, theta});
  return body.yield(fires, body.add<arith::SelectOp>({fires, more, sent}));
}

snn::ModelOp tosatosnn::addTernaryModel(OpBuilder &builder, Location location) {
  ModelBody body(builder, location, "relu_ternary", {"v", "sent"},
                 {"v_threshold"});
  Value sent = body.get(1), theta = body.get(3), zero = body.number(0);
  Value v = body.add<arith::AddFOp>({body.get(0), body.get(2)});
  Value isNegative = body.compare(CmpFPredicate::OLT, v, zero);
  Value hasSent = body.compare(CmpFPredicate::OGT, sent, zero);
  Value down = body.add<arith::AndIOp>({isNegative, hasSent});
  Value up = body.compare(CmpFPredicate::OGE, v, theta);
  Value less = body.add<arith::SelectOp>({down, body.number(-1), zero});
  Value sign = body.add<arith::SelectOp>({up, body.number(1), less});
  Value change = body.add<arith::MulFOp>({sign, theta});
  Value left = body.add<arith::SubFOp>({v, change});
  Value sum = body.add<arith::AddFOp>({sent, sign});
  return body.yield(body.convert<arith::FPToSIOp>(builder.getI8Type(), sign),
                    {left, sum});
}

/// Adds floor(v / theta), 0 to `most`, as i32.
static Value addWholes(ModelBody &body, Value v, Value theta, Value most) {
  Value ratio = body.add<arith::DivFOp>({v, theta});
  Value limited = body.add<arith::MinimumFOp>({ratio, most});
  Value positive = body.add<arith::MaximumFOp>({limited, body.number(0)});
  // Rounds towards 0, which is down.
  return body.convert<arith::FPToSIOp>(body.getBuilder().getI32Type(),
                                       positive);
}

/// Adds the step of a burst: what is emitted and the new v, and the number of
/// spikes as f32. `most` spikes may be sent, at least 0.
static std::array<Value, 3> addBurst(ModelBody &body, Value v, Value theta,
                                     Value most) {
  Value emitted = addWholes(body, v, theta, most);
  Value count =
      body.convert<arith::SIToFPOp>(body.getBuilder().getF32Type(), emitted);
  Value taken = body.add<arith::MulFOp>({count, theta});
  return {emitted, body.add<arith::SubFOp>({v, taken}), count};
}

snn::ModelOp tosatosnn::addBurstModel(OpBuilder &builder, Location location) {
  ModelBody body(builder, location, "relu_burst", {"v"}, {"v_threshold"});
  Value v = body.add<arith::AddFOp>({body.get(0), body.get(1)});
  auto [emitted, left, count] =
      addBurst(body, v, body.get(2), body.number(maxBurst));
  return body.yield(emitted, left);
}

snn::ModelOp tosatosnn::addBoundedBurstModel(OpBuilder &builder,
                                             Location location) {
  ModelBody body(builder, location, "clamp_burst", {"v", "room"},
                 {"v_threshold", "rate"});
  Value v = body.add<arith::AddFOp>({body.get(0), body.get(2)});
  Value room = body.add<arith::AddFOp>({body.get(1), body.get(4)});
  Value most = body.add<arith::MinimumFOp>({room, body.number(maxBurst)});
  auto [emitted, left, count] = addBurst(body, v, body.get(3), most);
  return body.yield(emitted, {left, body.add<arith::SubFOp>({room, count})});
}

snn::ModelOp tosatosnn::addGradedModel(OpBuilder &builder, Location location) {
  ModelBody body(builder, location, "relu_graded", {},
                 {"v_threshold", "levels"});
  return body.yield(addWholes(body, body.get(0), body.get(1), body.get(2)), {});
}

snn::ModelOp tosatosnn::addBoundedSigmaDeltaModel(OpBuilder &builder,
                                                  Location location) {
  ModelBody body(builder, location, "clamp_sigma_delta", {"sigma", "sent"},
                 {"v_threshold", "upper"});
  Value sent = body.get(1), theta = body.get(3), zero = body.number(0);
  Value sigma = body.add<arith::AddFOp>({body.get(0), body.get(2)});
  Value positive = body.add<arith::MaximumFOp>({sigma, zero});
  Value value = body.add<arith::MinimumFOp>({positive, body.get(4)});
  Value change = body.add<arith::SubFOp>({value, sent});
  Value rises = body.compare(CmpFPredicate::OGE, change, theta);
  Value falls =
      body.compare(CmpFPredicate::OLE, change, body.add<arith::NegFOp>(theta));
  Value sends = body.add<arith::OrIOp>({rises, falls});
  Value emitted = body.add<arith::SelectOp>({sends, change, zero});
  Value sum = body.add<arith::AddFOp>({sent, emitted});
  return body.yield(emitted, {sigma, sum});
}
