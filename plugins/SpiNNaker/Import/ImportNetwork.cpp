//===- ImportNetwork.cpp - machine graphs as mapping problems -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Import/ImportNetwork.h"
#include "Import/NetworkFile.h"
#include "TargetModel/Board.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "spikeformer/Dialect/PnR/Transforms/MappingData.h"
#include "spikeformer/Support/Diagnostics.h"
#include "spikeformer/Support/InputDiagnostics.h"
#include "llvm/Support/Path.h"

using namespace spikeformer;
using namespace spikeformer::spinnaker;

OwningOpRef<ModuleOp> spinnaker::importNetwork(llvm::MemoryBufferRef file,
                                               MLIRContext &context) {
  llvm::Expected<NetworkFile> network =
      readNetworkFile(file.getBuffer(), file.getBufferIdentifier());
  if (!network) {
    (void)emitErrors(network.takeError(), context);
    return nullptr;
  }
  context.loadDialect<pnr::PnRDialect>();
  OpBuilder builder(&context);
  Location loc = FileLineColLoc::get(
      &context, llvm::sys::path::filename(file.getBufferIdentifier()), 1, 1);
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder, loc);
  builder.setInsertionPointToEnd(module->getBody());
  std::string machine = "spinn5";
  if (network->boards > 1)
    machine += ":boards=" + std::to_string(network->boards);
  pnr::MappingOp mapping = pnr::createMapping(
      builder, loc, network->name.empty() ? "mapping" : network->name, machine,
      ArrayRef(resourceNames), network->slices, network->messages);
  if (!network->keys.empty())
    pnr::setKeys(mapping, network->keys, /*reservedBits=*/0);
  return module;
}
