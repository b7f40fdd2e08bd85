// Populations are cut into slices of at most 256 neurons of nearly equal size, inputs into 500; messages go where synapses are.
// RUN: sf-opt --load-plugin=%plugins/SpiNNaker.so %s --pnr-partition=machine=spinn3 --pnr-verify | FileCheck %s
// RUN: sf-opt --load-plugin=%plugins/SpiNNaker.so %s --pnr-partition=machine=spinn3 --pnr-place --pnr-route --pnr-allocate --pnr-compress --pnr-verify -o %t.mlir
// RUN: sf-opt --load-plugin=%plugins/SpiNNaker.so %t.mlir --pnr-partition=machine=spinn5 | diff %t.mlir -

// A network that changed since is found.
// RUN: sed 's/v_threshold = 1.0/v_threshold = 2.0/' %t.mlir > %t.changed.mlir
// RUN: %exits 1 sf-opt --load-plugin=%plugins/SpiNNaker.so %t.changed.mlir --pnr-verify 2>&1 | FileCheck %s --check-prefix=CHANGED
// CHANGED: error: network @net has changed since it was mapped; partition it again
// So are neurons in no slice or in two.
// RUN: sed 's/"a"\[0 : 200\]/"a"[0 : 199]/; s/"b"\[0 : 10\]/"b"[0 : 11]/' %t.mlir > %t.cover.mlir
// RUN: %exits 1 sf-opt --load-plugin=%plugins/SpiNNaker.so %t.cover.mlir --pnr-verify 2>&1 | FileCheck %s --check-prefix=COVER
// COVER: error: neuron 199 of 'a' is in no slice
// COVER: error: slice 'b_0' has neurons that 'b' does not have
// RUN: sed 's/"a"\[0 : 200\]/"a"[0 : 201]/' %t.mlir > %t.twice.mlir
// RUN: %exits 1 sf-opt --load-plugin=%plugins/SpiNNaker.so %t.twice.mlir --pnr-verify 2>&1 | FileCheck %s --check-prefix=TWICE
// TWICE: error: slice 'a_1' has neuron 200 of 'a', which slice 'a_0' has too

// 600 inputs: 300 x 2. Rows of input to a are one synapse, 300 x (3 + 1) x 4 bytes for two of the slices; the slice in the middle gets 100 and 100 of each.
// CHECK:      pnr.mapping @mapping of @net digest "{{[0-9a-f]+}}" on "spinn3" {
// CHECK-NEXT:   pnr.slices resources ["cores", "sdram"] {
// CHECK-NEXT:     "input0_0" of "input0"[0 : 300] uses [1, 0] at ?
// CHECK-NEXT:     "input0_1" of "input0"[300 : 600] uses [1, 0] at ?
// CHECK-NEXT:     "a_0" of "a"[0 : 200] uses [1, 4800] at ?
// CHECK-NEXT:     "a_1" of "a"[200 : 400] uses [1, 9600] at ?
// CHECK-NEXT:     "a_2" of "a"[400 : 600] uses [1, 4800] at ?
// CHECK-NEXT:     "b_0" of "b"[0 : 10] uses [1, 31200] at ?
// CHECK-NEXT:   }
// CHECK-NEXT:   pnr.messages {
// CHECK-NEXT:     0 to [2, 3] packets 3.000000e+02 keys 300
// CHECK-NEXT:     1 to [3, 4] packets 3.000000e+02 keys 300
// CHECK-NEXT:     2 to [5] packets 2.000000e+02 keys 200
// CHECK-NEXT:     3 to [5] packets 2.000000e+02 keys 200
// CHECK-NEXT:     4 to [5] packets 2.000000e+02 keys 200
// CHECK-NEXT:   }
#neuron = #snn.if<state = f32, reset = to_value, fires = at_or_above, when = same_step>
snn.network @net(%x: !snn.signal<600, binary>) -> (!snn.signal<10, binary>) attributes {dt = "steps"} {
  %r = snn.reshape %x : !snn.signal<600, binary> -> !snn.signal<30x20, binary>
  %i = snn.project %r through #snn.one_to_one delay 1 : !snn.signal<30x20, binary> -> !snn.current<30x20>
  %a = snn.population "a" (in: %i accumulate ordered<f32>) model #neuron params {r = 1.0, v_threshold = 1.0, v_reset = 0.0, v_init = 0.0} : !snn.signal<30x20, binary>
  %j = snn.project %a through #snn.dense weights 0.5 delay 1 : !snn.signal<30x20, binary> -> !snn.current<10>
  %b = snn.population "b" (in: %j accumulate ordered<f32>) model #neuron params {r = 1.0, v_threshold = 3.0, v_reset = 0.0, v_init = 0.0} : !snn.signal<10, binary>
  snn.output %b : !snn.signal<10, binary>
}
