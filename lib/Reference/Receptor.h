//===- Receptor.h - accumulators in the interpreter -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A receptor adds the contributions of its currents in the one total order of
// docs/Semantics.md, in the accumulator it states.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_REFERENCE_RECEPTOR_H
#define SPIKEFORMER_LIB_REFERENCE_RECEPTOR_H

#include "Projection.h"
#include "spikeformer/Dialect/SNN/Analysis/PopulationNumbers.h"

namespace spikeformer::reference {

/// What is constant of one receptor of a population.
class Receptor {
public:
  /// `projections` are those of the operands, in order; they outlive this.
  Receptor(snn::ReceptorAttr attribute, snn::NumberColumn bias, Type modelType,
           ArrayRef<const Projection *> projections);

  /// Accumulates one step: `sums` has one element per neuron and becomes what
  /// the model sees. `currents` are those of the projections.
  void accumulate(ArrayRef<const Current *> currents, bool biasActs,
                  MutableArrayRef<Scalar> sums) const;

private:
  void addInteger(const Current &current, ArrayRef<Scalar> weights,
                  MutableArrayRef<Scalar> sums) const;
  void addFloat(const Current &current, MutableArrayRef<Scalar> sums) const;
  template <typename Contribution>
  void addExact(const Current &current, MutableArrayRef<Scalar> sums,
                Contribution contribution) const;
  void convertToModel(MutableArrayRef<Scalar> sums) const;

  snn::ReceptorAttr attribute;
  snn::NumberColumn bias;
  Carrier modelCarrier;
  unsigned width;
  /// Per operand the weights in the accumulator's type.
  std::vector<std::vector<Scalar>> weights;
};

} // namespace spikeformer::reference

#endif // SPIKEFORMER_LIB_REFERENCE_RECEPTOR_H
