// original.mlir as a target might have left it: hidden neurons on two cores, everything one step later, outputs twice as large.
#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
module attributes {snn.relations = [
    #snn.relation<"partition", renamed, {"core 0" = "hidden", "core 1" = ["hidden", 2]}>,
    #snn.relation<"legalize", retimed, {"core 0" = 1, "core 1" = 1, "last" = 1}>,
    #snn.relation<"quantize", requantised, {scales = {"last" = 2.0}}>]} {
  snn.parameter @w0 : tensor<2x4xf32> = dense<[[0.5, 0.25, 0.0, -0.5], [0.0, 1.0, -0.25, 0.125]]>
  snn.parameter @w1 : tensor<1x4xf32> = dense<[[-1.0, 0.5, 0.75, 0.0]]>
  snn.parameter @w2 : tensor<2x3xf32> = dense<[[2.0, -1.0, 0.5], [-0.5, 1.5, 1.0]]>
  snn.network @net(%x: !snn.signal<4, analogue<f32>>) -> !snn.signal<2, analogue<f32>> attributes {dt = "steps"} {
    %i0 = snn.project %x through #snn.dense weights @w0 delay 1 : !snn.signal<4, analogue<f32>> -> !snn.current<2>
    %s0 = snn.population "core 0" (in: %i0 accumulate ordered<f32>) model #if
      params {r = 1.0, v_threshold = 1.0, v_init = 0.5} onset 1 : !snn.signal<2, binary>
    %i1 = snn.project %x through #snn.dense weights @w1 delay 1 : !snn.signal<4, analogue<f32>> -> !snn.current<1>
    %s1 = snn.population "core 1" (in: %i1 accumulate ordered<f32>) model #if
      params {r = 1.0, v_threshold = 1.0, v_init = 0.5} onset 1 : !snn.signal<1, binary>
    %s = snn.concat %s0, %s1 : !snn.signal<2, binary>, !snn.signal<1, binary> -> !snn.signal<3, binary>
    %i2 = snn.project %s through #snn.dense weights @w2 delay 1 : !snn.signal<3, binary> -> !snn.current<2>
    %o = snn.population "last" (in: %i2 accumulate ordered<f32>) model #snn.linear<state = f32>
      params {} onset 1 : !snn.signal<2, analogue<f32>>
    snn.output %o : !snn.signal<2, analogue<f32>>
  }
  func.func @main(%x: tensor<?x4xf32>) -> tensor<?x2xf32> {
    %r = snn.simulate @net(%x) steps(8) reset(per_sample) readout(current_sum) : (tensor<?x4xf32>) -> tensor<?x2xf32>
    return %r : tensor<?x2xf32>
  }
}
