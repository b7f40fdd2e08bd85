// A float network of one image of two rows, three columns and one channel: its mean by rows.
func.func @main(%x: tensor<1x1x2x3xf32>) -> tensor<1x2xf32> {
  %sum = tosa.reduce_sum %x {axis = 3 : i32} : (tensor<1x1x2x3xf32>) -> tensor<1x1x2x1xf32>
  %s = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %r = tosa.reshape %sum, %s : (tensor<1x1x2x1xf32>, !tosa.shape<2>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
