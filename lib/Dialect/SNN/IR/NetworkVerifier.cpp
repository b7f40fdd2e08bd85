//===- NetworkVerifier.cpp - what holds for a network as a whole ----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

using namespace spikeformer;
using namespace spikeformer::snn;

/// Longest list of notes on a cycle.
static constexpr unsigned kMaxHops = 32;

RegionKind NetworkOp::getRegionKind(unsigned) { return RegionKind::Graph; }

OutputOp NetworkOp::getOutput() {
  return cast<OutputOp>(getBody().front().back());
}

double NetworkOp::getStepLength() {
  auto seconds = dyn_cast_or_null<FloatAttr>((*this)->getAttr("dt"));
  return seconds ? seconds.getValueAsDouble() : 1.0;
}

/// network_c1
static LogicalResult verifyStepLength(NetworkOp network) {
  Attribute dt = network->getAttr("dt");
  auto text = dyn_cast_or_null<StringAttr>(dt);
  auto seconds = dyn_cast_or_null<FloatAttr>(dt);
  if ((text && text.getValue() == "steps") ||
      (seconds && seconds.getValueAsDouble() > 0))
    return success();
  auto diagnostic = network.emitOpError("needs dt = \"steps\" or a positive "
                                        "number of seconds per step");
  if (dt)
    diagnostic << ", got " << dt;
  return diagnostic;
}

LogicalResult NetworkOp::verify() {
  bool ok = succeeded(verifyStepLength(*this));
  // MLIR stops at the first wrong operation of a block; here all are named.
  for (Operation &op : getBody().getOps())
    if (auto info = op.getName().getRegisteredInfo())
      ok &= succeeded(info->verifyInvariants(&op));
  return success(ok);
}

//===----------------------------------------------------------------------===//
// Structure: output, names, cycles
//===----------------------------------------------------------------------===//

/// network_c3
static LogicalResult verifyNames(NetworkOp network) {
  bool ok = true;
  llvm::StringMap<Operation *> names;
  for (Operation &op : network.getBody().front()) {
    StringRef name;
    if (auto population = dyn_cast<PopulationOp>(op))
      name = population.getName();
    else if (auto encode = dyn_cast<EncodeOp>(op))
      name = encode.getName();
    else
      continue;
    auto [entry, isNew] = names.try_emplace(name, &op);
    if (isNew)
      continue;
    auto diagnostic = op.emitOpError("name \"")
                      << name << "\" is used twice in network @"
                      << network.getSymName();
    diagnostic.attachNote(entry->second->getLoc()) << "first use is here";
    ok = false;
  }
  return success(ok);
}

/// Whether a value that enters `op` leaves it only in a later step.
static bool cutsCycles(Operation *op) {
  if (auto project = dyn_cast<ProjectOp>(op))
    return project.getMinimumDelay() > 0;
  return isa<DelayOp>(op);
}

namespace {
/// Depth-first search along operands, without recursion: a network can be a
/// chain of a million operations.
class CycleSearch {
public:
  LogicalResult run(Block &block) {
    for (Operation &root : block)
      if (!marks.lookup(&root) && failed(visit(root)))
        return failure();
    return success();
  }

private:
  enum Mark { unseen, onPath, done };
  using Hop = std::pair<Operation *, unsigned>;

  LogicalResult visit(Operation &root) {
    SmallVector<Hop> path{{&root, 0}};
    marks[&root] = onPath;
    while (!path.empty()) {
      auto &[op, next] = path.back();
      if (cutsCycles(op) || next == op->getNumOperands()) {
        marks[op] = done;
        path.pop_back();
        continue;
      }
      Operation *source = op->getOperand(next++).getDefiningOp();
      if (!source || marks.lookup(source) == done)
        continue;
      if (marks.lookup(source) == onPath)
        return report(source, path);
      marks[source] = onPath;
      path.push_back({source, 0});
    }
    return success();
  }

  static LogicalResult report(Operation *closing, ArrayRef<Hop> path) {
    auto diagnostic =
        closing->emitOpError("is on a cycle without delay; give one of its "
                             "projections a delay of at least 1");
    unsigned hops = 0;
    for (auto &[op, next] : llvm::reverse(path)) {
      if (++hops > kMaxHops) {
        diagnostic.attachNote(op->getLoc()) << "and so on";
        break;
      }
      auto &note = diagnostic.attachNote(op->getLoc())
                   << "through this " << op->getName();
      if (auto population = dyn_cast<PopulationOp>(op))
        note << " \"" << population.getName() << "\"";
      if (op == closing)
        break;
    }
    return diagnostic;
  }

