//===- Labels.cpp - what samples should give ------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Labels.h"
#include "spikeformer/Support/InputFile.h"

using namespace spikeformer;

static int64_t getInteger(const Tensor &tensor, int64_t index) {
  // Doubles are exact for every other type; a class above 2^63 turns negative.
  if (tensor.getElementType() == ElementType::i64)
    return tensor.data<int64_t>()[index];
  if (tensor.getElementType() == ElementType::u64)
    return static_cast<int64_t>(tensor.data<uint64_t>()[index]);
  return static_cast<int64_t>(tensor.getAsDouble(index));
}

llvm::Expected<Labels> spikeformer::fitLabels(const DataArray &array,
                                              int64_t available, int64_t used) {
  const Tensor &stored = array.values;
  llvm::ArrayRef<int64_t> shape = stored.getShape();
  if (shape.empty() || shape.front() != available)
    return array.makeError(
        "number of labels differs from number of samples: needs " +
        llvm::Twine(available) + ", has " +
        (shape.empty() ? llvm::Twine("one number")
                       : llvm::Twine(shape.front())));
  bool single = shape.size() == 1 || (shape.size() == 2 && shape[1] == 1);
  Tensor part = stored.slice(0, used);
  if (isFloat(stored.getElementType()))
    return Labels{single ? part.reshape({used}) : part};
  if (!single)
    return array.makeError("integer labels are classes, one for each sample: "
                           "needs [" +
                           llvm::Twine(available) + "], has " +
                           formatShape(shape) +
                           "; give the index of the class, or float targets");
  Tensor classes({used}, ElementType::i64);
  for (int64_t sample = 0; sample < used; ++sample) {
    int64_t label = getInteger(part, sample);
    if (label < 0)
      return array.makeError("label of sample " + llvm::Twine(sample) + " is " +
                             llvm::Twine(label) +
                             "; a class is an index from 0");
    classes.data<int64_t>()[sample] = label;
  }
  return Labels{classes};
}

llvm::Expected<Labels>
spikeformer::loadLabels(llvm::StringRef text, int64_t available, int64_t used) {
  auto argument = parseDataArgument(text);
  if (!argument)
    return argument.takeError();
  auto array = readDataArray(*argument, CsvLabel::none);
  if (!array)
    return array.takeError();
  return fitLabels(*array, available, used);
}
