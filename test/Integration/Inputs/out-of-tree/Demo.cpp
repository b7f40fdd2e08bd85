//===- Demo.cpp - a plugin built from an installed package ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// It needs an installed generated header and a dialect of its own.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Builders.h"
#include "mlir/IR/Dialect.h"
#include "spikeformer/Dialect/SNN/IR/SNNDialect.h"
#include "spikeformer/PluginAPI/Plugin.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"

#include "DemoDialect.h.inc"

#include "DemoDialect.cpp.inc"

void demo::DemoDialect::initialize() {
  getContext()->getOrLoadDialect<spikeformer::snn::SNNDialect>();
}

SF_PLUGIN(Demo) {
  registry.addDialects([](mlir::DialectRegistry &dialects) {
    dialects.insert<demo::DemoDialect>();
  });
  registry.addMethod({"demo-method", "shows that the plugin is loaded"});
  registry.addNIRProfile({"demo", "1", "a profile of the demo", "demo.json"});
}