  llvm::DenseMap<Operation *, Mark> marks;
};
} // namespace

LogicalResult NetworkOp::verifyRegions() {
  Block &block = getBody().front();
  auto output =
      dyn_cast_or_null<OutputOp>(block.empty() ? nullptr : &block.back());
  if (!output)
    return emitOpError("needs to end with snn.output");
  if (!llvm::equal(output.getOperandTypes(), getFunctionType().getResults()))
    return output.emitOpError("needs the types of the network's results");
  for (Operation &op : block.without_terminator())
    if (op.getDialect() != (*this)->getDialect())
      return op.emitOpError("is not an operation of the snn dialect");
  bool ok = succeeded(verifyNames(*this));
  ok &= succeeded(CycleSearch().run(block));
  return success(ok);
}

//===----------------------------------------------------------------------===//
// Models, params and symbols
//===----------------------------------------------------------------------===//

/// Whether the receptor's sum can be given to the model as `type`.
static bool suits(ReceptorAttr receptor, Type type) {
  if (receptor.getAccumulator() == AccumulatorKind::ordered)
    return receptor.getType() == type;
  if (isa<FloatType>(type))
    return true;
  return receptor.getFraction() == 0 && receptor.getType() == type;
}

namespace {
/// The rules of one population that need its model.
class PopulationVerifier {
public:
  explicit PopulationVerifier(PopulationOp op) : op(op), model(op.getModel()) {}

  LogicalResult run() {
    verifyReceptors();
    verifyParams();
    verifyAlphabet();
    verifyExposed();
    return success(ok);
  }

private:
  InFlightDiagnostic fail() {
    ok = false;
    return op.emitOpError();
  }

  void verifyReceptors() {
    SmallVector<ModelVariable> need = model.getReceptors(op);
    SmallVector<ReceptorAttr> have = op.getReceptorList();
    bool same = need.size() == have.size();
    for (auto [variable, receptor] : llvm::zip(need, have))
      same &= receptor.getName() == variable.name;
    if (!same) { // population_c1
      auto diagnostic = fail() << "model " << model << " needs the receptors ";
      llvm::interleaveComma(need, diagnostic, [&](const ModelVariable &v) {
        diagnostic << "'" << v.name << "'";
      });
      diagnostic << " in this order";
      return;
    }
    for (auto [variable, receptor] : llvm::zip(need, have)) {
      if (!suits(receptor, variable.type)) // population_c5
        fail() << "receptor '" << variable.name << "' of type " << variable.type
               << " needs ordered<" << variable.type
               << ">, or exact integers (for integers of this type with "
                  "fraction = 0), got "
               << stringifyAccumulatorKind(receptor.getAccumulator()) << "<"
               << receptor.getType() << ">";
      verifySymbol(receptor.getBias());
    }
  }

  void verifyParams() { // population_c2
    SmallVector<StringRef> need = model.getParamNames(op);
    for (StringRef name : need)
      if (!op.getParams().get(name))
        fail() << "model " << model << " needs the param '" << name << "'";
    for (NamedAttribute param : op.getParams()) {
      if (!llvm::is_contained(need, param.getName().getValue()))
        fail() << "model " << model << " has no param '"
               << param.getName().getValue() << "'";
      else if (!isa<FloatAttr, IntegerAttr, ParamAttr, RandomAttr>(
                   param.getValue()))
        fail() << "param '" << param.getName().getValue()
               << "' needs a number, #snn.param or #snn.random, got "
               << param.getValue();
      verifySymbol(param.getValue());
    }
  }

  void verifySymbol(Attribute numbers) {
    auto param = dyn_cast_or_null<ParamAttr>(numbers);
    if (param && failed(lookUpParameter(op, param.getParameter())))
      ok = false;
  }

  void verifyAlphabet() { // population_c3
    Type emitted = model.getSpikeType(op);
    if (emitted != op.getSignalType().getElementType())
      fail() << "model " << model << " emits " << emitted << ", "
             << op.getSignalType() << " holds "
             << op.getSignalType().getElementType();
  }

