// Tables send every packet as one entry for each message and router would: c's two messages have one way and become one entry, and what goes straight on needs none.
// RUN: sed 's|GRID|%S/Inputs/grid.json|' %s > %t.mlir
// RUN: sf-opt %t.mlir --pnr-compress --pnr-verify | FileCheck %s

// CHECK:      pnr.tables {
// CHECK-NEXT:   table (0, 1)
// CHECK-NEXT:     0x00000000 mask 0x{{[0-9a-f]+}} to ports [0] cores []
// CHECK-NEXT:   table (2, 1)
// CHECK-NEXT:     0x00000000 mask 0x{{[0-9a-f]+}} to ports [] cores [1]
// CHECK-NEXT: }

// A table that does not fit its router.
// RUN: sed 's|GRID|%t.json|; s|to ports \[\] cores \[1\]$|to ports [] cores [0]|' %s > %t.small.mlir
// RUN: sed 's/"entries": 4/"entries": 0/' %S/Inputs/grid.json > %t.json
// RUN: %exits 1 sf-opt %t.small.mlir --pnr-compress 2>&1 | FileCheck %s --check-prefix=SMALL
// SMALL: error: router (0, 1): its routing table does not fit after compression (need 1 entries, have 0 entries)
// SMALL: error: router (2, 1): its routing table does not fit after compression
pnr.mapping @mapping on "GRID" {
  pnr.slices resources ["neurons", "memory"] {
    "a" uses [1, 0] at (0, 1) core 0
    "b" uses [1, 0] at (0, 1) core 1
    "c" uses [1, 0] at (2, 1) core 1
  }
  pnr.messages {
    0 to [2] packets 4.0 keys 16
    1 to [2] packets 1.0 keys 16
  }
  pnr.keys {0x00000000 mask 0xfffffff0 0x00000010 mask 0xfffffff0}
  pnr.trees of [0, 0] {
    tree
      (0, 1) to ports [0] cores []
      (1, 1) from 2 to ports [0] cores []
      (2, 1) from 2 to ports [] cores [1]
  }
}
