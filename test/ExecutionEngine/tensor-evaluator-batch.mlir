// Ops that move or mix the leading axis make the samples run one by one.

// RUN: test-evaluate %s --function=transpose --samples=2 | FileCheck %s --check-prefix=TRANSPOSE
// TRANSPOSE: one by one: 'tosa.transpose'
// TRANSPOSE-NEXT: [2x2x1 float32]
func.func @transpose(%x: tensor<1x2xf32>) -> tensor<2x1xf32> {
  %0 = tosa.transpose %x {perms = array<i32: 1, 0>} : (tensor<1x2xf32>) -> tensor<2x1xf32>
  return %0 : tensor<2x1xf32>
}

// RUN: test-evaluate %s --function=reshape --samples=2 | FileCheck %s --check-prefix=RESHAPE
// RESHAPE: one by one: 'tosa.reshape'
// RESHAPE-NEXT: [2x2 float32]
func.func @reshape(%x: tensor<1x2xf32>) -> tensor<2xf32> {
  %s = tosa.const_shape {values = dense<2> : tensor<1xindex>} : () -> !tosa.shape<1>
  %0 = tosa.reshape %x, %s : (tensor<1x2xf32>, !tosa.shape<1>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// RUN: test-evaluate %s --function=concat --samples=2 | FileCheck %s --check-prefix=CONCAT
// CONCAT: one by one: 'tosa.concat'
// CONCAT-NEXT: [2x2x2 float32] [[A:[-0-9.]+ [-0-9.]+]] [[A]] [[B:[-0-9.]+ [-0-9.]+]] [[B]]
func.func @concat(%x: tensor<1x2xf32>) -> tensor<2x2xf32> {
  %0 = tosa.concat %x, %x {axis = 0 : i32} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// RUN: test-evaluate %s --function=pad --samples=2 | FileCheck %s --check-prefix=PAD
// PAD: one by one: 'tosa.pad'
// PAD-NEXT: [2x2x1 float32] 0 {{[-0-9.]+}} 0 {{[-0-9.]+$}}
func.func @pad(%x: tensor<1x1xf32>) -> tensor<2x1xf32> {
  %p = tosa.const_shape {values = dense<[1, 0, 0, 0]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %0 = tosa.pad %x, %p, %z : (tensor<1x1xf32>, !tosa.shape<4>, tensor<1xf32>) -> tensor<2x1xf32>
  return %0 : tensor<2x1xf32>
}

// RUN: test-evaluate %s --function=tile --samples=2 | FileCheck %s --check-prefix=TILE
// TILE: one by one: 'tosa.tile'
// TILE-NEXT: [2x2x1 float32] [[A:[-0-9.]+]] [[A]] [[B:[-0-9.]+]] [[B]]
func.func @tile(%x: tensor<1x1xf32>) -> tensor<2x1xf32> {
  %m = tosa.const_shape {values = dense<[2, 1]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %0 = tosa.tile %x, %m : (tensor<1x1xf32>, !tosa.shape<2>) -> tensor<2x1xf32>
  return %0 : tensor<2x1xf32>
}

// RUN: test-evaluate %s --function=argmax --samples=2 | FileCheck %s --check-prefix=ARGMAX
// ARGMAX: one by one: 'tosa.argmax'
// ARGMAX-NEXT: [2x3 int32] 0 0 0 0 0 0
func.func @argmax(%x: tensor<1x3xf32>) -> tensor<3xi32> {
  %0 = tosa.argmax %x {axis = 0 : i32} : (tensor<1x3xf32>) -> tensor<3xi32>
  return %0 : tensor<3xi32>
}

// A constant of more rows is no sample.
// RUN: test-evaluate %s --function=add --samples=2 | FileCheck %s --check-prefix=ADD
// ADD: one by one: 'tosa.add'
// ADD-NEXT: [2x2x1 float32] [[A:[-0-9.]+]] [[A]] [[B:[-0-9.]+]] [[B]]
func.func @add(%x: tensor<1x1xf32>) -> tensor<2x1xf32> {
  %c = "tosa.const"() {values = dense<0.0> : tensor<2x1xf32>} : () -> tensor<2x1xf32>
  %0 = tosa.add %x, %c : (tensor<1x1xf32>, tensor<2x1xf32>) -> tensor<2x1xf32>
  return %0 : tensor<2x1xf32>
}

// Weights that depend on the sample cannot be packed for all.
// RUN: test-evaluate %s --function=weights --samples=2 | FileCheck %s --check-prefix=WEIGHTS
// WEIGHTS: one by one: 'tosa.conv2d'
// WEIGHTS-NEXT: [2x1x1x1 float32]
func.func @weights(%x: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %0 = tosa.conv2d %x, %x, %z, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  return %0 : tensor<1x1x1x1xf32>
}

// Products of samples, joins with constants and rows of a slice stay apart.
// RUN: test-evaluate %s --function=apart --samples=2 | FileCheck %s --check-prefix=APART
// APART-NOT: one by one
// APART: [2x2x2 float32]
// APART-NEXT: [2x3 float32] [[A:[-0-9.]+ [-0-9.]+]] 7 [[B:[-0-9.]+ [-0-9.]+]] 7
// APART-NEXT: [2x1 float32]
func.func @apart(%x: tensor<1x2xf32>) -> (tensor<1x2x2xf32>, tensor<1x3xf32>, tensor<1x1xf32>) {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %row = tosa.const_shape {values = dense<[1, 1, 2]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %column = tosa.const_shape {values = dense<[1, 2, 1]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %a = tosa.reshape %x, %column : (tensor<1x2xf32>, !tosa.shape<3>) -> tensor<1x2x1xf32>
  %b = tosa.reshape %x, %row : (tensor<1x2xf32>, !tosa.shape<3>) -> tensor<1x1x2xf32>
  %0 = tosa.matmul %a, %b, %z, %z : (tensor<1x2x1xf32>, tensor<1x1x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2xf32>
  %c = "tosa.const"() {values = dense<7.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
  %1 = tosa.concat %x, %c {axis = 1 : i32} : (tensor<1x2xf32>, tensor<1x1xf32>) -> tensor<1x3xf32>
  %start = tosa.const_shape {values = dense<[0, 1]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %size = tosa.const_shape {values = dense<1> : tensor<2xindex>} : () -> !tosa.shape<2>
  %2 = tosa.slice %x, %start, %size : (tensor<1x2xf32>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x1xf32>
  return %0, %1, %2 : tensor<1x2x2xf32>, tensor<1x3xf32>, tensor<1x1xf32>
}
