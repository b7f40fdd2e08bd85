//===- Lowering.cpp - SONATA networks to snn ------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A population of nodes becomes a population of the network, or an input of it
// where the nodes are virtual; a population of edges becomes a projection
// through a sparse matrix. Everything is in f64, as the simulators of the
// format compute.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Parser/Parser.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Support/Diagnostics.h"
#include "spikeformer/Support/TensorAttr.h"
#include "spikeformer/Support/Text.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>
#include <map>
#include <numeric>
#include <set>

using namespace spikeformer;
using namespace spikeformer::sonata;
using namespace spikeformer::snn;

/// IntFire1 of NEURON on a grid: events of one step are added before the test,
/// and those of the steps after a spike are lost.
static constexpr llvm::StringLiteral intFire1 = R"mlir(
snn.model @IntFire1 states(m = %m : f64, ignoring = %left : i32) receptors(in = %in : f64)
    params(decay = %decay : f64, ignored_steps = %ignored : i32) {
  %rest = arith.constant 0.0 : f64
  %threshold = arith.constant 1.0 : f64
  %none = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %excitable = arith.cmpi eq, %left, %none : i32
  %decayed = arith.mulf %m, %decay : f64
  %sum = arith.addf %decayed, %in : f64
  %above = arith.cmpf ogt, %sum, %threshold : f64
  %fires = arith.andi %excitable, %above : i1
  %stays = arith.xori %fires, %excitable : i1
  %m1 = arith.select %stays, %sum, %rest : f64
  %less = arith.subi %left, %one : i32
  %waits = arith.select %excitable, %none, %less : i32
  %left1 = arith.select %fires, %ignored, %waits : i32
  snn.yield %fires states(%m1, %left1) : i1, f64, i32
}
)mlir";

namespace {
class Lowering {
public:
  Lowering(const Network &network, double dt, std::optional<double> stop,
           StringRef file, MLIRContext &context, Problems &problems)
      : network(network), dt(dt), stop(stop), file(file), problems(problems),
        builder(&context) {}

  OwningOpRef<ModuleOp> run();

private:
  Location locate(StringRef name, StringRef file) const;
  /// A time in steps; a problem at the place if it is no whole number of them.
  int64_t toSteps(double seconds, StringRef what, StringRef file,
                  StringRef path);

  void addModel();
  FlatSymbolRefAttr parameter(const Tensor &values, const llvm::Twine &name);
  template <typename T>
  Attribute param(ArrayRef<T> values, const llvm::Twine &name);

  void addInput(const Population &population);
  void addPopulation(const Population &population);
  void addProjection(const Projection &projection);
  Attribute getDelay(const Projection &projection, ArrayRef<size_t> order);
  void connect();
  void finish();

  const Network &network;
  double dt;
  std::optional<double> stop;
  StringRef file;
  Problems &problems;
  OpBuilder builder;
  OwningOpRef<ModuleOp> module;
  std::unique_ptr<SymbolTable> symbols;
  NetworkOp op;
  std::map<StringRef, mlir::Value> signals;
  std::map<StringRef, PopulationOp> populations;
  std::map<StringRef, SmallVector<mlir::Value>> currents;
  /// One message for each time, not for each of its edges.
  std::set<std::pair<std::string, double>> refused;
};
} // namespace

Location Lowering::locate(StringRef name, StringRef file) const {
  return getPartLocation(builder.getContext(), file, name);
}

int64_t Lowering::toSteps(double seconds, StringRef what, StringRef file,
                          StringRef path) {
  double steps = seconds / dt, whole = std::rint(steps);
  constexpr double tolerance = 1e-6, most = 1e9;
  if (std::fabs(steps - whole) <= tolerance * std::max(1.0, steps) &&
      steps <= most)
    return static_cast<int64_t>(whole);
  if (refused.insert({(file + path + what).str(), seconds}).second)
    problems.add(file, path,
                 what + " of " + formatNumber(seconds * 1e3) +
                     " ms is no whole number of steps: needs a multiple of " +
                     formatNumber(dt * 1e3) + " ms, has " +
                     formatNumber(std::rint(steps * 1e3) / 1e3) +
                     " steps; choose another step with --dt=SECONDS");
  return 0;
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

void Lowering::addModel() {
  ParserConfig config(builder.getContext());
  auto source = parseSourceString<ModuleOp>(intFire1, config);
  Operation *model = &source->getBody()->front();
  model->remove();
  model->walk([&](Operation *inner) { inner->setLoc(op.getLoc()); });
  symbols->insert(model, op->getIterator());
}

FlatSymbolRefAttr Lowering::parameter(const Tensor &values,
                                      const llvm::Twine &name) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(op);
  ElementsAttr elements = getElementsAttr(values, builder.getContext());
  auto made =
      ParameterOp::create(builder, op.getLoc(), name.str(), StringAttr(),
                          elements.getShapedType(), elements);
  symbols->insert(made);
  return FlatSymbolRefAttr::get(made.getSymNameAttr());
}

