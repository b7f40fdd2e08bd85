// A plugin's attributes parse, print and survive bytecode; its passes are flags with options.

// RUN: sf-opt --load-plugin=%test_plugins/Good.so %s --good-count-ops=bias=10 | FileCheck %s
// RUN: sf-opt --load-plugin %test_plugins/Good.so %s --pass-pipeline='builtin.module(good-count-ops{bias=10})' | FileCheck %s
// RUN: sf-opt --load-plugin=%test_plugins/Good.so %s --emit-bytecode -o %t.mlirbc
// RUN: sf-opt %t.mlirbc -load-plugin=%test_plugins/Good.so --good-count-ops=bias=10 | FileCheck %s
// RUN: env SPIKEFORMER_PLUGIN_PATH=%test_plugins/Good.so sf-opt %s --good-count-ops=bias=10 | FileCheck %s
// CHECK: module attributes {good.a = #good.order<3>, good.count = 11 : i64}
module attributes {good.a = #good.order<3>} {}
