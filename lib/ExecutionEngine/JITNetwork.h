//===- JITNetwork.h - from networks to programs -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Walks a network in the order of a step and adds the calls of each operation.
// It decides where signals lie, which projections share an event list, and what
// can be left out in a step because nothing changed.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_EXECUTIONENGINE_JITNETWORK_H
#define SPIKEFORMER_LIB_EXECUTIONENGINE_JITNETWORK_H

#include "JITProjection.h"
#include "spikeformer-rt/Signals.h"
#include "spikeformer/Dialect/SNN/Analysis/PopulationNumbers.h"
#include "spikeformer/ExecutionEngine/KernelCompiler.h"

namespace spikeformer::jit {

/// A signal of the network in the memory of a frame.
struct SignalPlace {
  SfrtSignal signal;
  /// When its value can change.
  Timing timing;

  Layout getLayout() const {
    return {signal.channels, signal.pixels, signal.pitch};
  }
};

/// Compiles one network.
class NetworkCompiler {
public:
  NetworkCompiler(snn::NetworkOp network, KernelCompiler &kernels);

  /// The error names the operation whose data are wrong.
  llvm::Expected<std::unique_ptr<Program>> compile();

private:
  // Before the step.
  LogicalResult readProjections();
  void placeRings();
  Value getRoot(Value signal) const;

  // Signals.
  SfrtSignal makeSignal(snn::SignalType type, Layout layout);
  size_t getBytes(const SfrtSignal &signal) const;
  SignalPlace getPlace(Value signal) const { return places.at(signal); }
  /// Enters the place of a signal that has been written, and lists its events
  /// where a projection needs them.
  void finish(Value value, SignalPlace place);
  void addCheck(Operation *op, Value value, const SfrtSignal &signal);
  Recordable makeRecordable(Value value) const;

  // Operations.
  void addInput(BlockArgument argument);
  LogicalResult addOperation(Operation *op);
  LogicalResult addConstant(snn::ConstantOp op);
  void addPool(snn::PoolOp op);
  void addConcat(snn::ConcatOp op);
  void addSlice(snn::SliceOp op);
  void addDelay(snn::DelayOp op);
  void addDelayEnds();
  void addOutputs();
  void sortPopulations();

  // Encoders (JITEncoders.cpp).
  void addEncode(snn::EncodeOp op);

  // Populations (JITPopulation.cpp).
  LogicalResult addPopulation(snn::PopulationOp op);
  Layout chooseLayout(snn::PopulationOp op) const;
  size_t addReceptor(snn::PopulationOp op, unsigned index,
                     const snn::NumberColumn &bias, Layout layout);
  void addStart(size_t sums, const snn::NumberColumn &bias, Layout layout,
                int64_t onset, Timing timing);
  Timing getTiming(const Projection &projection) const;
  SfrtSignal addState(const snn::NumberColumn &column, Layout layout);
  SfrtArray addCoefficient(const snn::NumberColumn &column, Layout layout,
                           bool isShared);
  LogicalResult addUpdate(snn::PopulationOp op, SfrtUpdate update,
                          ArrayRef<SfrtArray> arrays, ArrayRef<bool> isShared);
  void finishPopulation(snn::PopulationOp op, const SfrtSignal &emitted,
                        ArrayRef<StateInfo> states);
  /// Positions that a kernel updates.
  size_t getCount(Layout layout) const {
    return llvm::alignTo(layout.getPositions(), lanes);
  }

  snn::NetworkOp network;
  KernelCompiler &kernels;
  /// Positions per iteration of a kernel.
  unsigned lanes;
  std::unique_ptr<Program> program;
  llvm::DenseMap<Operation *, Projection> projections;
  llvm::DenseMap<Value, SignalPlace> places;
  /// By root of the signal.
  llvm::DenseMap<Value, SfrtEventRing> rings;
  std::vector<std::pair<snn::DelayOp, SfrtDelay>> delayLines;
  /// Why a kernel could not be compiled.
  std::string kernelError;
};

/// Format of the elements of a signal.
uint32_t getFormat(snn::SignalType type);
/// Format of an array of states or accumulators.
uint32_t getFormat(Type stored);
/// Bits of one element.
unsigned getFormatBits(uint32_t format);

} // namespace spikeformer::jit

#endif // SPIKEFORMER_LIB_EXECUTIONENGINE_JITNETWORK_H
