//===- ImportConfig.h - networks from a JSON configuration ------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The small schema docs/Schemas/network-config.schema.json: layers of neurons
// with random weights, to try a target or a tool without a model.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_IMPORT_CONFIG_IMPORTCONFIG_H
#define SPIKEFORMER_IMPORT_CONFIG_IMPORTCONFIG_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "spikeformer/Support/LLVM.h"

namespace spikeformer {

/// The schema as published: JSON Schema, draft 2020-12.
StringRef getConfigSchema();

/// Reads the configuration in `text`, from the file `path`. Null after a
/// diagnostic for everything in it that breaks the schema.
OwningOpRef<ModuleOp> importConfig(StringRef text, StringRef path,
                                   MLIRContext &context);

} // namespace spikeformer

#endif // SPIKEFORMER_IMPORT_CONFIG_IMPORTCONFIG_H
