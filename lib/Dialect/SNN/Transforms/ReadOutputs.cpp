//===- ReadOutputs.cpp - outputs that a target can read -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sum of currents is what an integrator holds in the last step, and, in parts
// of its range, how often a neuron has spiked.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "spikeformer/Dialect/SNN/Analysis/Relations.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Dialect/SNN/Transforms/NeuronNumbers.h"
#include "spikeformer/Dialect/SNN/Transforms/Passes.h"
#include "spikeformer/Dialect/SNN/Transforms/Simulations.h"

namespace spikeformer {
#define GEN_PASS_DEF_SNNREADOUTPUTSPASS
#include "spikeformer/Dialect/SNN/Transforms/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::snn;

namespace {

/// The results of a simulation that are sums of currents.
class OutputReader {
public:
  OutputReader(NetworkOp network, SimulateOp simulation)
      : network(network), simulation(simulation),
        builder(network.getContext()) {}

  SmallVector<unsigned> getSums();
  /// The neurons behind output `index`, which only emit what they get; a
  /// diagnostic if it is something else.
  FailureOr<PopulationOp> getNeurons(unsigned index);
  void readMembrane(unsigned index, PopulationOp op);
  LogicalResult readCount(unsigned index, PopulationOp op, double low,
                          double high, bool startsAtHalf);

private:
  void setReadout(unsigned index, Readout readout);
  double getGain() { return 1 / network.getStepLength(); }

  NetworkOp network;
  SimulateOp simulation;
  OpBuilder builder;
};

} // namespace

SmallVector<unsigned> OutputReader::getSums() {
  SmallVector<unsigned> sums;
  for (unsigned index = 0; index < simulation.getReadouts().size(); ++index)
    if (simulation.getReadout(index) == Readout::current_sum)
      sums.push_back(index);
  return sums;
}

FailureOr<PopulationOp> OutputReader::getNeurons(unsigned index) {
  Value value = network.getOutput().getValues()[index];
  auto op = value.getDefiningOp<PopulationOp>();
  auto model = op ? dyn_cast<LinearAttr>(op.getModel()) : LinearAttr();
  bool fits = model && model.getState().isF32() && value.hasOneUse() &&
              op.getReceptorList().front().getType().isF32();
  if (!fits)
    return network.getOutput().emitError("source of output ")
           << index << ": needs neurons #snn.linear of f32 that nobody else "
           << "listens to for another readout; add a population";
  return op;
}

void OutputReader::setReadout(unsigned index, Readout readout) {
  SmallVector<int32_t> readouts(simulation.getReadouts());
  readouts[index] = static_cast<int32_t>(readout);
  simulation.setReadouts(readouts);
}

void OutputReader::readMembrane(unsigned index, PopulationOp op) {
  op.setModelAttr(IAttr::get(builder.getContext(), builder.getF32Type()));
  op.setParamsAttr(builder.getDictionaryAttr(
      {builder.getNamedAttr("r", builder.getF64FloatAttr(getGain())),
       builder.getNamedAttr("v_init", builder.getF64FloatAttr(0))}));
  setReadout(index, Readout::membrane_last);
}

/// The mean input lies from 0 to high - low, which is the threshold, so that
/// one spike per step says all of it in the end; the start at half of it rounds
/// to the nearest.
LogicalResult OutputReader::readCount(unsigned index, PopulationOp op,
                                      double low, double high,
                                      bool startsAtHalf) {
  double steps = static_cast<double>(*simulation.getSteps());
  auto biases = getBiases(op);
  if (failed(biases))
    return failure();
  for (double &bias : *biases)
    bias -= low;
  setBiases(op, *biases);
  MLIRContext *context = builder.getContext();
  op.setModelAttr(IFAttr::get(context, builder.getF32Type(),
                              ResetKind::subtract, FiresKind::at_or_above,
                              ResetTime::same_step));
  op.setParamsAttr(builder.getDictionaryAttr(
      {builder.getNamedAttr("r", builder.getF64FloatAttr(getGain())),
       builder.getNamedAttr("v_init", builder.getF64FloatAttr(
                                          startsAtHalf ? (high - low) / 2 : 0)),
       builder.getNamedAttr("v_threshold",
                            builder.getF64FloatAttr(high - low))}));
  op.getSpikes().setType(SignalType::get(context, op.getSignalType().getShape(),
                                         AlphabetKind::binary));
  network.setFunctionType(
      builder.getFunctionType(network.getFunctionType().getInputs(),
                              network.getOutput().getOperandTypes()));
  setReadout(index, Readout::count);
  Value result = simulation.getResult(index);
  auto type = cast<RankedTensorType>(result.getType());
  result.setType(type.clone(builder.getI32Type()));
  builder.setInsertionPointAfter(simulation);
  Value count =
      tosa::CastOp::create(builder, simulation.getLoc(), type, result);
  Value sum =
      scaleTensor(builder, simulation.getLoc(), count, high - low, low * steps);
  result.replaceAllUsesExcept(sum, count.getDefiningOp());
  return success();
}

namespace {

struct ReadOutputs : spikeformer::impl::SNNReadOutputsPassBase<ReadOutputs> {
  using SNNReadOutputsPassBase::SNNReadOutputsPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (readout != "count" && readout != "membrane_last") {
      module.emitError("snn-read-outputs: there is no readout '")
          << readout << "' of sums; there are count, membrane_last";
      return signalPassFailure();
    }
    bool good = true;
    for (NetworkOp network : module.getOps<NetworkOp>())
      good &= succeeded(run(network));
    if (!good)
      signalPassFailure();
  }

private:
  /// Whether some simulation reads a sum of `network`.
  static bool readsSums(NetworkOp network) {
    bool found = false;
    network->getParentOp()->walk([&](SimulateOp op) {
      found |= op.getNetwork() == network.getSymName() &&
               llvm::is_contained(op.getReadouts(),
                                  static_cast<int32_t>(Readout::current_sum));
    });
    return found;
  }

