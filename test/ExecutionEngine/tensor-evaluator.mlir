// Runs functions with the tensor evaluator: batches, calls, external ops, observers.

// RUN: split-file %s %t

// A dynamic leading axis holds the samples; constants and calls do not.
// RUN: test-evaluate %t/dynamic.mlir --function=main --samples=2 | FileCheck %s --check-prefix=DYNAMIC
// DYNAMIC-NOT: one by one
// DYNAMIC: [2x3 float32] {{.*}}
// DYNAMIC: [2 int32] {{[0-2] [0-2]$}}

//--- dynamic.mlir
func.func private @scale(%x: tensor<?x1x3xf32>) -> tensor<?x1x3xf32> {
  %scale = arith.constant dense<0.00392156886> : tensor<1x1x3xf32>
  %any = tensor.cast %scale : tensor<1x1x3xf32> to tensor<?x1x3xf32>
  %0 = arith.mulf %x, %any : tensor<?x1x3xf32>
  return %0 : tensor<?x1x3xf32>
}
func.func @main(%x: tensor<?x1x3xui8>) -> (tensor<?x3xf32>, tensor<?xi32>) {
  %0 = tosa.cast %x : (tensor<?x1x3xui8>) -> tensor<?x1x3xf32>
  %1 = func.call @scale(%0) : (tensor<?x1x3xf32>) -> tensor<?x1x3xf32>
  %2 = tensor.collapse_shape %1 [[0, 1], [2]] : tensor<?x1x3xf32> into tensor<?x3xf32>
  %3 = tosa.argmax %2 {axis = 1 : i32} : (tensor<?x3xf32>) -> tensor<?xi32>
  return %2, %3 : tensor<?x3xf32>, tensor<?xi32>
}

// An op that mixes samples makes them run one by one.
// RUN: test-evaluate %t/one-by-one.mlir --samples=2 | FileCheck %s --check-prefix=EACH
// EACH: one by one: 'tosa.reduce_sum' at loc("{{.*}}":4:8) does not keep samples apart in the leading axis
// EACH-NEXT: [2x2 float32]
// EACH-NEXT: [2x2x1 float32]

//--- one-by-one.mlir
// The second result has no axis for samples: they are stacked.

func.func @net(%x: tensor<1x2xf32>) -> (tensor<1x2xf32>, tensor<2x1xf32>) {
  %0 = tosa.reduce_sum %x {axis = 0 : i32} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %1 = tosa.transpose %x {perms = array<i32: 1, 0>} : (tensor<1x2xf32>) -> tensor<2x1xf32>
  return %0, %1 : tensor<1x2xf32>, tensor<2x1xf32>
}

// An external op sees all samples at once, also when kernels run in blocks.
// RUN: test-evaluate %t/external.mlir --external --samples=3 --workers=2 | FileCheck %s --check-prefix=EXTERNAL
// EXTERNAL: external: first sample 0, [3x1 float32] [[A:[-0-9.]+]] [[B:[-0-9.]+]] [[C:[-0-9.]+]]
// EXTERNAL: external: first sample 0, [3x1 float32]
// EXTERNAL-NOT: external
// EXTERNAL: [3x1 float32]
// With an op that mixes samples it sees one sample at a time and its index.
// RUN: test-evaluate %t/external-each.mlir --external --samples=2 --workers=2 | FileCheck %s --check-prefix=EXTEACH
// EXTEACH: external: first sample 0, [1x1 float32]
// EXTEACH: external: first sample 1, [1x1 float32]