template <typename T>
static Tensor makeTensor(ArrayRef<T> values) {
  Tensor tensor({static_cast<int64_t>(values.size())}, elementTypeOf<T>());
  llvm::copy(values, tensor.data<T>().begin());
  return tensor;
}

/// One number if all are equal.
template <typename T>
Attribute Lowering::param(ArrayRef<T> values, const llvm::Twine &name) {
  if (!llvm::all_equal(values))
    return ParamAttr::get(builder.getContext(),
                          parameter(makeTensor(values), name));
  if constexpr (std::is_floating_point_v<T>)
    return builder.getF64FloatAttr(values.front());
  else
    return builder.getI64IntegerAttr(values.front());
}

//===----------------------------------------------------------------------===//
// Nodes and edges
//===----------------------------------------------------------------------===//

static int64_t getSize(const Population &population) {
  return static_cast<int64_t>(population.types.size());
}

void Lowering::addInput(const Population &population) {
  auto type = SignalType::get(builder.getContext(), {getSize(population)},
                              AlphabetKind::binary);
  signals[population.name] = op.getBody().front().addArgument(
      type, locate(population.name, population.file));
}

void Lowering::addPopulation(const Population &population) {
  SmallVector<double> decays;
  SmallVector<int32_t> ignored;
  for (const NeuronType &type : population.types) {
    decays.push_back(std::exp(-dt / type.tau));
    int64_t steps = toSteps(type.refractory, "the refractory period",
                            population.file, population.path);
    // An event at the very end of the period counts again.
    ignored.push_back(static_cast<int32_t>(std::max<int64_t>(steps - 1, 0)));
  }
  SmallVector<NamedAttribute> params = {
      {"decay", param<double>(decays, population.name + ".decay")},
      {"ignored_steps",
       param<int32_t>(ignored, population.name + ".ignored_steps")},
      {"ignoring_init", builder.getI64IntegerAttr(0)},
      {"m_init", builder.getF64FloatAttr(0)}};
  MLIRContext *context = builder.getContext();
  auto receptor = ReceptorAttr::get(context, builder.getStringAttr("in"), 0,
                                    AccumulatorKind::ordered,
                                    builder.getF64Type(), 0, Attribute());
  auto type =
      SignalType::get(context, {getSize(population)}, AlphabetKind::binary);
  auto made = PopulationOp::create(
      builder, locate(population.name, population.file), type, TypeRange(),
      population.name, ValueRange(), builder.getArrayAttr(receptor),
      CustomAttr::get(context, FlatSymbolRefAttr::get(context, "IntFire1")),
      builder.getDictionaryAttr(params), IntegerAttr(), ArrayAttr());
  populations[population.name] = made;
  signals[population.name] = made.getSpikes();
}

Attribute Lowering::getDelay(const Projection &projection,
                             ArrayRef<size_t> order) {
  SmallVector<int32_t> delays;
  for (size_t edge : order)
    delays.push_back(
        static_cast<int32_t>(toSteps(projection.delays[edge] * 1e-3, "a delay",
                                     projection.file, projection.path)));
  if (delays.empty() || llvm::all_equal(delays))
    return builder.getI64IntegerAttr(delays.empty() ? 1 : delays.front());
  if (llvm::is_contained(delays, 0))
    problems.add(projection.file, projection.path,
                 "some delays are 0 and others not; edges with different "
                 "delays need at least one step of " +
                     formatNumber(dt * 1e3) + " ms");
  return ParamAttr::get(
      builder.getContext(),
      parameter(makeTensor<int32_t>(delays), projection.name + ".delays"));
}

