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
#include "spikeformer/Support/Diagnostics.h"
#include "spikeformer/Support/InputFile.h"

using namespace spikeformer;
using namespace spikeformer::nir;

static void report(const Findings &findings, StringRef file,
                   MLIRContext &context) {
  for (const Finding &finding : findings.get()) {
    Location loc = getPartLocation(&context, file, finding.location);
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
    llvm::handleAllErrors(
        model.takeError(),
        [&](const InputError &error) {
          emitError(getPartLocation(&context, path, error.getLocation()))
              << error.getMessage();
        },
        [&](const llvm::ErrorInfoBase &error) {
          emitError(getPartLocation(&context, path, "")) << error.message();
        });
    return nullptr;
  }
  CheckResult checked = checkGraph(*model);
  report(checked.findings, path, context);
  if (checked.findings.hasErrors())
    return nullptr;
  if (!options.profile) {
    emitError(getPartLocation(&context, path, ""))
        << "NIR says the equations and not what a step is: needs "
           "--profile=NAME, one of"
        << listProfiles();
    return nullptr;
  }
  llvm::Expected<Graph> graph = flatten(*model->graph);
  if (!graph) {
    emitError(getPartLocation(&context, path, ""))
        << llvm::toString(graph.takeError());
    return nullptr;
  }
  return GraphLowering(*graph, checked.shapes, *options.profile,
                       options.dt.value_or(options.profile->dt), path, context)
      .run();
}
