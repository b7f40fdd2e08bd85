//===- NIRGraphTest.cpp - what is wrong with NIR graphs -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NetworkBuilder.h"
#include "spikeformer/Support/InputFile.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::nir;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// in -> fc -> lif -> out, all right.
static Network makeNetwork() {
  Network network;
  network.input({4}).output({3});
  network.add("fc", "Affine", {{"weight", ones({3, 4})}, {"bias", ones({3})}});
  addLIF(network, "lif", {3});
  network.chain({"in", "fc", "lif", "out"});
  return network;
}

TEST(NIRGraphTest, everyTypeIsInTheTable) {
  EXPECT_THAT(getNodeTypes(), SizeIs(19));
  EXPECT_EQ(listNodeTypes(),
            "Affine, AvgPool2d, Conv1d, Conv2d, CubaLI, CubaLIF, Delay, "
            "Flatten, I, IF, Input, LI, LIF, Linear, NIRGraph, Output, Scale, "
            "SumPool2d, Threshold");
  for (const NodeInfo &info : getNodeTypes())
    EXPECT_EQ(findNodeType(info.name), &info);
}

TEST(NIRGraphTest, aRightOneHasNoFindings) {
  EXPECT_THAT(makeNetwork().findings(), IsEmpty());
}

TEST(NIRGraphTest, allViolationsAtOnce) {
  Network network = makeNetwork();
  network.graph.nodes["fc"].parameters["weight"].tensor.data<double>()[6] =
      std::nan("");
  network.graph.nodes["fc"].parameters["bias"] = ones({2});
  network.graph.nodes["lif"].parameters["tau"] = list({1, 0, -1});
  network.graph.nodes["lif"].parameters["gain"] = ones({});
  network.add("x", "AdEx");
  network.graph.nodes["out"].parameters["shape"] = integers({7});
  network.chain({"lif", "nobody"});
  EXPECT_THAT(
      network.findings(),
      ElementsAre(
          "error /node/edges: edge ('lif', 'nobody'): no node 'nobody'",
          "error /node/nodes/fc/weight: weight[1, 2] is NaN, need a finite "
          "number",
          "error /node/nodes/fc/bias: bias has shape [2], need [3]: weight has "
          "shape [3, 4]",
          "error /node/nodes/lif/tau: tau[1] = 0, need > 0",
          "error /node/nodes/lif/gain: unknown parameter 'gain' of LIF (it has "
          "tau, r, v_leak, v_threshold, v_reset); use metadata/ for extras",
          HasSubstr("error /node/nodes/x/type: unknown type 'AdEx'; known: "),
          "error /node/edges: edge ('lif', 'out'): 3 values meet shape [7] of "
          "the Output"));
}

TEST(NIRGraphTest, infinityAndRange) {
  auto check = [](const char *name, Value value) {
    Network network = makeNetwork();
    network.graph.nodes["lif"].parameters[name] = std::move(value);
    return network.findings();
  };
  EXPECT_THAT(check("v_leak", list({0, INFINITY, 0})),
              ElementsAre("error /node/nodes/lif/v_leak: v_leak[1] is inf, "
                          "need a finite number"));
  EXPECT_THAT(check("r", list({0, 0, -INFINITY})), SizeIs(1));
  EXPECT_THAT(check("tau", ones({}, -1)),
              ElementsAre("error /node/nodes/lif/tau: tau = -1, need > 0"));
  EXPECT_THAT(check("tau", text("fast")),
              ElementsAre("error /node/nodes/lif/tau: tau is a string, need "
                          "float32 or float64"));
  EXPECT_THAT(check("tau", ones({0})), SizeIs(1));
  EXPECT_THAT(check("tau", integers({1, 2, 3})), IsEmpty());
  EXPECT_THAT(check("v_threshold", ones({1}, -1)),
              ElementsAre("warning /node/nodes/lif/v_reset: v_reset[0] = 0 >= "
                          "v_threshold[0] = -1: the neuron can fire in every "
                          "step for ever"));
}

TEST(NIRGraphTest, defaults) {
  Network network = makeNetwork();
  Node &lif = network.graph.nodes["lif"];
  lif.parameters.erase("v_reset");
  EXPECT_THAT(network.findings(), IsEmpty());
  lif.parameters["v_threshold"] = ones({3}, 0);
  EXPECT_THAT(network.findings(),
              ElementsAre(HasSubstr("v_reset = 0 (by default) >= v_thr")));
  Node flatten;
  flatten.info = findNodeType("Flatten");
  EXPECT_THAT(*flatten.getIntegers("start_dim"), ElementsAre(1));
  EXPECT_THAT(*flatten.getIntegers("end_dim"), ElementsAre(-1));
  EXPECT_FALSE(flatten.getIntegers("input_type"));
  flatten.parameters["start_dim"] = list({2});
  EXPECT_THAT(*flatten.getIntegers("start_dim"), ElementsAre(2));
  flatten.parameters["start_dim"] = list({2.5});
  EXPECT_FALSE(flatten.getIntegers("start_dim"));
}

TEST(NIRGraphTest, cycles) {
  Network network = makeNetwork();
  network.add("s", "Scale", {{"scale", ones({3})}});
  network.add("d", "Delay", {{"delay", list({0.1, 0.1, 0})}});
  network.chain({"fc", "s", "d", "s", "lif"}).chain({"s", "s"});
  EXPECT_THAT(network.findings(),
              ElementsAre("error /node/nodes/s: cycle without a delay: s -> d "
                          "-> s (node 'd' delays by 0); need a neuron or a "
                          "Delay above 0 in it"));
  network.graph.nodes["d"].parameters["delay"] = ones({}, 0.1);
  EXPECT_THAT(network.findings(),
              ElementsAre(HasSubstr("cycle without a delay: s -> s;")));
}

