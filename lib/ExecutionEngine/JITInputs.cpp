//===- JITInputs.cpp - tensors that a run presents ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Checks of shapes and alphabets, and one conversion.
//
//===----------------------------------------------------------------------===//

#include "JITInputs.h"
#include "llvm/Support/FormatVariadic.h"

using namespace spikeformer;
using namespace spikeformer::jit;

namespace {
/// Converts one input to the element type of its signal.
class InputConverter {
public:
  InputConverter(const InputInfo &info, size_t index, const Tensor &from,
                 int64_t steps)
      : info(info), index(index), from(from), steps(steps),
        elements(llvm::product_of(info.shape)) {}

  llvm::Expected<Tensor> convert() {
    if (!info.isInteger)
      return info.type == from.getElementType() ? from : convertReal();
    // The types of data files: bytes that are spikes already.
    if (info.type == ElementType::u8 &&
        getElementSize(from.getElementType()) == 1)
      if (llvm::all_of(bytes(), [](uint8_t byte) { return byte <= 1; }))
        return from;
    return convertInteger();
  }

private:
  ArrayRef<uint8_t> bytes() const {
    return {static_cast<const uint8_t *>(from.getBytes()),
            static_cast<size_t>(from.getNumElements())};
  }

  Tensor convertReal() const {
    Tensor to(from.getShape(), info.type);
    for (int64_t k = 0, e = from.getNumElements(); k < e; ++k)
      if (info.type == ElementType::f32)
        to.data<float>()[k] = static_cast<float>(from.getAsDouble(k));
      else
        to.data<double>()[k] = from.getAsDouble(k);
    return to;
  }

  llvm::Expected<Tensor> convertInteger() const {
    Tensor to(from.getShape(), info.type);
    auto *out = static_cast<char *>(to.getBytes());
    unsigned size = getElementSize(info.type);
    for (int64_t k = 0, e = from.getNumElements(); k < e; ++k) {
      double value = from.getAsDouble(k);
      auto integer = static_cast<int64_t>(std::clamp(value, -0x1p62, 0x1p62));
      if (static_cast<double>(integer) != value)
        return makeError(k, llvm::formatv("{0}, which is no integer", value));
      if (integer < info.low || integer > info.high)
        return makeError(k, llvm::formatv("{0}, which is not in {1}", integer,
                                          info.typeName));
      std::memcpy(out + k * size, &integer, size);
    }
    return to;
  }

  llvm::Error makeError(int64_t position, const std::string &what) const {
    int64_t row = position / elements;
    return llvm::createStringError(
        llvm::formatv("input {0}: in step {1} of sample {2} element {3} is {4}",
                      index, steps ? row % steps : 0, steps ? row / steps : row,
                      position % elements, what));
  }

  const InputInfo &info;
  size_t index;
  const Tensor &from;
  int64_t steps, elements;
};
} // namespace

llvm::Expected<std::vector<BoundInput>>
jit::bindInputs(ArrayRef<InputInfo> inputs, const RunRequest &request) {
  SmallVector<SmallVector<int64_t>> shapes;
  for (const InputInfo &info : inputs)
    shapes.push_back(info.shape);
  if (llvm::Error error = checkRequest(request, shapes))
    return error;
  std::vector<BoundInput> bound;
  for (auto [index, info] : llvm::enumerate(inputs)) {
    const Tensor &tensor = request.inputs[index];
    bool isHeld =
        tensor.getRank() == static_cast<int64_t>(info.shape.size()) + 1;
    int64_t steps = isHeld ? 0 : request.timesteps;
    llvm::Expected<Tensor> values =
        InputConverter(info, index, tensor, steps).convert();
    if (!values)
      return values.takeError();
    bound.emplace_back(std::move(*values), request.samples, steps);
  }
  return bound;
}
