//===- NodeTypes.cpp - the node types of NIR ------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names, parameters and defaults as nir 1.0.8 has them; absent parameters that
// older files lack have the meaning that nir gives them.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/NIR/NodeTypes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;
using namespace spikeformer::nir;

using Kind = ParameterKind;

/// An array of finite numbers.
static constexpr ParameterInfo real(StringRef name, Kind kind = Kind::real) {
  return {name, kind};
}
/// An array whose absence means `fallback`.
static constexpr ParameterInfo optional(StringRef name, int64_t fallback) {
  return {name, Kind::real, false, fallback};
}
/// `count` integers from `least`.
static constexpr ParameterInfo integers(StringRef name, int64_t least,
                                        unsigned count) {
  return {name, Kind::integers, true, std::nullopt, least, count};
}
/// The shape of something, of any rank.
static constexpr ParameterInfo shape(StringRef name, bool required,
                                     unsigned count = 0) {
  return {name, Kind::integers, required, std::nullopt, 1, count};
}
static constexpr ParameterInfo padding(unsigned count) {
  return {"padding", Kind::padding, true, std::nullopt, 0, count};
}
static constexpr ParameterInfo dimension(StringRef name, int64_t fallback) {
  return {name, Kind::integers, false, fallback, INT64_MIN, 1};
}

static constexpr ParameterInfo border[] = {shape("shape", true)};
static constexpr ParameterInfo affine[] = {real("weight"), real("bias")};
static constexpr ParameterInfo linear[] = {real("weight")};
static constexpr ParameterInfo conv1d[] = {shape("input_shape", false, 1),
                                           real("weight"),
                                           integers("stride", 1, 1),
                                           padding(1),
                                           integers("dilation", 1, 1),
                                           integers("groups", 1, 1),
                                           optional("bias", 0)};
static constexpr ParameterInfo conv2d[] = {shape("input_shape", false, 2),
                                           real("weight"),
                                           integers("stride", 1, 2),
                                           padding(2),
                                           integers("dilation", 1, 2),
                                           integers("groups", 1, 1),
                                           optional("bias", 0)};
static constexpr ParameterInfo pool[] = {integers("kernel_size", 1, 2),
                                         integers("stride", 1, 2),
                                         integers("padding", 0, 2)};
static constexpr ParameterInfo flatten[] = {shape("input_type", false),
                                            dimension("start_dim", 1),
                                            dimension("end_dim", -1)};
static constexpr ParameterInfo delay[] = {real("delay", Kind::notNegative)};
static constexpr ParameterInfo scale[] = {real("scale")};
static constexpr ParameterInfo threshold[] = {real("threshold")};
static constexpr ParameterInfo i[] = {real("r")};
static constexpr ParameterInfo integrateFire[] = {
    real("r"), real("v_threshold"), optional("v_reset", 0)};
static constexpr ParameterInfo li[] = {real("tau", Kind::positive), real("r"),
                                       real("v_leak")};
static constexpr ParameterInfo lif[] = {real("tau", Kind::positive), real("r"),
                                        real("v_leak"), real("v_threshold"),
                                        optional("v_reset", 0)};
static constexpr ParameterInfo cubaLi[] = {
    real("tau_syn", Kind::positive), real("tau_mem", Kind::positive), real("r"),
    real("v_leak"), optional("w_in", 1)};
static constexpr ParameterInfo cubaLif[] = {real("tau_syn", Kind::positive),
                                            real("tau_mem", Kind::positive),
                                            real("r"),
                                            real("v_leak"),
                                            real("v_threshold"),
                                            optional("v_reset", 0),
                                            optional("w_in", 1)};

static const NodeInfo nodeTypes[] = {
    {NodeType::Affine, "Affine", NodeClass::matrix, affine},
    {NodeType::AvgPool2d, "AvgPool2d", NodeClass::pool, pool},
    {NodeType::Conv1d, "Conv1d", NodeClass::convolution, conv1d},
    {NodeType::Conv2d, "Conv2d", NodeClass::convolution, conv2d},
    {NodeType::CubaLI, "CubaLI", NodeClass::neuron, cubaLi},
    {NodeType::CubaLIF, "CubaLIF", NodeClass::neuron, cubaLif},
    {NodeType::Delay, "Delay", NodeClass::elementwise, delay},
    {NodeType::Flatten, "Flatten", NodeClass::reshape, flatten},
    {NodeType::I, "I", NodeClass::neuron, i},
    {NodeType::IF, "IF", NodeClass::neuron, integrateFire},
    {NodeType::Input, "Input", NodeClass::border, border},
    {NodeType::LI, "LI", NodeClass::neuron, li},
    {NodeType::LIF, "LIF", NodeClass::neuron, lif},
    {NodeType::Linear, "Linear", NodeClass::matrix, linear},
    {NodeType::NIRGraph, "NIRGraph", NodeClass::graph, {}},
    {NodeType::Output, "Output", NodeClass::border, border},
    {NodeType::Scale, "Scale", NodeClass::elementwise, scale},
    {NodeType::SumPool2d, "SumPool2d", NodeClass::pool, pool},
    {NodeType::Threshold, "Threshold", NodeClass::elementwise, threshold}};

const ParameterInfo *NodeInfo::find(StringRef parameter) const {
  const auto *found = llvm::find_if(parameters, [&](const ParameterInfo &info) {
    return info.name == parameter;
  });
  return found == parameters.end() ? nullptr : found;
}

ArrayRef<NodeInfo> nir::getNodeTypes() { return nodeTypes; }

const NodeInfo *nir::findNodeType(StringRef name) {
  const auto *found = llvm::find_if(
      nodeTypes, [&](const NodeInfo &info) { return info.name == name; });
  return found == std::end(nodeTypes) ? nullptr : found;
}

std::string nir::listNodeTypes() {
  return llvm::join(
      llvm::map_range(nodeTypes,
                      [](const NodeInfo &info) { return info.name; }),
      ", ");
}
