//===- Target.cpp - what a chip is to the compiler ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Defaults of the interface; the destructor lives here so that the class has
// one vtable in one library.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/PluginAPI/Target.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "spikeformer/PluginAPI/EmitContext.h"
#include "spikeformer/Support/Npy.h"

using namespace spikeformer;

Target::~Target() = default;

void Target::addPasses(Phase, OpPassManager &, const TargetOptions &) const {}

llvm::Expected<MachineGraph> Target::makeMachine(llvm::StringRef name) const {
  return llvm::createStringError("target '" + getName() +
                                 "' has no machine graph '" + name + "'");
}

const SliceCosts *Target::getSliceCosts() const { return nullptr; }

JsonValue Target::makeReport(mlir::ModuleOp) const {
  return JsonValue::object();
}

llvm::Error Target::emitStimulus(const Stimulus &stimulus,
                                 EmitContext &context) const {
  for (const auto &[name, values] : stimulus.inputs)
    if (llvm::Error error = context.writeFile(name + ".npy", toNpy(values)))
      return error;
  return llvm::Error::success();
}
