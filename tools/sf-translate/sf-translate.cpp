//===- sf-translate.cpp - import models from other formats ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/ONNX/ImportONNX.h"
#include "spikeformer/Support/Translation.h"

int main(int argc, char **argv) {
  spikeformer::registerONNXTranslation();
  return spikeformer::translateMain(
      argc, argv,
      "SpikeFormer translations\n\n"
      "Example: sf-translate --import-onnx mnist.onnx -o mnist.mlirbc\n");
}
