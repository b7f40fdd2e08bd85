// Windows, groups and the order of weights: O, H, W, I becomes O, I, H, W; pads are top, left, bottom, right.
// RUN: sf-opt %s --convert-tosa-to-snn=timesteps=4 -split-input-file | FileCheck %s

// A pad and the padding of the convolution are one; the transpose of the image vanishes.
// CHECK: snn.parameter @relu.weights : tensor<1x2x1x2xf32> = dense<{{\[\[\[\[}}1.000000e+00, 3.000000e+00]], {{\[\[}}2.000000e+00, 4.000000e+00]]]]>
// CHECK: snn.network @net(%{{.+}}: !snn.signal<2x4x5, analogue<f32>>)
// CHECK: through #snn.conv2d<kernel = [1, 2], stride = [2, 1], pad = [1, 2, 2, 5], dilation = [1, 2], groups = 1> weights @relu.weights delay 0 : !snn.signal<2x4x5, analogue<f32>> -> !snn.current<1x4x10>
// CHECK: func.func @main(%[[X:.+]]: tensor<1x2x4x5xf32>)
// CHECK-NEXT: snn.simulate @net(%[[X]])
func.func @main(%x: tensor<1x2x4x5xf32>) -> tensor<1x4x10x1xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<[[[[1.0, 2.0], [3.0, 4.0]]]]> : tensor<1x1x2x2xf32>}> : () -> tensor<1x1x2x2xf32>
  %pads = tosa.const_shape {values = dense<[0, 0, 1, 0, 2, 3, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  %0 = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x4x5xf32>) -> tensor<1x4x5x2xf32>
  %1 = tosa.pad %0, %pads, %zp : (tensor<1x4x5x2xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x5x10x2xf32>
  %2 = tosa.conv2d %1, %w, %zp, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 2>, pad = array<i64: 0, 2, 0, 2>, stride = array<i64: 2, 1>} : (tensor<1x5x10x2xf32>, tensor<1x1x2x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x10x1xf32>
  %3 = tosa.clamp %2 {min_val = 0.0 : f32, max_val = 6.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x4x10x1xf32>) -> tensor<1x4x10x1xf32>
  return %3 : tensor<1x4x10x1xf32>
}

// -----

// Depthwise: H, W, channel, multiplier becomes O, 1, H, W with as many groups as channels. A slice that cuts off what
// no window reaches vanishes.
// CHECK: snn.parameter @relu.weights : tensor<4x1x1x2xf32> = dense<{{\[\[\[\[}}1.000000e+00, 5.000000e+00]]], {{\[\[\[}}2.000000e+00, 6.000000e+00]]], {{\[\[\[}}3.000000e+00, 7.000000e+00]]], {{\[\[\[}}4.000000e+00, 8.000000e+00]]]]>
// CHECK: snn.parameter @relu.bias : tensor<4xf32> = dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00]>
// CHECK: through #snn.conv2d<kernel = [1, 2], stride = [2, 2], pad = [0, 0, 0, 0], dilation = [1, 1], groups = 2> weights @relu.weights delay 0 : !snn.signal<2x4x5, binary> -> !snn.current<4x2x2>
func.func @main(%x: tensor<1x2x4x5xf32>) -> tensor<1x2x2x4xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %one = "tosa.const"() <{values = dense<2.0> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = "tosa.const"() <{values = dense<[[[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]]> : tensor<1x2x2x2xf32>}> : () -> tensor<1x2x2x2xf32>
  %b = "tosa.const"() <{values = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>}> : () -> tensor<4xf32>
  %wi = "tosa.const"() <{values = dense<1.0> : tensor<2x1x1x2xf32>}> : () -> tensor<2x1x1x2xf32>
  %a = tosa.const_shape {values = dense<[0, 0, 0, 0]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %c = tosa.const_shape {values = dense<[1, 3, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %0 = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x4x5xf32>) -> tensor<1x4x5x2xf32>
  %1 = tosa.conv2d %0, %wi, %zp, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x5x2xf32>, tensor<2x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x5x2xf32> loc("first")
  %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 6.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x4x5x2xf32>) -> tensor<1x4x5x2xf32> loc("spikes")
  %3 = tosa.slice %2, %a, %c : (tensor<1x4x5x2xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x3x4x2xf32>
  %4 = tosa.depthwise_conv2d %3, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x3x4x2xf32>, tensor<1x2x2x2xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x4xf32>
  %5 = tosa.clamp %4 {min_val = 0.0 : f32, max_val = 6.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32>
  return %5 : tensor<1x2x2x4xf32>
}

// -----

// Groups are one projection.
// CHECK: snn.parameter @relu.weights : tensor<2x2x1x1xf32> = dense<{{\[\[\[\[}}1.000000e+00]], {{\[\[}}2.000000e+00]]], {{\[\[\[}}3.000000e+00]], {{\[\[}}4.000000e+00]]]]>
// CHECK: snn.parameter @relu.bias : tensor<2xf32> = dense<[5.000000e-01, -5.000000e-01]>
// CHECK: groups = 2> weights @relu.weights delay 0 : !snn.signal<4x2x2, analogue<f32>> -> !snn.current<2x2x2>
func.func @main(%x: tensor<1x4x2x2xf32>) -> tensor<1x2x2x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w0 = "tosa.const"() <{values = dense<[[[[1.0, 2.0]]]]> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
  %w1 = "tosa.const"() <{values = dense<[[[[3.0, 4.0]]]]> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
  %b0 = "tosa.const"() <{values = dense<0.5> : tensor<1xf32>}> : () -> tensor<1xf32>
  %b1 = "tosa.const"() <{values = dense<-0.5> : tensor<1xf32>}> : () -> tensor<1xf32>
  %a0 = tosa.const_shape {values = dense<[0, 0, 0, 0]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %a1 = tosa.const_shape {values = dense<[0, 0, 0, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %half = tosa.const_shape {values = dense<[1, 2, 2, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %x0 = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x4x2x2xf32>) -> tensor<1x2x2x4xf32>
  %0 = tosa.slice %x0, %a0, %half {snn.grouped = 2 : i64} : (tensor<1x2x2x4xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x2x2x2xf32>
  %1 = tosa.conv2d %0, %w0, %b0, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, snn.grouped = 2 : i64} : (tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x1xf32>
  %2 = tosa.slice %x0, %a1, %half {snn.grouped = 2 : i64} : (tensor<1x2x2x4xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x2x2x2xf32>
  %3 = tosa.conv2d %2, %w1, %b1, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, snn.grouped = 2 : i64} : (tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x1xf32>
  %4 = tosa.concat %1, %3 {axis = 3 : i32, snn.grouped = 2 : i64} : (tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>) -> tensor<1x2x2x2xf32>
  %5 = tosa.clamp %4 {min_val = 0.0 : f32, max_val = 6.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  return %5 : tensor<1x2x2x2xf32>
}