  LogicalResult checkRanges(NetworkOp network, size_t outputs) const {
    if (low.size() != outputs || high.size() != outputs)
      return network.emitError("ranges of the outputs that are counted: needs ")
             << outputs << ", has " << low.size() << " numbers for low= and "
             << high.size() << " for high=; give one of each for every output";
    bool good = true;
    for (auto [index, from, to] : llvm::enumerate(low, high)) {
      if (to > from && std::isfinite(to - from))
        continue;
      network.emitError("range of counted output ")
          << index << ": needs a finite one that is not empty, has " << from
          << " to " << to;
      good = false;
    }
    return success(good);
  }

  LogicalResult run(NetworkOp network) {
    if (!readsSums(network))
      return success();
    FailureOr<SimulateOp> simulation = getOnlySimulation(network);
    if (failed(simulation))
      return failure();
    OutputReader reader(network, *simulation);
    SmallVector<unsigned> sums = reader.getSums();
    bool counts = readout == "count";
    bool good = !counts || succeeded(checkRanges(network, sums.size()));
    SmallVector<PopulationOp> neurons;
    for (unsigned index : sums) {
      FailureOr<PopulationOp> op = reader.getNeurons(index);
      good &= succeeded(op);
      neurons.push_back(succeeded(op) ? *op : PopulationOp());
    }
    if (!good)
      return failure();
    for (auto [place, index] : llvm::enumerate(sums)) {
      if (!counts)
        reader.readMembrane(index, neurons[place]);
      else if (failed(reader.readCount(index, neurons[place], low[place],
                                       high[place], startsAtHalf)))
        return failure();
    }
    record(counts);
    return success();
  }

  void record(bool counts) {
    Builder builder(&getContext());
    if (counts)
      appendRelation(
          getOperation(), "convert", RelationKind::approximates,
          builder.getNamedAttr("metric", builder.getStringAttr("readout")));
    else
      appendRelation(getOperation(), "convert", RelationKind::identical, {});
  }
};

} // namespace
