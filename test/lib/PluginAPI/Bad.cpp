//===- Bad.cpp - plugins that must not be loaded --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One source, one way of being wrong per build: see CMakeLists.txt. BAD_ID is
// the name of the shared object and, unless it is what is wrong, the id.
//
//===----------------------------------------------------------------------===//

#include "Witness.h"
#include "spikeformer/PluginAPI/Plugin.h"

#ifdef BAD_API
#undef SF_PLUGIN_API_VERSION
#define SF_PLUGIN_API_VERSION BAD_API
#endif
#ifndef BAD_LLVM
#define BAD_LLVM LLVM_VERSION_STRING
#endif
#ifndef BAD_HASH
#define BAD_HASH SPIKEFORMER_API_HASH
#endif
#ifndef BAD_VERSION
#define BAD_VERSION SPIKEFORMER_PLUGIN_VERSION
#endif
#ifndef BAD_NOTE_ID
#define BAD_NOTE_ID SF_PLUGIN_TEXT(BAD_ID)
#endif

#ifndef BAD_NO_NOTE
SF_PLUGIN_NOTE(note, SF_PLUGIN_API_VERSION, BAD_LLVM, BAD_HASH, BAD_NOTE_ID,
               BAD_VERSION)
#endif

#ifdef BAD_TWO_NOTES
SF_PLUGIN_NOTE(second, SF_PLUGIN_API_VERSION, BAD_LLVM, BAD_HASH, "Second",
               BAD_VERSION)
#endif

/// A note whose header and description are the given words.
struct RawNote {
  uint32_t nameSize, descriptionSize, type;
  char name[12];
  uint32_t description[2];
};
#ifdef BAD_RAW_NOTE
__attribute__((section(".note.spikeformer.plugin"), used, retain,
               aligned(4))) static const RawNote raw = {
    BAD_RAW_NOTE, "SpikeFormer", {1, 1}};
#endif

#ifdef BAD_UNDEFINED
extern "C" void thereIsNoSuchFunction();
#endif

#ifndef BAD_NO_ENTRY
SF_PLUGIN_ENTRY(BAD_ID, SPIKEFORMER_PLUGIN_VERSION) {
#ifdef BAD_UNDEFINED
  thereIsNoSuchFunction();
#endif
}
#endif
#ifdef BAD_TWO_ENTRIES
SF_PLUGIN_ENTRY(Second, SPIKEFORMER_PLUGIN_VERSION) {}
#endif
