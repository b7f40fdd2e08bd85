// What cannot be placed: the tight resource, what it needs, what there is and who has it.
// RUN: sf-opt %s --split-input-file --pnr-place='machine=%S/Inputs/grid.json' --verify-diagnostics

// expected-error@below {{slice 'big'}}
pnr.mapping @neurons on "none" {
  pnr.slices resources ["neurons", "memory"] {"big" uses [101, 0] at ?}
}
// -----
// 13 slices of one core each do not go on 12 cores.
// expected-error@below {{neurons}}
pnr.mapping @cores on "none" {
  pnr.slices resources ["neurons", "memory"] {
    "a" uses [99, 0] at ? "b" uses [99, 0] at ? "c" uses [99, 0] at ? "d" uses [99, 0] at ?
    "e" uses [99, 0] at ? "f" uses [99, 0] at ? "g" uses [99, 0] at ? "h" uses [99, 0] at ?
    "i" uses [99, 0] at ? "j" uses [99, 0] at ? "k" uses [99, 0] at ? "l" uses [99, 0] at ?
    "m" uses [99, 0] at ?
  }
}
// -----
pnr.mapping @elsewhere on "none" {
  // expected-error@below {{has slice "a" on core 2 of (0, 0), which machine 'grid' does not have}}
  pnr.slices resources ["neurons", "memory"] {"a" uses [1, 0] at (0, 0) core 2}
}
// -----
pnr.mapping @resources on "none" {
  // expected-error@below {{needs the resources of machine 'grid': neurons, memory}}
  pnr.slices resources ["synapses"] {"a" uses [1] at ?}
}
