// What an activation becomes is chosen: spikes that can be taken back, several spikes in a step, or changes. The first
// activation has no upper bound, the second one has; a pool lies between them.
// RUN: sf-opt %s --convert-tosa-to-snn="timesteps=4 neuron=ternary" | FileCheck %s --check-prefix=TERNARY
// RUN: sf-opt %s --convert-tosa-to-snn="timesteps=4 neuron=burst" | FileCheck %s --check-prefix=BURST
// RUN: sf-opt %s --convert-tosa-to-snn="timesteps=4 neuron=sigma-delta delta-bits=3" | FileCheck %s --check-prefix=SIGMA
// RUN: sf-opt %s --convert-tosa-to-snn="timesteps=1 neuron=graded levels=5" | FileCheck %s --check-prefix=GRADED
// RUN: sf-opt %s --convert-tosa-to-snn="timesteps=4 neuron=if" > %t.if.mlir
// RUN: sf-opt %s --convert-tosa-to-snn="timesteps=4" | diff %t.if.mlir -

// No sum over windows takes ternary spikes: neurons without state say what they stand for.
// TERNARY: snn.relations = {{.*}}first = {theta = 2.000000e+00 : f64, value = "first"}
// TERNARY: snn.model @relu_ternary states(v = %[[V:.+]]: f32, sent = %[[SENT:.+]]: f32) receptors(in = %[[IN:.+]]: f32) params(v_threshold = %[[THETA:.+]]: f32)
// TERNARY-DAG: %[[ZERO:.+]] = arith.constant 0.000000e+00 : f32
// TERNARY-DAG: %[[NEW:.+]] = arith.addf %[[V]], %[[IN]] : f32
// TERNARY: %[[LOW:.+]] = arith.cmpf olt, %[[NEW]], %[[ZERO]] : f32
// TERNARY: %[[HAS:.+]] = arith.cmpf ogt, %[[SENT]], %[[ZERO]] : f32
// TERNARY: %[[DOWN:.+]] = arith.andi %[[LOW]], %[[HAS]] : i1
// TERNARY: %[[UP:.+]] = arith.cmpf oge, %[[NEW]], %[[THETA]] : f32
// TERNARY: %[[LESS:.+]] = arith.select %[[DOWN]], %{{.+}}, %[[ZERO]] : f32
// TERNARY: %[[SIGN:.+]] = arith.select %[[UP]], %{{.+}}, %[[LESS]] : f32
// TERNARY: %[[CHANGE:.+]] = arith.mulf %[[SIGN]], %[[THETA]] : f32
// TERNARY: %[[LEFT:.+]] = arith.subf %[[NEW]], %[[CHANGE]] : f32
// TERNARY: %[[SUM:.+]] = arith.addf %[[SENT]], %[[SIGN]] : f32
// TERNARY: %[[OUT:.+]] = arith.fptosi %[[SIGN]] : f32 to i8
// TERNARY: snn.yield %[[OUT]] states(%[[LEFT]], %[[SUM]]) : i8, f32, f32
// TERNARY: %[[S:.+]] = snn.population "first"({{.*}} bias #snn.param<@first.bias>) model #snn.custom<@relu_ternary> params {sent_init = 0.000000e+00 : f64, v_init = 1.000000e+00 : f64, v_threshold = 2.000000e+00 : f64} : !snn.signal<2x2x2, ternary>
// TERNARY: %[[P:.+]] = snn.project %[[S]] through #snn.one_to_one weights 2.000000e+00 delay 0
// TERNARY: %[[N:.+]] = snn.population "pool.values"(in: %[[P]] accumulate ordered<f32>) model #snn.linear<state = f32>
// TERNARY: snn.pool sum %[[N]] kernel [2, 2] stride [1, 1] : !snn.signal<2x2x2, analogue<f32>> -> !snn.signal<2x1x1, analogue<f32>>
// TERNARY: snn.population "last"({{.*}} model #snn.custom<@relu_ternary> params {sent_init = 0.000000e+00 : f64, v_init = 1.500000e+00 : f64, v_threshold = 3.000000e+00 : f64} : !snn.signal<2x1x1, ternary>
// TERNARY: snn.population "output"({{.*}} model #snn.linear
// TERNARY: readout(current_sum)
// TERNARY: tosa.mul

