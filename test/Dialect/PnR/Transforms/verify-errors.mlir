// Wrong answers are found whoever gave them.
// RUN: sed 's|GRID|%S/Inputs/grid.json|' %s > %t.mlir
// RUN: sf-opt %t.mlir --split-input-file --pnr-verify --verify-diagnostics

// A core that is too full.
// expected-error@below {{neurons}}
pnr.mapping @full on "GRID" {
  pnr.slices resources ["neurons", "memory"] {
    "a" uses [60, 0] at (0, 0) core 0
    "b" uses [60, 0] at (0, 0) core 0
  }
}
// -----
// A tree that does not reach its target, and one that goes by the dead link.
// expected-error@below {{message}}
pnr.mapping @unreached on "GRID" {
  pnr.slices resources ["neurons", "memory"] {
    "a" uses [60, 0] at (0, 0) core 0
    "b" uses [60, 0] at (0, 1) core 0
  }
  pnr.messages {0 to [1] packets 1.0 keys 4}
  pnr.trees of [0] {tree (0, 0) to ports [] cores [1]}
}
// -----
// Keys that two messages share.
// expected-error@below {{}}
pnr.mapping @keys on "GRID" {
  pnr.slices resources ["neurons", "memory"] {
    "a" uses [60, 0] at (0, 0) core 0
    "b" uses [60, 0] at (0, 0) core 1
  }
  pnr.messages {
    0 to [1] packets 1.0 keys 4
    1 to [0] packets 1.0 keys 4
  }
  pnr.keys {0x0 mask 0xfffffff8 0x4 mask 0xfffffffc}
}
// -----
// A table that sends a key elsewhere.
// expected-error@below {{}}
pnr.mapping @tables on "GRID" {
  pnr.slices resources ["neurons", "memory"] {
    "a" uses [60, 0] at (0, 0) core 0
    "b" uses [60, 0] at (0, 0) core 1
  }
  pnr.messages {0 to [1] packets 1.0 keys 4}
  pnr.keys {0x0 mask 0xfffffffc}
  pnr.trees of [0] {tree (0, 0) to ports [] cores [1]}
  pnr.tables {table (0, 0) 0x0 mask 0xffffffff to ports [] cores [1] 0x0 mask 0xfffffffc to ports [] cores [0]}
}
