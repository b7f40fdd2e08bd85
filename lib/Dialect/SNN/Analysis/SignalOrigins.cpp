//===- SignalOrigins.cpp - whose elements a signal has --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/Analysis/SignalOrigins.h"
#include "spikeformer/Support/Digest.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace spikeformer;
using namespace spikeformer::snn;

static int64_t getNumElements(Value signal) {
  return cast<SignalType>(signal.getType()).getNumElements();
}

/// The part [first, first + count) of `runs`.
static SmallVector<OriginRun> cut(ArrayRef<OriginRun> runs, int64_t first,
                                  int64_t count) {
  SmallVector<OriginRun> part;
  for (const OriginRun &run : runs) {
    int64_t begin = std::max<int64_t>(first, 0);
    int64_t end = std::min(first + count, run.count);
    if (begin < end)
      part.push_back({run.origin, run.first + begin, end - begin});
    first -= run.count;
  }
  return part;
}

static FailureOr<SmallVector<OriginRun>> traceSlice(SliceOp slice) {
  FailureOr<SmallVector<OriginRun>> runs = traceSignal(slice.getSource());
  if (failed(runs))
    return failure();
  auto source = cast<SignalType>(slice.getSource().getType());
  int64_t row = source.getNumElements() / source.getShape().front();
  return cut(*runs, row * slice.getBegin(), getNumElements(slice.getResult()));
}

static FailureOr<SmallVector<OriginRun>> traceConcat(ConcatOp concat) {
  SmallVector<OriginRun> all;
  for (Value source : concat.getSources()) {
    FailureOr<SmallVector<OriginRun>> runs = traceSignal(source);
    if (failed(runs))
      return failure();
    all.append(*runs);
  }
  return all;
}

FailureOr<SmallVector<OriginRun>> snn::traceSignal(Value signal) {
  using Runs = FailureOr<SmallVector<OriginRun>>;
  Operation *op = signal.getDefiningOp();
  SmallVector<OriginRun> own = {{signal, 0, getNumElements(signal)}};
  if (!op)
    return own;
  // A cycle of these alone is no network (network_c4), so this ends.
  return TypeSwitch<Operation *, Runs>(op)
      .Case<ReshapeOp, DelayOp>(
          [](auto move) { return traceSignal(move.getSource()); })
      .Case<SliceOp>([](SliceOp slice) { return traceSlice(slice); })
      .Case<ConcatOp>([](ConcatOp concat) { return traceConcat(concat); })
      .Case<PoolOp>([](PoolOp pool) -> Runs {
        return pool.emitError("its elements are sums or maxima over several "
                              "neurons, which no packet carries; make its "
                              "windows part of the next weights, or give it a "
                              "population of its own");
      })
      .Case<PopulationOp>([&](PopulationOp population) -> Runs {
        if (signal == population.getSpikes())
          return own;
        return population.emitError("a state of it is the source of synapses; "
                                    "no packet carries a state, only spikes");
      })
      .Default([&](Operation *) -> Runs { return own; });
}

FailureOr<SmallVector<Value>> snn::listOrigins(NetworkOp network) {
  llvm::DenseSet<Value> sources;
  bool good = true;
  for (auto project : network.getBody().getOps<ProjectOp>()) {
    FailureOr<SmallVector<OriginRun>> runs = traceSignal(project.getSource());
    good &= succeeded(runs);
    if (succeeded(runs))
      for (const OriginRun &run : *runs)
        sources.insert(run.origin);
  }
  if (!good)
    return failure();
  SmallVector<Value> origins;
  for (Value argument : network.getBody().getArguments())
    if (sources.contains(argument))
      origins.push_back(argument);
  for (Operation &op : network.getBody().getOps())
    for (Value result : op.getResults())
      if (sources.contains(result) ||
          (isa<PopulationOp>(op) && result == op.getResult(0)))
        origins.push_back(result);
  return origins;
}

/// A population or an encoder may have the name that an input would have.
static std::string getInputName(BlockArgument argument) {
  std::string name = "input" + std::to_string(argument.getArgNumber());
  auto isTaken = [&](Operation &op) {
    auto taken = op.getAttrOfType<StringAttr>("name");
    return taken && taken.getValue() == name;
  };
  while (llvm::any_of(*argument.getOwner(), isTaken))
    name += '_';
  return name;
}

std::string snn::getOriginName(Value origin) {
  if (auto argument = dyn_cast<BlockArgument>(origin))
    return getInputName(argument);
  Operation *op = origin.getDefiningOp();
  if (auto population = dyn_cast<PopulationOp>(op))
    return population.getName().str();
  if (auto encode = dyn_cast<EncodeOp>(op))
    return encode.getName().str();
  unsigned index = 0;
  for (Operation &other : *op->getBlock()) {
    if (&other == op)
      break;
    index += isa<ConstantOp>(other);
  }
  return "constant" + std::to_string(index);
}

std::string snn::getNetworkDigest(NetworkOp network) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OpPrintingFlags flags;
  flags.useLocalScope().printGenericOpForm();
  network->print(os, flags);
  llvm::SetVector<Operation *> used;
  if (auto uses = SymbolTable::getSymbolUses(network))
    for (const SymbolTable::SymbolUse &use : *uses)
      if (Operation *symbol = SymbolTable::lookupNearestSymbolFrom(
              network->getParentOp(), use.getSymbolRef()))
        used.insert(symbol);
  for (Operation *symbol : used)
    symbol->print(os << "\n", flags);
  return sha256(text);
}
