// A tree for every message, over live links: the one to the east of (0, 0) is dead.
// RUN: sf-opt %s --pnr-place='machine=%S/Inputs/grid.json' --pnr-route --pnr-verify | FileCheck %s

// CHECK: pnr.trees of [0, 1] {
// CHECK-NEXT: tree
// CHECK-NEXT: (0, 0) to ports [1] cores []
// CHECK-NEXT: (0, 1) from 3 to ports [0] cores []
// CHECK-NEXT: (1, 1) from 2 to ports [3] cores []
// CHECK-NEXT: (1, 0) from 1 to ports [] cores [0]
// CHECK-NEXT: tree
// CHECK-NEXT: (1, 0) to ports [2] cores []
// CHECK-NEXT: (0, 0) from 0 to ports [] cores [1]
pnr.mapping @mapping on "none" {
  pnr.slices resources ["neurons", "memory"] {
    "a" uses [1, 0] at (0, 0) core 1
    "b" uses [1, 0] at (1, 0) core 0
  }
  pnr.messages {
    0 to [1] packets 4.0 keys 100
    1 to [0] packets 1.0 keys 60
  }
}
