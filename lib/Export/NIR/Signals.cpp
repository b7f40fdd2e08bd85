//===- Signals.cpp - what a signal is in the graph ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"
#include "spikeformer/Dialect/SNN/IR/SNNEncoders.h"
#include "spikeformer/Support/InputFile.h"

using namespace spikeformer;
using namespace spikeformer::nir;
using namespace spikeformer::snn;

std::optional<std::string> GraphBuilder::resolvePool(PoolOp pool,
                                                     Operation *user) {
  if (auto found = nodes.find(pool.getResult()); found != nodes.end())
    return found->second;
  if (pool.getReductionKind() != Reduction::sum) {
    refuse(pool) << "takes the maximum: NIR has SumPool2d and AvgPool2d";
    return std::nullopt;
  }
  auto from = cast<SignalType>(pool.getSource().getType());
  auto to = cast<SignalType>(pool.getResult().getType());
  std::string name = makeName("sum_pool");
  Node &node = addNode(name, NodeType::SumPool2d, to.getShape());
  setIntegers(node, "kernel_size", pool.getKernel());
  setIntegers(node, "stride", pool.getStride());
  setIntegers(node, "padding", {0, 0});
  nodes[pool.getResult()] = name;
  link(pool.getSource(), from.getShape(), name, {0}, user);
  return name;
}

/// The axes [first, last] that become one in `to`; none if that is no Flatten.
static std::optional<std::pair<int64_t, int64_t>>
findMerged(ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  if (to.size() >= from.size() || to.empty())
    return std::nullopt;
  for (size_t first = 0; first < to.size(); ++first) {
    size_t last = first + from.size() - to.size();
    if (from.take_front(first) == to.take_front(first) &&
        from.drop_front(last + 1) == to.drop_front(first + 1) &&
        llvm::product_of(from.slice(first, last - first + 1)) == to[first])
      return std::pair<int64_t, int64_t>(first, last);
  }
  return std::nullopt;
}

/// Brings the signal to `shape`.
bool GraphBuilder::view(Source &source, ArrayRef<int64_t> shape, bool isDelayed,
                        Operation *user) {
  Shape from = shapes[source.nodes.back()];
  if (ArrayRef<int64_t>(from) == shape)
    return true;
  auto &name = views[{source.nodes.back(), shape.vec(), isDelayed}];
  if (name.empty()) {
    auto merged = findMerged(from, shape);
    if (!merged) {
      refuse(user) << "takes '" << source.nodes.back() << "' of shape "
                   << formatShape(from) << " in shape " << formatShape(shape)
                   << ": NIR reshapes by Flatten only";
      return false;
    }
    name = makeName(source.nodes.back() + "_flat");
    bool moves = choice.get(name).flattensChannelsLast && from.size() == 3 &&
                 from[0] != 1 && from[1] * from[2] != 1;
    if (moves) {
      refuse(user) << "takes '" << source.nodes.back()
                   << "' flattened, channels first: a Flatten of profile '"
                   << choice.get(name).name << "' moves channels to the end";
      return false;
    }
    Node &node = addNode(name, NodeType::Flatten, shape);
    setIntegers(node, "input_type", from);
    setIntegers(node, "start_dim", {merged->first}, /*isScalar=*/true);
    bool isLast = merged->second + 1 == static_cast<int64_t>(from.size());
    setIntegers(node, "end_dim", {isLast ? -1 : merged->second},
                /*isScalar=*/true);
    addEdge(source.nodes.back(), name);
  }
  source.nodes.push_back(name);
  return true;
}

