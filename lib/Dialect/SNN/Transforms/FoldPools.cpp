//===- FoldPools.cpp - sums over windows as weights -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sum over windows is linear, so it and the weights behind it are one set of
// weights on what the pool reads: each weight stands at every element of its
// window.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/SymbolTable.h"
#include "spikeformer/Dialect/SNN/Analysis/Relations.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Dialect/SNN/Transforms/NeuronNumbers.h"
#include "spikeformer/Dialect/SNN/Transforms/Passes.h"

namespace spikeformer {
#define GEN_PASS_DEF_SNNFOLDPOOLSPASS
#include "spikeformer/Dialect/SNN/Transforms/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::snn;

namespace {

/// One axis of a pool and of the convolution behind it: what a convolution of
/// both would be.
struct Axis {
  int64_t kernel, stride, before, after;
};

/// The projection that takes the place of one behind a pool.
struct Folded {
  ConnectivityAttrInterface connectivity;
  Tensor weights;
};

class PoolFolder {
public:
  explicit PoolFolder(PoolOp pool)
      : pool(pool), from(cast<SignalType>(pool.getSource().getType())),
        to(cast<SignalType>(pool.getResult().getType())) {}

  /// Whether all projections behind the pool could be replaced, and were.
  bool run();

private:
  bool collect(Value value);
  std::optional<Folded> fold(ProjectOp project) const;
  std::optional<Folded> foldDense(ProjectOp project) const;
  std::optional<Folded> foldConvolution(ProjectOp project,
                                        Conv2DAttr convolution) const;
  std::optional<Folded> foldOneToOne(ProjectOp project) const;
  std::optional<Axis> foldAxis(Conv2DAttr convolution, unsigned axis,
                               int64_t outputs) const;
  int64_t getKernel(unsigned axis) const { return pool.getKernel()[axis]; }
  int64_t getStride(unsigned axis) const { return pool.getStride()[axis]; }

