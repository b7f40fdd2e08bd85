//===- ModuleFile.h - opening modules ---------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How every tool opens MLIR text or bytecode: a module that needs a plugin is
// recognised before it is parsed.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_MODULEFILE_H
#define SPIKEFORMER_PIPELINES_MODULEFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include <memory>

namespace spikeformer {
class PluginRegistry;

/// Reads a module, "-" for standard input, as Support/SourceFile.h does. Fails
/// if it cannot be read or needs a plugin that `registry` lacks.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
openModule(llvm::StringRef path, const PluginRegistry &registry);

/// The same as the main file of a source manager, for mlir::parseSourceFile and
/// for diagnostics that quote the source.
llvm::Expected<std::shared_ptr<llvm::SourceMgr>>
openModuleSources(llvm::StringRef path, const PluginRegistry &registry);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_MODULEFILE_H
