//===- PnRDialect.cpp - the pnr dialect -----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Bytecode/BytecodeImplementation.h"
#include "spikeformer/Dialect/PnR/IR/PnROps.h"

using namespace spikeformer;
using namespace spikeformer::pnr;

#include "spikeformer/Dialect/PnR/IR/PnRDialect.cpp.inc"

namespace {

struct Version : DialectVersion {
  explicit Version(uint64_t number) : number(number) {}
  uint64_t number;
};

/// The dialect has no attributes of its own, so that the version is all there
/// is to write.
struct BytecodeInterface : BytecodeDialectInterface {
  explicit BytecodeInterface(Dialect *dialect)
      : BytecodeDialectInterface(dialect) {}

  void writeVersion(DialectBytecodeWriter &writer) const override {
    writer.writeVarInt(PnRDialect::kVersion);
  }

  std::unique_ptr<DialectVersion>
  readVersion(DialectBytecodeReader &reader) const override {
    uint64_t number;
    if (failed(reader.readVarInt(number)))
      return nullptr;
    if (number <= PnRDialect::kVersion)
      return std::make_unique<Version>(number);
    reader.emitError("this file was written with version ")
        << number << " of dialect 'pnr'; this library reads up to version "
        << PnRDialect::kVersion << ": use a newer SpikeFormer";
    return nullptr;
  }
};

} // namespace

void PnRDialect::addBytecodeInterface() { addInterfaces<BytecodeInterface>(); }

void PnRDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "spikeformer/Dialect/PnR/IR/PnROps.cpp.inc"
      >();
  addBytecodeInterface();
}
