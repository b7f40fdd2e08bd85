//===- ModelLayout.h - variables of a neuron model as data ------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_MODELLAYOUT_H
#define SPIKEFORMER_DIALECT_SNN_IR_MODELLAYOUT_H

#include "spikeformer/Dialect/SNN/IR/SNNModel.h"
#include "spikeformer/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"

namespace spikeformer::snn {

/// What a built-in model tells about itself; the lists are in the order in
/// which values are passed.
struct ModelLayout {
  SmallVector<ModelVariable> states, receptors, coefficients;
  /// Names of the params; string literals.
  SmallVector<StringRef> params;
  /// What a step emits.
  Type emitted;

  void addStates(Type type, ArrayRef<StringRef> names) {
    add(states, type, names);
  }
  void addReceptors(Type type, ArrayRef<StringRef> names) {
    add(receptors, type, names);
  }
  void addCoefficients(Type type, ArrayRef<StringRef> names) {
    add(coefficients, type, names);
  }
  void addParams(ArrayRef<StringRef> names) {
    params.append(names.begin(), names.end());
  }

  /// A state `x` starts at the param `x_init`, or at 0 where there is none.
  void fillInitialStates(ArrayRef<double> values,
                         MutableArrayRef<double> initial) const {
    for (auto [state, value] : llvm::zip_equal(states, initial)) {
      value = 0.0;
      for (auto [name, param] : llvm::zip_equal(params, values))
        if (name.ends_with("_init") && name.drop_back(5) == state.name)
          value = param;
    }
  }

private:
  static void add(SmallVector<ModelVariable> &list, Type type,
                  ArrayRef<StringRef> names) {
    for (StringRef name : names)
      list.push_back({name.str(), type});
  }
};

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_IR_MODELLAYOUT_H
