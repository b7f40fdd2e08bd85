// A dense network: thresholds scale the weights behind a population, biases go to receptors, the result is a mean.
// RUN: sf-opt %s --convert-tosa-to-snn=timesteps=8 | FileCheck %s
// RUN: sf-opt %s --convert-tosa-to-snn="timesteps=8 function=main network=classifier" | FileCheck %s --check-prefix=NAMED

// CHECK: module attributes {snn.relations = [#snn.relation<"convert", approximates, {metric = "activation", populations = {hidden = {theta = 2.000000e+00 : f64, value = "hidden"}, output = {value = "logits"}}, timesteps = 8 : i64}>]}
// CHECK: snn.parameter @hidden.weights : tensor<2x3xf32> = dense<{{\[\[}}1.000000e+00, 3.000000e+00, 5.000000e+00], [2.000000e+00, 4.000000e+00, 6.000000e+00{{\]\]}}>
// CHECK: snn.parameter @hidden.bias : tensor<2xf32> = dense<[5.000000e-01, -5.000000e-01]>
// CHECK: snn.parameter @logits.weights : tensor<1x2xf32> = dense<{{\[\[}}2.000000e+00, -2.000000e+00{{\]\]}}>
// CHECK: snn.network @net(%[[X:.+]]: !snn.signal<3, analogue<f32>>) -> !snn.signal<1, analogue<f32>> attributes {dt = "steps"} {
// CHECK-NEXT: %[[IN:.+]] = snn.encode "input" by #snn.constant_current of %[[X]]
// CHECK-NEXT: %[[A:.+]] = snn.project %[[IN]] through #snn.dense weights @hidden.weights delay 0
// CHECK-NEXT: %[[S:.+]] = snn.population "hidden"(in: %[[A]] accumulate ordered<f32> bias #snn.param<@hidden.bias>) model #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step> params {r = 1.000000e+00 : f64, v_init = 1.000000e+00 : f64, v_threshold = 2.000000e+00 : f64} : !snn.signal<2, binary>
// CHECK-NEXT: %[[B:.+]] = snn.project %[[S]] through #snn.dense weights @logits.weights delay 0
// CHECK-NEXT: %[[O:.+]] = snn.population "output"(in: %[[B]] accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<1, analogue<f32>>
// CHECK-NEXT: snn.output %[[O]]

// CHECK: func.func @main(%[[ARG:.+]]: tensor<1x3xf32>) -> tensor<1x1x1xf32> {
// CHECK-NEXT: %[[SUM:.+]] = snn.simulate @net(%[[ARG]]) steps(8) reset(per_sample) readout(current_sum) : (tensor<1x3xf32>) -> tensor<1x1xf32>
// CHECK: dense<1.250000e-01> : tensor<1x1xf32>
// CHECK: %[[MEAN:.+]] = tosa.mul %[[SUM]]
// CHECK: %[[OUT:.+]] = tosa.reshape %[[MEAN]]
// CHECK-NEXT: return %[[OUT]]
// NAMED: snn.network @classifier
// NAMED: snn.simulate @classifier
func.func @main(%x: tensor<1x3xf32>) -> tensor<1x1x1xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w1 = "tosa.const"() <{values = dense<[[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]]> : tensor<1x3x2xf32>}> : () -> tensor<1x3x2xf32>
  %b1 = "tosa.const"() <{values = dense<[[0.5, -0.5]]> : tensor<1x2xf32>}> : () -> tensor<1x2xf32>
  %w2 = "tosa.const"() <{values = dense<[[[1.0], [-1.0]]]> : tensor<1x2x1xf32>}> : () -> tensor<1x2x1xf32>
  %s3 = tosa.const_shape {values = dense<[1, 1, 3]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %s2 = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %s12 = tosa.const_shape {values = dense<[1, 1, 2]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %0 = tosa.reshape %x, %s3 : (tensor<1x3xf32>, !tosa.shape<3>) -> tensor<1x1x3xf32>
  %1 = tosa.matmul %0, %w1, %zp, %zp : (tensor<1x1x3xf32>, tensor<1x3x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %2 = tosa.reshape %1, %s2 : (tensor<1x1x2xf32>, !tosa.shape<2>) -> tensor<1x2xf32>
  %3 = tosa.add %2, %b1 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %4 = tosa.clamp %3 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32, snn.threshold = 2.0 : f32} : (tensor<1x2xf32>) -> tensor<1x2xf32> loc("hidden")
  %5 = tosa.reshape %4, %s12 : (tensor<1x2xf32>, !tosa.shape<3>) -> tensor<1x1x2xf32>
  %6 = tosa.matmul %5, %w2, %zp, %zp : (tensor<1x1x2xf32>, tensor<1x2x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1xf32> loc("logits")
  return %6 : tensor<1x1x1xf32>
}
