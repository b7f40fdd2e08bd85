// An average pool is a count whose divisor is in the weights of every consumer; a sum of branches is several
// projections of one receptor; thresholds per channel scale weights per channel.
// RUN: sf-opt %s --convert-tosa-to-snn=timesteps=4 | FileCheck %s

// theta 2 and 4 per channel over a window of 4: heights 0.5 and 1.
// CHECK: snn.parameter @first.theta : tensor<2xf32> = dense<[2.000000e+00, 4.000000e+00]>
// CHECK: snn.parameter @first.v_init : tensor<2xf32> = dense<[1.000000e+00, 2.000000e+00]>
// CHECK: snn.parameter @conv.weights : tensor<2x2x1x1xf32> = dense<{{\[\[\[\[}}5.000000e-01]], {{\[\[}}2.000000e+00]]], {{\[\[\[}}1.500000e+00]], {{\[\[}}4.000000e+00]]]]>
// CHECK: snn.parameter @sum.weights : tensor<2x2x2xf32> = dense<{{\[\[\[}}5.000000e-01, 5.000000e-01], [5.000000e-01, 5.000000e-01]], {{\[\[}}1.000000e+00, 1.000000e+00], [1.000000e+00, 1.000000e+00]]]>
// CHECK: snn.parameter @relu.bias : tensor<2xf32> = dense<[1.250000e+00, 2.250000e+00]>
// CHECK: %[[S:.+]] = snn.population "first"({{.*}}v_init = #snn.param<@first.v_init>, v_threshold = #snn.param<@first.theta>}
// CHECK: %[[P:.+]] = snn.pool sum %[[S]] kernel [2, 2] stride [2, 2] : !snn.signal<2x4x4, binary> -> !snn.signal<2x2x2, count<4>>
// CHECK: %[[A:.+]] = snn.project %[[P]] through #snn.conv2d{{.*}} weights @conv.weights
// CHECK: %[[B:.+]] = snn.project %[[P]] through #snn.one_to_one weights @sum.weights
// CHECK: %[[T:.+]] = snn.population "relu"(in: %[[A]], %[[B]] accumulate ordered<f32> bias #snn.param<@relu.bias>)
// An upper bound limits the threshold: the neuron must saturate there.
// CHECK-SAME: v_init = 3.000000e+00 : f64, v_threshold = 6.000000e+00 : f64
// The pool over the whole image: 6 / 4.
// CHECK: %[[Q:.+]] = snn.pool sum %[[T]] kernel [2, 2] stride [1, 1] : !snn.signal<2x2x2, binary> -> !snn.signal<2x1x1, count<4>>
// CHECK: %[[R:.+]] = snn.project %[[Q]] through #snn.one_to_one weights 1.500000e+00 delay 0
// CHECK: snn.population "output"(in: %[[R]] accumulate ordered<f32>) model #snn.linear
// CHECK: tosa.reshape {{.*}} -> tensor<1x2xf32>
func.func @main(%x: tensor<1x2x4x4xf32>) -> tensor<1x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<[[[[1.0, 2.0]]], [[[3.0, 4.0]]]]> : tensor<2x1x1x2xf32>}> : () -> tensor<2x1x1x2xf32>
  %b = "tosa.const"() <{values = dense<[0.25, 1.25]> : tensor<2xf32>}> : () -> tensor<2xf32>
  %more = "tosa.const"() <{values = dense<1.0> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %s = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %0 = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32>
  %1 = tosa.conv2d %0, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32, snn.threshold = dense<[[[[2.0, 4.0]]]]> : tensor<1x1x1x2xf32>} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> loc("first")
  %3 = tosa.avg_pool2d %2, %zp, %zp {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x4x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
  %4 = tosa.conv2d %3, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32> loc("conv")
  %5 = tosa.add %4, %3 : (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32> loc("sum")
  %6 = tosa.add %5, %more : (tensor<1x2x2x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x2x2x2xf32>
  %7 = tosa.clamp %6 {min_val = 0.0 : f32, max_val = 6.0 : f32, snn.threshold = 7.0 : f32} : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  %8 = tosa.avg_pool2d %7, %zp, %zp {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  %9 = tosa.reshape %8, %s : (tensor<1x1x1x2xf32>, !tosa.shape<2>) -> tensor<1x2xf32>
  return %9 : tensor<1x2xf32>
}
