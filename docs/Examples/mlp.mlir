// The multilayer perceptron 784-1024-1024-10 of the peers' workload mlp_t32: m = 0.9 m + I - s_prev; s = m > 1; weights
// a (2 u - 1), u the portable hash of the index in x n_out + out (stored inputs by outputs, so the views transpose).
#lif = #snn.lif<state = f32, integration = discrete, reset = subtract, fires = above, when = next_step, refractory = none>
snn.parameter @w0 : tensor<784x1024xf32> = #snn.random<uniform(-0.23473791778087616, 0.23473791778087616), generator = mix64, seed = 100, stream = 0>
snn.parameter @w1 : tensor<1024x1024xf32> = #snn.random<uniform(-0.22251136600971222, 0.22251136600971222), generator = mix64, seed = 101, stream = 0>
snn.parameter @w2 : tensor<1024x10xf32> = #snn.random<uniform(-0.17116299271583557, 0.17116299271583557), generator = mix64, seed = 102, stream = 0>
snn.network @mlp(%x: !snn.signal<784, binary>) -> (!snn.signal<10, binary>) attributes {dt = "steps"} {
  %i0 = snn.project %x through #snn.dense weights #snn.view<@w0, transpose = [1, 0], scale = 1.0 : f64> delay 0 : !snn.signal<784, binary> -> !snn.current<1024>
  %s0 = snn.population "l0" (in: %i0 accumulate ordered<f32>) model #lif params {decay = 0.9, r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<1024, binary>
  %i1 = snn.project %s0 through #snn.dense weights #snn.view<@w1, transpose = [1, 0], scale = 1.0 : f64> delay 0 : !snn.signal<1024, binary> -> !snn.current<1024>
  %s1 = snn.population "l1" (in: %i1 accumulate ordered<f32>) model #lif params {decay = 0.9, r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<1024, binary>
  %i2 = snn.project %s1 through #snn.dense weights #snn.view<@w2, transpose = [1, 0], scale = 1.0 : f64> delay 0 : !snn.signal<1024, binary> -> !snn.current<10>
  %s2 = snn.population "l2" (in: %i2 accumulate ordered<f32>) model #lif params {decay = 0.9, r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<10, binary>
  snn.output %s2 : !snn.signal<10, binary>
}
func.func @main(%x: tensor<?x32x784xi8>) -> tensor<?x10xi32> {
  %r = snn.simulate @mlp(%x) steps(32) reset(per_sample) readout(count) : (tensor<?x32x784xi8>) -> tensor<?x10xi32>
  return %r : tensor<?x10xi32>
}
