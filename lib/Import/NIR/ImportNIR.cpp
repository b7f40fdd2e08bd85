//===- ImportNIR.cpp - NIR graphs as networks -----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/NIR/ImportNIR.h"
#include "GraphLowering.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "spikeformer/Import/NIR/ReadNIR.h"

using namespace spikeformer;
using namespace spikeformer::nir;

/// At the place in the file; the file itself where there is none.
static Location getLocation(StringRef file, StringRef place,
                            MLIRContext &context) {
  Location loc = FileLineColLoc::get(&context, file, 0, 0);
  return place.empty() ? loc
                       : NameLoc::get(StringAttr::get(&context, place), loc);
}

static void report(const Findings &findings, StringRef file,
                   MLIRContext &context) {
  for (const Finding &finding : findings.get()) {
    Location loc = getLocation(file, finding.location, context);
    if (finding.isError)
      emitError(loc) << finding.message;
    else
      emitWarning(loc) << finding.message;
  }
}

OwningOpRef<ModuleOp> spikeformer::importNIR(StringRef path,
                                             MLIRContext &context,
                                             const ImportNIROptions &options) {
  context.loadDialect<snn::SNNDialect, arith::ArithDialect, func::FuncDialect,
                      math::MathDialect>();
  llvm::Expected<Model> model = readFile(path);
  if (!model) {
    emitError(getLocation(path, "", context))
        << llvm::toString(model.takeError());
    return nullptr;
  }
  CheckResult checked = checkGraph(*model);
  report(checked.findings, path, context);
  if (checked.findings.hasErrors())
    return nullptr;
  if (!options.profile) {
    emitError(getLocation(path, "", context))
        << "NIR says the equations and not what a step is: needs "
           "--profile=NAME, one of"
        << listProfiles();
    return nullptr;
  }
  llvm::Expected<Graph> graph = flatten(*model->graph);
  if (!graph) {
    emitError(getLocation(path, "", context))
        << llvm::toString(graph.takeError());
    return nullptr;
  }
  return GraphLowering(*graph, checked.shapes, *options.profile,
                       options.dt.value_or(options.profile->dt), path, context)
      .run();
}
