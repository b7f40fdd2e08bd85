//===- DataFlags.h - flags about data ---------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The flags by which all tools read data, so that they are spelled and mean the
// same everywhere.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_DATAFLAGS_H
#define SPIKEFORMER_PIPELINES_DATAFLAGS_H

#include "spikeformer/Pipelines/ErrorLog.h"
#include "spikeformer/Pipelines/Model.h"
#include "spikeformer/Support/Labels.h"
#include "llvm/Support/CommandLine.h"

namespace spikeformer {

/// How arrays become samples.
struct DataOptions {
  FitOptions fit;
  /// Preprocessing that becomes part of the model.
  std::optional<InputPreprocessing> preprocessing;
  /// Flags of the importer of the model.
  TranslationValues import;
};

/// Samples with the labels that belong to them.
struct LabelledSamples {
  SampleSet samples;
  std::optional<Labels> labels;
  /// File of the labels, for messages.
  std::string labelsFile;
  /// Steps of the data; nothing if they are static.
  std::optional<int64_t> getSteps() const;
  /// Element type of each input.
  SmallVector<std::optional<ElementType>> getElementTypes() const;
  /// The values of each input.
  std::vector<Tensor> getValues() const;
};

class DataStore;

/// Reads DATA arguments for `main`, and the labels, if `labels` is not empty or
/// a table has a label column. What was reordered is noted in `log`. `store`,
/// which may be null, has what was read before.
llvm::Expected<LabelledSamples>
readData(func::FuncOp main, ArrayRef<std::string> data, StringRef labels,
         const DataOptions &options, ErrorLog &log, DataStore *store = nullptr);

/// Brings the values to the types that `main` takes; a function may have been
/// changed to preprocess them since they were read. The error names the first
/// number that does not fit.
llvm::Error convertData(func::FuncOp main, LabelledSamples &data);

/// The flags, declared while it lives.
class DataFlags {
public:
  DataFlags();
  /// Errors: a flag whose value cannot be read.
  llvm::Expected<DataOptions> get() const;
  /// Whether labels cannot come from a table.
  bool hasNoLabelColumn() const { return csvLabel.empty(); }

private:
  llvm::Error readEvents(FitOptions &options) const;

  llvm::cl::opt<std::string> scale, mean, stddev, layout, axes, csvLabel;
  llvm::cl::opt<std::string> eventBin, eventOrigin, eventValue;
  llvm::cl::opt<long> eventSteps;
  llvm::cl::list<std::string> profile;
  llvm::cl::opt<std::string> dt;
};

/// The number that a flag was given; nothing if it was not given. The error of
/// a number below `minimum` names the flag.
llvm::Expected<std::optional<int64_t>>
getCount(const llvm::cl::opt<long> &option, int64_t minimum = 1);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_DATAFLAGS_H
