// What is pinned stays, every hole gets a core that holds the slice, the check finds nothing wrong.
// RUN: sf-opt %s --pnr-place='machine=%S/Inputs/grid.json' --pnr-verify | FileCheck %s
// RUN: sf-opt %s --pnr-place='machine=%S/Inputs/grid.json pins=free=1/1/1' | FileCheck %s --check-prefix=PIN

// The same seed gives the same bytes, and placing a placement changes nothing.
// RUN: sf-opt %s --pnr-place='machine=%S/Inputs/grid.json seed=7 effort=2' -o %t.once
// RUN: sf-opt %s --pnr-place='machine=%S/Inputs/grid.json seed=7 effort=2' | diff - %t.once
// RUN: sf-opt %t.once --pnr-place='machine=%S/Inputs/grid.json' | diff - %t.once

// CHECK: on "{{.*}}grid.json"
// CHECK: "pinned" uses [100, 10] at (2, 1) core 1
// CHECK-NOT: at ?
// CHECK: pnr.messages
// PIN: "free" uses [60, 400] at (1, 1) core 1
pnr.mapping @mapping on "none" {
  pnr.slices resources ["neurons", "memory"] {
    "pinned" uses [100, 10] at (2, 1) core 1
    "free" uses [60, 400] at ?
    "left" of "both" uses [60, 400] cluster 3 at ?
    "right" of "both" uses [60, 400] cluster 3 at ?
  }
  pnr.messages {
    0 to [1, 2, 3] packets 4.0 keys 100
    1 to [0] packets 1.0 keys 60
  }
}
