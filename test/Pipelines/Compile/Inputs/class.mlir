// The network of two-neurons.mlir, of which only the class is the result.
func.func @main(%x: tensor<1x1xf32> loc("x")) -> tensor<1xi32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w0 = "tosa.const"() <{values = dense<[[[1.0, -1.0]]]> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %w1 = "tosa.const"() <{values = dense<[[[1.0, -0.5], [0.5, 0.75]]]> : tensor<1x2x2xf32>}> : () -> tensor<1x2x2xf32>
  %s0 = tosa.const_shape {values = dense<1> : tensor<3xindex>} : () -> !tosa.shape<3>
  %s1 = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %0 = tosa.reshape %x, %s0 : (tensor<1x1xf32>, !tosa.shape<3>) -> tensor<1x1x1xf32>
  %1 = tosa.matmul %0, %w0, %zp, %zp : (tensor<1x1x1xf32>, tensor<1x1x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 3.0e38 : f32} : (tensor<1x1x2xf32>) -> tensor<1x1x2xf32> loc("hidden")
  %3 = tosa.matmul %2, %w1, %zp, %zp : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %4 = tosa.reshape %3, %s1 : (tensor<1x1x2xf32>, !tosa.shape<2>) -> tensor<1x2xf32>
  %5 = tosa.argmax %4 {axis = 1 : i32} : (tensor<1x2xf32>) -> tensor<1xi32>
  return %5 : tensor<1xi32>
}
