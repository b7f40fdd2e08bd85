//===- ShrinkSubject.cpp - edits of a network and its door ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keeps the network, the operation that simulates it and the function around
// that consistent.
//
//===----------------------------------------------------------------------===//

#include "ShrinkEdits.h"
#include "spikeformer/Dialect/SNN/IR/ReadoutTypes.h"

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;
namespace func = mlir::func;

ShrinkSubject::ShrinkSubject(ModuleOp module)
    : module(module), network(*module.getOps<NetworkOp>().begin()) {
  module.walk([&](SimulateOp op) {
    if (op.getNetwork() != network.getSymName())
      return;
    simulate = op;
    ++numSimulates;
  });
}

func::FuncOp ShrinkSubject::getFunction() {
  return simulate->getParentOfType<func::FuncOp>();
}

bool ShrinkSubject::hasPlainDoor() {
  if (numSimulates != 1)
    return numSimulates == 0;
  auto isArgument = [](Value value) {
    return isa<BlockArgument>(value) && value.hasOneUse();
  };
  auto isReturned = [](Value value) {
    return llvm::all_of(value.getUsers(), [](Operation *user) {
      return isa<func::ReturnOp>(user);
    });
  };
  return getFunction() && simulate->getBlock() == &getFunction().front() &&
         llvm::all_of(simulate.getInputs(), isArgument) &&
         llvm::all_of(simulate.getResults(), isReturned);
}

//===----------------------------------------------------------------------===//
// The door
//===----------------------------------------------------------------------===//

/// Replaces the simulation by one with these inputs and the old results number
/// `results`; the other results are returned no more.
void ShrinkSubject::rebuildSimulate(ValueRange inputs,
                                    ArrayRef<int32_t> readouts,
                                    ArrayRef<unsigned> results) {
  OpBuilder builder(simulate);
  SmallVector<Type> types;
  for (unsigned index : results)
    types.push_back(simulate.getResult(index).getType());
  auto rebuilt = SimulateOp::create(
      builder, simulate.getLoc(), types, simulate.getNetworkAttr(), inputs,
      simulate.getStepsAttr(), simulate.getResetAttr(),
      builder.getDenseI32ArrayAttr(readouts));
  for (auto [position, index] : llvm::enumerate(results))
    simulate.getResult(index).replaceAllUsesWith(rebuilt.getResult(position));
  Operation *terminator = getFunction().front().getTerminator();
  for (unsigned k = terminator->getNumOperands(); k-- > 0;)
    if (terminator->getOperand(k).getDefiningOp() == simulate)
      terminator->eraseOperand(k);
  simulate.erase();
  simulate = rebuilt;
}

void ShrinkSubject::dropOutput(unsigned index) {
  network.getOutput()->eraseOperand(index);
  if (simulate) {
    SmallVector<int32_t> readouts(simulate.getReadouts());
    readouts.erase(readouts.begin() + index);
    SmallVector<unsigned> results =
        llvm::to_vector(llvm::seq<unsigned>(0, simulate.getNumResults()));
    results.erase(results.begin() + index);
    rebuildSimulate(simulate.getInputs(), readouts, results);
  }
  updateTypes();
}

void ShrinkSubject::dropInput(unsigned index) {
  getBody().eraseArgument(index);
  if (simulate) {
    SmallVector<Value> inputs(simulate.getInputs());
    unsigned argument = cast<BlockArgument>(inputs[index]).getArgNumber();
    inputs.erase(inputs.begin() + index);
    rebuildSimulate(
        inputs, simulate.getReadouts(),
        llvm::to_vector(llvm::seq<unsigned>(0, simulate.getNumResults())));
    getFunction().front().eraseArgument(argument);
  }
  updateTypes();
}

void ShrinkSubject::setSteps(int64_t steps) {
  Builder builder(module.getContext());
  simulate.setStepsAttr(builder.getI64IntegerAttr(steps));
  for (auto [operand, argument] :
       llvm::zip_equal(simulate.getInputs(), getBody().getArguments())) {
    auto type = cast<RankedTensorType>(operand.getType());
    SmallVector<int64_t> shape = llvm::to_vector(type.getShape());
    int64_t rank = cast<SignalType>(argument.getType()).getShape().size();
    if (type.getRank() == rank + 2)
      shape[1] = steps;
    operand.setType(type.clone(shape));
  }
  updateTypes();
}

