// Every operation, attribute and type round-trips through text, generic form and bytecode.
// RUN: sf-opt %s --verify-roundtrip | FileCheck %s
// RUN: sf-opt %s --mlir-print-op-generic | sf-opt | FileCheck %s
// RUN: sf-opt %s --emit-bytecode -o %t.mlirbc && sf-opt %t.mlirbc | FileCheck %s

// CHECK: snn.parameter @dense : tensor<4x2xf32> = dense<5.000000e-01>
snn.parameter @dense : tensor<4x2xf32> = dense<0.5>
snn.parameter @initial : tensor<4xf32> = dense<1.0>
// CHECK: snn.parameter @file : tensor<4xi32> = #snn.file<"w.bin", offset = 64, sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08">
snn.parameter @file : tensor<4xi32> = #snn.file<"w.bin", offset = 64, sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08">
// CHECK: snn.parameter @random : tensor<?xf32> = #snn.random<normal(3.500000e-01, 3.500000e-02), clip = (0.000000e+00, 1.000000e+00), generator = philox, seed = 1, stream = 3>
snn.parameter @random : tensor<?xf32> = #snn.random<normal(0.35, 0.035), clip = (0.0, 1.0), generator = philox, seed = 1, stream = 3>
// CHECK: snn.parameter @hash : tensor<4xf64> = #snn.random<uniform(-6.000000e+01, -5.000000e+01), generator = mix64, seed = 12, stream = 0>
snn.parameter @hash : tensor<4xf64> = #snn.random<uniform(-60.0, -50.0), generator = mix64, seed = 12, stream = 0>
snn.parameter @rows : tensor<5xi64> = dense<[0, 1, 2, 2, 3]>
snn.parameter @columns : tensor<3xi32> = dense<[0, 1, 2]>
snn.parameter @delays : tensor<3xi16> = dense<[1, 2, 3]>

// CHECK: snn.model @half states(v = %{{.*}}: f32) receptors(in = %{{.*}}: f32) params(theta = %{{.*}}: f32) {
snn.model @half states(v = %v : f32) receptors(in = %in : f32) params(theta = %theta : f32) {
  %c = arith.constant 5.0e-1 : f32
  %h = arith.mulf %v, %c : f32
  %v1 = arith.addf %h, %in : f32
  %f = arith.cmpf ogt, %v1, %theta : f32
  %r = arith.subf %v1, %theta : f32
  %v2 = arith.select %f, %r, %v1 : f32
  // CHECK: snn.yield %{{.*}} states(%{{.*}}) : i1, f32
  snn.yield %f states(%v2) : i1, f32
}

!binary = !snn.signal<4, binary>

