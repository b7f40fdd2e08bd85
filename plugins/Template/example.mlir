// A float network that the chip can run: 16 inputs, 24 neurons that also excite and inhibit each other, 4 outputs. Every
// projection takes a step, so each population begins one step after the one before it.
#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
snn.parameter @w0 : tensor<24x16xf32> = #snn.random<uniform(-0.3, 0.5), generator = philox, seed = 1, stream = 0>
snn.parameter @w1 : tensor<4x24xf32> = #snn.random<uniform(-0.4, 0.5), generator = philox, seed = 1, stream = 1>
snn.network @example(%x: !snn.signal<16, binary>) -> !snn.signal<4, binary> attributes {dt = "steps"} {
  %i = snn.project %x through #snn.dense weights @w0 delay 1 : !snn.signal<16, binary> -> !snn.current<24>
  %r = snn.project %h through #snn.one_to_one weights -0.25 delay 3 : !snn.signal<24, binary> -> !snn.current<24>
  %h = snn.population "hidden" (in: %i, %r accumulate ordered<f32> bias 0.125) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} onset 1 : !snn.signal<24, binary>
  %o = snn.project %h through #snn.dense weights @w1 delay 1 : !snn.signal<24, binary> -> !snn.current<4>
  %s = snn.population "out" (in: %o accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.0} onset 2 : !snn.signal<4, binary>
  snn.output %s : !snn.signal<4, binary>
}
func.func @main(%x: tensor<?x32x16xui8>) -> tensor<?x4xi32> {
  %r = snn.simulate @example(%x) steps(32) reset(per_sample) readout(count) : (tensor<?x32x16xui8>) -> tensor<?x4xi32>
  return %r : tensor<?x4xi32>
}
