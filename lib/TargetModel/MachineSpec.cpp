//===- MachineSpec.cpp - machines named on a command line -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/TargetModel/MachineSpec.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"

using namespace spikeformer;
using llvm::StringRef;

/// An error about the specification that begins with `name`.
static llvm::Error makeError(StringRef name, const llvm::Twine &message) {
  return llvm::createStringError("machine '" + name + "': " + message);
}

llvm::Expected<MachineSpec> MachineSpec::parse(StringRef text) {
  auto [name, rest] = text.split(':');
  MachineSpec spec;
  spec.name = name.str();
  if (name.empty())
    return llvm::createStringError("a machine is NAME[:key=value,...], has '" +
                                   text + "'");
  llvm::SmallVector<StringRef> parts;
  rest.split(parts, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef part : parts) {
    auto [key, value] = part.split('=');
    if (key.empty() || value.empty())
      return makeError(name, "needs key=value, has '" + part + "'");
    if (spec.find(key))
      return makeError(name, "'" + key + "' is there twice");
    spec.options.emplace_back(key.str(), value.str());
  }
  return spec;
}

llvm::Error MachineSpec::checkKeys(llvm::ArrayRef<StringRef> known) const {
  for (const auto &[key, value] : options)
    if (!llvm::is_contained(known, key))
      return makeError(
          name, "there is no option '" + llvm::Twine(key) + "'; it has " +
                    (known.empty() ? "none" : llvm::join(known, ", ")));
  return llvm::Error::success();
}

std::optional<StringRef> MachineSpec::find(StringRef key) const {
  for (const auto &[name, value] : options)
    if (name == key)
      return StringRef(value);
  return std::nullopt;
}

llvm::Expected<uint64_t> MachineSpec::getNumber(StringRef key,
                                                uint64_t otherwise,
                                                uint64_t least,
                                                uint64_t most) const {
  std::optional<StringRef> text = find(key);
  uint64_t number;
  if (!text)
    return otherwise;
  if (text->getAsInteger(10, number) || number < least || number > most)
    return makeError(name, "'" + key + "' needs a number from " +
                               llvm::Twine(least) + " to " + llvm::Twine(most) +
                               ", has '" + *text + "'");
  return number;
}
