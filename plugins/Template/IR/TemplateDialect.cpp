//===- TemplateDialect.cpp - the template dialect -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registration, and how a version of the dialect lies in bytecode. Codes of
// attributes are a file format: they are only appended to.
//
//===----------------------------------------------------------------------===//

#include "IR/TemplateDialect.h"
#include "mlir/Bytecode/BytecodeImplementation.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace spikeformer;
using namespace spikeformer::templ;

#include "IR/TemplateDialect.cpp.inc"

namespace {

enum class AttributeCode : uint64_t { accumulate = 0 };

struct TemplateVersion : DialectVersion {
  uint64_t value = TemplateDialect::kVersion;
};

struct TemplateBytecode : BytecodeDialectInterface {
  explicit TemplateBytecode(Dialect *dialect)
      : BytecodeDialectInterface(dialect) {}

  LogicalResult writeAttribute(Attribute attribute,
                               DialectBytecodeWriter &writer) const override {
    auto model = dyn_cast<AccumulateAttr>(attribute);
    if (!model)
      return failure();
    writer.writeVarInt(static_cast<uint64_t>(AttributeCode::accumulate));
    writer.writeVarInt(model.getLeak());
    writer.writeVarInt(static_cast<uint64_t>(model.getReset()));
    return success();
  }

  Attribute readAttribute(DialectBytecodeReader &reader) const override {
    uint64_t code, leak, reset;
    if (failed(reader.readVarInt(code)))
      return {};
    if (code != static_cast<uint64_t>(AttributeCode::accumulate)) {
      reader.emitError("unknown attribute code of the template dialect: ")
          << code;
      return {};
    }
    if (failed(reader.readVarInt(leak)) || failed(reader.readVarInt(reset)))
      return {};
    std::optional<snn::ResetKind> kind;
    if (leak <= UINT32_MAX && reset <= UINT32_MAX)
      kind = snn::symbolizeResetKind(static_cast<uint32_t>(reset));
    if (!kind) {
      reader.emitError("damaged #template.accumulate: leak ")
          << leak << ", reset code " << reset;
      return {};
    }
    return AccumulateAttr::getChecked([&] { return reader.emitError(); },
                                      getContext(), static_cast<unsigned>(leak),
                                      *kind);
  }

  void writeVersion(DialectBytecodeWriter &writer) const override {
    writer.writeVarInt(TemplateDialect::kVersion);
  }

  std::unique_ptr<DialectVersion>
  readVersion(DialectBytecodeReader &reader) const override {
    auto version = std::make_unique<TemplateVersion>();
    if (failed(reader.readVarInt(version->value)))
      return nullptr;
    if (version->value <= TemplateDialect::kVersion)
      return version;
    reader.emitError("this file has version ")
        << version->value << " of the template dialect, this plugin reads up "
        << "to " << TemplateDialect::kVersion << "; use a newer plugin";
    return nullptr;
  }

  /// Version 1 had an operation for mappings. It is not turned into a
  /// `pnr.mapping`: its slices were cut by other rules.
  LogicalResult
  upgradeFromVersion(Operation *top,
                     const DialectVersion &version) const override {
    if (static_cast<const TemplateVersion &>(version).value > 1)
      return success();
    WalkResult result = top->walk([](Operation *op) {
      if (op->getName().getStringRef() != "template.mapping")
        return WalkResult::advance();
      op->emitOpError(
          "is of version 1 of the template dialect, this plugin maps "
          "by pnr.mapping; take the module from before it was "
          "mapped and compile it again");
      return WalkResult::interrupt();
    });
    return failure(result.wasInterrupted());
  }
};

} // namespace

void TemplateDialect::addBytecodeInterface() {
  addInterfaces<TemplateBytecode>();
}

void TemplateDialect::initialize() {
  registerAttributes();
  addBytecodeInterface();
}
