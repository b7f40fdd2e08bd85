// The same for any number of steps.
#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
module {
snn.parameter @w : tensor<2x3xf32> = dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]>
snn.network @net(%x: !snn.signal<1x3, analogue<f32>>) -> !snn.signal<2, analogue<f32>> attributes {dt = "steps"} {
  %s = snn.encode "input" by #snn.constant_current of %x : !snn.signal<1x3, analogue<f32>> -> !snn.signal<1x3, analogue<f32>>
  %f = snn.reshape %s : !snn.signal<1x3, analogue<f32>> -> !snn.signal<3, analogue<f32>>
  %c = snn.project %f through #snn.dense weights @w delay 0 : !snn.signal<3, analogue<f32>> -> !snn.current<2>
  %p = snn.population "hidden" (in: %c accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<2, binary>
  %d = snn.project %p through #snn.one_to_one weights 0.25 delay 0 : !snn.signal<2, binary> -> !snn.current<2>
  %o = snn.population "output" (in: %d accumulate ordered<f32> bias -0.5) model #snn.linear<state = f32> params {} : !snn.signal<2, analogue<f32>>
  snn.output %o : !snn.signal<2, analogue<f32>>
}
func.func @main(%x: tensor<1x1x3xf32>) -> tensor<1x2xf32> {
  %r = snn.simulate @net(%x) steps(?) reset(per_sample) readout(current_sum) : (tensor<1x1x3xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
}
