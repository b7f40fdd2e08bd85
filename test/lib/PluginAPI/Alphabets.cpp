//===- Alphabets.cpp - targets of different alphabets ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chips that differ in what they can send and hold, for tests of what a
// conversion chooses for them. They have no files.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/BuiltinOps.h"
#include "spikeformer/PluginAPI/Plugin.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"

using namespace spikeformer;

namespace {
class AlphabetTarget : public Target {
public:
  AlphabetTarget(std::string name, Capabilities capabilities)
      : name(std::move(name)), capabilities(std::move(capabilities)) {}

  llvm::StringRef getName() const override { return name; }
  llvm::StringRef getDescription() const override { return "for tests"; }
  llvm::StringRef getState() const override { return "has no files"; }
  const Capabilities &getCapabilities() const override { return capabilities; }
  std::vector<Machine> getMachines() const override { return {}; }
  llvm::Error emit(mlir::ModuleOp, EmitContext &) const override {
    return llvm::createStringError("target '" + name + "' has no files");
  }
  llvm::Expected<std::unique_ptr<Executor>>
  openArtefact(llvm::StringRef) const override {
    return llvm::createStringError("target '" + name + "' has no files");
  }

private:
  std::string name;
  Capabilities capabilities;
};
} // namespace

/// Binary spikes in and out of integrate-and-fire neurons that start at 0.
static Capabilities makeBinary() {
  Capabilities has;
  has.alphabets = {"binary"};
  has.models = {"if"};
  has.resets = {"subtract"};
  has.fires = {"at_or_above"};
  has.when = {"same_step"};
  has.readouts = {"count"};
  has.pools = {"sum"};
  has.bias = true;
  return has;
}

/// Like it, with numbers in, a potential to read and to set, and pools.
static Capabilities makeMembrane() {
  Capabilities has = makeBinary();
  has.alphabets.push_back("analogue");
  has.models.insert(has.models.end(), {"i", "custom"});
  has.readouts = {"membrane_last"};
  has.pools.push_back("max");
  has.analogueInput = has.initialPotential = true;
  return has;
}

/// Changes as numbers, and no other message.
static Capabilities makeChanges() {
  Capabilities has;
  has.alphabets = {"analogue"};
  has.models = {"sigma_delta", "custom"};
  has.readouts = {"membrane_last"};
  has.analogueInput = has.bias = true;
  return has;
}

/// As binary, without pools.
static Capabilities makePlain() {
  Capabilities has = makeBinary();
  has.pools.clear();
  return has;
}

/// As binary, and no constant input.
static Capabilities makeBare() {
  Capabilities has = makeBinary();
  has.bias = false;
  return has;
}

/// As membrane, and no constant input.
static Capabilities makeUnbiased() {
  Capabilities has = makeMembrane();
  has.bias = false;
  return has;
}

SF_PLUGIN(Alphabets) {
  for (auto [name, make] : {std::make_pair("test-binary", makeBinary),
                            std::make_pair("test-membrane", makeMembrane),
                            std::make_pair("test-changes", makeChanges),
                            std::make_pair("test-plain", makePlain),
                            std::make_pair("test-bare", makeBare),
                            std::make_pair("test-unbiased", makeUnbiased)})
    registry.addTarget(std::make_unique<AlphabetTarget>(name, make()));
}
