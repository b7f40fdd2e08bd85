//===- Value.cpp - what a dataset of HDF5 holds ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/HDF5/Value.h"
#include "spikeformer/Support/InputFile.h"

using namespace spikeformer;
using namespace spikeformer::hdf5;

std::optional<StringRef> Value::getText() const {
  if (kind != Kind::text || !textShape.empty() || texts.size() != 1)
    return std::nullopt;
  return StringRef(texts.front());
}

bool Value::isReported() const {
  return kind == Kind::other && description.empty();
}

std::string Value::describe() const {
  if (kind == Kind::other)
    return description;
  if (kind == Kind::text)
    return textShape.empty() ? "a string"
                             : "a string array " + formatShape(textShape);
  std::string name = getElementTypeName(tensor.getElementType()).str();
  return tensor.getRank() ? name + " " + formatShape(tensor.getShape()) : name;
}
