//===- InsertRelays.cpp - relays for long delays --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Builders.h"
#include "spikeformer/Dialect/SNN/Analysis/Relations.h"
#include "spikeformer/Dialect/SNN/Analysis/SignalOrigins.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Dialect/SNN/Transforms/Passes.h"
#include "spikeformer/Dialect/SNN/Transforms/Simulations.h"
#include "llvm/ADT/DenseMap.h"
#include <cmath>

namespace spikeformer {
#define GEN_PASS_DEF_SNNINSERTRELAYSPASS
#include "spikeformer/Dialect/SNN/Transforms/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::snn;

namespace {

/// Puts the relays into one network.
class RelayInserter {
public:
  RelayInserter(NetworkOp network, int64_t minDelay, int64_t maxDelay);

  /// Fails with a diagnostic for each projection that no relay can help.
  LogicalResult run();

  bool hasInserted() const { return !relays.empty(); }

private:
  LogicalResult shorten(ProjectOp project);
  LogicalResult checkData(ProjectOp project);
  /// `signal` as a relay sends it `steps` steps later; `steps` is 0 or at least
  /// minDelay.
  Value getRelayed(Value signal, int64_t steps, Location loc);
  Value makeRelay(Value source, int64_t delay, StringRef name, Location loc);
  std::string makeName(Value signal, int64_t steps);

