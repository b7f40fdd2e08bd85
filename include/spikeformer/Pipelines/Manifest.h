//===- Manifest.h - the border of an artefact -------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a manifest says about the network itself, the same for all targets:
// what goes in, what comes out and how it is read, and what can be recorded.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_MANIFEST_H
#define SPIKEFORMER_PIPELINES_MANIFEST_H

#include "spikeformer/Pipelines/Signals.h"
#include "spikeformer/Support/Json.h"

namespace spikeformer {

/// An input of an artefact.
struct ManifestInput {
  /// By which NAME=FILE refers to it.
  std::string name;
  snn::SignalType signal;
  /// Type of the elements of the data.
  Type element;
  /// Whether each step has values of its own.
  bool hasSteps = false;
};

/// An output of an artefact.
struct ManifestOutput {
  snn::SignalType signal;
  snn::Readout readout;
};

/// A manifest, as far as it concerns who runs the artefact.
struct Manifest {
  std::string target;
  int64_t timesteps = 0;
  snn::SampleReset reset = snn::SampleReset::per_sample;
  std::vector<ManifestInput> inputs;
  std::vector<ManifestOutput> outputs;
  std::vector<NamedSignal> populations;
  /// Names and digests.
  std::vector<std::pair<std::string, std::string>> files;
};

/// Name of the file in an artefact.
constexpr llvm::StringLiteral manifestFile = "manifest.json";

/// The schema of manifests as published: JSON Schema, draft 2020-12.
StringRef getManifestSchema();

/// Everything in `manifest` that breaks the schema, each with its place.
llvm::Error checkManifest(const JsonValue &manifest);

/// Adds the members `sample_reset`, `timesteps`, `inputs`, `outputs` and
/// `populations` about the network of `module` to `manifest`. What a
/// `snn.simulate` states is null where there is none; without a network the
/// lists are empty.
LogicalResult describeNetwork(ModuleOp module, JsonValue &manifest);

/// Reads a manifest that an artefact can be run by. The error is at the member
/// that is missing or wrong.
llvm::Expected<Manifest> readManifest(const JsonValue &json,
                                      MLIRContext &context);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_MANIFEST_H
