// Neurons of one parity talk to each other only: a slice is a set of neurons.
// RUN: sf-opt --load-plugin=%plugins/SpiNNaker.so %s --pnr-partition="machine=spinn3 max-neurons=4" --pnr-place --pnr-route --pnr-allocate --pnr-compress --pnr-verify -o %t.mlir
// RUN: FileCheck %s < %t.mlir
// RUN: sf-opt --load-plugin=%plugins/SpiNNaker.so %t.mlir --emit-bytecode -o %t.mlirbc && sf-opt --load-plugin=%plugins/SpiNNaker.so %t.mlirbc | diff %t.mlir -
// CHECK:      "input0_0" of "input0"[0 : 1, 2 : 3, 4 : 5, 6 : 7] uses [1, 0]
// CHECK-NEXT: "input0_1" of "input0"[1 : 2, 3 : 4, 5 : 6, 7 : 8] uses [1, 0]
// Rows of the inputs are one synapse, of the others three: 4 x (3 + 1) x 4 + 4 x (3 + 3) x 4 bytes.
// CHECK-NEXT: "a_0" of "a"[0 : 1, 2 : 3, 4 : 5, 6 : 7] uses [1, 160]
// CHECK-NEXT: "a_1" of "a"[1 : 2, 3 : 4, 5 : 6, 7 : 8] uses [1, 160]
// CHECK:      pnr.messages {
// CHECK-NEXT:   0 to [2] packets 4.000000e+00 keys 4
// CHECK-NEXT:   1 to [3] packets 4.000000e+00 keys 4
// CHECK-NEXT:   2 to [2] packets 4.000000e+00 keys 4
// CHECK-NEXT:   3 to [3] packets 4.000000e+00 keys 4

// Ranges have to ascend.
// RUN: sed 's/"a"\[0 : 1, 2 : 3/"a"[2 : 3, 0 : 1/' %t.mlir > %t.bad.mlir
// RUN: %exits 1 sf-opt --load-plugin=%plugins/SpiNNaker.so %t.bad.mlir --pnr-verify 2>&1 | FileCheck %s --check-prefix=BAD
// BAD: error: slice 'a_0' has neurons that 'a' does not have
#neuron = #snn.if<state = f32, reset = to_value, fires = at_or_above, when = same_step>
!s = !snn.signal<8, binary>
snn.parameter @rows : tensor<9xi64> = dense<[0, 3, 6, 9, 12, 15, 18, 21, 24]>
snn.parameter @columns : tensor<24xi32> = dense<[2, 4, 6, 3, 5, 7, 0, 4, 6, 1, 5, 7, 0, 2, 6, 1, 3, 7, 0, 2, 4, 1, 3, 5]>
snn.network @net(%x: !s) -> (!s) attributes {dt = "steps"} {
  %i = snn.project %x through #snn.one_to_one delay 1 : !s -> !snn.current<8>
  %j = snn.project %a through #snn.csr<rows = @rows, columns = @columns> weights 0.5 delay 1 : !s -> !snn.current<8>
  %a = snn.population "a" (in: %i, %j accumulate ordered<f32>) model #neuron params {r = 1.0, v_threshold = 1.0, v_reset = 0.0, v_init = 0.0} : !s
  snn.output %a : !s
}
