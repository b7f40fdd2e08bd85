// Data in a resource survive text and bytecode, from files and from pipes.
// RUN: sf-opt %s | sf-opt | FileCheck %s
// RUN: sf-opt %s --emit-bytecode -o %t.mlirbc
// RUN: sf-opt %t.mlirbc | FileCheck %s
// RUN: cat %t.mlirbc | sf-opt | FileCheck %s

// CHECK: snn.parameter @weights : tensor<4xf32> = dense_resource<four>
snn.parameter @weights : tensor<4xf32> = dense_resource<four>

// CHECK: four: "0x400000000000803F0000803F0000803F0000803F"
{-# dialect_resources: { builtin: { four: "0x400000000000803F0000803F0000803F0000803F" } } #-}
