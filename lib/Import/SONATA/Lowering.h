//===- Lowering.h - SONATA networks to snn ----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_SONATA_LOWERING_H
#define LIB_IMPORT_SONATA_LOWERING_H

#include "Network.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace spikeformer::sonata {

/// The module of `network` with steps of `dt` seconds, `stop` of them ms long
/// in all, or open. Null after problems: times that are no whole number of
/// steps.
OwningOpRef<ModuleOp> lower(const Network &network, double dt,
                            std::optional<double> stop, StringRef file,
                            MLIRContext &context, Problems &problems);

} // namespace spikeformer::sonata

#endif // LIB_IMPORT_SONATA_LOWERING_H
