//===- Report.h - how the tools print a report ------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every tool ends with one report, the same as text and as JSON.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_REPORT_H
#define SPIKEFORMER_PIPELINES_REPORT_H

#include "spikeformer/Support/Json.h"
#include "spikeformer/Support/LLVM.h"

namespace spikeformer {

/// Values of --report.
enum class ReportFormat { text, json };

/// Prints a report: JSON, or a line `name: value` for each member, where the
/// members of objects are named `outer.inner` and an array of objects is a
/// table.
void printReport(const JsonValue &report, ReportFormat format,
                 llvm::raw_ostream &os);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_REPORT_H
