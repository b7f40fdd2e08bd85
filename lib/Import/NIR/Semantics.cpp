//===- Semantics.cpp - what a file says of its steps ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/NIR/Semantics.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;
using namespace spikeformer::nir;

/// Version of the keys below.
static constexpr int64_t format = 1;

static constexpr llvm::StringLiteral formatKey("semantics_format"),
    profileKey("semantics_profile"), dtKey("semantics_dt"),
    stepsKey("semantics_timesteps"), inputsKey("semantics_inputs"),
    outputsKey("semantics_outputs"), heldKey("semantics_held_inputs"),
    readoutsKey("semantics_readouts"), stateKey("semantics_keeps_state");

namespace {
/// Keeps all errors, so that members can be read one after another.
class SemanticsReader {
public:
  explicit SemanticsReader(const NameMap<Value> &metadata)
      : metadata(metadata) {}

  llvm::Expected<std::optional<Semantics>> read();

private:
  const Value *find(StringRef key) const {
    const auto *found = metadata.find(key.str());
    return found == metadata.end() ? nullptr : &found->second;
  }
  void fail(StringRef key, StringRef need, const Value &value) {
    errors = llvm::joinErrors(
        std::move(errors),
        llvm::createStringError("metadata '" + key + "' is " +
                                value.describe() + ", need " + need));
  }
  std::optional<double> number(StringRef key);
  /// The lines of a string.
  std::vector<std::string> lines(StringRef key);

  const NameMap<Value> &metadata;
  llvm::Error errors = llvm::Error::success();
};
} // namespace

std::optional<double> SemanticsReader::number(StringRef key) {
  const Value *value = find(key);
  if (!value)
    return std::nullopt;
  if (value->kind == Value::Kind::number && value->tensor.getNumElements() == 1)
    return value->tensor.getAsDouble(0);
  fail(key, "a number", *value);
  return std::nullopt;
}

std::vector<std::string> SemanticsReader::lines(StringRef key) {
  const Value *value = find(key);
  if (!value)
    return {};
  std::optional<StringRef> text = value->getText();
  if (!text) {
    fail(key, "a string", *value);
    return {};
  }
  SmallVector<StringRef> parts;
  text->split(parts, '\n', -1, /*KeepEmpty=*/false);
  return std::vector<std::string>(parts.begin(), parts.end());
}

llvm::Expected<std::optional<Semantics>> SemanticsReader::read() {
  if (!find(formatKey))
    return std::nullopt;
  std::optional<double> version = number(formatKey);
  if (version && *version != format)
    return llvm::createStringError("metadata '" + formatKey + "' is " +
                                   llvm::Twine(static_cast<int64_t>(*version)) +
                                   ", need " + llvm::Twine(format) +
                                   ": the file was written by a newer program");
  Semantics semantics;
  semantics.profiles = lines(profileKey);
  semantics.dt = number(dtKey);
  if (semantics.dt && !(*semantics.dt > 0))
    fail(dtKey, "a step above 0", *find(dtKey));
  if (std::optional<double> steps = number(stepsKey)) {
    semantics.timesteps = static_cast<int64_t>(*steps);
    if (!(*steps >= 1 && *steps <= INT32_MAX))
      fail(stepsKey, "a number of steps", *find(stepsKey));
  }
  semantics.inputs = lines(inputsKey);
  semantics.outputs = lines(outputsKey);
  semantics.held = lines(heldKey);
  semantics.readouts = lines(readoutsKey);
  semantics.keepsState = number(stateKey).value_or(0) != 0;
  if (errors)
    return std::move(errors);
  return semantics;
}

llvm::Expected<std::optional<Semantics>>
nir::readSemantics(const NameMap<Value> &metadata) {
  return SemanticsReader(metadata).read();
}

Value nir::makeText(StringRef text) {
  Value value;
  value.kind = Value::Kind::text;
  value.texts = {text.str()};
  return value;
}

Value nir::makeNumber(double number) {
  Value value;
  value.kind = Value::Kind::number;
  value.tensor = Tensor({}, ElementType::f64);
  value.tensor.data<double>()[0] = number;
  return value;
}

Value nir::makeInteger(int64_t number) {
  Value value;
  value.kind = Value::Kind::number;
  value.tensor = Tensor({}, ElementType::i64);
  value.tensor.data<int64_t>()[0] = number;
  return value;
}

NameMap<Value> nir::writeSemantics(const Semantics &semantics) {
  NameMap<Value> metadata;
  auto addLines = [&](StringRef key, ArrayRef<std::string> parts) {
    if (!parts.empty())
      metadata.insert({key.str(), makeText(llvm::join(parts, "\n"))});
  };
  metadata.insert({formatKey.str(), makeInteger(format)});
  addLines(profileKey, semantics.profiles);
  if (semantics.dt)
    metadata.insert({dtKey.str(), makeNumber(*semantics.dt)});
  if (semantics.timesteps)
    metadata.insert({stepsKey.str(), makeInteger(*semantics.timesteps)});
  addLines(inputsKey, semantics.inputs);
  addLines(outputsKey, semantics.outputs);
  addLines(heldKey, semantics.held);
  addLines(readoutsKey, semantics.readouts);
  if (semantics.keepsState)
    metadata.insert({stateKey.str(), makeInteger(1)});
  return metadata;
}