// CHECK: snn.network @models(%{{.*}}: !snn.signal<4, binary>) -> (!snn.signal<4, binary>, !snn.signal<4, analogue<f32>>) attributes {dt = 1.000000e-04 : f64}
snn.network @models(%x: !binary) -> (!binary, !snn.signal<4, analogue<f32>>) attributes {dt = 1.0e-4 : f64} {
  // CHECK: snn.project %{{.*}} through #snn.one_to_one delay 1 : !snn.signal<4, binary> -> !snn.current<4>
  %i = snn.project %x through #snn.one_to_one delay 1 : !binary -> !snn.current<4>
  // CHECK: snn.population "if"(in: %{{.*}} accumulate ordered<f32>) model #snn.if<state = f32, reset = subtract, fires = at_or_above, when = next_step> params {r = 1.000000e+00 : f64, v_init = #snn.param<@initial>, v_threshold = 1.000000e+00 : f64} : !snn.signal<4, binary>
  %a = snn.population "if"(in: %i accumulate ordered<f32>) model #snn.if<state = f32, reset = subtract, fires = at_or_above, when = next_step> params {r = 1.0, v_threshold = 1.0, v_init = #snn.param<@initial>} : !binary
  // CHECK: snn.population "lif"(in: %{{.*}}, %{{.*}} accumulate exact<i32, fraction = 8> bias 5.000000e-01) model #snn.lif<state = f32, integration = euler, reset = to_value, fires = above, when = same_step, refractory = clamp> params {{.*}} onset 3 expose ["v"] : !snn.signal<4, binary>, !snn.signal<4, analogue<f32>>
  %b, %v = snn.population "lif" (in: %i, %r accumulate exact<i32, fraction = 8> bias 0.5) model #snn.lif<state = f32, integration = euler, reset = to_value, fires = above, when = same_step, refractory = clamp> params {tau = 2.0e-2, r = 1.0, v_leak = 0.0, v_threshold = 1.0, v_reset = 0.0, t_ref = 2.0e-3, v_init = #snn.random<uniform(0.0, 1.0), generator = philox, seed = 3, stream = 0>} onset 3 expose ["v"] : !binary, !snn.signal<4, analogue<f32>>
  // CHECK: model #snn.cuba_lif<state = f32, integration = exact, order = synapse_first, reset = none, fires = above, when = same_step, refractory = none>
  %c = snn.population "cuba" (in: %i accumulate saturating<i32, fraction = 4>) model #snn.cuba_lif<state = f32, integration = exact, order = synapse_first, reset = none, fires = above, when = same_step, refractory = none> params {tau_syn = 5.0e-3, tau_mem = 2.0e-2, r = 1.0, w_in = 1.0, v_leak = 0.0, v_threshold = 1.0, v_init = 0.0} : !binary
  // CHECK: model #snn.custom<@half> params {{.*}} : !snn.signal<4, binary>
  %d = snn.population "half" (in: accumulate ordered<f32> bias #snn.param<@initial>) model #snn.custom<@half> params {theta = 1.0, v_init = 0.0} : !binary
  // CHECK: model #snn.linear<state = f32> params {} : !snn.signal<4, analogue<f32>>
  %e = snn.population "out" (in: %w accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<4, analogue<f32>>
  // CHECK: through #snn.csr<rows = @rows, columns = @columns> weights @random delay (#snn.param<@delays>)
  %r = snn.project %c through #snn.csr<rows = @rows, columns = @columns> weights @random delay (#snn.param<@delays>) : !binary -> !snn.current<4>
  // CHECK: through #snn.fixed_probability<p = 2.000000e-02 : f64, first = 0, self = true, generator = mix64, seed = 11, stream = 0> weights 1.620000e+00 delay 1
  %p = snn.project %d through #snn.fixed_probability<p = 2.000000e-02 : f64, first = 0, self = true, generator = mix64, seed = 11, stream = 0> weights 1.62 delay 1 : !binary -> !snn.current<4>
  // CHECK: through #snn.fixed_total<count = 10, seed = 7, stream = 2> weights #snn.random<normal(0.000000e+00, 1.000000e+00), generator = philox, seed = 1, stream = 1> delay (#snn.random<normal(1.500000e+01, 7.500000e+00), clip = (1.000000e+00, 6.400000e+01), generator = philox, seed = 1, stream = 2>)
  %t = snn.project %d through #snn.fixed_total<count = 10, seed = 7, stream = 2> weights #snn.random<normal(0.0, 1.0), generator = philox, seed = 1, stream = 1> delay (#snn.random<normal(15.0, 7.5), clip = (1.0, 64.0), generator = philox, seed = 1, stream = 2>) : !binary -> !snn.current<4>
  // CHECK: through #snn.dense weights #snn.view<@hash2, transpose = [1, 0], scale = 2.500000e-01 : f64> delay 0
  %w = snn.project %d through #snn.dense weights #snn.view<@hash2, transpose = [1, 0], scale = 2.5e-1 : f64> delay 0 : !binary -> !snn.current<4>
  snn.output %b, %e : !binary, !snn.signal<4, analogue<f32>>
}
snn.parameter @hash2 : tensor<4x4xf32> = #snn.random<uniform(-1.0, 1.0), generator = mix64, seed = 12, stream = 0>
snn.parameter @kernel : tensor<3x2x2x2xf32> = dense<1.0>

// CHECK: snn.network @signals
snn.network @signals(%x: !snn.signal<2x5x5, analogue<f32>>, %g: !snn.signal<4, graded<ui8>>, %t: !snn.signal<4, ternary>) -> !snn.signal<3x4x4, analogue<f64>> attributes {dt = "steps"} {
  // CHECK: snn.constant 8.000000e+00 : !snn.signal<3, analogue<f32>>
  %k = snn.constant 8.0 : !snn.signal<3, analogue<f32>>
  // CHECK: snn.encode "noise" by #snn.poisson<probability = rate_dt, gain = 1.000000e+00 : f64, seed = 42, stream = 0> of %{{.*}} : !snn.signal<2x5x5, analogue<f32>> -> !snn.signal<2x5x5, binary>
  %n = snn.encode "noise" by #snn.poisson<probability = rate_dt, gain = 1.0 : f64, seed = 42, stream = 0> of %x : !snn.signal<2x5x5, analogue<f32>> -> !snn.signal<2x5x5, binary>
  // CHECK: snn.encode "image" by #snn.constant_current of %{{.*}} : !snn.signal<2x5x5, analogue<f32>> -> !snn.signal<2x5x5, analogue<f32>>
  %c = snn.encode "image" by #snn.constant_current of %x : !snn.signal<2x5x5, analogue<f32>> -> !snn.signal<2x5x5, analogue<f32>>
  // CHECK: snn.pool sum %{{.*}} kernel [2, 2] stride [2, 2] : !snn.signal<2x5x5, binary> -> !snn.signal<2x2x2, count<4>>
  %p = snn.pool sum %n kernel [2, 2] stride [2, 2] : !snn.signal<2x5x5, binary> -> !snn.signal<2x2x2, count<4>>
  // CHECK: snn.pool max
  %m = snn.pool max %c kernel [2, 3] stride [1, 2] : !snn.signal<2x5x5, analogue<f32>> -> !snn.signal<2x4x2, analogue<f32>>
  // CHECK: snn.reshape %{{.*}} : !snn.signal<2x2x2, count<4>> -> !snn.signal<8, count<4>>
  %f = snn.reshape %p : !snn.signal<2x2x2, count<4>> -> !snn.signal<8, count<4>>
  // CHECK: snn.concat %{{.*}}, %{{.*}} : !snn.signal<4, ternary>, !snn.signal<4, ternary> -> !snn.signal<8, ternary>
  %j = snn.concat %t, %d : !snn.signal<4, ternary>, !snn.signal<4, ternary> -> !snn.signal<8, ternary>
  // CHECK: snn.delay %{{.*}} by 2 : !snn.signal<4, ternary>
  %d = snn.delay %t by 2 : !snn.signal<4, ternary>
  // CHECK: snn.slice %{{.*}} from 1 : !snn.signal<4, ternary> -> !snn.signal<2, ternary>
  %h = snn.slice %t from 1 : !snn.signal<4, ternary> -> !snn.signal<2, ternary>
  // CHECK: through #snn.conv2d<kernel = [2, 2], stride = [1, 1], pad = [0, 0, 0, 0], dilation = [1, 1], groups = 1> weights @kernel delay 0
  %i = snn.project %n through #snn.conv2d<kernel = [2, 2], stride = [1, 1], pad = [0, 0, 0, 0], dilation = [1, 1], groups = 1> weights @kernel delay 0 : !snn.signal<2x5x5, binary> -> !snn.current<3x4x4>
  %o = snn.population "out" (in: %i accumulate ordered<f64>) model #snn.linear<state = f64> params {} : !snn.signal<3x4x4, analogue<f64>>
  snn.output %o : !snn.signal<3x4x4, analogue<f64>>
}

// CHECK: attributes {where = #snn.ref<@models, "lif">}
func.func @main(%x: tensor<?x4xf32>) -> (tensor<?x4xi32>, tensor<?x4xf32>) attributes {where = #snn.ref<@models, "lif">} {
  // CHECK: snn.simulate @models(%{{.*}}) steps(32) reset(per_sample) readout(count, current_sum) : (tensor<?x4xf32>) -> (tensor<?x4xi32>, tensor<?x4xf32>)
  %r:2 = snn.simulate @models(%x) steps(32) reset(per_sample) readout(count, current_sum) : (tensor<?x4xf32>) -> (tensor<?x4xi32>, tensor<?x4xf32>)
  // CHECK: snn.simulate @models(%{{.*}}) steps(?) reset(never) readout(first_spike, membrane_max)
  %q:2 = snn.simulate @models(%x) steps(?) reset(never) readout(first_spike, membrane_max) : (tensor<?x4xf32>) -> (tensor<?x4xi32>, tensor<?x4xf32>)
  return %r#0, %r#1 : tensor<?x4xi32>, tensor<?x4xf32>
}

// CHECK: snn.relations = [#snn.relation<"convert", approximates, {metric = "activation"}>]
module attributes {snn.relations = [#snn.relation<"convert", approximates, {metric = "activation"}>]} {}
