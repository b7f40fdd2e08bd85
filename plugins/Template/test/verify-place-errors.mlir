// A placement is checked, whoever made it.
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --template-verify-place --split-input-file --verify-diagnostics

// expected-error @below {{mappings of the module: needs 1, has 0; run template-partition on a module without one}}
module {
  snn.network @n() -> (!snn.signal<4, binary>) attributes {dt = "steps"} {
    %a = snn.population "a" (in: accumulate exact<i32, fraction = 0>) model #template.accumulate<leak = 0, reset = subtract> params {v_threshold = 5, v_init = 0} : !snn.signal<4, binary>
    snn.output %a : !snn.signal<4, binary>
  }
}

// -----
snn.network @n() -> (!snn.signal<4, binary>) attributes {dt = "steps"} {
  %a = snn.population "a" (in: accumulate exact<i32, fraction = 0>) model #template.accumulate<leak = 0, reset = subtract> params {v_threshold = 5, v_init = 0} : !snn.signal<4, binary>
  snn.output %a : !snn.signal<4, binary>
}
// expected-error @below {{network @n has changed since it was mapped; remove the mapping and run template-partition}}
template.mapping @m of @n on "template4" digest "00" {
  "a"[0 : 4] core 0
}

// -----
snn.network @n() -> (!snn.signal<4, binary>) attributes {dt = "steps"} {
  %a = snn.population "a" (in: accumulate exact<i32, fraction = 0>) model #template.accumulate<leak = 0, reset = subtract> params {v_threshold = 5, v_init = 0} : !snn.signal<4, binary>
  snn.output %a : !snn.signal<4, binary>
}
// expected-error @below {{there is no network @other}}
template.mapping @m of @other on "template4" digest "00" {
  "a"[0 : 4] core 0
}
