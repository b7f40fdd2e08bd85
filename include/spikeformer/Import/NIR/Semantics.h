//===- Semantics.h - what a file says of its steps --------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NIR has no place for what a step is. Files that we write say it in the
// metadata of their graph, so that reading them needs no flag; the keys are in
// docs/Design/ExportNIR.md. Nothing else is known to write such metadata.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_IMPORT_NIR_SEMANTICS_H
#define SPIKEFORMER_IMPORT_NIR_SEMANTICS_H

#include "spikeformer/Import/NIR/Graph.h"

namespace spikeformer::nir {

/// Key in the metadata of a node: what it is called where NIR cannot.
constexpr llvm::StringLiteral nameKey("semantics_name");

struct Semantics {
  /// "NAME[@VERSION]", and "NODE=NAME[@VERSION]" for single nodes.
  std::vector<std::string> profiles;
  /// Length of a step in the unit of the file's time constants.
  std::optional<double> dt;
  /// For how many steps the input is presented; left open if absent.
  std::optional<int64_t> timesteps;
  /// Names of Inputs and Outputs in the order of the network.
  std::vector<std::string> inputs, outputs;
  /// Inputs that hold one value over all steps.
  std::vector<std::string> held;
  /// What is read from each output, in the words of `snn.simulate`.
  std::vector<std::string> readouts;
  /// Whether samples begin with the state that the last one left.
  bool keepsState = false;
};

/// What the metadata of a graph say; none if they say nothing of steps. Errors:
/// a format that is not known, values of wrong types.
llvm::Expected<std::optional<Semantics>>
readSemantics(const NameMap<Value> &metadata);

/// The metadata that say it.
NameMap<Value> writeSemantics(const Semantics &semantics);

/// A string, a number of type f64 or i64, as values of a file.
Value makeText(StringRef text);
Value makeNumber(double number);
Value makeInteger(int64_t number);

} // namespace spikeformer::nir

#endif // SPIKEFORMER_IMPORT_NIR_SEMANTICS_H
