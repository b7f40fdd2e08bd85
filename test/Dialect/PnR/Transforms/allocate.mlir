// Every message gets a block of a power of two that holds its keys; blocks are apart; what has keys keeps them.
// RUN: sf-opt %s --pnr-place='machine=%S/Inputs/grid.json' --pnr-route --pnr-allocate --pnr-verify | FileCheck %s
// RUN: sf-opt %s --pnr-place='machine=%S/Inputs/grid.json' --pnr-route --pnr-allocate=reserved-bits=4 --pnr-verify | FileCheck %s
// RUN: sed 's/pnr.keys {?/pnr.keys reserved 4 {?/' %s | sf-opt - --pnr-place='machine=%S/Inputs/grid.json' --pnr-route --pnr-allocate --pnr-verify | FileCheck %s --check-prefix=RESERVED

// RUN: %exits 1 sf-opt %s --pnr-place='machine=%S/Inputs/grid.json' --pnr-allocate 2>&1 | FileCheck %s --check-prefix=TREES
// TREES: error: keys need trees; run pnr-route before
// RUN: %exits 1 sf-opt %s --pnr-place='machine=%S/Inputs/grid.json' --pnr-route --pnr-allocate='key-bits=12' 2>&1 | FileCheck %s --check-prefix=BITS
// BITS: error: {{.*}}bits

// 100 keys take a block of 128.
// CHECK:      pnr.keys {
// CHECK-NEXT:   0x{{[0-9a-f]+}} mask 0xffffff80
// CHECK-NEXT:   0x00010000 mask 0xfffffc00
// CHECK-NEXT: }
// Of a machine graph no keys are reserved unless it says so: then every sender takes 16.
// RESERVED:      pnr.keys reserved 4 {
// RESERVED-NEXT:   0x{{[0-9a-f]+}} mask 0xfffff800
// RESERVED-NEXT:   0x00010000 mask 0xfffffc00
pnr.mapping @mapping on "none" {
  pnr.slices resources ["neurons", "memory"] {
    "a" uses [100, 0] at ?
    "b" uses [60, 0] at ?
  }
  pnr.messages {
    0 to [1] packets 4.0 keys 100
    1 to [0] packets 1.0 keys 60
  }
  pnr.keys {? 0x00010000 mask 0xfffffc00}
}
