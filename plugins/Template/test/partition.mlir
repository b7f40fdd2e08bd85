// Slices are as large as an empty core holds; pins are kept; a mapping that is there stays.
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --template-partition -o %t.free && FileCheck %s --input-file=%t.free
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --template-partition='machine=template1 pins=out=0' | FileCheck %s --check-prefix=PIN
// RUN: sf-opt --load-plugin=%plugins/Template.so %t.free --template-partition='machine=template1 pins=out=0' | diff - %t.free

#neuron = #template.accumulate<leak = 0, reset = subtract>
// CHECK: module attributes {snn.requires = ["Template@{{.*}}"]}
snn.network @n(%x: !snn.signal<100, binary>) -> (!snn.signal<70, binary>) attributes {dt = "steps"} {
  %i = snn.project %x through #snn.one_to_one weights 3.0 delay 1 : !snn.signal<100, binary> -> !snn.current<10x10>
  %h = snn.population "hidden" (in: %i accumulate exact<i32, fraction = 0>) model #neuron params {v_threshold = 5, v_init = 0} : !snn.signal<10x10, binary>
  %o = snn.project %h through #snn.dense weights 3.0 delay 1 : !snn.signal<10x10, binary> -> !snn.current<70>
  %s = snn.population "out" (in: %o accumulate exact<i32, fraction = 0>) model #neuron params {v_threshold = 5, v_init = 0} : !snn.signal<70, binary>
  snn.output %s : !snn.signal<70, binary>
}
// 64 neurons are what a core has; 40 neurons of 100 synapses each fill 4000 of its 4096 words.
// CHECK:      template.mapping @mapping of @n on "template4" digest "{{[0-9a-f]+}}" {
// CHECK-NEXT:   "hidden"[0 : 64] core ?
// CHECK-NEXT:   "hidden"[64 : 100] core ?
// CHECK-NEXT:   "out"[0 : 40] core ?
// CHECK-NEXT:   "out"[40 : 70] core ?
// CHECK-NEXT: }
// PIN:      on "template1"
// PIN-NEXT:   "hidden"[0 : 64] core ?
// PIN-NEXT:   "hidden"[64 : 100] core ?
// PIN-NEXT:   "out"[0 : 40] core 0
// PIN-NEXT:   "out"[40 : 70] core 0