std::optional<GraphBuilder::Source>
GraphBuilder::resolve(mlir::Value signal, ArrayRef<int64_t> shape,
                      Operation *user) {
  Source source;
  while (!nodes.contains(signal)) {
    Operation *op = signal.getDefiningOp();
    if (auto reshape = dyn_cast<ReshapeOp>(op)) {
      signal = reshape.getSource();
    } else if (auto delay = dyn_cast<DelayOp>(op)) {
      source.delay += delay.getSteps();
      signal = delay.getSource();
    } else if (auto encode = dyn_cast<EncodeOp>(op);
               encode && isa<ConstantCurrentAttr>(encode.getEncoder())) {
      signal = encode.getInput();
    } else if (auto pool = dyn_cast<PoolOp>(op)) {
      if (!resolvePool(pool, user))
        return std::nullopt;
    } else {
      if (isa<EncodeOp>(op))
        refuse(op)
            << "encodes: a network of NIR takes what its Input is given; "
               "encode before it";
      else if (isa<ConstantOp>(op))
        refuse(op) << "is a constant signal: NIR has none; use a bias";
      else
        refuse(op) << "is no node of NIR here; it can be said only before "
                      "dense weights";
      return std::nullopt;
    }
  }
  source.nodes.push_back(nodes[signal]);
  return source;
}

void GraphBuilder::link(mlir::Value signal, ArrayRef<int64_t> shape,
                        StringRef target, ArrayRef<int64_t> delay,
                        Operation *user, std::optional<std::string> behind) {
  std::optional<Source> source = resolve(signal, shape, user);
  if (!source)
    return;
  Link made{{}, SmallVector<int64_t>(delay), user};
  for (int64_t &steps : made.wanted)
    steps += source->delay;
  if (!view(*source, shape,
            llvm::any_of(made.wanted, [](int64_t steps) { return steps != 0; }),
            user))
    return;
  // An edge cannot occur twice.
  if (llvm::any_of(graph.edges, [&](const Edge &edge) {
        return edge.source == source->nodes.back() && edge.target == target;
      })) {
    std::string again = makeName(source->nodes.back() + "_again");
    Node &node = addNode(again, NodeType::Scale, shape);
    Tensor ones(shape, ElementType::f32);
    llvm::fill(ones.data<float>(), 1.0f);
    setTensor(node, "scale", std::move(ones));
    addEdge(source->nodes.back(), again);
    source->nodes.push_back(again);
  }
  addEdge(source->nodes.back(), target);
  made.nodes.append(source->nodes.begin(), source->nodes.end());
  made.nodes.push_back(target.str());
  if (behind)
    made.nodes.push_back(*behind);
  links.push_back(std::move(made));
}

/// The elements of a signal, through slices and concatenations.
std::optional<GraphBuilder::Parts> GraphBuilder::split(mlir::Value signal,
                                                       Operation *user) {
  Parts parts;
  auto size = cast<SignalType>(signal.getType()).getNumElements();
  int64_t delay = 0;
  while (auto op = signal.getDefiningOp<DelayOp>()) {
    delay += op.getSteps();
    signal = op.getSource();
  }
  if (auto reshape = signal.getDefiningOp<ReshapeOp>()) {
    auto inner = split(reshape.getSource(), user);
    if (!inner)
      return std::nullopt;
    parts = std::move(*inner);
  } else if (auto slice = signal.getDefiningOp<SliceOp>()) {
    auto inner = split(slice.getSource(), user);
    if (!inner)
      return std::nullopt;
    auto whole = cast<SignalType>(slice.getSource().getType());
    int64_t row = whole.getNumElements() / whole.getShape()[0];
    parts.leaves = inner->leaves;
    auto first = inner->elements.begin() + slice.getBegin() * row;
    parts.elements.assign(first, first + size);
  } else if (auto concat = signal.getDefiningOp<ConcatOp>()) {
    for (mlir::Value source : concat.getSources()) {
      auto inner = split(source, user);
      if (!inner)
        return std::nullopt;
      unsigned offset = parts.leaves.size();
      llvm::append_range(parts.leaves, inner->leaves);
      for (auto [leaf, element] : inner->elements)
        parts.elements.emplace_back(leaf + offset, element);
    }
  } else {
    parts.leaves.emplace_back(signal, 0);
    for (int64_t element = 0; element < size; ++element)
      parts.elements.emplace_back(0, element);
  }
  for (auto &leaf : parts.leaves)
    leaf.second += delay;
  return parts;
}