//--- external.mlir
func.func @net(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %0 = tosa.abs %x : (tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = "test.double"(%0) : (tensor<1x1xf32>) -> tensor<1x1xf32>
  %2 = tosa.add %1, %0 : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %3 = "test.double"(%2) : (tensor<1x1xf32>) -> tensor<1x1xf32>
  return %3 : tensor<1x1xf32>
}

//--- external-each.mlir
func.func @net(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %0 = tosa.reduce_max %x {axis = 0 : i32} : (tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = "test.double"(%0) : (tensor<1x1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// Observed values come in the order of the samples, constants once.
// RUN: test-evaluate %t/observe.mlir --observe --samples=2 --workers=2 | FileCheck %s --check-prefix=OBSERVE
// OBSERVE: observed tosa.const [1x1 float32] 2
// OBSERVE-NOT: tosa.const
// OBSERVE: observed argument [2x1 float32] [[A:[-0-9.]+]] [[B:[-0-9.]+]]
// OBSERVE-NEXT: observed tosa.maximum [1x1 float32]
// OBSERVE-NEXT: observed tosa.sub [1x1 float32] 0
// OBSERVE-NEXT: observed tosa.maximum [1x1 float32]
// OBSERVE-NEXT: observed tosa.sub [1x1 float32] 0
// OBSERVE-NEXT: [2x1 float32] 0 0

//--- observe.mlir
func.func @net(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %c = "tosa.const"() {values = dense<2.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
  %0 = tosa.maximum %x, %c : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = tosa.sub %0, %c : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// A dense_resource is read in place, and its data must fit.
// RUN: test-evaluate %t/resource.mlir | FileCheck %s --check-prefix=RESOURCE
// RESOURCE: [2 float32] 1 -2

//--- resource.mlir
func.func @net() -> tensor<2xf32> {
  %0 = arith.constant dense_resource<blob> : tensor<2xf32>
  return %0 : tensor<2xf32>
}
{-#
  dialect_resources: { builtin: { blob: "0x400000000000803F000000C0" } }
#-}

// Integers wrap around, casts round half to even and saturate.
// RUN: test-evaluate %t/integers.mlir | FileCheck %s --check-prefix=INTEGERS
// INTEGERS: [4 int8] 2 -2 127 -128
// INTEGERS: [4 int8] 2 -3 127 -128
// INTEGERS: [4 int8] 4 -4 -2 0
// INTEGERS: [4 float32] 2 254 127 128
// INTEGERS: [4 int32] 1 1 4032 4096
// INTEGERS: [4 float32] -1 0 -1 0

//--- integers.mlir
func.func @net() -> (tensor<4xi8>, tensor<4xi8>, tensor<4xi8>, tensor<4xf32>, tensor<4xi32>, tensor<4xf32>) {
  %x = arith.constant dense<[2.5, -2.5, 300.0, -1.0e9]> : tensor<4xf32>
  %even = tosa.cast %x : (tensor<4xf32>) -> tensor<4xi8>
  %y = arith.constant dense<[2.9, -3.9, 300.0, -1.0e9]> : tensor<4xf32>
  %zero = arith.fptosi %y : tensor<4xf32> to tensor<4xi8>
  %sum = tosa.add %even, %even : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  %unsigned = arith.uitofp %even : tensor<4xi8> to tensor<4xf32>
  %shift = "tosa.const"() {values = dense<2> : tensor<1xi8>} : () -> tensor<1xi8>
  %wide = tosa.cast %even : (tensor<4xi8>) -> tensor<4xi32>
  %square = tosa.mul %wide, %wide, %shift : (tensor<4xi32>, tensor<4xi32>, tensor<1xi8>) -> tensor<4xi32>
  %true = arith.constant dense<[true, false, true, false]> : tensor<4xi1>
  %minus = arith.sitofp %true : tensor<4xi1> to tensor<4xf32>
  return %even, %zero, %sum, %unsigned, %square, %minus : tensor<4xi8>, tensor<4xi8>, tensor<4xi8>, tensor<4xf32>, tensor<4xi32>, tensor<4xf32>
}

// Signed, unsigned and unordered comparisons.
// RUN: test-evaluate %t/compare.mlir | FileCheck %s --check-prefix=COMPARE
// COMPARE: [2 bool] 1 0
// COMPARE: [2 bool] 0 1
// COMPARE: [3 bool] 1 1 0
// COMPARE: [3 bool] 0 1 0
// COMPARE: [3 float32] 1 nan 3
// COMPARE: [3 float32] 1 2 3
// COMPARE: [1 int32] 1
// COMPARE: [1 int32] 2

//--- compare.mlir
func.func @net() -> (tensor<2xi1>, tensor<2xi1>, tensor<3xi1>, tensor<3xi1>, tensor<3xf32>, tensor<3xf32>, tensor<1xi32>, tensor<1xi32>) {
  %a = arith.constant dense<[-1, 1]> : tensor<2xi8>
  %b = arith.constant dense<[1, -1]> : tensor<2xi8>
  %signed = arith.cmpi slt, %a, %b : tensor<2xi8>
  %unsigned = arith.cmpi ult, %a, %b : tensor<2xi8>
  %x = arith.constant dense<[1.0, 0x7FC00000, 3.0]> : tensor<3xf32>
  %y = arith.constant dense<[1.0, 2.0, 2.0]> : tensor<3xf32>
  %ule = arith.cmpf ule, %x, %y : tensor<3xf32>
  %uno = arith.cmpf uno, %x, %y : tensor<3xf32>
  %nan = tosa.maximum %x, %y : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %number = tosa.maximum %x, %y {nan_mode = IGNORE} : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %s = tosa.const_shape {values = dense<[1, 3]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %m = tosa.reshape %x, %s : (tensor<3xf32>, !tosa.shape<2>) -> tensor<1x3xf32>
  %first = tosa.argmax %m {axis = 1 : i32} : (tensor<1x3xf32>) -> tensor<1xi32>
  %last = tosa.argmax %m {axis = 1 : i32, nan_mode = IGNORE} : (tensor<1x3xf32>) -> tensor<1xi32>
  return %signed, %unsigned, %ule, %uno, %nan, %number, %first, %last : tensor<2xi1>, tensor<2xi1>, tensor<3xi1>, tensor<3xi1>, tensor<3xf32>, tensor<3xf32>, tensor<1xi32>, tensor<1xi32>
}
