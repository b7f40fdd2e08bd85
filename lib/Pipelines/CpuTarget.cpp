//===- CpuTarget.cpp - the machine at hand --------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/CpuTarget.h"
#include "mlir/IR/BuiltinOps.h"

using namespace spikeformer;

static Capabilities makeCapabilities() {
  Capabilities all;
  all.alphabets = {"binary", "ternary", "count", "graded", "analogue"};
  all.models = {"if", "lif",       "cuba_lif",    "linear",
                "i",  "threshold", "sigma_delta", "custom"};
  all.resets = {"subtract", "to_value", "none"};
  all.fires = {"above", "at_or_above"};
  all.when = {"same_step", "next_step"};
  all.integrations = {"euler", "exact", "discrete"};
  all.delayMinimum = 0;
  all.readouts = {
      "count",       "current_sum", "membrane_last",    "membrane_max",
      "first_spike", "rate",        "population_vector"};
  all.pools = {"sum", "max"};
  all.analogueInput = all.initialPotential = all.bias = true;
  all.gatedOnset = all.recurrence = true;
  return all;
}

namespace {
class CpuTarget : public Target {
public:
  llvm::StringRef getName() const override { return cpuTargetName; }
  llvm::StringRef getDescription() const override {
    return "this machine, by just-in-time compilation";
  }
  llvm::StringRef getState() const override {
    return "compared with the reference interpreter bit by bit";
  }
  const Capabilities &getCapabilities() const override { return capabilities; }
  std::vector<Machine> getMachines() const override { return {}; }
  llvm::Error emit(mlir::ModuleOp, EmitContext &) const override {
    return llvm::createStringError("target 'cpu' is a module, not a directory");
  }
  llvm::Expected<std::unique_ptr<Executor>>
  openArtefact(llvm::StringRef directory) const override {
    return llvm::createStringError("target 'cpu' has no artefacts, and '" +
                                   directory + "' is a directory");
  }

private:
  Capabilities capabilities = makeCapabilities();
};
} // namespace

std::unique_ptr<Target> spikeformer::createCpuTarget() {
  return std::make_unique<CpuTarget>();
}
