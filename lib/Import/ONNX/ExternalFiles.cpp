//===- ExternalFiles.cpp - files beside a model ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/ONNX/ExternalFiles.h"
#include "Wire.h"
#include <set>

using namespace spikeformer;
using namespace spikeformer::onnximport;
using llvm::StringRef;

/// Value of the entry of a tensor's external data if its key is "location".
static std::string readLocation(StringRef entry) {
  StringRef key, value;
  while (!entry.empty()) {
    std::optional<Field> field = readField(entry);
    if (!field)
      break;
    if (field->wireType == Bytes && field->number <= 2)
      (field->number == 1 ? key : value) = field->content;
  }
  return key == "location" ? value.str() : "";
}

static void collectLocations(StringRef message, Kind kind, unsigned depth,
                             std::set<std::string> &locations) {
  if (depth > kMaxDepth)
    return;
  while (!message.empty()) {
    std::optional<Field> field = readField(message);
    if (!field)
      return;
    if (field->wireType != Bytes)
      continue;
    Kind inner = getKind(kind, field->number);
    if (inner != Kind::Other)
      collectLocations(field->content, inner, depth + 1, locations);
    else if (kind == Kind::Tensor && field->number == kExternalData)
      if (std::string location = readLocation(field->content);
          !location.empty())
        locations.insert(std::move(location));
  }
}

std::vector<std::string> spikeformer::listExternalFiles(StringRef model) {
  std::set<std::string> locations;
  collectLocations(model, Kind::Model, 0, locations);
  return std::vector<std::string>(locations.begin(), locations.end());
}