TEST(NIRGraphTest, unreachableNodes) {
  Network network = makeNetwork();
  addLIF(network, "lone", {2});
  addLIF(network, "source", {3});
  addLIF(network, "end", {3});
  network.chain({"source", "lif", "end"});
  network.add("out2", "Output", {{"shape", integers({3})}});
  EXPECT_THAT(
      network.findings(),
      ElementsAre("warning /node/nodes/lone: node 'lone' (LIF) is not "
                  "connected",
                  "warning /node/nodes/source: node 'source' (LIF) is not "
                  "reachable from any Input",
                  "warning /node/nodes/end: node 'end' (LIF) reaches no Output",
                  "error /node/nodes/out2: node 'out2' is not reachable from "
                  "any Input"));
}

/// A sub-graph x -> lif -> y.
static Network makeBlock() {
  Network block("/node/nodes/block");
  block.add("x", "Input", {{"shape", integers({3})}});
  block.add("y", "Output", {{"shape", integers({3})}});
  addLIF(block, "lif", {3});
  block.chain({"x", "lif", "y"});
  return block;
}

/// in -> fc -> block -> out.
static Network makeNested(const Network &block) {
  Network network = makeNetwork();
  network.graph.nodes.erase("lif");
  network.graph.edges.clear();
  network.add("block", block).chain({"in", "fc", "block", "out"});
  return network;
}

static std::vector<std::string> edgesOf(const Graph &graph) {
  std::vector<std::string> texts;
  for (const Edge &edge : graph.edges)
    texts.push_back(edge.source + ">" + edge.target);
  return texts;
}

TEST(NIRGraphTest, subgraphs) {
  Network network = makeNested(makeBlock());
  EXPECT_THAT(network.findings(), IsEmpty());
  EXPECT_THAT(network.shape("block/lif"), ElementsAre(3));
  EXPECT_THAT(network.shape("block/x"), ElementsAre(3));
  auto flat = flatten(network.graph);
  ASSERT_TRUE(static_cast<bool>(flat));
  EXPECT_THAT(edgesOf(*flat), testing::UnorderedElementsAre(
                                  "in>fc", "fc>block/lif", "block/lif>out"));
  EXPECT_TRUE(flat->nodes.count("block/lif"));
  EXPECT_FALSE(flat->nodes.count("block/x"));
}

TEST(NIRGraphTest, subgraphThatPassesOn) {
  Network block = makeBlock();
  block.chain({"x", "y"});
  Network network = makeNested(block);
  network.chain({"fc", "out"});
  EXPECT_THAT(network.findings(), IsEmpty());
  auto flat = flatten(network.graph);
  ASSERT_TRUE(static_cast<bool>(flat));
  EXPECT_THAT(edgesOf(*flat), testing::UnorderedElementsAre(
                                  "in>fc", "fc>block/lif", "block/lif>out",
                                  "fc>out", "fc>out"));
  EXPECT_THAT(llvm::toString(flatten(network.graph, 4).takeError()),
              HasSubstr("more than 4 edges"));
}

TEST(NIRGraphTest, subgraphErrors) {
  Network block = makeBlock();
  block.add("x2", "Input", {{"shape", integers({3})}}).chain({"x2", "lif"});
  EXPECT_THAT(makeNested(block).findings(),
              ElementsAre("error /node/edges: edge ('fc', 'block'): sub-graph "
                          "'block' has 2 Inputs, and an edge cannot say which; "
                          "need one"));
  Network closed = makeBlock();
  closed.graph.nodes.erase("y");
  closed.graph.edges.pop_back();
  EXPECT_THAT(makeNested(closed).findings(),
              ElementsAre(HasSubstr("error /node/nodes/block: the graph has no "
                                    "Output node")));
  Network wrong = makeBlock();
  wrong.add("x", "Input", {{"shape", integers({5})}});
  EXPECT_THAT(makeNested(wrong).findings(),
              Contains("error /node/edges: edge ('fc', 'block'): 3 values meet "
                       "shape [5] of the Input"));
}

TEST(NIRGraphTest, severalInputsAndOutputs) {
  Network network = makeNetwork();
  network.add("in2", "Input", {{"shape", integers({3})}});
  network.add("out2", "Output", {{"shape", integers({3})}});
  network.chain({"in2", "lif", "out2"});
  EXPECT_THAT(network.findings(), IsEmpty());
}

TEST(NIRGraphTest, namesCannotForgeLines) {
  Network network = makeNetwork();
  network.chain({"lif", "x\nnet.nir: error: y\x1b[31m"});
  EXPECT_THAT(network.findings(),
              ElementsAre(HasSubstr("'x\\x0anet.nir: error: y\\x1b[31m'")));
}

TEST(NIRGraphTest, findingsBecomeErrors) {
  Findings findings;
  findings.addError("/node", "first");
  findings.addWarning("/version", "second");
  findings.addError("", "third");
  EXPECT_EQ(llvm::toString(findings.takeErrors("a.nir")),
            "a.nir: /node: error: first\na.nir: error: third");
  std::string text;
  llvm::raw_string_ostream os(text);
  findings.printWarnings(os, "a.nir");
  EXPECT_EQ(text, "a.nir: /version: warning: second\n");
}
