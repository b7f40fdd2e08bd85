// What is computed of the inputs alone stays before the network; a softmax stays behind it.
// RUN: sf-opt %s --convert-tosa-to-snn=timesteps=4 | FileCheck %s

// CHECK: snn.network @net(%[[A:.+]]: !snn.signal<2, analogue<f32>>, %[[B:.+]]: !snn.signal<2, analogue<f32>>)
// CHECK: snn.encode "input" by #snn.constant_current of %[[A]]
// CHECK: snn.encode "input_1" by #snn.constant_current of %[[B]]
// CHECK: func.func @main(%[[X:.+]]: tensor<1x2xf32>, %[[Y:.+]]: tensor<1x2xf32>)
// CHECK: %[[P:.+]] = tosa.sub %[[X]]
// CHECK: %[[R:.+]] = snn.simulate @net(%[[P]], %[[Y]]) steps(4)
// CHECK: %[[M:.+]] = tosa.mul %[[R]]
// CHECK-NEXT: %[[E:.+]] = tosa.exp %[[M]]
// CHECK-NEXT: %[[S:.+]] = tosa.reduce_sum %[[E]]
// CHECK-NEXT: %[[I:.+]] = tosa.reciprocal %[[S]]
// CHECK-NEXT: %[[O:.+]] = tosa.mul %[[E]], %[[I]]
// CHECK-NEXT: return %[[O]]
func.func @main(%x: tensor<1x2xf32>, %y: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %mean = "tosa.const"() <{values = dense<[[0.5, 0.25]]> : tensor<1x2xf32>}> : () -> tensor<1x2xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<1x2x2xf32>}> : () -> tensor<1x2x2xf32>
  %s3 = tosa.const_shape {values = dense<[1, 1, 2]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %s2 = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %0 = tosa.sub %x, %mean : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %1 = tosa.reshape %0, %s3 : (tensor<1x2xf32>, !tosa.shape<3>) -> tensor<1x1x2xf32>
  %2 = tosa.matmul %1, %w, %zp, %zp : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %3 = tosa.reshape %2, %s2 : (tensor<1x1x2xf32>, !tosa.shape<2>) -> tensor<1x2xf32>
  %4 = tosa.add %3, %y : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %5 = tosa.clamp %4 {min_val = 0.0 : f32, max_val = 6.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %6 = tosa.exp %5 : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %7 = tosa.reduce_sum %6 {axis = 1 : i32} : (tensor<1x2xf32>) -> tensor<1x1xf32>
  %8 = tosa.reciprocal %7 : (tensor<1x1xf32>) -> tensor<1x1xf32>
  %9 = tosa.mul %6, %8, %shift : (tensor<1x2xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<1x2xf32>
  return %9 : tensor<1x2xf32>
}
