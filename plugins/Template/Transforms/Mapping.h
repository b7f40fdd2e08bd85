//===- Mapping.h - reading and checking mappings ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What partition, place, the check and the emitter share.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_MAPPING_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_MAPPING_H

#include "IR/TemplateDialect.h"
#include "Transforms/Synapses.h"

namespace spikeformer::templ {

/// A mapping with everything that it refers to.
struct MappedNetwork {
  MappingOp mapping;
  snn::NetworkOp network;
  const MachineModel *machine;
  NameMap<Demand> demands;

  /// What `slice`, which lies within its population, costs.
  Usage usageOf(const Slice &slice) const;
  /// Where `slice` is reported: its population.
  Location getLoc(const Slice &slice) const;

  /// The network of `module` and its one mapping. Fails with a diagnostic if
  /// one is missing, the network has changed since, or a neuron is in no slice
  /// or in two.
  static FailureOr<MappedNetwork> create(ModuleOp module);
};

/// What lies on one core.
struct CoreLoad {
  Usage used;
  std::vector<Slice> slices;

  Usage getSpare() const { return coreCapacity - used; }
  void add(const Slice &slice, const Usage &usage);
};

/// The loads of all cores by the slices that have one. A diagnostic for each
/// slice on a core that does not exist.
FailureOr<std::vector<CoreLoad>> getLoads(const MappedNetwork &mapped);

/// Notes what occupies the cores, one note for each.
void noteLoads(InFlightDiagnostic &diagnostic, Location loc,
               ArrayRef<CoreLoad> loads);

/// Fails, after it reported everything that is wrong, unless every slice has a
/// core that holds it.
LogicalResult verifyPlacement(const MappedNetwork &mapped);

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_MAPPING_H
