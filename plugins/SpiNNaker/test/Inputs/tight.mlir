// Two populations that excite each other; one way takes a step, the other none.
#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
module {
snn.network @tight(%x: !snn.signal<4, binary>) -> !snn.signal<4, binary> attributes {dt = "steps"} {
  %i = snn.project %x through #snn.one_to_one delay 1 : !snn.signal<4, binary> -> !snn.current<4>
  %f = snn.project %b through #snn.one_to_one delay 1 : !snn.signal<4, binary> -> !snn.current<4>
  %a = snn.population "a" (in: %i, %f accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 2.0, v_init = 0.0} : !snn.signal<4, binary>
  %g = snn.project %a through #snn.one_to_one delay 0 : !snn.signal<4, binary> -> !snn.current<4>
  %b = snn.population "b" (in: %g accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<4, binary>
  snn.output %b : !snn.signal<4, binary>
}
func.func @main(%x: tensor<?x8x4xui8>) -> tensor<?x4xi32> {
  %r = snn.simulate @tight(%x) steps(8) reset(per_sample) readout(count) : (tensor<?x8x4xui8>) -> tensor<?x4xi32>
  return %r : tensor<?x4xi32>
}
}
