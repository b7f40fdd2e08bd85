// RUN: sf-opt %s --split-input-file --snn-insert-relays=max-delay=4 --verify-diagnostics
// RUN: %exits 1 sf-opt %s --snn-insert-relays='min-delay=3 max-delay=4' 2>&1 | FileCheck %s
// CHECK: error: snn-insert-relays: needs max-delay of at least 5, has 4; a shorter one leaves delays that no relays add up to
#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
snn.parameter @w : tensor<4x4xf32> = dense<0.25>
snn.parameter @d : tensor<4x4xi32> = dense<7>
snn.parameter @s : tensor<4xi32> = dense<[1, 2, 9, 4]>
snn.network @net(%x: !snn.signal<4, binary>, %v: !snn.signal<4, analogue<f32>>) -> !snn.signal<4, binary> attributes {dt = "steps"} {
  // expected-error@below {{delay of a projection: needs 5 steps, has 4; a relay sends binary spikes on, not '!snn.signal<4, analogue<f32>>'}}
  %a = snn.project %v through #snn.dense weights 0.5 delay 5 : !snn.signal<4, analogue<f32>> -> !snn.current<4>
  // expected-error@below {{delays of single synapses: needs up to 7 steps, has 4; split the projection by delay}}
  %b = snn.project %x through #snn.dense weights @w delay (#snn.param<@d>) : !snn.signal<4, binary> -> !snn.current<4>
  // expected-error@below {{delays of single synapses: needs up to 9 steps, has 4; split the projection by delay}}
  %c = snn.project %x through #snn.dense weights @w delay (#snn.per_source<@s>) : !snn.signal<4, binary> -> !snn.current<4>
  // expected-error@below {{delays of single synapses: needs up to 6 steps, has 4; split the projection by delay}}
  %d = snn.project %x through #snn.dense weights @w delay (#snn.random<uniform(1.0, 8.0), clip = (1.0, 6.0), generator = philox, seed = 1, stream = 0>) : !snn.signal<4, binary> -> !snn.current<4>
  %p = snn.population "p" (in: %a, %b, %c, %d accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<4, binary>
  snn.output %p : !snn.signal<4, binary>
}
