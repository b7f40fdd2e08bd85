//===- Model.h - an ONNX file in memory -------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decides which files are models at all: size, protobuf, IR and operator set
// versions. Also turns stored tensors into host tensors, whatever field of the
// schema or file beside the model holds their bytes. Aligned external data stay
// mapped; other data are copied once, and the pages they came from dropped.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_ONNX_MODEL_H
#define LIB_IMPORT_ONNX_MODEL_H

#include "mlir/IR/Diagnostics.h"
#include "onnx/onnx_pb.h"
#include "spikeformer/Import/ONNX/ImportONNX.h"
#include "spikeformer/Support/Tensor.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <optional>

namespace spikeformer::onnximport {

/// Most elements that one tensor may have; beyond it a shape is a mistake, and
/// below it no product of two extents overflows.
constexpr int64_t maxElements = int64_t(1) << 31;

/// Most elements that a constant computed at import may have: a few bytes of a
/// file must not ask for all memory.
constexpr int64_t maxComputedElements = int64_t(1) << 28;

/// Number of elements of `shape`, none if an extent is negative or there are
/// more than `maxElements`.
std::optional<int64_t> countElements(ArrayRef<int64_t> shape);

/// "1x28x28"; "a scalar" for rank 0.
std::string formatShape(ArrayRef<int64_t> shape);

/// Name of an ONNX element type as users know it: "float32", "bfloat16".
StringRef getDataTypeName(int32_t type);

/// What holds elements of an ONNX type in memory; none for types without one.
std::optional<ElementType> getHostType(int32_t type);

/// A parsed model and the files of its external weights.
class Model {
public:
  Model(MLIRContext &context, llvm::MemoryBufferRef buffer);

  /// Parses the buffer; false after a diagnostic.
  bool parse(const ImportONNXOptions &options);

  const ::onnx::ModelProto &getProto() const { return proto; }
  const ::onnx::GraphProto &getGraph() const { return proto.graph(); }
  int64_t getOpset() const { return opset; }
  MLIRContext &getContext() const { return context; }

  /// Location of a node; of the file where `node` is empty.
  Location getLocation(StringRef node = {}) const;

  /// The elements of `proto`, or what is wrong with it.
  llvm::Expected<Tensor> readTensor(const ::onnx::TensorProto &proto);

private:
  bool readOpset();
  /// Replaces calls of the model's functions; false after an error.
  bool inlineFunctions();
  /// Replaces operators on integers (QLinearConv ...) by float ones between
  /// casts; false after an error.
  bool expandIntegerForms();
  /// Raw data of a tensor: in the file, not in `proto`.
  StringRef getRawData(const ::onnx::TensorProto &proto) const;
  /// Bytes of a tensor that lies in another file, which keeps them alive.
  struct ExternalData {
    StringRef bytes;
    std::shared_ptr<llvm::MemoryBuffer> file;
  };
  llvm::Expected<ExternalData> readExternal(const ::onnx::TensorProto &proto);
  llvm::Expected<std::shared_ptr<llvm::MemoryBuffer>>
  openExternal(StringRef location);

  MLIRContext &context;
  llvm::MemoryBufferRef buffer;
  ::onnx::ModelProto proto;
  int64_t opset = 0;
  std::vector<StringRef> payloads;
  llvm::StringMap<std::shared_ptr<llvm::MemoryBuffer>> externalFiles;
};

} // namespace spikeformer::onnximport

#endif // LIB_IMPORT_ONNX_MODEL_H
