//===- Legalizer.h - the check of a module against the chip -----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One object collects the violations of one module; every rule reports and
// goes on. Messages have one form, RULE: needs X, has Y; NEXT, which JSON
// reports take apart.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_LEGALIZER_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_LEGALIZER_H

#include "Transforms/FloatNeuron.h"
#include "Transforms/Synapses.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace spikeformer::templ {

/// Checks one module.
class Legalizer {
public:
  /// Fails after it reported every violation.
  LogicalResult check(ModuleOp module);

private:
  /// Starts the report of a violation at `loc`.
  InFlightDiagnostic violate(Location loc);
  /// Reports `need`, unless it is one of `have`.
  void checkChoice(Operation *op, const Twine &rule, StringRef need,
                   ArrayRef<std::string> have, StringRef next);

  // Legalize.cpp: the module and the signals.
  void checkFunction(FunctionOpInterface function);
  void checkSimulation(snn::SimulateOp simulate);
  void checkInputs(snn::NetworkOp network);
  void checkOutputs(snn::NetworkOp network);
  void checkOperation(Operation &op);
  void checkDelay(snn::ProjectOp project);

  // LegalizePopulation.cpp: populations and what they receive.
  void checkPopulation(snn::PopulationOp population);
  void checkFloatRule(snn::PopulationOp population, const FloatRule &rule);
  void checkFloatNumbers(snn::PopulationOp population);
  void checkIntegers(snn::PopulationOp population);
  void checkFanIn(snn::PopulationOp population);

  /// The synapses of `project`, read once; none after an error.
  ArrayRef<Synapse> getSynapses(snn::ProjectOp project);

  DenseMap<Operation *, std::vector<Synapse>> synapses;
  bool ok = true;
};

/// The network of `module`; a diagnostic if there is none or several.
FailureOr<snn::NetworkOp> getNetwork(ModuleOp module);

/// `RULE of "NAME"`, for messages about populations.
std::string nameRule(StringRef rule, snn::PopulationOp population);

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_LEGALIZER_H
