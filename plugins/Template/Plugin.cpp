//===- Plugin.cpp - what the template plugin offers -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything that a host learns of this directory is registered here; the host
// names nothing of it.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/PluginAPI/Plugin.h"
#include "Emit/TemplateTarget.h"
#include "IR/TemplateDialect.h"
#include "Transforms/Passes.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"

using namespace spikeformer;

SF_PLUGIN(Template) {
  registry.addDialects([](DialectRegistry &dialects) {
    dialects.insert<templ::TemplateDialect>();
  });
  registry.addPasses([] { templ::registerTemplatePasses(); });
  registry.addTarget(templ::createTarget());
}