// BURST: snn.model @relu_burst states(v = %[[V:.+]]: f32) receptors(in = %[[IN:.+]]: f32) params(v_threshold = %[[THETA:.+]]: f32)
// BURST: %[[NEW:.+]] = arith.addf %[[V]], %[[IN]] : f32
// BURST: %[[MOST:.+]] = arith.constant 4.000000e+00 : f32
// BURST: %[[RATIO:.+]] = arith.divf %[[NEW]], %[[THETA]] : f32
// BURST: %[[LIMITED:.+]] = arith.minimumf %[[RATIO]], %[[MOST]] : f32
// BURST: %[[POSITIVE:.+]] = arith.maximumf %[[LIMITED]], %{{.+}} : f32
// BURST: %[[OUT:.+]] = arith.fptosi %[[POSITIVE]] : f32 to i32
// BURST: %[[COUNT:.+]] = arith.sitofp %[[OUT]] : i32 to f32
// BURST: %[[TAKEN:.+]] = arith.mulf %[[COUNT]], %[[THETA]] : f32
// BURST: %[[LEFT:.+]] = arith.subf %[[NEW]], %[[TAKEN]] : f32
// BURST: snn.yield %[[OUT]] states(%[[LEFT]]) : i32, f32
// BURST: snn.model @clamp_burst states(v = %{{.+}}: f32, room = %[[ROOM:.+]]: f32) receptors(in = %{{.+}}: f32) params(v_threshold = %{{.+}}: f32, rate = %[[RATE:.+]]: f32)
// BURST: %[[MORE:.+]] = arith.addf %[[ROOM]], %[[RATE]] : f32
// BURST: arith.minimumf %[[MORE]],
// BURST: snn.population "first"({{.*}} model #snn.custom<@relu_burst> params {v_init = 1.000000e+00 : f64, v_threshold = 2.000000e+00 : f64} : !snn.signal<2x2x2, count<4>>
// BURST: snn.pool sum {{.*}} -> !snn.signal<2x1x1, count<16>>
// BURST: snn.population "last"({{.*}} model #snn.custom<@clamp_burst> params {rate = 1.000000e+00 : f64, room_init = 0.000000e+00 : f64, v_init = 1.500000e+00 : f64, v_threshold = 3.000000e+00 : f64} : !snn.signal<2x1x1, count<4>>

// A bias is what one neuron sends in the first step. The threshold is an eighth; changes stand for themselves.
// SIGMA: snn.relations = {{.*}}first = {value = "first"}
// SIGMA: snn.model @clamp_sigma_delta states(sigma = %[[SIGMA:.+]]: f32, sent = %[[SENT:.+]]: f32) receptors(in = %[[IN:.+]]: f32) params(v_threshold = %[[THETA:.+]]: f32, upper = %[[UPPER:.+]]: f32)
// SIGMA: %[[NEW:.+]] = arith.addf %[[SIGMA]], %[[IN]] : f32
// SIGMA: %[[POSITIVE:.+]] = arith.maximumf %[[NEW]], %{{.+}} : f32
// SIGMA: %[[VALUE:.+]] = arith.minimumf %[[POSITIVE]], %[[UPPER]] : f32
// SIGMA: %[[CHANGE:.+]] = arith.subf %[[VALUE]], %[[SENT]] : f32
// SIGMA: arith.cmpf oge, %[[CHANGE]], %[[THETA]] : f32
// SIGMA: arith.cmpf ole, %[[CHANGE]], %{{.+}} : f32
// SIGMA: %[[X:.+]] = snn.encode "input" by #snn.constant_current
// SIGMA: %[[D:.+]] = snn.population "input.delta"({{.*}} model #snn.sigma_delta<state = f32, stages = delta> params {v_threshold = 0.000000e+00 : f64}
// SIGMA: %[[ONCE:.+]] = snn.population "once"(in: accumulate ordered<f32> bias 1.000000e+00) model #snn.sigma_delta<state = f32, stages = delta> params {v_threshold = 0.000000e+00 : f64} : !snn.signal<1, analogue<f32>>
// SIGMA: %[[I:.+]] = snn.project %[[D]] through #snn.conv2d
// SIGMA: %[[B:.+]] = snn.project %[[ONCE]] through #snn.dense weights @first.bias.weights delay 0 : !snn.signal<1, analogue<f32>> -> !snn.current<2x2x2>
// SIGMA: snn.population "first"(in: %[[I]], %[[B]] accumulate ordered<f32>) model #snn.sigma_delta<state = f32, stages = sigma_delta, activation = relu> params {v_threshold = 2.500000e-01 : f64} : !snn.signal<2x2x2, analogue<f32>>
// SIGMA: snn.pool sum
// SIGMA: snn.project %[[ONCE]] through #snn.dense
// SIGMA: snn.population "last"({{.*}} model #snn.custom<@clamp_sigma_delta> params {sent_init = 0.000000e+00 : f64, sigma_init = 0.000000e+00 : f64, upper = 3.000000e+00 : f64, v_threshold = 3.750000e-01 : f64}
// SIGMA: snn.population "output"({{.*}} model #snn.sigma_delta<state = f32, stages = sigma>
// SIGMA: readout(membrane_last)
// SIGMA-NOT: tosa.mul