  void verifyExposed() { // population_c6
    SmallVector<ModelVariable> states = model.getStates(op);
    ArrayAttr exposed = op.getExposedAttr();
    size_t count = exposed ? exposed.size() : 0;
    if (count != op.getStates().size()) {
      fail() << "exposes " << count << " states, has " << op.getStates().size()
             << " results for them";
      return;
    }
    for (auto [index, value] : llvm::enumerate(op.getStates())) {
      StringRef name = cast<StringAttr>(exposed[index]).getValue();
      auto *state = llvm::find_if(
          states, [&](const ModelVariable &v) { return v.name == name; });
      if (state == states.end()) {
        fail() << "model " << model << " has no state '" << name << "'";
        continue;
      }
      auto type = cast<SignalType>(value.getType());
      if (type.getKind() != AlphabetKind::analogue ||
          type.getElementType() != state->type ||
          type.getShape() != op.getSignalType().getShape())
        fail() << "state '" << name << "' of type " << state->type
               << " needs an analogue signal of its type and shape, got "
               << type;
    }
  }

  PopulationOp op;
  NeuronModelAttrInterface model;
  bool ok = true;
};
} // namespace

/// project_c3 and the shape of the weights (project_c1).
static LogicalResult verifyProjection(ProjectOp op) {
  bool ok = true;
  auto look = [&](FlatSymbolRefAttr symbol) -> ParameterOp {
    FailureOr<ParameterOp> parameter = lookUpParameter(op, symbol);
    ok &= succeeded(parameter);
    return succeeded(parameter) ? *parameter : ParameterOp();
  };
  Attribute weights = op.getWeightsAttr();
  auto view = dyn_cast_or_null<ViewAttr>(weights);
  auto symbol =
      view ? view.getParameter() : dyn_cast_or_null<FlatSymbolRefAttr>(weights);
  if (ParameterOp parameter = symbol ? look(symbol) : ParameterOp()) {
    RankedTensorType type = parameter.getTensorType();
    SmallVector<int64_t> have = llvm::to_vector(type.getShape());
    if (view && view.getTranspose().size() != have.size()) {
      op.emitOpError("view needs a transpose of ")
          << have.size() << " axes for parameter " << symbol;
      return failure();
    }
    if (view)
      for (auto [axis, from] : llvm::enumerate(view.getTranspose()))
        have[axis] = type.getShape()[from];
    SmallVector<int64_t> need = op.getConnectivity().getWeightShape(
        op.getSourceType().getShape(), op.getCurrentType().getShape());
    bool fits = have.size() == need.size();
    for (auto [h, n] : llvm::zip(have, need))
      fits &= h == n || ShapedType::isDynamic(h) || ShapedType::isDynamic(n);
    if (!fits) {
      op.emitOpError("needs weights of ")
          << RankedTensorType::get(need, type.getElementType()) << ", "
          << symbol << (view ? " transposed" : "") << " has "
          << RankedTensorType::get(have, type.getElementType());
      ok = false;
    }
  }
  FlatSymbolRefAttr delays;
  if (auto perWeight = dyn_cast<ParamAttr>(op.getDelay()))
    delays = perWeight.getParameter();
  else if (auto perSource = dyn_cast<PerSourceAttr>(op.getDelay()))
    delays = perSource.getParameter();
  if (ParameterOp parameter = delays ? look(delays) : ParameterOp())
    if (!parameter.getTensorType().getElementType().isInteger()) {
      op.emitOpError("needs delays of integers, ")
          << delays << " has " << parameter.getTensorType();
      ok = false;
    }
  if (auto csr = dyn_cast<CSRAttr>(op.getConnectivity()))
    for (FlatSymbolRefAttr data : {csr.getRows(), csr.getColumns()})
      if (ParameterOp parameter = look(data))
        if (!parameter.getTensorType().getElementType().isInteger()) {
          op.emitOpError("csr needs integers, ")
              << data << " has " << parameter.getTensorType();
          ok = false;
        }
  return success(ok);
}

LogicalResult NetworkOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  bool ok = true;
  for (Operation &op : getBody().front()) {
    if (auto population = dyn_cast<PopulationOp>(op)) {
      auto custom = dyn_cast<CustomAttr>(population.getModel());
      if (custom && !symbolTable.lookupNearestSymbolFrom<ModelOp>(
                        *this, custom.getModel())) {
        population.emitOpError("there is no snn.model ") << custom.getModel();
        ok = false;
        continue;
      }
      ok &= succeeded(PopulationVerifier(population).run());
    } else if (auto project = dyn_cast<ProjectOp>(op)) {
      ok &= succeeded(verifyProjection(project));
    } else if (auto constant = dyn_cast<ConstantOp>(op)) {
      if (auto param = dyn_cast<ParamAttr>(constant.getValue()))
        ok &= succeeded(lookUpParameter(constant, param.getParameter()));
    }
  }
  return success(ok);
}
