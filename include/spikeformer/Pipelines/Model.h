//===- Model.h - models and what they take ----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model is a module, whatever format it came in. What its @main takes is
// described here for the readers of data, so that all tools fit data alike.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_MODEL_H
#define SPIKEFORMER_PIPELINES_MODEL_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Pipelines/ErrorLog.h"
#include "spikeformer/Pipelines/Signals.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "spikeformer/Support/Executor.h"
#include "spikeformer/Support/FitSamples.h"
#include "spikeformer/Support/InputPreprocessing.h"

namespace spikeformer {

/// Argument attribute of `@main`: the argument takes stored numbers, which the
/// function preprocesses itself.
constexpr llvm::StringLiteral storedInputAttrName = "snn.stored_input";

/// What runs in place of a network, because no IR says what it does.
struct Artefact {
  /// Name of the target that reads it.
  std::string target;
  std::shared_ptr<Executor> executor;
  std::vector<NamedSignal> signals;
};

/// A verified module, or an artefact, and where it came from.
struct Model {
  std::string path;
  /// Of the manifest of an artefact. Empty for other models: the digest of a
  /// large file takes longer than reading it, and few need it.
  std::string sha256;
  OwningOpRef<ModuleOp> module;
  std::optional<Artefact> artefact;
};

/// Reads `.mlir`, `.mlirbc`, what a registered importer reads, or a directory
/// that is an artefact. Errors: a file
/// that cannot be opened, an unknown format; else a ReportedError, after
/// diagnostics in `context`, or in `log` if a plugin is missing. `flags` are
/// those of the importer; one that it does not know is an error.
llvm::Expected<Model> loadModel(StringRef path, MLIRContext &context,
                                ErrorLog &log,
                                const TranslationValues &flags = {});

/// Those of `flags` that the importer of `path` knows.
TranslationValues selectImportFlags(StringRef path,
                                    const TranslationValues &flags);

/// The `@main` of `module`; a diagnostic if there is none.
FailureOr<func::FuncOp> getMainFunction(ModuleOp module);

/// The only `snn.simulate` that `@main` contains; null if there is none (a
/// float network). A diagnostic if there are several.
FailureOr<snn::SimulateOp> getSimulation(func::FuncOp main);

/// Name of argument `index` of `main`, by which NAME=FILE refers to it.
std::string getInputName(func::FuncOp main, unsigned index);

/// Gives argument `index` of `main` a name.
void setInputName(func::FuncOp main, unsigned index, StringRef name);

/// What `@main` takes, in its order. Fails with a diagnostic for arguments that
/// are no samples: [1 or ?, ...shape] of at most three more axes, and an axis
/// of steps before them where the network is given each step its own values.
FailureOr<std::vector<InputDescription>> describeInputs(func::FuncOp main);

/// Keeps in `main` how events become values of input `index`, so that data need
/// no flags again.
void setEventBinning(func::FuncOp main, unsigned index,
                     const EventBinning &binning);

/// Whether argument `index` takes stored numbers.
bool takesStoredNumbers(func::FuncOp main, unsigned index);

/// Makes every float argument of `@main` take stored numbers, of which the
/// network sees x = v a - b, where a = scale / stddev and b = mean / stddev are
/// computed in f64 and rounded once to f32; product and difference are rounded
/// in f32, and a product by 1 or a difference of 0 is left out. `stored` has
/// the element type of the data for each argument, if it is known: arguments
/// of 8 and 16 bits get that type, others keep theirs and stored numbers are
/// rounded to it. Fails with a diagnostic if the numbers of channels differ or
/// if the arguments take stored numbers already.
LogicalResult insertPreprocessing(func::FuncOp main,
                                  const InputPreprocessing &preprocessing,
                                  ArrayRef<std::optional<ElementType>> stored);

/// `values` in element type `type`: integers must keep their value, floats are
/// rounded once. The error names the first number that does not fit.
llvm::Expected<Tensor> convertElements(const Tensor &values, ElementType type);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_MODEL_H
