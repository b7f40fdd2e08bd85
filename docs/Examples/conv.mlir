// The convolutional network 28x28-32c3-pool2-64c3-pool2-10 of the peers' workload conv_t16; weights and biases by the portable hash.
#lif = #snn.lif<state = f32, integration = discrete, reset = subtract, fires = above, when = next_step, refractory = none>
#conv = #snn.conv2d<kernel = [3, 3], stride = [1, 1], pad = [1, 1, 1, 1], dilation = [1, 1], groups = 1>
snn.parameter @w0 : tensor<32x1x3x3xf32> = #snn.random<uniform(-2.0, 2.0), generator = mix64, seed = 200, stream = 0>
snn.parameter @b0 : tensor<32xf32> = #snn.random<uniform(-0.3333300054073334, 0.3333300054073334), generator = mix64, seed = 250, stream = 0>
snn.parameter @w1 : tensor<64x32x3x3xf32> = #snn.random<uniform(-0.23569999635219574, 0.23569999635219574), generator = mix64, seed = 201, stream = 0>
snn.parameter @b1 : tensor<64xf32> = #snn.random<uniform(-0.05892999842762947, 0.05892999842762947), generator = mix64, seed = 251, stream = 0>
snn.parameter @w2 : tensor<10x3136xf32> = #snn.random<uniform(-0.01785700023174286, 0.01785700023174286), generator = mix64, seed = 202, stream = 0>
snn.parameter @b2 : tensor<10xf32> = #snn.random<uniform(-0.01785700023174286, 0.01785700023174286), generator = mix64, seed = 252, stream = 0>
snn.network @conv(%x: !snn.signal<1x28x28, binary>) -> (!snn.signal<10, binary>) attributes {dt = "steps"} {
  %i0 = snn.project %x through #conv weights @w0 delay 0 : !snn.signal<1x28x28, binary> -> !snn.current<32x28x28>
  %s0 = snn.population "c1" (in: %i0 accumulate ordered<f32> bias #snn.param<@b0>) model #lif params {decay = 0.9, r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<32x28x28, binary>
  %p0 = snn.pool max %s0 kernel [2, 2] stride [2, 2] : !snn.signal<32x28x28, binary> -> !snn.signal<32x14x14, binary>
  %i1 = snn.project %p0 through #conv weights @w1 delay 0 : !snn.signal<32x14x14, binary> -> !snn.current<64x14x14>
  %s1 = snn.population "c2" (in: %i1 accumulate ordered<f32> bias #snn.param<@b1>) model #lif params {decay = 0.9, r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<64x14x14, binary>
  %p1 = snn.pool max %s1 kernel [2, 2] stride [2, 2] : !snn.signal<64x14x14, binary> -> !snn.signal<64x7x7, binary>
  %i2 = snn.project %p1 through #snn.dense weights @w2 delay 0 : !snn.signal<64x7x7, binary> -> !snn.current<10>
  %s2 = snn.population "f" (in: %i2 accumulate ordered<f32> bias #snn.param<@b2>) model #lif params {decay = 0.9, r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<10, binary>
  snn.output %s2 : !snn.signal<10, binary>
}
func.func @main(%x: tensor<?x16x1x28x28xi8>) -> tensor<?x10xi32> {
  %r = snn.simulate @conv(%x) steps(16) reset(per_sample) readout(count) : (tensor<?x16x1x28x28xi8>) -> tensor<?x10xi32>
  return %r : tensor<?x10xi32>
}
