//===- ModuleFile.cpp - opening modules -----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one place where reading and the check of requirements meet.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/ModuleFile.h"
#include "spikeformer/PluginAPI/RequiredPlugins.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/SourceFile.h"

using namespace spikeformer;
using llvm::Expected;
using llvm::MemoryBuffer;
using llvm::StringRef;

Expected<std::unique_ptr<MemoryBuffer>>
spikeformer::openModule(StringRef path, const PluginRegistry &registry) {
  auto opened = readInput(path);
  if (!opened)
    return makeInputError(path,
                          "cannot be read: " + opened.getError().message());
  std::unique_ptr<MemoryBuffer> buffer = std::move(*opened);
  if (llvm::Error error =
          checkRequiredPlugins(buffer->getMemBufferRef(), registry))
    return std::move(error);
  return buffer;
}

Expected<std::shared_ptr<llvm::SourceMgr>>
spikeformer::openModuleSources(StringRef path, const PluginRegistry &registry) {
  auto buffer = openModule(path, registry);
  if (!buffer)
    return buffer.takeError();
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(std::move(*buffer), llvm::SMLoc());
  return sources;
}
