// Every kind of column, with holes and without: text and bytecode give the same again.
// RUN: sf-opt %s | FileCheck %s
// RUN: sf-opt %s -o %t.mlir && sf-opt %t.mlir | diff %t.mlir -
// RUN: sf-opt %s --emit-bytecode -o %t.mlirbc && sf-opt %t.mlirbc | diff %t.mlir -

// CHECK-LABEL: pnr.mapping @problem on "grid" {
// CHECK-NEXT:    pnr.slices resources ["neurons"] {
// CHECK-NEXT:      "a" uses [64] at (0, 0) core 1
// CHECK-NEXT:      "b0" of "b"[0 : 4] uses [36] cluster 0 at ?
// CHECK-NEXT:      "b1" of "b"[4 : 8, 0 : 3] uses [36] cluster 0 at (-1, 3) core 0
// CHECK-NEXT:    }
// CHECK-NEXT:    pnr.messages {
// CHECK-NEXT:      0 to [0, 1] packets 1.250000e+01 keys 64 named "first"
// CHECK-NEXT:      1 to [] packets 1.000000e-01 keys 1 named "second"
// CHECK-NEXT:    }
// CHECK-NEXT:    pnr.keys reserved 3 {
// CHECK-NEXT:      0x80000100 mask 0xffffff00
// CHECK-NEXT:      ?
// CHECK-NEXT:    }
// CHECK-NEXT:    pnr.trees of [0, 1] {
// CHECK-NEXT:      tree
// CHECK-NEXT:        (0, 0) to ports [0, 31] cores [3, 64, 191]
// CHECK-NEXT:        (1, 0) from 3 to ports [] cores [4, 5]
// CHECK-NEXT:      tree
// CHECK-NEXT:    }
// CHECK-NEXT:    pnr.tables {
// CHECK-NEXT:      table (0, 0)
// CHECK-NEXT:        0x00000100 mask 0xffffff00 to ports [0] cores [3]
// CHECK-NEXT:        0x00000000 mask 0xffffff00 from 3 to ports [0] cores []
// CHECK-NEXT:      table (1, 0)
// CHECK-NEXT:    }
// CHECK-NEXT:  }
pnr.mapping @problem on "grid" {
  pnr.slices resources ["neurons"] {
    "a" uses [64] at (0, 0) core 1
    "b0" of "b"[0 : 4] uses [36] cluster 0 at ?
    "b1" of "b"[4 : 8, 0 : 3] uses [36] cluster 0 at (-1, 3) core 0
  }
  pnr.messages {
    0 to [0, 1] packets 12.5 keys 64 named "first"
    1 to [] packets 0.1 keys 1 named "second"
  }
  pnr.keys reserved 3 {
    0x80000100 mask 0xffffff00
    ?
  }
  pnr.trees of [0, 1] {
    tree
      (0, 0) to ports [0, 31] cores [3, 64, 191]
      (1, 0) from 3 to ports [] cores [4, 5]
    tree
  }
  pnr.tables {
    table (0, 0)
      0x00000100 mask 0xffffff00 to ports [0] cores [3]
      0x00000000 mask 0xffffff00 from 3 to ports [0] cores []
    table (1, 0)
  }
}

// CHECK-LABEL: pnr.mapping @overlay of @net digest "00ff" on "grid:x=2"
pnr.mapping @overlay of @net digest "00ff" on "grid:x=2" {
  pnr.slices resources [] {
    "whole" uses [] at ?
  }
}
