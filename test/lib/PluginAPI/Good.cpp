//===- Good.cpp - a plugin with one of everything -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two shared objects are made of it: Good, and GoodTwin, which offers the same
// names under another id.
//
//===----------------------------------------------------------------------===//

#include "Witness.h"
#include "mlir/Bytecode/BytecodeImplementation.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "spikeformer/PluginAPI/EmitContext.h"
#include "spikeformer/PluginAPI/Plugin.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "llvm/ADT/TypeSwitch.h"

#include "IR/GoodDialect.h.inc"
#define GET_ATTRDEF_CLASSES
#include "IR/GoodAttrs.h.inc"

using namespace mlir;

#include "IR/GoodDialect.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "IR/GoodAttrs.cpp.inc"

namespace good {
#define GEN_PASS_DECL_GOODCOUNTOPSPASS
#define GEN_PASS_DEF_GOODCOUNTOPSPASS
#include "IR/GoodPasses.h.inc"
} // namespace good

namespace {
struct GoodBytecode : BytecodeDialectInterface {
  GoodBytecode(Dialect *dialect) : BytecodeDialectInterface(dialect) {}

  LogicalResult writeAttribute(Attribute attribute,
                               DialectBytecodeWriter &writer) const override {
    writer.writeVarInt(cast<good::OrderAttr>(attribute).getOrder());
    return success();
  }
  Attribute readAttribute(DialectBytecodeReader &reader) const override {
    uint64_t order;
    if (failed(reader.readVarInt(order)))
      return {};
    return good::OrderAttr::get(getContext(), order);
  }
};

struct GoodCountOps : good::impl::GoodCountOpsPassBase<GoodCountOps> {
  using GoodCountOpsPassBase::GoodCountOpsPassBase;
  void runOnOperation() override {
    int64_t count = bias;
    getOperation()->walk([&](Operation *) { ++count; });
    getOperation()->setAttr("good.count",
                            Builder(&getContext()).getI64IntegerAttr(count));
  }
};

class GoodTarget : public spikeformer::Target {
public:
  GoodTarget() {
    capabilities.alphabets = {"binary"};
    capabilities.resets = {"subtract"};
  }
  StringRef getName() const override { return "good"; }
  StringRef getDescription() const override { return "a chip for tests"; }
  StringRef getState() const override { return "emits one file"; }
  const spikeformer::Capabilities &getCapabilities() const override {
    return capabilities;
  }
  std::vector<spikeformer::Machine> getMachines() const override {
    return {{"good-board", "one good chip", "", ""}};
  }
  llvm::Error emit(ModuleOp, spikeformer::EmitContext &context) const override {
    return context.writeFile("good.txt", "good");
  }
  llvm::Expected<std::unique_ptr<spikeformer::Executor>>
  openArtefact(StringRef) const override {
    return llvm::createStringError("target good has no functional model");
  }

private:
  spikeformer::Capabilities capabilities;
};
} // namespace

void good::GoodDialect::initialize() {
  addInterfaces<GoodBytecode>();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "IR/GoodAttrs.cpp.inc"
      >();
}

static OwningOpRef<ModuleOp>
importNothing(llvm::MemoryBufferRef input, MLIRContext &context,
              const spikeformer::TranslationValues &values) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(
      FileLineColLoc::get(&context, input.getBufferIdentifier(), 0, 0));
  Builder builder(&context);
  for (const auto &[name, value] : values)
    (*module)->setAttr("good." + name, builder.getStringAttr(value));
  return module;
}

SF_PLUGIN(GOOD_ID) {
  registry.addDialects(
      [](DialectRegistry &dialects) { dialects.insert<good::GoodDialect>(); });
  registry.addPasses(
      [] { registerPass([] { return std::make_unique<GoodCountOps>(); }); });
  registry.addTarget(std::make_unique<GoodTarget>());
  registry.addImporter({"good",
                        "Import nothing",
                        {".good"},
                        {{"good-word", "A word for the module"}},
                        importNothing});
  registry.addNIRProfile({"good-soft", "1.0", "how good software reads NIR",
                          "profiles/soft.json"});
  registry.addMethod({"good-method", "places everything on core 0"});
}
