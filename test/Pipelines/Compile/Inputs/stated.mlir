// Like ../../Inputs/float.mlir, with its threshold stated.
func.func @main(%x: tensor<1x4xf32> loc("x")) -> tensor<1x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w0 = "tosa.const"() <{values = dense<[[[0.5, 0.0, -1.0], [0.25, 1.0, 0.5], [0.0, -0.25, 0.75], [-0.5, 0.125, 0.0]]]> : tensor<1x4x3xf32>}> : () -> tensor<1x4x3xf32>
  %w1 = "tosa.const"() <{values = dense<[[[1.0, -0.25], [-0.5, 0.75], [0.25, 0.5]]]> : tensor<1x3x2xf32>}> : () -> tensor<1x3x2xf32>
  %s0 = tosa.const_shape {values = dense<[1, 1, 4]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %s1 = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %0 = tosa.reshape %x, %s0 : (tensor<1x4xf32>, !tosa.shape<3>) -> tensor<1x1x4xf32>
  %1 = tosa.matmul %0, %w0, %zp, %zp : (tensor<1x1x4xf32>, tensor<1x4x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x3xf32> loc("hidden/weights")
  %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 3.0e38 : f32, snn.threshold = 1.0 : f32} : (tensor<1x1x3xf32>) -> tensor<1x1x3xf32> loc("hidden")
  %3 = tosa.matmul %2, %w1, %zp, %zp : (tensor<1x1x3xf32>, tensor<1x3x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32> loc("last")
  %4 = tosa.reshape %3, %s1 : (tensor<1x1x2xf32>, !tosa.shape<2>) -> tensor<1x2xf32>
  return %4 : tensor<1x2xf32>
}
