// Every projection gets a step at least; what is later says so by its onset, and the relation by how much.
// RUN: sf-opt %s --split-input-file --snn-retime | FileCheck %s
// RUN: sf-opt %s --split-input-file --snn-retime --snn-retime | FileCheck %s
#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>

// A layer after the other; the shortcut from the input waits for the longer way.
// CHECK: module attributes {snn.relations = [#snn.relation<"legalize", retimed, {first = 1 : i64, second = 2 : i64}>]}
// CHECK-LABEL: snn.network @layers
// CHECK: snn.project %arg0 through #snn.one_to_one delay 1
// CHECK: snn.population "first"{{.*}} onset 1
// CHECK: snn.project %{{.*}} through #snn.one_to_one delay 1
// CHECK: snn.project %arg0 through #snn.one_to_one delay 2
// CHECK: snn.population "second"{{.*}} onset 2
module {
snn.network @layers(%x: !snn.signal<4, binary>) -> !snn.signal<4, binary> attributes {dt = "steps"} {
  %a = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<4, binary> -> !snn.current<4>
  %p = snn.population "first" (in: %a accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<4, binary>
  %b = snn.project %p through #snn.one_to_one delay 0 : !snn.signal<4, binary> -> !snn.current<4>
  %c = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<4, binary> -> !snn.current<4>
  %q = snn.population "second" (in: %b, %c accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<4, binary>
  snn.output %q : !snn.signal<4, binary>
}
}
// -----
#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
// A cycle has delay enough: what the forward way takes, the backward way gives. A delay before a projection joins it; a
// projection that two populations take splits; delays of single synapses stay and wait before.
// CHECK: snn.relations = [#snn.relation<"legalize", retimed, {i = 1 : i64, late = 1 : i64}>]
// CHECK-LABEL: snn.network @cycle
// CHECK: %[[I:.*]] = snn.project %arg0 through #snn.one_to_one delay 4
// CHECK: %[[IN:.*]] = snn.project %arg0 through #snn.one_to_one delay 3
// CHECK: %[[BACK:.*]] = snn.project %[[P:.*]] through #snn.one_to_one delay 2
// CHECK: %[[E:.*]] = snn.population "e"(in: %[[IN]], %[[BACK]]
// CHECK-NOT: onset
// CHECK: %[[FORTH:.*]] = snn.project %[[E]] through #snn.one_to_one delay 1
// CHECK: %[[P]] = snn.population "i"(in: %[[FORTH]], %[[I]] {{.*}} onset 3
// CHECK: %[[W:.*]] = snn.delay %arg0 by 1
// CHECK: snn.project %[[W]] through #snn.dense weights @w delay (#snn.param<@d>)
// CHECK: snn.project %[[E]] through #snn.one_to_one delay 1
// CHECK: snn.population "late"{{.*}} onset 1
module {
snn.parameter @w : tensor<4x4xf32> = dense<0.25>
snn.parameter @d : tensor<4x4xi32> = dense<3>
snn.network @cycle(%x: !snn.signal<4, binary>) -> !snn.signal<4, binary> attributes {dt = "steps"} {
  %l = snn.delay %x by 3 : !snn.signal<4, binary>
  %a = snn.project %l through #snn.one_to_one delay 0 : !snn.signal<4, binary> -> !snn.current<4>
  %r = snn.project %q through #snn.one_to_one delay 3 : !snn.signal<4, binary> -> !snn.current<4>
  %p = snn.population "e"(in: %a, %r accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<4, binary>
  %b = snn.project %p through #snn.one_to_one delay 0 : !snn.signal<4, binary> -> !snn.current<4>
  %q = snn.population "i" (in: %b, %a accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} onset 2 : !snn.signal<4, binary>
  %s = snn.project %x through #snn.dense weights @w delay (#snn.param<@d>) : !snn.signal<4, binary> -> !snn.current<4>
  %t = snn.project %p through #snn.one_to_one delay 0 : !snn.signal<4, binary> -> !snn.current<4>
  %u = snn.population "late" (in: %s, %t accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<4, binary>
  snn.output %u : !snn.signal<4, binary>
}
}
// -----
#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
// Nothing to do is nothing done.
// CHECK: module {
// CHECK-NOT: relations
// CHECK: snn.network @fast
// CHECK-NOT: onset
module {
snn.network @fast(%x: !snn.signal<4, binary>) -> !snn.signal<4, binary> attributes {dt = "steps"} {
  %a = snn.project %x through #snn.one_to_one delay 1 : !snn.signal<4, binary> -> !snn.current<4>
  %p = snn.population "p" (in: %a accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<4, binary>
  snn.output %p : !snn.signal<4, binary>
}
}