void Lowering::addProjection(const Projection &projection) {
  size_t count = projection.sources.size();
  int64_t sources = getSize(*network.find(projection.source));
  SmallVector<size_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](size_t a, size_t b) {
    return std::tuple(projection.sources[a], projection.targets[a], a) <
           std::tuple(projection.sources[b], projection.targets[b], b);
  });
  SmallVector<int32_t> rows(sources + 1), columns;
  SmallVector<double> weights;
  for (size_t edge : order) {
    ++rows[projection.sources[edge] + 1];
    columns.push_back(static_cast<int32_t>(projection.targets[edge]));
    weights.push_back(projection.weights[edge]);
  }
  std::partial_sum(rows.begin(), rows.end(), rows.begin());
  Attribute delay = getDelay(projection, order);
  auto name = [&](StringRef part) {
    return projection.name + "." + part.str();
  };
  auto connectivity = CSRAttr::get(
      builder.getContext(), parameter(makeTensor<int32_t>(rows), name("rows")),
      parameter(makeTensor<int32_t>(columns), name("columns")));
  PopulationOp target = populations.at(projection.target);
  auto project = ProjectOp::create(
      builder, locate(projection.name, projection.file),
      CurrentType::get(builder.getContext(), target.getSignalType().getShape()),
      signals.at(projection.source), connectivity,
      parameter(makeTensor<double>(weights), name("weights")), delay);
  currents[projection.target].push_back(project);
}

void Lowering::connect() {
  for (auto &[name, population] : populations) {
    ArrayRef<mlir::Value> values = currents[name];
    population.getInputsMutable().assign(values);
    population.setReceptorsAttr(builder.getArrayAttr(ReceptorAttr::get(
        builder.getContext(), builder.getStringAttr("in"), values.size(),
        AccumulatorKind::ordered, builder.getF64Type(), 0, Attribute())));
  }
}

//===----------------------------------------------------------------------===//
// The module
//===----------------------------------------------------------------------===//

void Lowering::finish() {
  int64_t steps = stop ? toSteps(*stop * 1e-3, "tstop", file, "") : 0;
  int64_t extent = stop ? steps : ShapedType::kDynamic;
  SmallVector<Type> arguments, tensors;
  SmallVector<Attribute> names;
  SmallVector<mlir::Value> results;
  for (const Population &population : network.populations) {
    if (population.isVirtual) {
      arguments.push_back(RankedTensorType::get(
          {ShapedType::kDynamic, extent, getSize(population)},
          builder.getI8Type()));
      names.push_back(builder.getStringAttr(population.name));
      continue;
    }
    results.push_back(signals.at(population.name));
    tensors.push_back(RankedTensorType::get(
        {ShapedType::kDynamic, getSize(population)}, builder.getI32Type()));
  }
  OutputOp::create(builder, op.getLoc(), results);
  op.setFunctionType(builder.getFunctionType(
      op.getBody().front().getArgumentTypes(), ValueRange(results).getTypes()));
  builder.setInsertionPointAfter(op);
  auto main = func::FuncOp::create(builder, op.getLoc(), "main",
                                   builder.getFunctionType(arguments, tensors));
  for (auto [index, name] : llvm::enumerate(names))
    main.setArgAttr(index, "snn.name", name);
  builder.setInsertionPointToStart(main.addEntryBlock());
  SmallVector<int32_t> readouts(results.size(),
                                static_cast<int32_t>(Readout::count));
  auto simulate = SimulateOp::create(
      builder, op.getLoc(), tensors, op.getSymName(), main.getArguments(),
      stop ? builder.getI64IntegerAttr(steps) : IntegerAttr(),
      static_cast<uint32_t>(SampleReset::per_sample), readouts);
  func::ReturnOp::create(builder, op.getLoc(), simulate.getResults());
}

OwningOpRef<ModuleOp> Lowering::run() {
  Location loc = getPartLocation(builder.getContext(), file, "");
  module = ModuleOp::create(loc);
  symbols = std::make_unique<SymbolTable>(*module);
  builder.setInsertionPointToEnd(module->getBody());
  op = NetworkOp::create(builder, loc, "network", StringAttr(),
                         builder.getFunctionType({}, {}));
  op->setAttr("dt", builder.getF64FloatAttr(dt));
  addModel();
  builder.setInsertionPointToStart(&op.getBody().emplaceBlock());
  for (const Population &population : network.populations)
    if (population.isVirtual)
      addInput(population);
  for (const Population &population : network.populations)
    if (!population.isVirtual)
      addPopulation(population);
  for (const Projection &projection : network.projections)
    addProjection(projection);
  connect();
  finish();
  return problems.any() ? nullptr : std::move(module);
}

OwningOpRef<ModuleOp> sonata::lower(const Network &network, double dt,
                                    std::optional<double> stop, StringRef file,
                                    MLIRContext &context, Problems &problems) {
  return Lowering(network, dt, stop, file, context, problems).run();
}
