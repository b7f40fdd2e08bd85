// What the verifiers refuse, a constraint each, by its name in the dialect's documentation.
// RUN: sf-opt %s --split-input-file --verify-diagnostics

// mapping_c1
// expected-error@below {{needs a pnr.slices}}
pnr.mapping @m on "grid" {
}
// -----
// mapping_c1
pnr.mapping @m on "grid" {
  pnr.slices resources [] {}
  // expected-error@below {{is there twice in its mapping}}
  pnr.slices resources [] {}
}
// -----
// mapping_c2
pnr.mapping @m on "grid" {
  pnr.messages {}
  // expected-error@below {{comes too late in its mapping; needs the order slices, messages, keys, trees, tables}}
  pnr.slices resources [] {}
}
// -----
// mapping_c3
pnr.mapping @m on "grid" {
  pnr.slices resources [] {"a" uses [] at ?}
  pnr.messages {0 to [0] packets 1.0 keys 1}
  // expected-error@below {{needs a row for each of 1 messages, has 2}}
  pnr.keys {? ?}
}
// -----
// mapping_c4
pnr.mapping @m on "grid" {
  pnr.slices resources [] {"a" uses [] at ?}
  // expected-error@below {{needs rows of slices from 0 to 0, has 7}}
  pnr.messages {0 to [7] packets 1.0 keys 1}
}
// -----
// slices_c1
pnr.mapping @m on "grid" {
  // expected-error@below {{needs columns that fit each other}}
  pnr.slices resources ["neurons"] {"a" uses [] at ?}
}
// -----
// slices_c2
pnr.mapping @m on "grid" {
  // expected-error@below {{has slice "a" twice}}
  pnr.slices resources [] {"a" uses [] at ? "a" uses [] at ?}
}
// -----
// slices_c2
pnr.mapping @m on "grid" {
  // expected-error@below {{needs amounts of at least 0}}
  pnr.slices resources ["neurons"] {"a" uses [-1] at ?}
}
// -----
// slices_c3
pnr.mapping @m on "grid" {
  // expected-error@below {{needs a location or `?` for slice "a"}}
  pnr.slices resources [] {"a" uses [] at (0, 0) core -1}
}
// -----
// messages_c2
pnr.mapping @m on "grid" {
  pnr.slices resources [] {"a" uses [] at ?}
  pnr.messages {
    0 to [0] packets 1.0 keys 1
    // expected-error@below {{expected names for all messages or for none}}
    0 to [0] packets 1.0 keys 1 named "x"
  }
}
// -----
pnr.mapping @m on "grid" {
  pnr.slices resources [] {"a" uses [] at ?}
  // expected-error@below {{expected `tree` before its branches}}
  pnr.trees of [] {(0, 0) to ports [] cores []}
}
// -----
pnr.mapping @m on "grid" {
  pnr.slices resources [] {"a" uses [] at ?}
  // expected-error@below {{expected a number below 192}}
  pnr.tables {table (0, 0) 0x0 mask 0x0 to ports [] cores [192]}
}
// -----
pnr.mapping @m on "grid" {
  pnr.slices resources [] {"a" uses [] at ?}
  // expected-error@below {{expected 32 bits}}
  pnr.tables {table (0, 0) 0x100000000 mask 0x0 to ports [] cores []}
}
// -----
// trees_c2
pnr.mapping @m on "grid" {
  pnr.slices resources [] {"a" uses [] at ?}
  pnr.messages {0 to [0] packets 1.0 keys 1}
  // expected-error@below {{needs trees from 0 to 0, has 1}}
  pnr.trees of [1] {tree (0, 0) to ports [] cores [0]}
}
// -----
// mapping_c3
pnr.mapping @m on "grid" {
  pnr.slices resources [] {"a" uses [] at ?}
  pnr.messages {0 to [0] packets 1.0 keys 1}
  // expected-error@below {{needs a row for each of 1 messages, has 0}}
  pnr.trees of [] {tree (0, 0) to ports [] cores [0]}
}
// -----
// slices_c4
pnr.mapping @m on "grid" {
  // expected-error@below {{needs ranges of at least one neuron from 0, has [4 : 4]}}
  pnr.slices resources [] {"a"[4 : 4] uses [] at ?}
}
// -----
// messages_c3
pnr.mapping @m on "grid" {
  pnr.slices resources [] {"a" uses [] at ?}
  // expected-error@below {{needs packets of at least 0 and 1 to 4294967295 keys, message 0 has 1.000000e+00 and 4294967296}}
  pnr.messages {0 to [0] packets 1.0 keys 4294967296}
}
// -----
// messages_c3
pnr.mapping @m on "grid" {
  pnr.slices resources [] {"a" uses [] at ?}
  // expected-error@below {{message 0 has -1.000000e+00 and 1}}
  pnr.messages {0 to [0] packets -1.0 keys 1}
}
// -----
// keys_c2
pnr.mapping @m on "grid" {
  pnr.slices resources [] {"a" uses [] at ?}
  pnr.messages {0 to [0] packets 1.0 keys 1}
  // expected-error@below {{reserved needs 0 to 31 bits, has 32}}
  pnr.keys reserved 32 {?}
}
