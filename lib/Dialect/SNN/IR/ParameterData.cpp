//===- ParameterData.cpp - reading numbers of a module --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "spikeformer-rt/Random.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"
#include <cstring>

using namespace spikeformer;
using namespace spikeformer::snn;

FailureOr<ParameterOp> snn::lookUpParameter(Operation *user,
                                            FlatSymbolRefAttr symbol) {
  Operation *from = user->getParentOfType<NetworkOp>();
  auto parameter = SymbolTable::lookupNearestSymbolFrom<ParameterOp>(
      from ? from : user, symbol);
  if (parameter)
    return parameter;
  user->emitOpError("there is no snn.parameter ") << symbol;
  return failure();
}

/// The element type of a tensor; none for types that a parameter cannot have.
static std::optional<ElementType> getElementType(Type type) {
  if (type.isF32())
    return ElementType::f32;
  if (type.isF64())
    return ElementType::f64;
  switch (type.getIntOrFloatBitWidth()) {
  case 8:
    return ElementType::i8;
  case 16:
    return ElementType::i16;
  case 32:
    return ElementType::i32;
  case 64:
    return ElementType::i64;
  default:
    return std::nullopt;
  }
}

/// Copies a dense attribute; splats are repeated.
static Tensor copyDense(DenseElementsAttr dense, ElementType type) {
  Tensor tensor(dense.getType().getShape(), type);
  ArrayRef<char> raw = dense.getRawData();
  auto *out = static_cast<char *>(tensor.getBytes());
  if (!dense.isSplat()) {
    std::memcpy(out, raw.data(), raw.size());
    return tensor;
  }
  unsigned size = getElementSize(type);
  for (int64_t k = 0, e = tensor.getNumElements(); k < e; ++k)
    std::memcpy(out + k * size, raw.data(), size);
  return tensor;
}

static FailureOr<Tensor> readFile(ParameterOp parameter, FileAttr file,
                                  ElementType type) {
  ArrayRef<int64_t> shape = parameter.getTensorType().getShape();
  Tensor tensor(shape, type);
  auto buffer = llvm::MemoryBuffer::getFileSlice(
      file.getPath().getValue(), tensor.getNumBytes(), file.getOffset());
  if (!buffer)
    return parameter.emitOpError("cannot read ")
           << file.getPath() << ": " << buffer.getError().message();
  StringRef bytes = (*buffer)->getBuffer();
  if (static_cast<int64_t>(bytes.size()) != tensor.getNumBytes())
    return parameter.emitOpError("needs ")
           << tensor.getNumBytes() << " bytes at offset " << file.getOffset()
           << " of " << file.getPath() << ", the file has " << bytes.size();
  std::string digest =
      llvm::toHex(llvm::SHA256::hash(llvm::arrayRefFromStringRef(bytes)), true);
  if (!file.getSha256().getValue().equals_insensitive(digest))
    return parameter.emitOpError("data of ")
           << file.getPath() << " have SHA-256 " << digest << ", need "
           << file.getSha256().getValue();
  std::memcpy(tensor.getBytes(), bytes.data(), bytes.size());
  return tensor;
}

static Tensor drawRandom(ParameterOp parameter, const RandomNumbers &random,
                         ElementType type) {
  Tensor tensor(parameter.getTensorType().getShape(), type);
  Type elementType = parameter.getTensorType().getElementType();
  auto *out = static_cast<char *>(tensor.getBytes());
  unsigned size = getElementSize(type);
  for (int64_t k = 0, e = tensor.getNumElements(); k < e; ++k) {
    Scalar value = Scalar::round(random[k], elementType);
    std::memcpy(out + k * size, &value, size);
  }
  return tensor;
}

static FailureOr<Tensor> load(ParameterOp parameter) {
  RankedTensorType tensorType = parameter.getTensorType();
  ElementType type = *getElementType(tensorType.getElementType());
  Attribute value = parameter.getValue();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    ArrayRef<char> bytes = blob->getData();
    if (reinterpret_cast<uintptr_t>(bytes.data()) % 64 == 0)
      // The blob lives as long as the context, which outlives every run.
      return Tensor(tensorType.getShape(), type,
                    const_cast<char *>(bytes.data()), nullptr);
    Tensor copy(tensorType.getShape(), type);
    std::memcpy(copy.getBytes(), bytes.data(), bytes.size());
    return copy;
  }
  if (auto dense = dyn_cast<DenseElementsAttr>(value))
    return copyDense(dense, type);
  if (auto file = dyn_cast<FileAttr>(value))
    return readFile(parameter, file, type);
  return drawRandom(parameter, RandomNumbers(cast<RandomAttr>(value)), type);
}

FailureOr<Tensor> snn::loadParameter(Operation *user,
                                     FlatSymbolRefAttr symbol) {
  FailureOr<ParameterOp> parameter = lookUpParameter(user, symbol);
  if (failed(parameter))
    return failure();
  if (!parameter->getTensorType().hasStaticShape())
    return user->emitOpError("needs a parameter of static shape, ")
           << symbol << " has " << parameter->getTensorType();
  return load(*parameter);
}

//===----------------------------------------------------------------------===//
// RandomNumbers
//===----------------------------------------------------------------------===//

RandomNumbers::RandomNumbers(RandomAttr random)
    : distribution(random.getDistribution()), generator(random.getGenerator()),
      seed(random.getSeed()), stream(random.getStream()),
      first(random.getFirst().getValueAsDouble()),
      second(random.getSecond().getValueAsDouble()) {
  if (random.getClipLow())
    clip = {random.getClipLow().getValueAsDouble(),
            random.getClipHigh().getValueAsDouble()};
}

