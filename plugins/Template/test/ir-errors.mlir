// Each rule of the dialect, broken.
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --split-input-file --verify-diagnostics

// accumulate_c1
// expected-error @below {{leak needs a shift of 0 to 15 bits, got 16}}
module attributes {template.a = #template.accumulate<leak = 16, reset = subtract>} {}

// -----
// accumulate_c2
// expected-error @below {{reset needs subtract or to_value, got none}}
module attributes {template.a = #template.accumulate<leak = 1, reset = none>} {}

