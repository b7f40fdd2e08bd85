//===- PluginRegistryTest.cpp - what plugins offer ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The plugin here is linked in: the same macro, without a shared object.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "spikeformer/PluginAPI/Plugin.h"
#include "gtest/gtest.h"

using namespace spikeformer;

#define SPIKEFORMER_PLUGIN_VERSION "2.1"
SF_PLUGIN(Linked) {
  registry.addMethod({"first", "one"});
  registry.addMethod({"second", "two"});
}
#undef SPIKEFORMER_PLUGIN_VERSION
#define SPIKEFORMER_PLUGIN_VERSION "not.a.version"
SF_PLUGIN(Unversioned) {}

static const PluginEntry &getEntry() { return *SF_PLUGIN_ENTRY_NAME(Linked)(); }

TEST(PluginRegistry, ALinkedInPluginIsLoadedThenRegistered) {
  PluginRegistry registry;
  EXPECT_EQ(llvm::toString(registry.addPlugin(getEntry())), "");
  ASSERT_NE(registry.lookupPlugin("linked"), nullptr);
  EXPECT_EQ(registry.lookupPlugin("linked")->describe(), "plugin 'Linked'");
  EXPECT_TRUE(registry.getMethods().empty());
  EXPECT_EQ(llvm::toString(registry.registerPlugins()), "");
  ASSERT_EQ(registry.getMethods().size(), 2u);
  EXPECT_EQ(registry.getMethods()[0].value.name, "first");
  // A second call registers nothing twice.
  EXPECT_EQ(llvm::toString(registry.registerPlugins()), "");
  EXPECT_EQ(registry.getMethods().size(), 2u);
}

TEST(PluginRegistry, AnIdIsTakenWhateverItsCase) {
  PluginRegistry registry;
  EXPECT_EQ(llvm::toString(registry.addPlugin(getEntry())), "");
  PluginEntry other = getEntry();
  other.id = "LINKED";
  EXPECT_EQ(llvm::toString(registry.addPlugin(other, "/a/LINKED.so")),
            "plugin 'LINKED' (/a/LINKED.so) and plugin 'Linked' have the same "
            "id");
}

TEST(PluginRegistry, RefusesAnotherApiAndAWrongVersion) {
  PluginRegistry registry;
  PluginEntry other = getEntry();
  other.apiVersion = 99;
  EXPECT_EQ(llvm::toString(registry.addPlugin(other)),
            "plugin 'Linked' was built for plugin API 99, this program has 1");
  EXPECT_EQ(
      llvm::toString(registry.addPlugin(*SF_PLUGIN_ENTRY_NAME(Unversioned)())),
      "plugin 'Unversioned' has version 'not.a.version', which is not of "
      "the form 1.2.3");
  EXPECT_TRUE(registry.getPlugins().empty());
}

TEST(PluginRegistry, AnUnknownTargetSaysHowToLoadOne) {
  PluginRegistry registry;
  auto target = registry.getTarget("demo");
  ASSERT_FALSE(static_cast<bool>(target));
  EXPECT_EQ(llvm::toString(target.takeError()),
            "no target 'demo': no target is loaded; load others with "
            "--load-plugin=PATH (or SPIKEFORMER_PLUGIN_PATH)");
}

static void addImporters(PluginRegistry &registry) {
  registry.addImporter({"h5", "any container", {".h5"}, {}, nullptr});
  registry.addImporter({"net", "a network in one", {".net.h5"}, {}, nullptr});
}

TEST(PluginRegistry, TheLongestExtensionWins) {
  PluginRegistry registry;
  PluginEntry entry = getEntry();
  entry.fill = addImporters;
  EXPECT_EQ(llvm::toString(registry.addPlugin(entry)), "");
  EXPECT_EQ(llvm::toString(registry.registerPlugins()), "");
  ASSERT_NE(registry.lookupImporterOf("a/b.H5"), nullptr);
  EXPECT_EQ(registry.lookupImporterOf("a/b.H5")->name, "h5");
  EXPECT_EQ(registry.lookupImporterOf("a/b.net.h5")->name, "net");
  EXPECT_EQ(registry.lookupImporterOf("a/b.onnx"), nullptr);
}
