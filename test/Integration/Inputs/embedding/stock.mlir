// TOSA as any compiler may hand it over; only the threshold is ours.
func.func @main(%x: tensor<1x2xf32>) -> tensor<1x1x1xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w1 = "tosa.const"() <{values = dense<[[[1.0, 0.5], [0.0, 1.0]]]> : tensor<1x2x2xf32>}> : () -> tensor<1x2x2xf32>
  %w2 = "tosa.const"() <{values = dense<[[[1.0], [-1.0]]]> : tensor<1x2x1xf32>}> : () -> tensor<1x2x1xf32>
  %shape = tosa.const_shape {values = dense<[1, 1, 2]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %0 = tosa.reshape %x, %shape : (tensor<1x2xf32>, !tosa.shape<3>) -> tensor<1x1x2xf32>
  %1 = tosa.matmul %0, %w1, %zp, %zp : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32, snn.threshold = 2.0 : f32} : (tensor<1x1x2xf32>) -> tensor<1x1x2xf32> loc("hidden")
  %3 = tosa.matmul %2, %w2, %zp, %zp : (tensor<1x1x2xf32>, tensor<1x2x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1xf32> loc("logits")
  return %3 : tensor<1x1x1xf32>
}
