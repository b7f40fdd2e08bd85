// What the tensor evaluator cannot run is reported with its location, all at once.

// RUN: split-file %s %t

// RUN: not test-evaluate %t/unknown.mlir 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: unknown.mlir:2:12: error: 'tosa.rfft2d' op is not known to the tensor evaluator
// UNKNOWN: unknown.mlir:3:8: error: 'tosa.cast' op has type 'tensor<1x4x4xf16>', but the tensor evaluator computes f32, f64, i1 and integers of 8, 16, 32 and 64 bits
// UNKNOWN: unknown.mlir:4:8: error: 'test.double' op is not known to the tensor evaluator

//--- unknown.mlir
func.func @net(%x: tensor<1x4x4xf32>, %h: tensor<1x4x4xf32>) -> tensor<1x4x4xf32> {
  %0, %1 = tosa.rfft2d %x : (tensor<1x4x4xf32>) -> (tensor<1x4x3xf32>, tensor<1x4x3xf32>)
  %2 = tosa.cast %x : (tensor<1x4x4xf32>) -> tensor<1x4x4xf16>
  %3 = "test.double"(%x) : (tensor<1x4x4xf32>) -> tensor<1x4x4xf32>
  return %3 : tensor<1x4x4xf32>
}

// RUN: not test-evaluate %t/types.mlir 2>&1 | FileCheck %s --check-prefix=TYPES
// TYPES: types.mlir:3:8: error: 'tosa.reduce_sum' op is not computed for elements of type 'bool' by the tensor evaluator; cast to float32 before it
// TYPES: types.mlir:4:8: error: 'tosa.exp' op has type 'tensor<1x?xf32>', but only the leading extent, of samples, may be dynamic

//--- types.mlir
func.func @net(%y: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %x = arith.constant dense<true> : tensor<1x4xi1>
  %0 = tosa.reduce_sum %x {axis = 1 : i32} : (tensor<1x4xi1>) -> tensor<1x1xi1>
  %1 = tosa.exp %y : (tensor<1x4xf32>) -> tensor<1x?xf32>
  return %y : tensor<1x4xf32>
}

// RUN: not test-evaluate %t/shapes.mlir 2>&1 | FileCheck %s --check-prefix=SHAPES
// SHAPES: shapes.mlir:3:8: error: 'tensor.cast' op gives the shape [5, 4] for one sample, but its result type says [1, 4]
// SHAPES: shapes.mlir:6:8: error: 'tosa.conv2d' op gives the shape [2, 3, 3, 1] for one sample, but its result type says [1, 3, 3, 1]

//--- shapes.mlir
func.func @net(%x: tensor<2x3x3x1xf32>) -> tensor<2x3x3x1xf32> {
  %c = arith.constant dense<1.0> : tensor<5x4xf32>
  %0 = tensor.cast %c : tensor<5x4xf32> to tensor<?x4xf32>
  %w = "tosa.const"() {values = dense<1.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %1 = tosa.conv2d %x, %w, %z, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<2x3x3x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x1xf32>
  return %x : tensor<2x3x3x1xf32>
}

// RUN: not test-evaluate %t/calls.mlir 2>&1 | FileCheck %s --check-prefix=CALLS
// CALLS: calls.mlir:1:1: error: 'func.func' op calls itself; the tensor evaluator runs functions without recursion
// CALLS: calls.mlir:4:8: error: 'func.call' op calls 'nobody', which has no body to evaluate

//--- calls.mlir
func.func @net(%x: tensor<1xf32>) -> tensor<1xf32> {
  // A comment, so that the calls lie on other lines.
  %0 = func.call @net(%x) : (tensor<1xf32>) -> tensor<1xf32>
  %1 = func.call @nobody(%x) : (tensor<1xf32>) -> tensor<1xf32>
  return %1 : tensor<1xf32>
}
func.func private @nobody(tensor<1xf32>) -> tensor<1xf32>

// RUN: not test-evaluate %t/resource.mlir 2>&1 | FileCheck %s --check-prefix=RESOURCE
// RESOURCE: resource.mlir:2:8: error: 'arith.constant' op needs 12 bytes of data, resource 'blob' has 8
// RESOURCE: resource.mlir:3:8: error: 'arith.constant' op has no data: resource 'missing' is missing from the file

//--- resource.mlir
func.func @net() -> tensor<3xf32> {
  %0 = arith.constant dense_resource<blob> : tensor<3xf32>
  %1 = arith.constant dense_resource<missing> : tensor<3xf32>
  return %0 : tensor<3xf32>
}
{-#
  dialect_resources: { builtin: { blob: "0x400000000000803F000000C0" } }
#-}
