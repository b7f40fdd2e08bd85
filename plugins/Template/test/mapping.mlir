// The passes of core map for this chip by what TargetModel says of it.
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --pnr-partition=machine=template4 --pnr-place --pnr-route --pnr-allocate=key-bits=16 --pnr-compress --pnr-verify=key-bits=16 -o %t.mlir
// RUN: FileCheck %s --input-file=%t.mlir

// A mapping that is there stays, and with it what a user wrote.
// RUN: sf-opt --load-plugin=%plugins/Template.so %t.mlir --pnr-partition=machine=template1 --pnr-place --pnr-verify=key-bits=16 | diff %t.mlir -

// On four chips packets pass links.
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --pnr-partition=machine=template16 --pnr-place='pins=hidden=0/0,out=1/1,input0=1/0/2' --pnr-route --pnr-allocate=key-bits=16 --pnr-compress --pnr-verify=key-bits=16 | FileCheck %s --check-prefix=CHIPS

#neuron = #template.accumulate<leak = 0, reset = subtract>
snn.network @n(%x: !snn.signal<100, binary>) -> (!snn.signal<70, binary>) attributes {dt = "steps"} {
  %i = snn.project %x through #snn.one_to_one weights 3.0 delay 1 : !snn.signal<100, binary> -> !snn.current<100>
  %h = snn.population "hidden" (in: %i accumulate exact<i32, fraction = 0>) model #neuron params {v_threshold = 5, v_init = 0} : !snn.signal<100, binary>
  %o = snn.project %h through #snn.dense weights 3.0 delay 1 : !snn.signal<100, binary> -> !snn.current<70>
  %s = snn.population "out" (in: %o accumulate exact<i32, fraction = 0>) model #neuron params {v_threshold = 5, v_init = 0} : !snn.signal<70, binary>
  snn.output %s : !snn.signal<70, binary>
}
// A core has 64 neurons and 4096 words of synapses: 40 neurons of 100 synapses. An input takes nothing of the core where the host injects it.
// CHECK:      pnr.mapping @mapping of @n digest "{{[0-9a-f]+}}" on "template4" {
// CHECK-NEXT:   pnr.slices resources ["neurons", "synapses"] {
// CHECK-NEXT:     "input0_0" of "input0"[0 : 100] uses [0, 0] at (0, 0) core
// CHECK-NEXT:     "hidden_0" of "hidden"[0 : 50] uses [50, 50] at (0, 0) core
// CHECK-NEXT:     "hidden_1" of "hidden"[50 : 100] uses [50, 50] at (0, 0) core
// CHECK-NEXT:     "out_0" of "out"[0 : 35] uses [35, 3500] at (0, 0) core
// CHECK-NEXT:     "out_1" of "out"[35 : 70] uses [35, 3500] at (0, 0) core
// CHECK-NEXT:   }
// CHECK-NEXT:   pnr.messages {
// CHECK-NEXT:     0 to [1, 2] packets 1.000000e+02 keys 100
// CHECK-NEXT:     1 to [3, 4] packets 5.000000e+01 keys 50
// CHECK-NEXT:     2 to [3, 4] packets 5.000000e+01 keys 50
// CHECK-NEXT:   }
// Blocks of keys of 16 bits.
// CHECK-NEXT:   pnr.keys {
// CHECK-COUNT-3:  0x0000{{[0-9a-f]+}} mask
// CHECK:        }
// Both halves of the hidden layer go the same way, and their keys have an entry together.
// CHECK:        pnr.tables {
// CHECK-NEXT:     table (0, 0)
// CHECK-NEXT:       mask {{.*}} to ports [] cores [
// CHECK-NEXT:       mask {{.*}} to ports [] cores [
// CHECK-NEXT:   }

// CHIPS: "input0_0" {{.*}} at (1, 0) core 2
// CHIPS: "hidden_1" {{.*}} at (0, 0) core
// CHIPS: "out_1" {{.*}} at (1, 1) core
// CHIPS: pnr.tables {
// CHIPS:   table (1, 0)
// CHIPS:     to ports [2] cores []
