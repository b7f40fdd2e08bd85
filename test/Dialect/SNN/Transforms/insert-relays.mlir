// Long delays go over relays, which are shared; a rest that would be too short moves the last relay.
// RUN: sf-opt %s --snn-insert-relays=max-delay=15 | FileCheck %s
// RUN: sf-opt %s --snn-insert-relays='min-delay=3 max-delay=8' | FileCheck %s --check-prefix=SHORT
#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>

// CHECK: snn.relations = [#snn.relation<"legalize", identical, {}>]
// CHECK: snn.project %[[R15:.*]] through #snn.dense weights 5.000000e-01 delay 2
// CHECK: snn.population "p"
// CHECK: snn.project %[[R30:.*]] through #snn.dense weights 2.500000e-01 delay 10
// CHECK: snn.project %{{.*}} through #snn.dense weights 1.250000e-01 delay 15
// CHECK: %[[I15:.*]] = snn.project %arg0 through #snn.one_to_one weights 1.000000e+00 delay 15
// CHECK: %[[R15]] = snn.population "input0_relay15"(in: %[[I15]] accumulate ordered<f32>)
// CHECK: %[[I30:.*]] = snn.project %[[R15]] through #snn.one_to_one weights 1.000000e+00 delay 15
// CHECK: %[[R30]] = snn.population "input0_relay30"(in: %[[I30]] accumulate ordered<f32>)

// 17 = 8 + 6 + 3, 40 = 5 x 8, 15 = 8 + 7.
// SHORT: snn.project %[[R14:.*]] through #snn.dense weights 5.000000e-01 delay 3
// SHORT: snn.project %[[R32:.*]] through #snn.dense weights 2.500000e-01 delay 8
// SHORT: snn.project %{{.*}} through #snn.dense weights 1.250000e-01 delay 7
// SHORT: "input0_relay8"
// SHORT: %[[R14]] = snn.population "input0_relay14"
snn.network @net(%x: !snn.signal<4, binary>) -> !snn.signal<4, binary> attributes {dt = "steps"} {
  %a = snn.project %x through #snn.dense weights 0.5 delay 17 : !snn.signal<4, binary> -> !snn.current<4>
  %p = snn.population "p" (in: %a accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<4, binary>
  %b = snn.project %x through #snn.dense weights 0.25 delay 40 : !snn.signal<4, binary> -> !snn.current<4>
  %c = snn.project %p through #snn.dense weights 0.125 delay 15 : !snn.signal<4, binary> -> !snn.current<4>
  %q = snn.population "q" (in: %b, %c accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<4, binary>
  snn.output %q : !snn.signal<4, binary>
}
