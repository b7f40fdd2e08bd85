//===- Columns.cpp - arrays of SONATA files -------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Columns.h"
#include "spikeformer/Support/Text.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::sonata;

const Tensor *Columns::find(const hdf5::Group &group, StringRef name,
                            StringRef need) {
  const hdf5::Value *value = group.findDataset(name);
  if (!value)
    return nullptr;
  if (value->kind == hdf5::Value::Kind::number && value->tensor.getRank() == 1)
    return &value->tensor;
  if (!value->isReported())
    problems.add(file, group.getPath(name),
                 name + " is " + value->describe() + ", need " + need + " [n]");
  return nullptr;
}

std::optional<std::vector<uint64_t>>
Columns::getIntegers(const hdf5::Group &group, StringRef name,
                     std::optional<size_t> count, uint64_t limit) {
  std::string path = group.getPath(name);
  if (!group.findDataset(name)) {
    problems.add(file, path, name + " is missing; need integers [n]");
    return std::nullopt;
  }
  const Tensor *tensor = find(group, name, "integers");
  if (!tensor)
    return std::nullopt;
  if (isFloat(tensor->getElementType())) {
    problems.add(file, path,
                 name + " is " + group.findDataset(name)->describe() +
                     ", need integers [n]");
    return std::nullopt;
  }
  size_t size = tensor->getNumElements();
  if (count && size != *count) {
    problems.add(file, path,
                 name + " has another length than the arrays beside it: need " +
                     llvm::Twine(*count) + " elements, have " +
                     llvm::Twine(size));
    return std::nullopt;
  }
  std::vector<uint64_t> integers(size);
  for (size_t i = 0; i < size; ++i) {
    double number = tensor->getAsDouble(i);
    if (!(number >= 0 && number < static_cast<double>(limit))) {
      problems.add(file, path,
                   name + "[" + llvm::Twine(i) +
                       "] is out of range: need 0 to " +
                       formatNumber(static_cast<double>(limit) - 1) +
                       ", have " + formatNumber(number));
      return std::nullopt;
    }
    integers[i] = static_cast<uint64_t>(number);
  }
  return integers;
}

std::vector<double> Columns::getNumbers(const hdf5::Group &group,
                                        StringRef name) {
  const Tensor *tensor = find(group, name, "numbers");
  if (!tensor)
    return {};
  std::vector<double> numbers(tensor->getNumElements());
  for (size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = tensor->getAsDouble(i);
    if (std::isfinite(numbers[i]))
      continue;
    problems.add(file, group.getPath(name),
                 name + "[" + llvm::Twine(i) + "] is not finite");
    return {};
  }
  return numbers;
}
