//===- ImportNIR.cpp - NIR graphs as networks -----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/NIR/ImportNIR.h"
#include "ChooseProfiles.h"
#include "GraphLowering.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "spikeformer/Import/NIR/ReadNIR.h"
#include "spikeformer/Support/Diagnostics.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/StringSet.h"

using namespace spikeformer;
using namespace spikeformer::nir;

static void report(const Findings &findings, StringRef file,
                   MLIRContext &context) {
  for (const Finding &finding : findings.get()) {
    Location loc = getPartLocation(&context, file, finding.location);
    if (finding.isError)
      emitError(loc) << finding.message;
    else
      emitWarning(loc) << finding.message;
  }
}

/// What the graph's metadata say; none after a diagnostic.
static std::optional<Semantics> getSemantics(const Model &model,
                                             MLIRContext &context) {
  llvm::Expected<std::optional<Semantics>> read = readSemantics(model.metadata);
  if (read)
    return *read ? **read : Semantics();
  llvm::handleAllErrors(
      read.takeError(), [&](const llvm::ErrorInfoBase &error) {
        emitError(getPartLocation(&context, model.file, "/node/metadata"))
            << error.message();
      });
  return std::nullopt;
}

/// Gives nodes the names that their metadata say, in their order: NIR cannot
/// say all names.
static void restoreNames(Graph &graph, NameMap<NodeShapes> &shapes) {
  std::vector<std::pair<std::string, std::string>> names;
  llvm::StringSet<> taken;
  bool changes = false;
  for (const auto &[name, node] : graph.nodes) {
    const auto *found = node.metadata.find(nameKey.str());
    std::string wanted = name;
    if (found != node.metadata.end())
      wanted = found->second.getText().value_or(name).str();
    changes |= wanted != name;
    if (!taken.insert(wanted).second)
      return;
    names.emplace_back(wanted, name);
  }
  if (!changes)
    return;
  Graph renamed;
  llvm::StringMap<std::string> newNames;
  NameMap<NodeShapes> newShapes;
  for (const auto &[wanted, name] : names) {
    newNames[name] = wanted;
    renamed.nodes.insert({wanted, graph.nodes.find(name)->second});
    if (const auto *shape = shapes.find(name); shape != shapes.end())
      newShapes.insert({wanted, shape->second});
  }
  for (Edge &edge : graph.edges) {
    edge.source = newNames[edge.source];
    edge.target = newNames[edge.target];
  }
  graph.nodes = std::move(renamed.nodes);
  sortNodes(graph);
  shapes = std::move(newShapes);
}

/// Empties `order` unless it has the names of all nodes of `type`.
static void checkOrder(std::vector<std::string> &order, const Graph &graph,
                       NodeType type) {
  llvm::StringSet<> listed;
  for (const std::string &name : order)
    listed.insert(name);
  size_t number = 0;
  for (const auto &[name, node] : graph.nodes) {
    if (!node.is(type))
      continue;
    ++number;
    if (!listed.contains(name))
      order.clear();
  }
  if (order.size() != number)
    order.clear();
}

/// The model of `path`, checked; none after diagnostics.
static std::optional<Model> readChecked(StringRef path, MLIRContext &context,
                                        NameMap<NodeShapes> &shapes) {
  llvm::Expected<Model> model = readFile(path);
  if (!model) {
    llvm::handleAllErrors(
        model.takeError(),
        [&](const InputError &error) {
          emitError(getPartLocation(&context, path, error.getLocation()))
              << error.getMessage();
        },
        [&](const llvm::ErrorInfoBase &error) {
          emitError(getPartLocation(&context, path, "")) << error.message();
        });
    return std::nullopt;
  }
  CheckResult checked = checkGraph(*model);
  report(checked.findings, path, context);
  if (checked.findings.hasErrors())
    return std::nullopt;
  shapes = std::move(checked.shapes);
  return std::move(*model);
}

OwningOpRef<ModuleOp> spikeformer::importNIR(StringRef path,
                                             MLIRContext &context,
                                             const ImportNIROptions &options) {
  context.loadDialect<snn::SNNDialect, arith::ArithDialect, func::FuncDialect,
                      math::MathDialect>();
  NameMap<NodeShapes> shapes;
  std::optional<Model> model = readChecked(path, context, shapes);
  if (!model)
    return nullptr;
  Location loc = getPartLocation(&context, path, "");
  std::optional<Semantics> semantics = getSemantics(*model, context);
  if (!semantics)
    return nullptr;
  llvm::Expected<Graph> graph = flatten(*model->graph);
  if (!graph) {
    emitError(loc) << llvm::toString(graph.takeError());
    return nullptr;
  }
  restoreNames(*graph, shapes);
  checkOrder(semantics->inputs, *graph, NodeType::Input);
  checkOrder(semantics->outputs, *graph, NodeType::Output);
  auto choice = chooseProfiles(*graph, *semantics, options, loc);
  if (!choice)
    return nullptr;
  // A step in the file belongs to the profile in the file.
  bool isOfFile =
      !semantics->profiles.empty() &&
      findProfile(options.known, semantics->profiles.front()) == choice->common;
  if (options.dt || !isOfFile)
    semantics->dt = options.dt;
  warnOfLosses(*graph, *choice, semantics->dt, path, context);
  return GraphLowering(*graph, shapes, *choice, *semantics, path, context)
      .run();
}
