//===- Plugin.h - how a plugin introduces itself ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plugin names itself twice: in an ELF note, which a host reads without
// running a line of the plugin's code, and through one C function, which the
// same sources offer in a shared object and in a static list. The layout of the
// note never changes; everything else may, and then SF_PLUGIN_API_VERSION
// counts up. There is no promise of a stable C++ interface: a plugin is built
// from the headers of the host that loads it, and the hash of those headers
// proves it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINAPI_PLUGIN_H
#define SPIKEFORMER_PLUGINAPI_PLUGIN_H

#include "spikeformer/PluginAPI/ApiHash.h"
#include "llvm/Config/llvm-config.h"
#include <cstdint>

/// Version of the interface between host and plugin, compared for equality.
#define SF_PLUGIN_API_VERSION 1

namespace spikeformer {
class PluginRegistry;

/// The ELF note of a plugin: header, name and description as they lie in the
/// file. Strings end with a zero byte and fill up with zero bytes.
struct PluginNote {
  /// Of the header: bytes of `name`, bytes from `apiVersion` on, and 1.
  uint32_t nameSize, descriptionSize, type;
  /// "SpikeFormer".
  char name[12];
  uint32_t apiVersion;
  /// Version of LLVM, "22.1.8"; major and minor must be the host's.
  char llvmVersion[16];
  /// Hash of the public headers, SPIKEFORMER_API_HASH.
  char headerHash[20];
  /// A C identifier; unique without regard to case.
  char id[32];
  /// Version of the plugin: one to four numbers with dots.
  char version[16];
};
static_assert(sizeof(PluginNote) == 112, "the layout is a file format");

/// What the C function of a plugin returns.
struct PluginEntry {
  uint32_t apiVersion;
  const char *id;
  const char *version;
  /// Adds what the plugin offers to the registry; called once.
  void (*fill)(PluginRegistry &registry);
};
} // namespace spikeformer

#define SF_PLUGIN_PASTE2(A, B) A##B
#define SF_PLUGIN_PASTE(A, B) SF_PLUGIN_PASTE2(A, B)
#define SF_PLUGIN_TEXT2(A) #A
#define SF_PLUGIN_TEXT(A) SF_PLUGIN_TEXT2(A)

/// What the name of every entry function starts with.
#define SF_PLUGIN_ENTRY_PREFIX "spikeformerPluginV"

/// Name of the entry function of plugin Id, such as spikeformerPluginV1_Demo.
#define SF_PLUGIN_ENTRY_NAME(Id)                                               \
  SF_PLUGIN_PASTE(SF_PLUGIN_PASTE(spikeformerPluginV, SF_PLUGIN_API_VERSION),  \
                  SF_PLUGIN_PASTE(_, Id))

/// The note alone, for tests of the loader; SF_PLUGIN states the right values.
#define SF_PLUGIN_NOTE(Variable, Api, Llvm, Hash, Id, Version)                 \
  __attribute__((                                                              \
      section(".note.spikeformer.plugin"), used, retain,                       \
      aligned(4))) static const spikeformer::PluginNote Variable = {           \
      12, 88, 1, "SpikeFormer", Api, Llvm, Hash, Id, Version};

/// The entry function alone; its body fills `registry`.
#define SF_PLUGIN_ENTRY(Id, Version)                                           \
  static void SF_PLUGIN_PASTE(spikeformerFill_,                                \
                              Id)(spikeformer::PluginRegistry & registry);     \
  extern "C" __attribute__((visibility("default")))                            \
  const spikeformer::PluginEntry *                                             \
  SF_PLUGIN_ENTRY_NAME(Id)() {                                                 \
    static const spikeformer::PluginEntry entry = {                            \
        SF_PLUGIN_API_VERSION, SF_PLUGIN_TEXT(Id), Version,                    \
        SF_PLUGIN_PASTE(spikeformerFill_, Id)};                                \
    return &entry;                                                             \
  }                                                                            \
  static void SF_PLUGIN_PASTE(spikeformerFill_, Id)(                           \
      [[maybe_unused]] spikeformer::PluginRegistry & registry)

/// Defines plugin Id; the function body that follows fills `registry`:
///
///   SF_PLUGIN(Demo) { registry.addDialects(registerDemoDialect); }
///
/// SPIKEFORMER_PLUGIN_VERSION comes from `sf_plugin(Demo VERSION ...)`.
#define SF_PLUGIN(Id)                                                          \
  SF_PLUGIN_NOTE(SF_PLUGIN_PASTE(spikeformerNote_, Id), SF_PLUGIN_API_VERSION, \
                 LLVM_VERSION_STRING, SPIKEFORMER_API_HASH,                    \
                 SF_PLUGIN_TEXT(Id), SPIKEFORMER_PLUGIN_VERSION)               \
  SF_PLUGIN_ENTRY(Id, SPIKEFORMER_PLUGIN_VERSION)

/// Declares the entry function of a plugin that is linked in:
/// `SF_DECLARE_PLUGIN(Demo)`, then `SF_PLUGIN_ENTRY_NAME(Demo)()`.
#define SF_DECLARE_PLUGIN(Id)                                                  \
  extern "C" const spikeformer::PluginEntry *SF_PLUGIN_ENTRY_NAME(Id)();

#endif // SPIKEFORMER_PLUGINAPI_PLUGIN_H
