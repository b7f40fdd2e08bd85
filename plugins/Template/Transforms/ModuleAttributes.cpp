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

static void append(ModuleOp module, StringRef name, Attribute element) {
  SmallVector<Attribute> list;
  if (auto before = module->getAttrOfType<ArrayAttr>(name))
    list = llvm::to_vector(before.getValue());
  if (llvm::is_contained(list, element))
    return;
  list.push_back(element);
  module->setAttr(name, ArrayAttr::get(module.getContext(), list));
}

void templ::requirePlugin(ModuleOp module) {
  append(module, "snn.requires",
         StringAttr::get(module.getContext(),
                         "Template@" SPIKEFORMER_PLUGIN_VERSION));
}

void templ::addRelation(ModuleOp module, StringRef phase,
                        snn::RelationKind kind,
                        ArrayRef<NamedAttribute> details) {
  MLIRContext *context = module.getContext();
  append(module, "snn.relations",
         snn::RelationAttr::get(context, StringAttr::get(context, phase), kind,
                                DictionaryAttr::get(context, details)));
}