double RandomNumbers::operator[](uint64_t index) const {
  double value;
  if (distribution == Distribution::normal)
    value = sfrt_draw_normal_f64_v1(seed, stream, index, /*step=*/0,
                                    /*sample=*/0, first, second);
  else if (generator == Generator::mix64)
    value = sfrt_uniform_f64_v1(first, second, rt::hashUniform24(seed, index));
  else
    value = sfrt_draw_uniform_f64_v1(seed, stream, index, /*step=*/0,
                                     /*sample=*/0, first, second);
  return clip ? sfrt_clip_f64_v1(value, clip->first, clip->second) : value;
}

//===----------------------------------------------------------------------===//
// NumberView
//===----------------------------------------------------------------------===//

static SmallVector<int64_t> getStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t axis = shape.size() - 2; axis >= 0; --axis)
    strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/// Reads `numbers`; `sourceShape` becomes the shape of the (transposed)
/// parameter and stays empty for numbers without a shape.
LogicalResult NumberView::initialise(Operation *user, Attribute numbers,
                                     SmallVector<int64_t> &sourceShape) {
  if (auto number = dyn_cast<FloatAttr>(numbers)) {
    shared = number.getValueAsDouble();
    return success();
  }
  if (auto number = dyn_cast<IntegerAttr>(numbers)) {
    shared = number.getValue().getSExtValue();
    return success();
  }
  if (auto drawn = dyn_cast<RandomAttr>(numbers)) {
    random.emplace(drawn);
    return success();
  }
  auto view = dyn_cast<ViewAttr>(numbers);
  FlatSymbolRefAttr symbol;
  if (view)
    symbol = view.getParameter();
  else if (auto param = dyn_cast<ParamAttr>(numbers))
    symbol = param.getParameter();
  else if (auto perSource = dyn_cast<PerSourceAttr>(numbers))
    symbol = perSource.getParameter();
  else
    symbol = cast<FlatSymbolRefAttr>(numbers);
  FailureOr<ParameterOp> parameter = lookUpParameter(user, symbol);
  if (failed(parameter))
    return failure();
  if (!parameter->getTensorType().hasStaticShape()) {
    random.emplace(cast<RandomAttr>(parameter->getValue()));
    return success();
  }
  FailureOr<Tensor> loaded = load(*parameter);
  if (failed(loaded))
    return failure();
  data = *loaded;
  size = data.getNumElements();
  sourceShape = llvm::to_vector(data.getShape());
  if (!view)
    return success();
  scale = view.getScale().getValueAsDouble();
  SmallVector<int64_t> steps = getStrides(sourceShape);
  if (view.getTranspose().size() != sourceShape.size())
    return user->emitOpError("view needs a transpose of ")
           << sourceShape.size() << " axes for parameter " << symbol;
  SmallVector<int64_t> shape = sourceShape;
  for (auto [axis, from] : llvm::enumerate(view.getTranspose())) {
    sourceShape[axis] = shape[from];
    strides.push_back(steps[from]);
  }
  extents = sourceShape;
  return success();
}

static std::string describe(ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleave(
      shape, os,
      [&](int64_t extent) {
        if (ShapedType::isDynamic(extent))
          os << '?';
        else
          os << extent;
      },
      "x");
  return text;
}

FailureOr<NumberView> NumberView::create(Operation *user, Attribute numbers,
                                         ArrayRef<int64_t> shape) {
  NumberView result;
  SmallVector<int64_t> have;
  if (failed(result.initialise(user, numbers, have)))
    return failure();
  if (!result.data)
    return result;
  bool fits = have.size() == shape.size();
  for (size_t axis = 0; fits && axis < shape.size(); ++axis)
    fits = ShapedType::isDynamic(shape[axis]) || shape[axis] == have[axis];
  if (!fits)
    return user->emitOpError("needs numbers of shape ")
           << describe(shape) << ", " << numbers << " has " << describe(have);
  return result;
}

FailureOr<NumberView> NumberView::createBroadcast(Operation *user,
                                                  Attribute numbers,
                                                  ArrayRef<int64_t> shape) {
  NumberView result;
  SmallVector<int64_t> have;
  if (failed(result.initialise(user, numbers, have)))
    return failure();
  if (!result.data)
    return result;
  SmallVector<int64_t> steps =
      result.strides.empty() ? getStrides(have) : result.strides;
  bool fits = have.size() <= shape.size();
  result.extents.assign(shape.begin(), shape.end());
  result.strides.assign(shape.size(), 0);
  for (size_t axis = 0; fits && axis < have.size(); ++axis) {
    fits = have[axis] == 1 || have[axis] == shape[axis];
    result.strides[axis] = have[axis] == 1 ? 0 : steps[axis];
  }
  if (!fits)
    return user->emitOpError("needs numbers that extend to shape ")
           << describe(shape) << ", " << numbers << " has " << describe(have);
  result.size = ShapedType::getNumElements(shape);
  return result;
}

double NumberView::operator[](uint64_t index) const {
  if (random)
    return (*random)[index];
  if (!data)
    return shared;
  int64_t position = index;
  if (!strides.empty()) {
    position = 0;
    for (int64_t axis = extents.size() - 1; axis >= 0; --axis) {
      position += static_cast<int64_t>(index % extents[axis]) * strides[axis];
      index /= extents[axis];
    }
  }
  double value = data.getAsDouble(position);
  if (scale == 1)
    return value;
  return data.getElementType() == ElementType::f32
             ? static_cast<float>(value) * static_cast<float>(scale)
             : value * scale;
}
