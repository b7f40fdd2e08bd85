//===- RandomGraph.h - random trained networks ------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Small networks of every construct that can become spikes: dense layers,
// convolutions with asymmetric padding, stride, dilation, groups and depthwise,
// batch norms as products and sums, bounded and unbounded ReLUs, average pools,
// concatenations, residual sums, and images in either order of axes. A seed
// gives the same network on any machine.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_UNIT_CONVERSION_RANDOMGRAPH_H
#define SPIKEFORMER_TEST_UNIT_CONVERSION_RANDOMGRAPH_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "spikeformer-rt/Random.h"
#include "spikeformer/Support/LLVM.h"
#include "spikeformer/Support/Tensor.h"
#include <string>

namespace spikeformer {

/// Numbers that depend on a seed only.
class RandomNumbers {
public:
  explicit RandomNumbers(uint64_t seed) : state(rt::hashMix(seed)) {}

  /// In [low, high].
  int64_t integer(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(next() % (high - low + 1));
  }
  bool chance(int64_t percent) { return integer(1, 100) <= percent; }
  /// In [low, high); all 24 bits of a mantissa are used.
  float real(float low, float high) {
    return low + (high - low) * static_cast<float>(next() >> 40) * 0x1p-24f;
  }

private:
  uint64_t next() { return rt::hashMix(state++); }

  uint64_t state;
};

/// What a random network is made of.
enum class GraphFamily { mlp, cnn, residual };

/// Appends function `name` to `module`: one input of one sample, one output
/// [1, classes]. The weights that read the input are divided by `inputScale`.
func::FuncOp addRandomGraph(ModuleOp module, StringRef name, uint64_t seed,
                            float inputScale = 1);

/// The same for a network of two convolutions, "first" and "second", with an
/// average pool between and dense weights behind, in which channel k of "first"
/// is what is channel order[k] if they are in order. Its numbers are small
/// multiples of powers of two; the activations have their thresholds.
func::FuncOp addPermutedGraph(ModuleOp module, StringRef name, uint64_t seed,
                              ArrayRef<int64_t> order);

/// Which family a seed gives.
GraphFamily getFamily(uint64_t seed);

/// Inputs in [-0.5, 1) times `scale` for the arguments of `function`.
SmallVector<Tensor> makeRandomInputs(func::FuncOp function, int64_t samples,
                                     uint64_t seed, float scale = 1);

} // namespace spikeformer

#endif // SPIKEFORMER_TEST_UNIT_CONVERSION_RANDOMGRAPH_H
