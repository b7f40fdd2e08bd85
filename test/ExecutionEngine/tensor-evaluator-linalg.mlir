// RUN: test-evaluate %s --function=product --samples=2 | FileCheck %s --check-prefix=PRODUCT
// RUN: test-evaluate %s --function=index --samples=2 | FileCheck %s --check-prefix=INDEX
// RUN: not test-evaluate %s --function=modulo 2>&1 | FileCheck %s --check-prefix=MODULO

// Named ops have loops and a body, too; samples run together. Both columns are the sum of the sample.
// PRODUCT-NOT: one by one
// PRODUCT: [2x2 float32] [[A:[-0-9.]+]] [[A]] [[B:[-0-9.]+]] [[B]]
func.func @product(%x: tensor<1x3xf32>) -> tensor<1x2xf32> {
  %zero = arith.constant 0.0 : f32
  %ones = arith.constant dense<1.0> : tensor<3x2xf32>
  %empty = tensor.empty() : tensor<1x2xf32>
  %start = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x2xf32>) -> tensor<1x2xf32>
  %y = linalg.matmul ins(%x, %ones : tensor<1x3xf32>, tensor<3x2xf32>) outs(%start : tensor<1x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// Positions along an axis that does not hold the samples.
// INDEX: [2x3 int64] 0 1 2 0 1 2
func.func @index(%x: tensor<1x3xf32>) -> tensor<1x3xi64> {
  %empty = tensor.empty() : tensor<1x3xi64>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<1x3xf32>) outs(%empty : tensor<1x3xi64>) {
  ^bb0(%in: f32, %out: i64):
    %i = linalg.index 1 : index
    %j = arith.index_cast %i : index to i64
    linalg.yield %j : i64
  } -> tensor<1x3xi64>
  return %y : tensor<1x3xi64>
}

// MODULO: reads operand 0 at positions that are no sums of loop positions times constants
func.func @modulo(%x: tensor<2xf32>) -> tensor<4xf32> {
  %empty = tensor.empty() : tensor<4xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0 mod 2)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x : tensor<2xf32>) outs(%empty : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}
