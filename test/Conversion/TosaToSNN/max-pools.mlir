// What becomes of a maximum pool is chosen: a gate over counts, the winner of a step, the maximum of the sums in front
// of the activation, an average. What a padding adds are neurons that never send.
// RUN: sf-opt %s --convert-tosa-to-snn="timesteps=4 max-pool=gate" | FileCheck %s --check-prefix=GATE
// RUN: sf-opt %s --convert-tosa-to-snn="timesteps=4 max-pool=winner" | FileCheck %s --check-prefix=WINNER
// RUN: sf-opt %s --convert-tosa-to-snn="timesteps=4 max-pool=current" | FileCheck %s --check-prefix=CURRENT
// RUN: sf-opt %s --convert-tosa-to-snn="timesteps=4 max-pool=average" 2> %t.remarks | FileCheck %s --check-prefix=AVERAGE
// RUN: FileCheck %s --check-prefix=REMARK < %t.remarks

// The neurons in front of the last gate stand for no value of the float network, which has its activation behind.
// GATE: snn.relations = {{.*}}first = {{{.*}}value = "first"}, last = {{{.*}}value = "last"}, pool = {theta = #snn.param<@pool.theta>, value = "pool"}}
// GATE: snn.parameter @pool.weights : tensor<2x1x1x1xf32> = dense<{{\[\[\[\[}}2.000000e+00]]], {{\[\[\[}}4.000000e+00]]]]>
// GATE: snn.parameter @pool.theta : tensor<2xf32> = dense<[2.000000e+00, 4.000000e+00]>
// GATE: snn.model @max_gate states(sent = %[[SENT:.+]]: f32) receptors(in = %[[IN:.+]]: f32) params(v_threshold = %[[THETA:.+]]: f32)
// GATE-NEXT: %[[FIRES:.+]] = arith.cmpf ogt, %[[IN]], %[[SENT]] : f32
// GATE-NEXT: %[[MORE:.+]] = arith.addf %[[SENT]], %[[THETA]] : f32
// GATE-NEXT: %[[NEXT:.+]] = arith.select %[[FIRES]], %[[MORE]], %[[SENT]] : f32
// GATE-NEXT: snn.yield %[[FIRES]] states(%[[NEXT]]) : i1, f32
// GATE: snn.parameter @second.weights : tensor<2x2x1x1xf32> = dense<{{\[\[\[\[}}2.000000e+00]], {{\[\[}}8.000000e+00]]],
// GATE: %[[S:.+]] = snn.population "first"
// GATE: %[[P:.+]] = snn.project %[[S]] through #snn.conv2d<kernel = [1, 1], stride = [1, 1], pad = [1, 0, 0, 1], dilation = [1, 1], groups = 2> weights @pool.weights delay 0 : !snn.signal<2x4x4, binary> -> !snn.current<2x5x5>
// GATE: %[[N:.+]] = snn.population "pool.counts"(in: %[[P]] accumulate ordered<f32>) model #snn.i<state = f32> params {r = 1.000000e+00 : f64, v_init = 0.000000e+00 : f64}
// GATE: %[[M:.+]] = snn.pool max %[[N]] kernel [3, 3] stride [2, 2] : !snn.signal<2x5x5, analogue<f32>> -> !snn.signal<2x2x2, analogue<f32>>
// GATE: %[[I:.+]] = snn.project %[[M]] through #snn.one_to_one weights 1.000000e+00 delay 0
// GATE: %[[G:.+]] = snn.population "pool"(in: %[[I]] accumulate ordered<f32>) model #snn.custom<@max_gate> params {sent_init = 0.000000e+00 : f64, v_threshold = #snn.param<@pool.theta>} : !snn.signal<2x2x2, binary>
// GATE: snn.project %[[G]] through #snn.conv2d{{.*}} weights @second.weights
// The last pool has no padding and is the second gate of one model.
// GATE: snn.project {{.*}} through #snn.one_to_one weights 3.000000e+00 delay 0 : !snn.signal<2x2x2, binary> -> !snn.current<2x2x2>
// GATE: snn.population "last.counts"
// GATE: snn.population "last"({{.*}} model #snn.custom<@max_gate> params {sent_init = 0.000000e+00 : f64, v_threshold = 3.000000e+00 : f64}