  mutable PoolOp pool;
  SignalType from, to;
  SmallVector<ProjectOp> projects;
};

} // namespace

/// Finds the projections that take `value`, through reshapes; false if
/// something else does.
bool PoolFolder::collect(Value value) {
  for (Operation *user : value.getUsers()) {
    if (auto project = dyn_cast<ProjectOp>(user))
      projects.push_back(project);
    else if (!isa<ReshapeOp>(user) || !collect(user->getResult(0)))
      return false;
  }
  return true;
}

/// All weights of `project`, of `count`; none where they are no plain numbers.
static std::optional<SmallVector<double>> getWeights(ProjectOp project,
                                                     int64_t count) {
  std::optional<Attribute> weights = project.getWeights();
  if (!weights)
    return SmallVector<double>(count, 1.0);
  if (auto number = dyn_cast<FloatAttr>(*weights))
    return SmallVector<double>(count, number.getValueAsDouble());
  auto symbol = dyn_cast<FlatSymbolRefAttr>(*weights);
  if (!symbol)
    return std::nullopt;
  FailureOr<ParameterOp> parameter = lookUpParameter(project, symbol);
  if (failed(parameter) ||
      (!parameter->getTensorType().hasStaticShape() ||
       parameter->getTensorType().getNumElements() != count))
    return std::nullopt;
  FailureOr<NumberView> view =
      NumberView::create(project, ParamAttr::get(project.getContext(), symbol),
                         parameter->getTensorType().getShape());
  if (failed(view))
    return std::nullopt;
  SmallVector<double> numbers(count);
  for (auto [index, number] : llvm::enumerate(numbers))
    number = (*view)[index];
  return numbers;
}

//===----------------------------------------------------------------------===//
// Connectivity
//===----------------------------------------------------------------------===//

std::optional<Folded> PoolFolder::foldDense(ProjectOp project) const {
  ArrayRef<int64_t> in = from.getShape(), out = to.getShape();
  int64_t targets =
      ShapedType::getNumElements(project.getCurrentType().getShape());
  auto weights = getWeights(project, targets * to.getNumElements());
  if (!weights)
    return std::nullopt;
  Tensor folded({targets, from.getNumElements()}, ElementType::f32);
  std::vector<double> row(from.getNumElements());
  for (int64_t target = 0; target < targets; ++target) {
    std::fill(row.begin(), row.end(), 0.0);
    const double *weight = weights->data() + target * to.getNumElements();
    for (int64_t c = 0; c < out[0]; ++c)
      for (int64_t h = 0; h < out[1]; ++h)
        for (int64_t w = 0; w < out[2]; ++w, ++weight)
          for (int64_t y = 0; y < getKernel(0); ++y)
            for (int64_t x = 0; x < getKernel(1); ++x)
              row[(c * in[1] + h * getStride(0) + y) * in[2] +
                  w * getStride(1) + x] += *weight;
    float *to = folded.data<float>().data() + target * row.size();
    for (double number : row)
      *to++ = static_cast<float>(number);
  }
  return Folded{DenseAttr::get(project.getContext()), std::move(folded)};
}

/// None where zeros around the pooled image would meet elements of the image.
std::optional<Axis> PoolFolder::foldAxis(Conv2DAttr convolution, unsigned axis,
                                         int64_t outputs) const {
  int64_t extent = from.getShape()[axis + 1], size = getKernel(axis),
          step = getStride(axis);
  int64_t before = convolution.getPad()[axis],
          after = convolution.getPad()[axis + 2];
  bool isPadded = before != 0 || after != 0;
  if (isPadded && (size != step || extent % step != 0))
    return std::nullopt;
  int64_t reach = (convolution.getKernel()[axis] - 1) *
                  convolution.getDilation()[axis] * step;
  Axis folded{reach + size, convolution.getStride()[axis] * step, before * step,
              0};
  int64_t needed = (outputs - 1) * folded.stride + folded.kernel;
  folded.after = std::max<int64_t>(needed - extent - folded.before, 0);
  // One stride more would be one output more.
  if (extent + folded.before + folded.after >= needed + folded.stride)
    return std::nullopt;
  return folded;
}

std::optional<Folded>
PoolFolder::foldConvolution(ProjectOp project, Conv2DAttr convolution) const {
  ArrayRef<int64_t> shape = project.getCurrentType().getShape();
  auto rows = foldAxis(convolution, 0, shape[1]);
  auto columns = foldAxis(convolution, 1, shape[2]);
  int64_t groups = convolution.getGroups();
  ArrayRef<int64_t> kernel = convolution.getKernel();
  int64_t pairs = shape[0] * (to.getShape()[0] / groups);
  auto weights = getWeights(project, pairs * kernel[0] * kernel[1]);
  if (!rows || !columns || !weights)
    return std::nullopt;
  int64_t size = rows->kernel * columns->kernel;
  std::vector<double> taps(size);
  Tensor folded(
      {shape[0], to.getShape()[0] / groups, rows->kernel, columns->kernel},
      ElementType::f32);
  const double *weight = weights->data();
  float *result = folded.data<float>().data();
  for (int64_t pair = 0; pair < pairs; ++pair) {
    std::fill(taps.begin(), taps.end(), 0.0);
    for (int64_t h = 0; h < kernel[0]; ++h)
      for (int64_t w = 0; w < kernel[1]; ++w, ++weight)
        for (int64_t y = 0; y < getKernel(0); ++y)
          for (int64_t x = 0; x < getKernel(1); ++x)
            taps[(h * convolution.getDilation()[0] * getStride(0) + y) *
                     columns->kernel +
                 w * convolution.getDilation()[1] * getStride(1) + x] +=
                *weight;
    for (double tap : taps)
      *result++ = static_cast<float>(tap);
  }
  int64_t ones[] = {1, 1};
  return Folded{Conv2DAttr::get(project.getContext(),
                                {rows->kernel, columns->kernel},
                                {rows->stride, columns->stride},
                                {rows->before, columns->before, rows->after,
                                 columns->after},
                                ones, groups),
                std::move(folded)};
}

/// A convolution of each channel with itself, where a channel has one weight.
std::optional<Folded> PoolFolder::foldOneToOne(ProjectOp project) const {
  if (project.getCurrentType().getShape() != to.getShape())
    return std::nullopt;
  auto weights = getWeights(project, to.getNumElements());
  if (!weights)
    return std::nullopt;
  int64_t channels = to.getShape()[0], inner = weights->size() / channels;
  Tensor folded({channels, 1, getKernel(0), getKernel(1)}, ElementType::f32);
  int64_t size = getKernel(0) * getKernel(1);
  for (auto [index, to] : llvm::enumerate(folded.data<float>()))
    to = static_cast<float>((*weights)[index / size * inner]);
  for (auto [index, weight] : llvm::enumerate(*weights))
    if (weight != (*weights)[index / inner * inner])
      return std::nullopt;
  int64_t ones[] = {1, 1}, zeros[] = {0, 0, 0, 0};
  return Folded{Conv2DAttr::get(project.getContext(), pool.getKernel(),
                                pool.getStride(), zeros, ones, channels),
                std::move(folded)};
}

std::optional<Folded> PoolFolder::fold(ProjectOp project) const {
  if (!isa<IntegerAttr>(project.getDelay()))
    return std::nullopt;
  Attribute connectivity = project.getConnectivity();
  if (isa<DenseAttr>(connectivity))
    return foldDense(project);
  if (isa<OneToOneAttr>(connectivity))
    return foldOneToOne(project);
  auto convolution = dyn_cast<Conv2DAttr>(connectivity);
  if (!convolution || project.getSource() != pool.getResult())
    return std::nullopt;
  return foldConvolution(project, convolution);
}

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

/// Puts `folded` on `source` in the place of `project`.
static void replace(ProjectOp project, Value source, const Folded &folded) {
  OpBuilder builder(project);
  std::optional<Attribute> before = project.getWeights();
  auto symbol = dyn_cast_or_null<FlatSymbolRefAttr>(before.value_or(nullptr));
  auto network = project->getParentOfType<NetworkOp>();
  std::string name = symbol ? symbol.getValue().str()
                            : (network.getSymName() + ".pooled").str();
  ParameterOp weights = addParameter(network, name, folded.weights);
  auto made = ProjectOp::create(
      builder, project.getLoc(), project.getResult().getType(), source,
      folded.connectivity, FlatSymbolRefAttr::get(weights.getSymNameAttr()),
      project.getDelay());
  project.getResult().replaceAllUsesWith(made.getResult());
  project.erase();
  Operation *module = network->getParentOp();
  if (symbol && SymbolTable::symbolKnownUseEmpty(symbol.getAttr(), module))
    SymbolTable::lookupSymbolIn(module, symbol)->erase();
}

bool PoolFolder::run() {
  if (pool.getReductionKind() != Reduction::sum || !collect(pool.getResult()) ||
      projects.empty())
    return false;
  SmallVector<Folded> all;
  for (ProjectOp project : projects) {
    std::optional<Folded> folded = fold(project);
    if (!folded)
      return false;
    all.push_back(std::move(*folded));
  }
  for (auto [project, folded] : llvm::zip_equal(projects, all)) {
    Value source = pool.getSource();
    if (isa<DenseAttr>(folded.connectivity) &&
        project.getSourceType().getShape().size() == 1) {
      OpBuilder builder(project);
      auto flat =
          SignalType::get(from.getContext(), {from.getNumElements()},
                          from.getKind(), from.getLimit(), from.getCarrier());
      source = ReshapeOp::create(builder, project.getLoc(), flat, source);
    }
    replace(project, source, folded);
  }
  return true;
}

namespace {

struct FoldPools : spikeformer::impl::SNNFoldPoolsPassBase<FoldPools> {
  using SNNFoldPoolsPassBase::SNNFoldPoolsPassBase;

  void runOnOperation() override {
    bool changed = false;
    for (NetworkOp network : getOperation().getOps<NetworkOp>()) {
      eraseUnused(network);
      SmallVector<PoolOp> pools(network.getBody().getOps<PoolOp>());
      // From the last one on, because a pool in front of a pool has projections
      // behind it only when that one is gone.
      for (PoolOp pool : llvm::reverse(pools)) {
        changed |= PoolFolder(pool).run();
        eraseUnused(network);
      }
    }
    Builder builder(&getContext());
    if (changed)
      appendRelation(
          getOperation(), "legalize", RelationKind::approximates,
          builder.getNamedAttr("metric", builder.getStringAttr("rounding")));
  }

private:
  /// Pools that nobody listens to any more, and the reshapes behind them.
  static void eraseUnused(NetworkOp network) {
    for (Operation &op :
         llvm::make_early_inc_range(llvm::reverse(network.getBody().front())))
      if (isa<PoolOp, ReshapeOp>(op) && op.use_empty())
        op.erase();
  }
};

} // namespace
