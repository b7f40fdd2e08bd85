//===- BatchContext.cpp - MLIR contexts of a batch ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BatchContext.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "spikeformer/Support/TensorAttr.h"

using namespace spikeformer;

/// Names, types and small constants of every model stay in a context: some
/// kilobytes.
static constexpr unsigned maxUses = 256;

/// The importer that reads `input`, if it is one of the core; null for modules,
/// which load the dialects and name the blobs that they please.
static const Importer *findOwnImporter(StringRef input) {
  const PluginRegistry &registry = PluginRegistry::get();
  const Importer *importer = registry.lookupImporterOf(input);
  for (const Owned<Importer> &known : registry.getImporters())
    if (&known.value == importer && known.plugin == 0)
      return importer;
  return nullptr;
}

MLIRContext &BatchContext::get(const BatchEntry &entry) {
  const Importer *needed = findOwnImporter(entry.options.compile.import.input);
  if (context && needed && needed == importer && entry.flags == flags)
    return *context;
  // The old one first: two may not fit into memory.
  context.reset();
  context =
      std::make_unique<MLIRContext>(dialects, MLIRContext::Threading::DISABLED);
  importer = needed;
  flags = entry.flags;
  numUses = 0;
  return *context;
}

void BatchContext::release(bool hasFailed) {
  if (hasFailed || !importer || ++numUses == maxUses ||
      !releaseBlobs(context.get()))
    context.reset();
}
