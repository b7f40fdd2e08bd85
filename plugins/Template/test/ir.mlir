// The attribute parses, prints and survives bytecode.

// RUN: sf-opt --load-plugin=%plugins/Template.so %s --verify-roundtrip | FileCheck %s
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --emit-bytecode -o %t.mlirbc
// RUN: sf-opt --load-plugin=%plugins/Template.so %t.mlirbc | FileCheck %s

// Without the plugin the module is refused by name.
// RUN: %exits 2 sf-opt %s 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: module needs plugin 'template'

// CHECK: module attributes {snn.requires = ["template"]}
module attributes {snn.requires = ["template"]} {
  // CHECK: snn.network @n
  snn.network @n(%x: !snn.signal<4, binary>) -> !snn.signal<4, binary> attributes {dt = "steps"} {
    %i = snn.project %x through #snn.one_to_one weights 3.0 delay 1 : !snn.signal<4, binary> -> !snn.current<4>
    // CHECK: model #template.accumulate<leak = 4, reset = to_value> params {v_init = -3 : i64, v_reset = 0 : i64, v_threshold = 7 : i64}
    %s = snn.population "n" (in: %i accumulate exact<i32, fraction = 0> bias 2.0) model #template.accumulate<leak = 4, reset = to_value>
      params {v_threshold = 7, v_init = -3, v_reset = 0} : !snn.signal<4, binary>
    snn.output %s : !snn.signal<4, binary>
  }
  // CHECK: template.a = #template.accumulate<leak = 0, reset = subtract>
  module attributes {template.a = #template.accumulate<leak = 0, reset = subtract>} {}
}
