// Two neurons count their input; the second one starts at half its threshold.
#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
snn.parameter @start : tensor<2xf32> = dense<[0.0, 0.5]>
snn.network @net(%x: !snn.signal<2, analogue<f32>>) -> !snn.signal<2, binary> attributes {dt = "steps"} {
  %i = snn.project %x through #snn.one_to_one weights 1.0 delay 0 : !snn.signal<2, analogue<f32>> -> !snn.current<2>
  %s = snn.population "classes" (in: %i accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = #snn.param<@start>} : !snn.signal<2, binary>
  snn.output %s : !snn.signal<2, binary>
}
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xi32> {
  %r = snn.simulate @net(%x) steps(4) reset(per_sample) readout(count) : (tensor<?x2xf32>) -> tensor<?x2xi32>
  return %r : tensor<?x2xi32>
}
