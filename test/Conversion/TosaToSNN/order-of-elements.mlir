// A flatten has the order of the axes that the float network flattens; weights follow it, neurons stay C, H, W.
// RUN: sf-opt %s --convert-tosa-to-snn=timesteps=4 -split-input-file | FileCheck %s

// Channels last: inputs 0 1 2 3 are (w0 c0) (w0 c1) (w1 c0) (w1 c1), neurons are (c0 w0) (c0 w1) (c1 w0) (c1 w1).
// The input comes channels last as well, and nobody but the network can turn it.
// CHECK: snn.parameter @output.weights : tensor<1x4xf32> = dense<{{\[\[}}1.000000e+00, 3.000000e+00, 2.000000e+00, 4.000000e+00]]>
// CHECK: snn.network @net(%{{.+}}: !snn.signal<2x1x2, analogue<f32>>)
// CHECK: snn.reshape %{{.+}} : !snn.signal<2x1x2, binary> -> !snn.signal<4, binary>
// CHECK: func.func @main
// CHECK-NEXT: %[[X:.+]] = tosa.transpose %arg0 {perms = array<i32: 0, 3, 1, 2>}
// CHECK-NEXT: snn.simulate @net(%[[X]])
func.func @main(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x1xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<2x1x1x2xf32>}> : () -> tensor<2x1x1x2xf32>
  %v = "tosa.const"() <{values = dense<[[[1.0], [2.0], [3.0], [4.0]]]> : tensor<1x4x1xf32>}> : () -> tensor<1x4x1xf32>
  %s = tosa.const_shape {values = dense<[1, 1, 4]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %0 = tosa.conv2d %x, %w, %zp, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x2x2xf32>, tensor<2x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2x2xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 6.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
  %2 = tosa.reshape %1, %s : (tensor<1x1x2x2xf32>, !tosa.shape<3>) -> tensor<1x1x4xf32>
  %3 = tosa.matmul %2, %v, %zp, %zp : (tensor<1x1x4xf32>, tensor<1x4x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1xf32>
  return %3 : tensor<1x1x1xf32>
}

// -----

// Channels first, by a transpose before the flatten: the order of the neurons.
// CHECK: snn.parameter @output.weights : tensor<1x4xf32> = dense<{{\[\[}}1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00]]>
func.func @main(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x1xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<2x1x1x2xf32>}> : () -> tensor<2x1x1x2xf32>
  %v = "tosa.const"() <{values = dense<[[[1.0], [2.0], [3.0], [4.0]]]> : tensor<1x4x1xf32>}> : () -> tensor<1x4x1xf32>
  %s = tosa.const_shape {values = dense<[1, 1, 4]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %0 = tosa.conv2d %x, %w, %zp, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x2x2xf32>, tensor<2x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2x2xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 6.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
  %t = tosa.transpose %1 {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x1x2x2xf32>) -> tensor<1x2x1x2xf32>
  %2 = tosa.reshape %t, %s : (tensor<1x2x1x2xf32>, !tosa.shape<3>) -> tensor<1x1x4xf32>
  %3 = tosa.matmul %2, %v, %zp, %zp : (tensor<1x1x4xf32>, tensor<1x4x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1xf32>
  return %3 : tensor<1x1x1xf32>
}
