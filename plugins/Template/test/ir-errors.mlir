// Each rule of the dialect, broken.
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --split-input-file --verify-diagnostics

// accumulate_c1
// expected-error @below {{leak needs a shift of 0 to 15 bits, got 16}}
module attributes {template.a = #template.accumulate<leak = 16, reset = subtract>} {}

// -----
// accumulate_c2
// expected-error @below {{reset needs subtract or to_value, got none}}
module attributes {template.a = #template.accumulate<leak = 1, reset = none>} {}

// -----
// mapping_c1
// expected-error @below {{'template.mapping' op needs columns of one length, has 1 populations, 2 firsts, 1 counts and 1 cores}}
"template.mapping"() <{sym_name = "m", network = @n, machine = "template4", digest = "", populations = ["a"], firsts = array<i64: 0, 1>, counts = array<i64: 1>, cores = array<i64: 0>}> : () -> ()

// -----
// mapping_c2
// expected-error @below {{'template.mapping' op needs slices of at least one neuron on cores from 0, got "a"[3 : 3] core 0}}
"template.mapping"() <{sym_name = "m", network = @n, machine = "template4", digest = "", populations = ["a"], firsts = array<i64: 3>, counts = array<i64: 0>, cores = array<i64: 0>}> : () -> ()

// -----
template.mapping @m of @n on "template4" digest "" {
  // expected-error @below {{expected a slice [first : end] with 0 <= first < end}}
  "a"[4 : 2] core 0
}

// -----
template.mapping @m of @n on "template4" digest "" {
  // expected-error @below {{expected a core or `?`}}
  "a"[0 : 2] core -2
}
