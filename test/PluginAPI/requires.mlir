// A module that needs a plugin is recognised before it is parsed.

// RUN: %exits 2 sf-opt %s 2>&1 | FileCheck %s --check-prefix=MISSING --implicit-check-not=error:
// MISSING: requires.mlir:[[#@LINE+17]]:21: error: module needs plugin 'good' version 1 or later: load it with --load-plugin=PATH (or SPIKEFORMER_PLUGIN_PATH){{$}}
// MISSING: requires.mlir:[[#@LINE+18]]:3: error: module needs plugin 'other': load it with --load-plugin=PATH (or SPIKEFORMER_PLUGIN_PATH){{$}}
// MISSING: requires.mlir:[[#@LINE+17]]:12: error: '@' in snn.requires is neither a plugin's ID nor ID@VERSION{{$}}

// RUN: %exits 2 sf-opt --load-plugin=%test_plugins/Good.so %s 2>&1 | FileCheck %s --check-prefix=HALF --implicit-check-not=error:
// HALF: requires.mlir:[[#@LINE+14]]:3: error: module needs plugin 'other'
// HALF: error: '@' in snn.requires

// What only looks like the attribute:
// snn.requires = ["comment"]
module attributes {
  snn.text = "\" snn.requires = [\"string\"]", // snn.requires = ["comment"]
  not.snn.requires = ["name"],
  snn.requires.not = ["name"],
  good.a = #good.order<3>,

  // The name may be quoted and the list may go on.
  "snn.requires" = ["good@1", // snn.requires = ["comment"]
  // a comment
  "other", "@"]} {}