// Half a level in the bias rounds to the nearest. A pool sums levels as numbers, and the height of one goes into the weights behind it.
// GRADED: snn.relations = {{.*}}first = {theta = 0.4{{[0-9]+}} : f64, value = "first"}
// GRADED: snn.model @relu_graded states() receptors(in = %[[IN:.+]]: f32) params(v_threshold = %[[THETA:.+]]: f32, levels = %[[LEVELS:.+]]: f32)
// GRADED: %[[RATIO:.+]] = arith.divf %[[IN]], %[[THETA]] : f32
// GRADED: %[[LIMITED:.+]] = arith.minimumf %[[RATIO]], %[[LEVELS]] : f32
// GRADED: %[[POSITIVE:.+]] = arith.maximumf %[[LIMITED]], %{{.+}} : f32
// GRADED: %[[OUT:.+]] = arith.fptosi %[[POSITIVE]] : f32 to i32
// GRADED: snn.yield %[[OUT]] : i32
// GRADED: snn.parameter @first.bias : tensor<2xf32> = dense<[4.500000e-01, 1.450000e+00]>
// GRADED: %[[S:.+]] = snn.population "first"({{.*}} bias #snn.param<@first.bias>) model #snn.custom<@relu_graded> params {levels = 5.000000e+00 : f64, v_threshold = {{[0-9.]+}} : f64} : !snn.signal<2x2x2, graded<ui3>>
// GRADED: %[[P:.+]] = snn.project %[[S]] through #snn.one_to_one weights 1.000000e+00 delay 0
// GRADED: %[[N:.+]] = snn.population "pool.levels"(in: %[[P]] accumulate ordered<f32>) model #snn.linear<state = f32>
// GRADED: snn.pool sum %[[N]]
// GRADED: snn.population "last"({{.*}} params {levels = 5.000000e+00 : f64, v_threshold = {{[0-9.]+}} : f64} : !snn.signal<2x1x1, graded<ui3>>

func.func @main(%x: tensor<1x2x2x2xf32>) -> tensor<1x1x1x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<[[[[1.0, 2.0]]], [[[3.0, 4.0]]]]> : tensor<2x1x1x2xf32>}> : () -> tensor<2x1x1x2xf32>
  %b = "tosa.const"() <{values = dense<[0.25, 1.25]> : tensor<2xf32>}> : () -> tensor<2xf32>
  %0 = tosa.conv2d %x, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32, snn.threshold = 2.0 : f32} : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32> loc("first")
  %2 = tosa.avg_pool2d %1, %zp, %zp {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32> loc("pool")
  %3 = tosa.conv2d %2, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  %4 = tosa.clamp %3 {min_val = 0.0 : f32, max_val = 3.0 : f32, snn.threshold = 5.0 : f32} : (tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32> loc("last")
  %5 = tosa.conv2d %4, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  return %5 : tensor<1x1x1x2xf32>
}
