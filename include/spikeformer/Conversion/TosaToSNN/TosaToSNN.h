//===- TosaToSNN.h - from a trained network to spikes -----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The two rewritings of a conversion as functions; the passes of `Passes.td` do
// nothing but call them. Both work on one function in which a sample is the
// leading axis of extent 1, as importers make it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_CONVERSION_TOSATOSNN_TOSATOSNN_H
#define SPIKEFORMER_CONVERSION_TOSATOSNN_TOSATOSNN_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "spikeformer/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>
#include <string>
#include <vector>

namespace spikeformer {

/// Attribute of an activation: its threshold, as a float or as elements that
/// broadcast over its result.
constexpr llvm::StringLiteral thresholdAttrName = "snn.threshold";

/// What becomes of a maximum pool of activations.
enum class MaxPool {
  /// "refuse": a refusal that names the others.
  Refuse,
  /// "gate": neurons that send when the largest count of their window grows;
  /// they have sent the maximum of the counts after every step.
  Gate,
  /// "winner": the maximum of the spikes of a step.
  Winner,
  /// "current": the maximum of the sums in front of the activation, whose
  /// neurons lie behind the pool.
  Current,
  /// "average": an average pool in its place. The float network changes.
  Average
};

/// The choice of this name; none if there is none.
std::optional<MaxPool> parseMaxPool(StringRef name);
/// All names, in the order of the enumeration.
ArrayRef<StringRef> getMaxPoolNames();

/// What an activation becomes.
enum class NeuronKind {
  /// "if": binary integrate-and-fire neurons.
  IF,
  /// "ternary": they also send -1, which takes back a spike sent too early; the
  /// sum of what was sent is never below 0.
  Ternary,
  /// "burst": they send up to `maxBurst` spikes in a step.
  Burst,
  /// "sigma-delta": they add up changes and send by how much the activation has
  /// moved.
  SigmaDelta,
  /// "graded": they have no state and send in every step which of `levels`
  /// levels their activation is.
  Graded
};

/// The kind of this name; none if there is none.
std::optional<NeuronKind> parseNeuronKind(StringRef name);
/// All names, in the order of the enumeration.
ArrayRef<StringRef> getNeuronKindNames();

/// Spikes of one step of a neuron of `NeuronKind::Burst`.
constexpr int64_t maxBurst = 4;

/// The most levels of a neuron of `NeuronKind::Graded`.
constexpr int64_t maxLevels = 65535;

/// Why one operation cannot become spikes.
struct Refusal {
  /// Name of the node or, where it has none, of the operation.
  std::string node;
  /// The rule that it breaks, such as "max_pool".
  std::string rule;
  std::string need, have;
  /// What to do about it.
  std::string next;
};

/// A population that a conversion made.
struct ConvertedPopulation {
  std::string name;
  int64_t neurons;
  /// One, one per channel or one per neuron.
  SmallVector<double> thresholds;
  /// Which activation of the function it stands for, counted from 0; none for
  /// a pool.
  std::optional<int64_t> activation;
  /// The neuron of each element of what it stands for.
  SmallVector<int64_t> neuronOrder;
};

/// What a conversion did, or why it did nothing.
struct ConversionReport {
  std::vector<Refusal> refusals;
  std::vector<ConvertedPopulation> populations;
};

struct TosaToSNNOptions {
  /// Steps for which the input is presented; at least 1.
  int64_t timesteps = 0;
  /// Symbol of the network that is made.
  std::string network = "net";
  MaxPool maxPool = MaxPool::Refuse;
  NeuronKind neuron = NeuronKind::IF;
  /// A sigma-delta neuron sends changes from its calibrated threshold /
  /// 2^deltaBits on; 0 to 24.
  int64_t deltaBits = 8;
  /// Neurons that spike start at half their threshold, which rounds their
  /// counts to the nearest; else at 0, which rounds them down.
  bool startsAtHalf = true;
  /// A graded neuron sends 0 to `levels`, which is its calibrated threshold;
  /// 1 to `maxLevels`. 2^b - 1 fill b bits. A network that was trained with
  /// levels keeps its own.
  int64_t levels = 15;
};

/// Puts the maximum pools of `function` where `choice` needs them: in front of
/// the activation (`Current`) or behind it (the others), which gives the same
/// numbers. `Average` makes average pools of them, with a remark at each. Run
/// it before calibration, so that thresholds are those of the neurons that the
/// conversion makes. Running it again changes nothing; `Refuse` never does.
void arrangeMaxPools(func::FuncOp function, MaxPool choice);

/// Makes a spiking network of what `function` computes and lets the function
/// simulate it; see the pass `convert-tosa-to-snn`. On failure, after one
/// diagnostic per operation at fault, the function is as `arrangeMaxPools` left
/// it.
LogicalResult convertTosaToSNN(func::FuncOp function,
                               const TosaToSNNOptions &options,
                               ConversionReport &report);

/// Puts constant products and sums per channel behind a convolution or matrix
/// product into its weights; see the pass `tosa-fold-batch-norm`. Fails, with a
/// diagnostic, only where a constant has no data.
LogicalResult foldBatchNorm(func::FuncOp function);

/// Makes two activations of each LeakyReLU and PReLU inside the network; see
/// the pass `tosa-split-leaky-relu`. Run it before calibration.
void splitLeakyRelu(func::FuncOp function);

/// Makes the float network of a quantised one; see the pass `tosa-dequantize`.
/// Nothing happens to a function without quantised values.
LogicalResult dequantize(func::FuncOp function);

} // namespace spikeformer

#endif // SPIKEFORMER_CONVERSION_TOSATOSNN_TOSATOSNN_H