// WINNER: %[[S:.+]] = snn.population "first"
// WINNER: %[[P:.+]] = snn.project %[[S]] through #snn.conv2d<kernel = [1, 1], stride = [1, 1], pad = [1, 0, 0, 1], dilation = [1, 1], groups = 2> weights @pool.weights
// WINNER: %[[R:.+]] = snn.population "pool.pad"(in: %[[P]] accumulate ordered<f32>) model #snn.threshold<state = f32, fires = at_or_above> params {v_threshold = #snn.param<@pool.pad.theta>} : !snn.signal<2x5x5, binary>
// WINNER: snn.pool max %[[R]] kernel [3, 3] stride [2, 2] : !snn.signal<2x5x5, binary> -> !snn.signal<2x2x2, binary>
// WINNER: %[[T:.+]] = snn.population "relu"
// WINNER: snn.pool max %[[T]] kernel [2, 1] stride [1, 1] : !snn.signal<2x2x2, binary> -> !snn.signal<2x1x2, binary>

// A padding never wins against a negative sum. The activation behind the second pool stays there, the one before the
// first goes behind it.
// CURRENT: snn.parameter @pool.pad.bias : tensor<2x5x5xf32> = dense<{{\[\[\[}}-3.40282347E+38, -3.40282347E+38, -3.40282347E+38, -3.40282347E+38, -3.40282347E+38], [0.000000e+00, 0.000000e+00, 0.000000e+00, 0.000000e+00, -3.40282347E+38],
// CURRENT: snn.parameter @second.weights : tensor<2x2x1x1xf32> = dense<{{\[\[\[\[}}2.000000e+00]], {{\[\[}}8.000000e+00]]],
// CURRENT: %[[L:.+]] = snn.population "pool.sums"({{.*}} model #snn.linear
// CURRENT: %[[P:.+]] = snn.project %[[L]] through #snn.conv2d{{.*}} pad = [1, 0, 0, 1],
// CURRENT: %[[R:.+]] = snn.population "pool.pad"(in: %[[P]] accumulate ordered<f32> bias #snn.param<@pool.pad.bias>) model #snn.linear
// CURRENT: %[[M:.+]] = snn.pool max %[[R]] kernel [3, 3] stride [2, 2] : !snn.signal<2x5x5, analogue<f32>> -> !snn.signal<2x2x2, analogue<f32>>
// CURRENT: %[[I:.+]] = snn.project %[[M]] through #snn.one_to_one weights 1.000000e+00 delay 0
// CURRENT: snn.population "pool"(in: %[[I]] accumulate ordered<f32>) model #snn.if{{.*}} v_threshold = #snn.param<@pool.theta>}
// CURRENT: snn.population "global.sums"({{.*}} model #snn.linear
// CURRENT: snn.pool max %{{.+}} kernel [2, 1] stride [1, 1]
// CURRENT: snn.population "last"({{.*}} model #snn.if{{.*}} v_threshold = 3.000000e+00 : f64}

// The zeros count: 1/9 of 2, of 4.
// AVERAGE: snn.parameter @second.weights : tensor<2x2x1x1xf32> = dense<{{\[\[\[\[}}0.222222224]], {{\[\[}}0.888888895]]],
// AVERAGE: snn.population "pool.pad"
// AVERAGE: snn.pool sum %{{.+}} kernel [3, 3] stride [2, 2] : !snn.signal<2x5x5, binary> -> !snn.signal<2x2x2, count<9>>
// AVERAGE: snn.pool sum %{{.+}} kernel [2, 1] stride [1, 1] : !snn.signal<2x2x2, binary> -> !snn.signal<2x1x2, count<2>>
// REMARK: remark: loc("pool"): a maximum over 3x3 becomes an average, as max-pool=average asks; the float network was not trained with it
// REMARK: remark: {{.*}}a maximum over 2x1 becomes an average

func.func @main(%x: tensor<1x4x4x2xf32>) -> tensor<1x1x2x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<[[[[1.0, 2.0]]], [[[3.0, 4.0]]]]> : tensor<2x1x1x2xf32>}> : () -> tensor<2x1x1x2xf32>
  %b = "tosa.const"() <{values = dense<[0.25, 1.25]> : tensor<2xf32>}> : () -> tensor<2xf32>
  %0 = tosa.conv2d %x, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32> loc("conv")
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32, snn.threshold = dense<[[[[2.0, 4.0]]]]> : tensor<1x1x1x2xf32>} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> loc("first")
  %2 = tosa.max_pool2d %1 {kernel = array<i64: 3, 3>, pad = array<i64: 1, 0, 0, 1>, stride = array<i64: 2, 2>} : (tensor<1x4x4x2xf32>) -> tensor<1x2x2x2xf32> loc("pool")
  %3 = tosa.conv2d %2, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32> loc("second")
  %4 = tosa.max_pool2d %3 {kernel = array<i64: 2, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>) -> tensor<1x1x2x2xf32> loc("global")
  %5 = tosa.clamp %4 {min_val = 0.0 : f32, max_val = 3.0 : f32, snn.threshold = 5.0 : f32} : (tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> loc("last")
  %6 = tosa.conv2d %5, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x2x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2x2xf32>
  return %6 : tensor<1x1x2x2xf32>
}
