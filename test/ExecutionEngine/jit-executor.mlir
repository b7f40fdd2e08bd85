// The engines agree on a convolutional network with a pool, a delay and a random encoder, and the JIT is the engine of sf-run.
// RUN: sf-diff %s --engine=jit,reference --data=%S/Inputs/digits.csv --report=json | FileCheck %s --check-prefix=SAME
// RUN: sf-run %s --data=%S/Inputs/digits.csv --report=json --threads=2 | FileCheck %s --check-prefix=ENGINE
// SAME: "equal": true
// ENGINE: "engine": "jit"
snn.parameter @w1 : tensor<6x1x3x3xf32> = #snn.random<uniform(-0.5, 1.0), generator = philox, seed = 1, stream = 0>
snn.parameter @w2 : tensor<3x54xf32> = #snn.random<uniform(-0.5, 0.5), generator = philox, seed = 1, stream = 1>
snn.network @net(%x: !snn.signal<1x6x6, analogue<f32>>) -> !snn.signal<3, binary> attributes {dt = "steps"} {
  %e = snn.encode "pixels" by #snn.poisson<probability = rate_dt, gain = 1.0 : f64, seed = 7, stream = 0> of %x : !snn.signal<1x6x6, analogue<f32>> -> !snn.signal<1x6x6, binary>
  %i1 = snn.project %e through #snn.conv2d<kernel = [3, 3], stride = [1, 1], pad = [1, 1, 1, 1], dilation = [1, 1], groups = 1> weights @w1 delay 0 : !snn.signal<1x6x6, binary> -> !snn.current<6x6x6>
  %s1 = snn.population "features" (in: %i1 accumulate ordered<f32> bias 0.1) model #snn.lif<state = f32, integration = euler, reset = subtract, fires = above, when = same_step, refractory = none>
    params {tau = 2.0, r = 1.0, v_leak = 0.0, v_threshold = 0.5, v_init = 0.0} : !snn.signal<6x6x6, binary>
  %p = snn.pool max %s1 kernel [2, 2] stride [2, 2] : !snn.signal<6x6x6, binary> -> !snn.signal<6x3x3, binary>
  %i2 = snn.project %p through #snn.dense weights @w2 delay 2 : !snn.signal<6x3x3, binary> -> !snn.current<3>
  %s2 = snn.population "classes" (in: %i2 accumulate exact<i32, fraction = 12>) model #snn.if<state = f32, reset = subtract, fires = at_or_above, when = next_step>
    params {r = 1.0, v_threshold = 1.0, v_init = 0.0} onset 2 : !snn.signal<3, binary>
  snn.output %s2 : !snn.signal<3, binary>
}
func.func @main(%x: tensor<?x1x6x6xf32>) -> tensor<?x3xi32> {
  %r = snn.simulate @net(%x) steps(16) reset(per_sample) readout(count) : (tensor<?x1x6x6xf32>) -> tensor<?x3xi32>
  return %r : tensor<?x3xi32>
}