/// `tensor` with the extents of `signal` at its end.
static Type withSignal(Type tensor, Type signal) {
  auto type = cast<RankedTensorType>(tensor);
  ArrayRef<int64_t> extents = cast<SignalType>(signal).getShape();
  SmallVector<int64_t> shape =
      llvm::to_vector(type.getShape().drop_back(extents.size()));
  llvm::append_range(shape, extents);
  return type.clone(shape);
}

void ShrinkSubject::updateTypes() {
  Builder builder(module.getContext());
  network.setFunctionType(builder.getFunctionType(
      getBody().getArgumentTypes(), network.getOutput().getOperandTypes()));
  if (!simulate)
    return;
  for (auto [operand, argument] :
       llvm::zip_equal(simulate.getInputs(), getBody().getArguments()))
    operand.setType(withSignal(operand.getType(), argument.getType()));
  for (auto [index, output] : llvm::enumerate(network.getOutput().getValues()))
    simulate.getResult(index).setType(getReadoutType(
        simulate.getReadout(index), cast<SignalType>(output.getType())));
  func::FuncOp function = getFunction();
  function.setFunctionType(builder.getFunctionType(
      function.front().getArgumentTypes(),
      function.front().getTerminator()->getOperandTypes()));
}

//===----------------------------------------------------------------------===//
// Inside the network
//===----------------------------------------------------------------------===//

static ReceptorAttr withOperands(ReceptorAttr receptor, unsigned count) {
  return ReceptorAttr::get(receptor.getContext(), receptor.getName(), count,
                           receptor.getAccumulator(), receptor.getType(),
                           receptor.getFraction(), receptor.getBias());
}

void reference::setReceptor(PopulationOp population, unsigned index,
                            ReceptorAttr receptor) {
  SmallVector<Attribute> list(population.getReceptors().getValue());
  unsigned count = cast<ReceptorAttr>(list[index]).getNumOperands();
  list[index] = withOperands(receptor, count);
  population.setReceptorsAttr(ArrayAttr::get(receptor.getContext(), list));
}

void reference::removeInput(PopulationOp population, unsigned operand) {
  SmallVector<Attribute> list(population.getReceptors().getValue());
  unsigned end = 0;
  for (Attribute &attribute : list) {
    auto receptor = cast<ReceptorAttr>(attribute);
    end += receptor.getNumOperands();
    if (operand >= end)
      continue;
    attribute = withOperands(receptor, receptor.getNumOperands() - 1);
    break;
  }
  population->eraseOperand(operand);
  population.setReceptorsAttr(ArrayAttr::get(population.getContext(), list));
}

/// A use of a result of `op` by an operation that is not in `erased`; null if
/// there is none.
static OpOperand *findUse(Operation *op, const SetVector<Operation *> &erased) {
  for (OpOperand &use : op->getUses())
    if (!erased.contains(use.getOwner()))
      return &use;
  return nullptr;
}

void ShrinkSubject::eraseWithUsers(Operation *op) {
  // All are found before the first one goes: a cycle leads back.
  SetVector<Operation *> erased;
  erased.insert(op);
  for (unsigned k = 0; k < erased.size(); ++k)
    for (Operation *user : erased[k]->getUsers())
      if (!isa<PopulationOp, OutputOp>(user))
        erased.insert(user);
  for (Operation *gone : erased)
    while (OpOperand *use = findUse(gone, erased))
      if (auto population = dyn_cast<PopulationOp>(use->getOwner()))
        removeInput(population, use->getOperandNumber());
      else
        dropOutput(use->getOperandNumber());
  for (Operation *gone : erased)
    gone->dropAllReferences();
  for (Operation *gone : erased)
    gone->erase();
}

/// Erases the operations of `block` that are pure and unused.
static void eraseDead(Block &block) {
  bool changed = true;
  while (changed) {
    changed = false;
    for (Operation &op : llvm::make_early_inc_range(block))
      if (mlir::isOpTriviallyDead(&op)) {
        op.erase();
        changed = true;
      }
  }
}

void ShrinkSubject::eraseUnused() {
  eraseDead(getBody());
  for (auto model : module.getOps<ModelOp>())
    eraseDead(model.getBody().front());
  for (Operation &op : llvm::make_early_inc_range(*module.getBody()))
    if (isa<ParameterOp, ModelOp>(op) &&
        SymbolTable::symbolKnownUseEmpty(&op, module))
      op.erase();
}
