//===- ImportONNXTest.cpp - files that are no models ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What only callers of the library can ask for; the rest is in
// test/Import/ONNX.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/ONNX/ImportONNX.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "gmock/gmock.h"

using namespace spikeformer;

/// The errors of an import.
template <typename Source>
static std::vector<std::string> getErrors(Source source,
                                          const ImportONNXOptions &options) {
  MLIRContext context;
  std::vector<std::string> messages;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    messages.push_back(diagnostic.str());
  });
  EXPECT_FALSE(importONNX(source, context, options));
  return messages;
}

TEST(ImportONNXTest, TheLimitOfAFile) {
  ImportONNXOptions options;
  options.maxFileBytes = 4;
  EXPECT_THAT(getErrors(llvm::MemoryBufferRef("12345", "m.onnx"), options),
              testing::ElementsAre("the file has 5 bytes, at most 4 can be "
                                   "read; store the weights as external data"));
}

TEST(ImportONNXTest, NoFile) {
  EXPECT_THAT(
      getErrors(StringRef("/nowhere/m.onnx"), {}),
      testing::ElementsAre("cannot read the model: No such file or directory"));
}
