//===- Model.cpp - an ONNX file in memory ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operator sets 1 to 24: 24 is the newest whose changes to the supported
// operators have been read.
//
//===----------------------------------------------------------------------===//

#include "Model.h"
#include "Payloads.h"
#include "spikeformer/Support/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include <climits>

using namespace spikeformer;
using namespace spikeformer::onnximport;

static constexpr int64_t minOpset = 1;
static constexpr int64_t maxOpset = 24;

std::optional<int64_t> onnximport::countElements(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t extent : shape) {
    if (extent < 0 || extent > maxElements)
      return std::nullopt;
    count *= extent;
    if (count > maxElements)
      return std::nullopt;
  }
  return count;
}

std::string onnximport::formatShape(ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "a scalar";
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleave(shape, os, "x");
  return text;
}

StringRef onnximport::getDataTypeName(int32_t type) {
  static constexpr StringRef names[] = {
      "undefined", "float32", "uint8",     "int8",       "uint16",  "int16",
      "int32",     "int64",   "string",    "bool",       "float16", "float64",
      "uint32",    "uint64",  "complex64", "complex128", "bfloat16"};
  if (type < 0 || type >= static_cast<int32_t>(std::size(names)))
    return "of an unknown number";
  return names[type];
}

Model::Model(MLIRContext &context, llvm::MemoryBufferRef buffer)
    : context(context), buffer(buffer) {}

Location Model::getLocation(StringRef node) const {
  return getPartLocation(&context, buffer.getBufferIdentifier(), node);
}

bool Model::parse(const ImportONNXOptions &options) {
  uint64_t size = buffer.getBufferSize();
  if (size == 0) {
    emitError(getLocation()) << "the file is empty; need an ONNX model";
    return false;
  }
  if (size > options.maxFileBytes) {
    emitError(getLocation())
        << "the file has " << size << " bytes, at most " << options.maxFileBytes
        << " can be read; store the weights as external data";
    return false;
  }
  std::string structure;
  bool isMessage = separatePayloads(buffer.getBuffer(), structure, payloads);
  if (isMessage && structure.size() > INT_MAX) {
    emitError(getLocation())
        << "the model has more than " << INT_MAX
        << " bytes beside raw data; store the weights as raw or external data";
    return false;
  }
  if (!isMessage || !proto.ParseFromArray(structure.data(),
                                          static_cast<int>(structure.size()))) {
    emitError(getLocation()) << "not an ONNX model, or truncated: its " << size
                             << " bytes are no valid protobuf message";
    return false;
  }
  if (!proto.has_graph()) {
    emitError(getLocation()) << "not an ONNX model: it contains no graph";
    return false;
  }
  return readOpset() && inlineFunctions() && expandIntegerForms();
}

StringRef Model::getRawData(const ::onnx::TensorProto &tensor) const {
  return payloads[llvm::support::endian::read64le(tensor.raw_data().data())];
}

bool Model::readOpset() {
  for (const auto &set : proto.opset_import())
    if (set.domain().empty() || set.domain() == "ai.onnx")
      opset = set.version();
  if (opset >= minOpset && opset <= maxOpset)
    return true;
  InFlightDiagnostic error = emitError(getLocation());
  if (opset == 0)
    error << "the model names no version of the ONNX operator set";
  else
    error << "operator set " << opset << " is not supported";
  error << "; export it with an operator set from " << minOpset << " to "
        << maxOpset;
  return false;
}
