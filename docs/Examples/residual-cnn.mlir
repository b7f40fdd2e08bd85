// A residual block as a converted network has it: both branches meet in one receptor, the average pool is a sum whose quarter is in the next
// weights, the output is a current that the readout sums. Weights are random here; a conversion puts resources in their place.
#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
#c3 = #snn.conv2d<kernel = [3, 3], stride = [1, 1], pad = [1, 1, 1, 1], dilation = [1, 1], groups = 1>
#c3s2 = #snn.conv2d<kernel = [3, 3], stride = [2, 2], pad = [1, 1, 1, 1], dilation = [1, 1], groups = 1>
#c1s2 = #snn.conv2d<kernel = [1, 1], stride = [2, 2], pad = [0, 0, 0, 0], dilation = [1, 1], groups = 1>
snn.parameter @stem : tensor<8x1x3x3xf32> = #snn.random<normal(0.05, 0.3), generator = philox, seed = 9, stream = 0>
snn.parameter @a1 : tensor<8x8x3x3xf32> = #snn.random<normal(0.0, 0.15), generator = philox, seed = 9, stream = 1>
snn.parameter @a2 : tensor<8x8x3x3xf32> = #snn.random<normal(0.0, 0.15), generator = philox, seed = 9, stream = 2>
snn.parameter @b1 : tensor<16x8x3x3xf32> = #snn.random<normal(0.0, 0.15), generator = philox, seed = 9, stream = 3>
snn.parameter @b2 : tensor<16x16x3x3xf32> = #snn.random<normal(0.0, 0.12), generator = philox, seed = 9, stream = 4>
snn.parameter @skip : tensor<16x8x1x1xf32> = #snn.random<normal(0.0, 0.3), generator = philox, seed = 9, stream = 5>
snn.parameter @head : tensor<10x784xf32> = #snn.random<normal(0.0, 0.05), generator = philox, seed = 9, stream = 6>
snn.parameter @bias : tensor<16xf32> = #snn.random<uniform(-0.05, 0.05), generator = philox, seed = 9, stream = 7>
snn.network @residual(%x: !snn.signal<1x28x28, analogue<f32>>) -> (!snn.signal<10, analogue<f32>>) attributes {dt = "steps"} {
  %image = snn.encode "input" by #snn.constant_current of %x : !snn.signal<1x28x28, analogue<f32>> -> !snn.signal<1x28x28, analogue<f32>>
  %i0 = snn.project %image through #c3 weights @stem delay 0 : !snn.signal<1x28x28, analogue<f32>> -> !snn.current<8x28x28>
  %s0 = snn.population "stem" (in: %i0 accumulate ordered<f32>) model #if params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<8x28x28, binary>
  %i1 = snn.project %s0 through #c3 weights @a1 delay 0 : !snn.signal<8x28x28, binary> -> !snn.current<8x28x28>
  %s1 = snn.population "block1/conv1" (in: %i1 accumulate ordered<f32>) model #if params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<8x28x28, binary>
  %i2 = snn.project %s1 through #c3 weights @a2 delay 0 : !snn.signal<8x28x28, binary> -> !snn.current<8x28x28>
  %i3 = snn.project %s0 through #snn.one_to_one weights 0.75 delay 0 : !snn.signal<8x28x28, binary> -> !snn.current<8x28x28>
  %s2 = snn.population "block1/add" (in: %i2, %i3 accumulate ordered<f32>) model #if params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<8x28x28, binary>
  %i4 = snn.project %s2 through #c3s2 weights @b1 delay 0 : !snn.signal<8x28x28, binary> -> !snn.current<16x14x14>
  %s3 = snn.population "block2/conv1" (in: %i4 accumulate ordered<f32> bias #snn.param<@bias>) model #if params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<16x14x14, binary>
  %i5 = snn.project %s3 through #c3 weights @b2 delay 0 : !snn.signal<16x14x14, binary> -> !snn.current<16x14x14>
  %i6 = snn.project %s2 through #c1s2 weights @skip delay 0 : !snn.signal<8x28x28, binary> -> !snn.current<16x14x14>
  %s4 = snn.population "block2/add" (in: %i5, %i6 accumulate ordered<f32>) model #if params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<16x14x14, binary>
  %p = snn.pool sum %s4 kernel [2, 2] stride [2, 2] : !snn.signal<16x14x14, binary> -> !snn.signal<16x7x7, count<4>>
  %f = snn.reshape %p : !snn.signal<16x7x7, count<4>> -> !snn.signal<784, count<4>>
  %i7 = snn.project %f through #snn.dense weights #snn.view<@head, transpose = [0, 1], scale = 0.25 : f64> delay 0 : !snn.signal<784, count<4>> -> !snn.current<10>
  %o = snn.population "output" (in: %i7 accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<10, analogue<f32>>
  snn.output %o : !snn.signal<10, analogue<f32>>
}
func.func @main(%x: tensor<?x1x28x28xf32>) -> tensor<?x10xf32> {
  %r = snn.simulate @residual(%x) steps(32) reset(per_sample) readout(current_sum) : (tensor<?x1x28x28xf32>) -> tensor<?x10xf32>
  return %r : tensor<?x10xf32>
}
