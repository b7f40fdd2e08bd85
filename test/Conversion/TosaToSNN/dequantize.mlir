// Behind the first weights a quantised network becomes a float one: weights are numbers, ranges from 0 are activations.
// RUN: sf-opt %s --tosa-dequantize -split-input-file | FileCheck %s
// RUN: sf-opt %s --tosa-dequantize -split-input-file -o %t.once && sf-opt %t.once --tosa-dequantize -split-input-file -o %t.twice && cmp %t.once %t.twice

// The cast of the input is exact in the function. (1 - 2) / 4, (-3 - 2) / 4 and 4 / 2, 5 / 2; the range of the result
// is no activation.
// CHECK-LABEL: func.func @dense
// CHECK-DAG: %[[W:.+]] = "tosa.const"() <{values = dense<{{\[\[\[}}-2.500000e-01, 2.000000e+00], [-1.250000e+00, 2.500000e+00]]]> : tensor<1x2x2xf32>}>
// CHECK-DAG: %[[B:.+]] = "tosa.const"() <{values = dense<{{\[\[\[}}1.250000e+00, -2.500000e+00]]]> : tensor<1x1x2xf32>}>
// CHECK: %[[Q:.+]] = quant.qcast %arg0
// CHECK-NEXT: %[[X:.+]] = quant.dcast %[[Q]]
// CHECK-NEXT: %[[P:.+]] = tosa.matmul %[[X]], %[[W]]
// CHECK-NEXT: %[[A:.+]] = tosa.add %[[P]], %[[B]]
// CHECK-NEXT: %[[R:.+]] = tosa.clamp %[[A]] {max_val = 6.375000e+01 : f32, min_val = 0.000000e+00 : f32}
// CHECK-NEXT: %[[O:.+]] = tosa.matmul %[[R]], %[[W]]
// CHECK-NEXT: return %[[O]]
func.func @dense(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %wi = "tosa.const"() <{values = dense<[[[1, 4], [-3, 5]]]> : tensor<1x2x2xi8>}> : () -> tensor<1x2x2xi8>
  %ws = quant.scast %wi : tensor<1x2x2xi8> to tensor<1x2x2x!quant.uniform<i8:f32:2, {0.25:2, 0.5}>>
  %w = quant.dcast %ws : tensor<1x2x2x!quant.uniform<i8:f32:2, {0.25:2, 0.5}>> to tensor<1x2x2xf32>
  %bf = "tosa.const"() <{values = dense<[[[1.2, -2.6]]]> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %bq = quant.qcast %bf : tensor<1x1x2xf32> to tensor<1x1x2x!quant.uniform<i8:f32, 0.25>>
  %b = quant.dcast %bq : tensor<1x1x2x!quant.uniform<i8:f32, 0.25>> to tensor<1x1x2xf32>
  %q0 = quant.qcast %x : tensor<1x1x2xf32> to tensor<1x1x2x!quant.uniform<u8:f32, 0.5:128>>
  %0 = quant.dcast %q0 : tensor<1x1x2x!quant.uniform<u8:f32, 0.5:128>> to tensor<1x1x2xf32>
  %1 = tosa.matmul %0, %w, %zp, %zp : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %2 = tosa.add %1, %b : (tensor<1x1x2xf32>, tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  %q2 = quant.qcast %2 : tensor<1x1x2xf32> to tensor<1x1x2x!quant.uniform<i8:f32, 0.25:-128>>
  %3 = quant.dcast %q2 : tensor<1x1x2x!quant.uniform<i8:f32, 0.25:-128>> to tensor<1x1x2xf32> loc("hidden")
  %4 = tosa.matmul %3, %w, %zp, %zp : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %q4 = quant.qcast %4 : tensor<1x1x2xf32> to tensor<1x1x2x!quant.uniform<i8:f32, 0.25>>
  %5 = quant.dcast %q4 : tensor<1x1x2x!quant.uniform<i8:f32, 0.25>> to tensor<1x1x2xf32>
  return %5 : tensor<1x1x2xf32>
}

// -----

// A range bounds the activation before it, through moves, and is nothing behind a pool; quantised values are moved as
// numbers.
// CHECK-LABEL: func.func @image
// CHECK: %[[C:.+]] = tosa.conv2d
// CHECK-NEXT: %[[R:.+]] = tosa.clamp %[[C]] {max_val = 3.187500e+01 : f32, min_val = 0.000000e+00 : f32, snn.threshold = 2.000000e+00 : f32}
// CHECK-NEXT: %[[T:.+]] = tosa.transpose %[[R]]
// CHECK-NEXT: %[[U:.+]] = tosa.transpose %[[T]] {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
// CHECK-NEXT: %[[P:.+]] = tosa.avg_pool2d %[[U]]
// CHECK-NEXT: %[[S:.+]] = tosa.reshape %[[P]], {{.*}} -> tensor<1x1x2xf32>
// CHECK-NEXT: return %[[S]]
func.func @image(%x: tensor<1x2x2x1xf32>) -> tensor<1x1x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<[[[[1.0]]], [[[-1.0]]]]> : tensor<2x1x1x1xf32>}> : () -> tensor<2x1x1x1xf32>
  %s = tosa.const_shape {values = dense<[1, 1, 2]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %0 = tosa.conv2d %x, %w, %zp, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x1xf32>, tensor<2x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32, snn.threshold = 2.0 : f32} : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  %2 = tosa.transpose %1 {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  %3 = quant.qcast %2 : tensor<1x2x2x2xf32> to tensor<1x2x2x2x!quant.uniform<u8:f32, 0.125>>
  %4 = quant.scast %3 : tensor<1x2x2x2x!quant.uniform<u8:f32, 0.125>> to tensor<1x2x2x2xi8>
  %5 = tosa.transpose %4 {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8>
  %6 = quant.scast %5 : tensor<1x2x2x2xi8> to tensor<1x2x2x2x!quant.uniform<u8:f32, 0.125>>
  %7 = quant.dcast %6 : tensor<1x2x2x2x!quant.uniform<u8:f32, 0.125>> to tensor<1x2x2x2xf32>
  %8 = tosa.avg_pool2d %7, %zp, %zp {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x2x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  %9 = quant.qcast %8 : tensor<1x1x1x2xf32> to tensor<1x1x1x2x!quant.uniform<u8:f32, 0.0625>>
  %10 = quant.dcast %9 : tensor<1x1x1x2x!quant.uniform<u8:f32, 0.0625>> to tensor<1x1x1x2xf32>
  %11 = tosa.reshape %10, %s : (tensor<1x1x1x2xf32>, !tosa.shape<3>) -> tensor<1x1x2xf32>
  return %11 : tensor<1x1x2xf32>
}

// -----

// An activation that something else reads as well is not bounded; one that is bounded lower stays.
// CHECK-LABEL: func.func @read_twice
// CHECK: %[[R:.+]] = tosa.clamp {{.*}} {max_val = 8.000000e+00 : f32
// CHECK-NEXT: %[[S:.+]] = tosa.add %[[R]], %[[R]]
// CHECK-NEXT: %[[T:.+]] = tosa.clamp %[[S]] {max_val = 1.000000e+00 : f32
// CHECK-NEXT: return %[[T]]
func.func @read_twice(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<1x2x2xf32>}> : () -> tensor<1x2x2xf32>
  %0 = tosa.matmul %x, %w, %zp, %zp : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 8.0 : f32} : (tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  %q1 = quant.qcast %1 : tensor<1x1x2xf32> to tensor<1x1x2x!quant.uniform<u8:f32, 0.015625>>
  %2 = quant.dcast %q1 : tensor<1x1x2x!quant.uniform<u8:f32, 0.015625>> to tensor<1x1x2xf32>
  %3 = tosa.add %1, %2 : (tensor<1x1x2xf32>, tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  %4 = tosa.clamp %3 {min_val = 0.0 : f32, max_val = 1.0 : f32} : (tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  %q4 = quant.qcast %4 : tensor<1x1x2xf32> to tensor<1x1x2x!quant.uniform<u8:f32, 0.015625>>
  %5 = quant.dcast %q4 : tensor<1x1x2x!quant.uniform<u8:f32, 0.015625>> to tensor<1x1x2xf32>
  return %5 : tensor<1x1x2xf32>
}
