// Convolutions are cut along rows, so that a slice needs few rows of its source and not every channel.
// RUN: sf-opt --load-plugin=%plugins/SpiNNaker.so %s --pnr-partition=machine=spinn3 --pnr-place --pnr-route --pnr-allocate --pnr-compress --pnr-verify | FileCheck %s
// What neurons send is what the report of a run says.
// RUN: echo '{"rates": {"a": 0.5, "out": 0.25}}' > %t.json
// RUN: sf-opt --load-plugin=%plugins/SpiNNaker.so %s --pnr-partition="machine=spinn3 rates=%t.json" | FileCheck %s --check-prefix=RATES
// RUN: echo '{"rates": {"a": -1.0, "c": 0.25, "out": [1, 2]}}' > %t.bad.json
// RUN: %exits 1 sf-opt --load-plugin=%plugins/SpiNNaker.so %s --pnr-partition="machine=spinn3 rates=%t.bad.json" 2>&1 | FileCheck %s --check-prefix=BAD
// BAD: error: rates: {{.*}}bad.json:1:{{[0-9]+}}: error: needs spikes per step of at least 0
// BAD: error: rates: {{.*}}bad.json:1:{{[0-9]+}}: error: the network has no 'c' that sends spikes
// BAD: error: rates: {{.*}}bad.json:1:{{[0-9]+}}: error: needs a rate for each of 10 neurons, has 2

// CHECK:      "input0_0" of "input0"[0 : 2, 0 : 12, 0 : 20] uses [1, 0]
// CHECK-NEXT: "input0_1" of "input0"[0 : 2, 12 : 24, 0 : 20] uses [1, 0]
// Rows of 3 x 3 x 4 synapses of 480 sources: 480 x (3 + 36) x 4 bytes.
// CHECK-NEXT: "a_0" of "a"[0 : 4, 0 : 3, 0 : 20] uses [1, 74880]
// CHECK-NEXT: "a_1" of "a"[0 : 4, 3 : 6, 0 : 20] uses [1, 74880]
// CHECK-NEXT: "a_2" of "a"[0 : 4, 6 : 9, 0 : 20] uses [1, 74880]
// One row of the other half reaches it: 480 x (3 + 12) x 4 bytes more.
// CHECK-NEXT: "a_3" of "a"[0 : 4, 9 : 12, 0 : 20] uses [1, 103680]
// CHECK:      "b_0" of "b"[0 : 4, 0 : 3, 0 : 20] uses [1, 51840]
// CHECK-NEXT: "b_1" of "b"[0 : 4, 3 : 6, 0 : 20] uses [1, 66240]
// CHECK:      pnr.messages {
// CHECK-NEXT:   0 to [2, 3, 4, 5, 6] packets 4.800000e+02 keys 480
// CHECK-NEXT:   1 to [5, 6, 7, 8, 9] packets 4.800000e+02 keys 480
// CHECK-NEXT:   2 to [10, 11] packets 2.400000e+02 keys 240
// CHECK-NEXT:   3 to [10, 11, 12] packets 2.400000e+02 keys 240
// RATES:      0 to [2, 3, 4, 5, 6] packets 4.800000e+02 keys 480
// RATES-NEXT: 1 to
// RATES-NEXT: 2 to [10, 11] packets 1.200000e+02 keys 240
#neuron = #snn.if<state = f32, reset = to_value, fires = at_or_above, when = same_step>
snn.network @net(%x: !snn.signal<2x24x20, binary>) -> (!snn.signal<10, binary>) attributes {dt = "steps"} {
  %i = snn.project %x through #snn.conv2d<kernel = [3, 3], stride = [1, 1], pad = [1, 1, 1, 1], dilation = [1, 1], groups = 1> weights 0.5 delay 1 : !snn.signal<2x24x20, binary> -> !snn.current<4x24x20>
  %a = snn.population "a" (in: %i accumulate ordered<f32>) model #neuron params {r = 1.0, v_threshold = 1.0, v_reset = 0.0, v_init = 0.0} : !snn.signal<4x24x20, binary>
  %j = snn.project %a through #snn.conv2d<kernel = [3, 3], stride = [1, 1], pad = [1, 1, 1, 1], dilation = [1, 1], groups = 1> weights 0.5 delay 1 : !snn.signal<4x24x20, binary> -> !snn.current<4x24x20>
  %b = snn.population "b" (in: %j accumulate ordered<f32>) model #neuron params {r = 1.0, v_threshold = 1.0, v_reset = 0.0, v_init = 0.0} : !snn.signal<4x24x20, binary>
  %f = snn.reshape %b : !snn.signal<4x24x20, binary> -> !snn.signal<1920, binary>
  %k = snn.project %f through #snn.dense weights 0.5 delay 1 : !snn.signal<1920, binary> -> !snn.current<10>
  %o = snn.population "out" (in: %k accumulate ordered<f32>) model #neuron params {r = 1.0, v_threshold = 3.0, v_reset = 0.0, v_init = 0.0} : !snn.signal<10, binary>
  snn.output %o : !snn.signal<10, binary>
}
