//===- SNNTypes.td - signals and currents ------------------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNTYPES_TD
#define SPIKEFORMER_DIALECT_SNN_IR_SNNTYPES_TD

include "spikeformer/Dialect/SNN/IR/SNNEnums.td"

def SNN_SignalType : TypeDef<SNN_Dialect, "Signal"> {
  let mnemonic = "signal";
  let summary = "one tensor per timestep over an alphabet";
  let description = [{
    Static shape without batch or time axis, and the alphabet of its elements:

    * `binary`: 0 or 1; `ternary`: -1, 0 or 1;
    * `count<N>`: 0 to N, several spikes in one step;
    * `graded<T>`: a spike with an integer payload, T is `uiN` or `siN` (N <= 32);
    * `analogue<T>`: any value of T, which is `f32`, `f64` or `siN`.

    An element that is 0 is silence and contributes nothing.

    Example: `!snn.signal<16x26x26, binary>`, `!snn.signal<10, count<4>>`.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape,
                        "::spikeformer::snn::AlphabetKind":$kind,
                        "unsigned":$limit, "::mlir::Type":$carrier);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// A signal of an alphabet without limit or carrier.
    static SignalType get(::mlir::MLIRContext *context, ::llvm::ArrayRef<int64_t> shape,
                          AlphabetKind kind) {
      return get(context, shape, kind, 0, ::mlir::Type());
    }
    /// An analogue signal.
    static SignalType getAnalogue(::llvm::ArrayRef<int64_t> shape, ::mlir::Type carrier) {
      return get(carrier.getContext(), shape, AlphabetKind::analogue, 0, carrier);
    }
    int64_t getNumElements() const;
    /// Type of one element in a kernel: i1, i8, i32 or the carrier (signless).
    ::mlir::Type getElementType() const;
    /// Least and largest value of an integer alphabet.
    std::pair<int64_t, int64_t> getRange() const;
    /// Type of one element in a recording.
    ::spikeformer::ElementType getRecordType() const;
  }];
}

def SNN_CurrentType : TypeDef<SNN_Dialect, "Current"> {
  let mnemonic = "current";
  let summary = "contributions of one projection, not yet added up";
  let description = [{
    What a projection delivers per timestep: for each element a list of
    contributions in a fixed order. It has no value of its own: the receptor that
    takes it adds the contributions of all its operands in its accumulator.

    Example: `!snn.current<16x26x26>`.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

// A constraint without a C++ class of its own, so that assembly formats print
// the type in full.
def SNN_AnySignal : Type<SNN_SignalType.predicate, "signal">;
def SNN_AnyCurrent : Type<SNN_CurrentType.predicate, "current">;

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNTYPES_TD
