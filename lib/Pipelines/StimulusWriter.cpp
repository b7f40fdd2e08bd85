//===- StimulusWriter.cpp - data for the software of a chip ---------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/StimulusWriter.h"
#include "spikeformer/Pipelines/Manifest.h"
#include "spikeformer/PluginAPI/EmitContext.h"
#include "spikeformer/Support/AtomicFile.h"
#include "spikeformer/Support/Digest.h"
#include "spikeformer/Support/Npy.h"
#include "spikeformer/Support/Version.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"
#include <cstring>

using namespace spikeformer;

static constexpr int64_t formatVersion = 1;
static constexpr StringLiteral stimulusFile = "stimulus.json";

static std::string join(StringRef directory, StringRef name) {
  llvm::SmallString<256> path(directory);
  llvm::sys::path::append(path, name);
  return path.str().str();
}

static bool isOurs(StringRef path) {
  auto json = parseJsonFile(join(path, stimulusFile));
  if (json)
    return json->find("stimulus_version") != nullptr;
  llvm::consumeError(json.takeError());
  return false;
}

Tensor spikeformer::presentEachStep(const Tensor &values, int64_t rank,
                                    int64_t timesteps) {
  if (values.getRank() == rank + 2)
    return values;
  SmallVector<int64_t> shape(values.getShape());
  int64_t samples = shape.front();
  shape.insert(shape.begin() + 1, timesteps);
  Tensor presented(shape, values.getElementType());
  size_t bytes = samples == 0 ? 0 : values.getNumBytes() / samples;
  auto *to = static_cast<char *>(presented.getBytes());
  auto *from = static_cast<const char *>(values.getBytes());
  for (int64_t sample = 0; sample < samples; ++sample)
    for (int64_t step = 0; step < timesteps; ++step, to += bytes)
      std::memcpy(to, from + sample * bytes, bytes);
  return presented;
}

static llvm::Error writeList(StringRef directory, const Target &target,
                             const Stimulus &stimulus,
                             const EmitContext &emitted) {
  auto digest = sha256OfFile(join(stimulus.artefact, manifestFile));
  if (!digest)
    return digest.takeError();
  JsonValue files = JsonValue::array();
  for (const EmittedFile &file : emitted.getFiles())
    files.push(
        JsonValue::object().set("name", file.name).set("sha256", file.sha256));
  JsonValue list = emitted.getManifest();
  list.set("stimulus_version", formatVersion)
      .set("tool_version", getVersion())
      .set("target", target.getName())
      .set("manifest_sha256", *digest)
      .set("timesteps", stimulus.timesteps)
      .set("sample_reset", stimulus.resetPerSample ? "per_sample" : "never")
      .set("files", std::move(files));
  return writeFileAtomically(join(directory, stimulusFile), list.str());
}

llvm::Error spikeformer::writeStimulus(StringRef path, const Target &target,
                                       const Stimulus &stimulus,
                                       ArrayRef<Tensor> expected) {
  auto directory = AtomicDirectory::create(path, isOurs);
  if (!directory)
    return directory.takeError();
  EmitContext emitted(directory->path());
  if (llvm::Error error = target.emitStimulus(stimulus, emitted))
    return error;
  for (auto [index, values] : llvm::enumerate(expected)) {
    std::string suffix = index == 0 ? "" : std::to_string(index);
    if (llvm::Error error =
            emitted.writeFile("expected" + suffix + ".npy", toNpy(values)))
      return error;
  }
  if (llvm::Error error =
          writeList(directory->path(), target, stimulus, emitted))
    return error;
  return directory->commit();
}
