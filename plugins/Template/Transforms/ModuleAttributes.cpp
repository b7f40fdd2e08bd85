//===- ModuleAttributes.cpp - what phases leave behind in a module --------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both lists are appended to and never rewritten.
//
//===----------------------------------------------------------------------===//

#include "Transforms/ModuleAttributes.h"

using namespace spikeformer;
using namespace spikeformer::templ;

void templ::requirePlugin(ModuleOp module) {
  constexpr StringLiteral name = "snn.requires";
  auto self = StringAttr::get(module.getContext(),
                              "Template@" SPIKEFORMER_PLUGIN_VERSION);
  SmallVector<Attribute> list;
  if (auto before = module->getAttrOfType<ArrayAttr>(name))
    llvm::append_range(list, before);
  if (llvm::is_contained(list, self))
    return;
  list.push_back(self);
  module->setAttr(name, ArrayAttr::get(module.getContext(), list));
}