  NetworkOp network;
  int64_t minDelay, maxDelay;
  llvm::DenseMap<std::pair<Value, int64_t>, Value> relays;
  UniqueNames names;
};

} // namespace

RelayInserter::RelayInserter(NetworkOp network, int64_t minDelay,
                             int64_t maxDelay)
    : network(network), minDelay(minDelay), maxDelay(maxDelay), names(network) {
}

/// The name of what sends the first element, so that readers know whose relay
/// it is.
static std::string getSignalName(Value signal) {
  while (Operation *op = signal.getDefiningOp()) {
    if (isa<PopulationOp, EncodeOp, ConstantOp>(op))
      break;
    signal = op->getOperand(0);
  }
  return getOriginName(signal);
}

std::string RelayInserter::makeName(Value signal, int64_t steps) {
  return names.add(getSignalName(signal) + "_relay" + Twine(steps));
}

/// A spike brings a neuron from 0 to 1, and the reset back; half of that as the
/// threshold leaves room for the rounding of a target.
Value RelayInserter::makeRelay(Value source, int64_t delay, StringRef name,
                               Location loc) {
  OpBuilder builder(network.getContext());
  builder.setInsertionPoint(network.getOutput());
  MLIRContext *context = builder.getContext();
  auto type = cast<SignalType>(source.getType());
  auto project = ProjectOp::create(
      builder, loc, CurrentType::get(context, type.getShape()), source,
      OneToOneAttr::get(context), builder.getF64FloatAttr(1),
      builder.getI64IntegerAttr(delay));
  Attribute receptor = ReceptorAttr::get(context, builder.getStringAttr("in"),
                                         1, AccumulatorKind::ordered,
                                         builder.getF32Type(), 0, Attribute());
  auto model = IFAttr::get(context, builder.getF32Type(), ResetKind::to_value,
                           FiresKind::at_or_above, ResetTime::same_step);
  auto number = [&](StringRef param, double value) {
    return builder.getNamedAttr(param, builder.getF64FloatAttr(value));
  };
  auto params = builder.getDictionaryAttr(
      {number("r", 1 / network.getStepLength()), number("v_init", 0),
       number("v_reset", 0), number("v_threshold", 0.5)});
  auto relay = PopulationOp::create(
      builder, NameLoc::get(builder.getStringAttr(name), loc), type,
      TypeRange(), name, ValueRange(project.getResult()),
      builder.getArrayAttr(receptor), model, params, IntegerAttr(),
      ArrayAttr());
  return relay.getSpikes();
}

Value RelayInserter::getRelayed(Value signal, int64_t steps, Location loc) {
  if (steps == 0)
    return signal;
  if (Value relay = relays.lookup({signal, steps}))
    return relay;
  // The one before lies at a multiple of maxDelay, where others share it,
  // unless what is left would be too short.
  int64_t before = (steps - 1) / maxDelay * maxDelay;
  if (steps - before < minDelay)
    before = steps - minDelay;
  Value source = getRelayed(signal, before, loc);
  Value relay = makeRelay(source, steps - before, makeName(signal, steps), loc);
  relays[{signal, steps}] = relay;
  return relay;
}

static double getLargest(RandomAttr random) {
  return random.getClipHigh() ? random.getClipHigh().getValueAsDouble()
                              : HUGE_VAL;
}

/// The longest delay that the data of `project` say; the clip of random ones.
static FailureOr<double> getLongestDelay(ProjectOp project) {
  if (auto random = dyn_cast<RandomAttr>(project.getDelay()))
    return getLargest(random);
  auto perSource = dyn_cast<PerSourceAttr>(project.getDelay());
  FlatSymbolRefAttr symbol =
      perSource ? perSource.getParameter()
                : cast<ParamAttr>(project.getDelay()).getParameter();
  FailureOr<ParameterOp> parameter = lookUpParameter(project, symbol);
  if (failed(parameter))
    return failure();
  if (auto random = dyn_cast<RandomAttr>(parameter->getValue()))
    return getLargest(random);
  FailureOr<NumberView> view =
      NumberView::create(project, ParamAttr::get(project.getContext(), symbol),
                         parameter->getTensorType().getShape());
  if (failed(view))
    return failure();
  double longest = 0;
  for (int64_t i = 0; i < view->getSize(); ++i)
    longest = std::max(longest, std::nearbyint((*view)[i]));
  return longest;
}

/// Delays that are data are not split.
LogicalResult RelayInserter::checkData(ProjectOp project) {
  FailureOr<double> longest = getLongestDelay(project);
  if (failed(longest))
    return failure();
  if (*longest <= maxDelay)
    return success();
  std::string need = std::isfinite(*longest)
                         ? std::to_string(static_cast<int64_t>(*longest))
                         : "any number of";
  return project.emitError("delays of single synapses: needs up to ")
         << need << " steps, has " << maxDelay
         << "; split the projection by delay, only a delay that all synapses "
            "share can be relayed";
}

LogicalResult RelayInserter::shorten(ProjectOp project) {
  auto shared = dyn_cast<IntegerAttr>(project.getDelay());
  if (!shared)
    return checkData(project);
  int64_t delay = shared.getInt();
  if (delay <= maxDelay)
    return success();
  SignalType type = project.getSourceType();
  if (type.getKind() != AlphabetKind::binary)
    return project.emitError("delay of a projection: needs ")
           << delay << " steps, has " << maxDelay
           << "; a relay sends binary spikes on, not " << type;
  int64_t relayed = (delay - 1) / maxDelay * maxDelay;
  if (delay - relayed < minDelay)
    relayed = delay - minDelay;
  project.getSourceMutable().assign(
      getRelayed(project.getSource(), relayed, project.getLoc()));
  project.setDelayAttr(IntegerAttr::get(shared.getType(), delay - relayed));
  return success();
}

LogicalResult RelayInserter::run() {
  bool good = true;
  SmallVector<ProjectOp> projects(network.getBody().getOps<ProjectOp>());
  for (ProjectOp project : projects)
    good &= succeeded(shorten(project));
  return success(good);
}

namespace {

struct InsertRelays : spikeformer::impl::SNNInsertRelaysPassBase<InsertRelays> {
  using SNNInsertRelaysPassBase::SNNInsertRelaysPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (maxDelay < 2 * minDelay - 1 || maxDelay < 1) {
      module.emitError("snn-insert-relays: needs max-delay of at least ")
          << std::max<int64_t>(2 * minDelay - 1, 1) << ", has "
          << int64_t(maxDelay)
          << "; a shorter one leaves delays that no relays add up to";
      return signalPassFailure();
    }
    bool good = true, inserted = false;
    for (NetworkOp network : module.getOps<NetworkOp>()) {
      RelayInserter inserter(network, minDelay, maxDelay);
      good &= succeeded(inserter.run());
      inserted |= inserter.hasInserted();
    }
    if (!good)
      return signalPassFailure();
    if (inserted)
      appendRelation(module, "legalize", RelationKind::identical, {});
  }
};

} // namespace
