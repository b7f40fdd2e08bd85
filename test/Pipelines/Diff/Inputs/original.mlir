// Three hidden neurons and two outputs that give what they receive.
#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
snn.parameter @w0 : tensor<3x4xf32> = dense<[[0.5, 0.25, 0.0, -0.5], [0.0, 1.0, -0.25, 0.125], [-1.0, 0.5, 0.75, 0.0]]>
snn.parameter @w1 : tensor<2x3xf32> = dense<[[1.0, -0.5, 0.25], [-0.25, 0.75, 0.5]]>
snn.network @net(%x: !snn.signal<4, analogue<f32>>) -> !snn.signal<2, analogue<f32>> attributes {dt = "steps"} {
  %i0 = snn.project %x through #snn.dense weights @w0 delay 0 : !snn.signal<4, analogue<f32>> -> !snn.current<3>
  %s0 = snn.population "hidden" (in: %i0 accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<3, binary>
  %i1 = snn.project %s0 through #snn.dense weights @w1 delay 1 : !snn.signal<3, binary> -> !snn.current<2>
  %s1 = snn.population "last" (in: %i1 accumulate ordered<f32>) model #snn.linear<state = f32>
    params {} : !snn.signal<2, analogue<f32>>
  snn.output %s1 : !snn.signal<2, analogue<f32>>
}
func.func @main(%x: tensor<?x4xf32>) -> tensor<?x2xf32> {
  %r = snn.simulate @net(%x) steps(8) reset(per_sample) readout(current_sum) : (tensor<?x4xf32>) -> tensor<?x2xf32>
  return %r : tensor<?x2xf32>
}
