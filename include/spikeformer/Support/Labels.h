//===- Labels.h - what samples should give ----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Labels are class indices, one for each sample, or float targets of any shape.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_LABELS_H
#define SPIKEFORMER_SUPPORT_LABELS_H

#include "spikeformer/Support/DataSource.h"

namespace spikeformer {

/// int64 [sample] class indices, not negative, or float [sample, ...] targets.
struct Labels {
  Tensor values;

  bool areClasses() const {
    return values.getElementType() == ElementType::i64;
  }
};

/// Makes labels of a stored array for data of `available` samples, of which the
/// first `used` are used. Integers of any width are classes; [sample, 1] is
/// taken as [sample]. Errors: another number of labels than samples, more than
/// one class for a sample, a negative class.
llvm::Expected<Labels> fitLabels(const DataArray &array, int64_t available,
                                 int64_t used);
/// Reads them from a LABELS argument, FILE or FILE.npz:KEY.
llvm::Expected<Labels> loadLabels(llvm::StringRef argument, int64_t available,
                                  int64_t used);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_LABELS_H
