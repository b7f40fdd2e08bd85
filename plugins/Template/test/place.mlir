// First fit, around what is pinned.
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --template-partition --template-place --template-verify-place | FileCheck %s
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --template-partition=pins=c=0 --template-place | FileCheck %s --check-prefix=PIN

// Placing a placement changes nothing.
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --template-partition --template-place -o %t.once
// RUN: sf-opt --load-plugin=%plugins/Template.so %t.once --template-partition --template-place | diff - %t.once

#neuron = #template.accumulate<leak = 0, reset = subtract>
snn.network @n(%x: !snn.signal<50, binary>) -> (!snn.signal<50, binary>, !snn.signal<30, binary>, !snn.signal<10, binary>) attributes {dt = "steps"} {
  %i = snn.project %x through #snn.one_to_one weights 3.0 delay 1 : !snn.signal<50, binary> -> !snn.current<50>
  %a = snn.population "a" (in: %i accumulate exact<i32, fraction = 0>) model #neuron params {v_threshold = 5, v_init = 0} : !snn.signal<50, binary>
  %j = snn.project %x through #snn.dense weights 3.0 delay 1 : !snn.signal<50, binary> -> !snn.current<30>
  %b = snn.population "b" (in: %j accumulate exact<i32, fraction = 0>) model #neuron params {v_threshold = 5, v_init = 0} : !snn.signal<30, binary>
  %k = snn.project %x through #snn.dense weights 3.0 delay 1 : !snn.signal<50, binary> -> !snn.current<10>
  %c = snn.population "c" (in: %k accumulate exact<i32, fraction = 0>) model #neuron params {v_threshold = 5, v_init = 0} : !snn.signal<10, binary>
  snn.output %a, %b, %c : !snn.signal<50, binary>, !snn.signal<30, binary>, !snn.signal<10, binary>
}
// CHECK:      "a"[0 : 50] core 0
// CHECK-NEXT: "b"[0 : 30] core 1
// CHECK-NEXT: "c"[0 : 10] core 0
// PIN:      "a"[0 : 50] core 0
// PIN-NEXT: "b"[0 : 30] core 1
// PIN-NEXT: "c"[0 : 10] core 0
