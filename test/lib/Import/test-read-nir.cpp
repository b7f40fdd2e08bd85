//===- test-read-nir.cpp - print what a NIR file holds --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads and checks a .nir file; prints the nodes with the shapes that leave
// them and the edges, of the flat graph with --flatten, or what is wrong. Exit
// code 0, 1 for a file that is refused, 2 for one that cannot be read.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/NIR/CheckGraph.h"
#include "spikeformer/Import/NIR/ReadNIR.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/raw_ostream.h"

using namespace spikeformer;
using namespace spikeformer::nir;
namespace cl = llvm::cl;

static cl::opt<std::string> inputFile(cl::Positional, cl::Required);
static cl::opt<bool> flat("flatten", cl::desc("dissolves sub-graphs"));
static cl::opt<bool> quiet("quiet", cl::desc("prints only what is wrong"));

/// Prints the errors; 1 if there is any.
static int printErrors(llvm::Error errors) {
  int code = 0;
  llvm::handleAllErrors(std::move(errors),
                        [&](const llvm::ErrorInfoBase &error) {
                          llvm::errs() << error.message() << '\n';
                          code = 1;
                        });
  return code;
}

static void printNode(StringRef name, const Node &node,
                      const CheckResult &check) {
  llvm::outs() << "node " << name << ' ' << node.typeName;
  for (const auto &[parameter, value] : node.parameters) {
    llvm::outs() << ' ' << parameter << '=';
    if (auto text = value.getText())
      llvm::outs() << *text;
    else
      llvm::outs() << value.describe();
  }
  for (const auto &[key, value] : node.metadata)
    llvm::outs() << " metadata." << key << '=' << value.describe();
  const auto *shapes = check.shapes.find(name.str());
  if (shapes != check.shapes.end())
    llvm::outs() << " -> " << formatShape(shapes->second.output);
  llvm::outs() << '\n';
}

static void print(const Graph &graph, const std::string &prefix,
                  const CheckResult &check) {
  for (const auto &[name, node] : graph.nodes) {
    printNode(prefix + name, node, check);
    if (node.subgraph)
      print(*node.subgraph, prefix + name + "/", check);
  }
  for (const Edge &edge : graph.edges)
    llvm::outs() << "edge " << prefix << edge.source << " -> " << prefix
                 << edge.target << '\n';
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::ParseCommandLineOptions(argc, argv);
  if (!llvm::sys::fs::exists(inputFile)) {
    llvm::errs() << inputFile << ": error: no such file\n";
    return 2;
  }
  auto model = readFile(inputFile);
  if (!model)
    return printErrors(model.takeError());
  CheckResult check = checkGraph(*model);
  check.findings.printWarnings(llvm::errs(), inputFile);
  if (check.findings.hasErrors())
    return printErrors(check.findings.takeErrors(inputFile));
  if (quiet)
    return 0;
  llvm::outs() << "version " << model->version << '\n';
  if (!flat) {
    print(*model->graph, "", check);
    return 0;
  }
  auto graph = flatten(*model->graph);
  if (!graph)
    return printErrors(graph.takeError());
  print(*graph, "", check);
  return 0;
}
