// What neurons cannot take is refused.
// RUN: sf-opt %s --convert-tosa-to-snn="timesteps=8 neuron=ternary max-pool=gate" -split-input-file -verify-diagnostics
// RUN: %exits 1 sf-opt %s --convert-tosa-to-snn="timesteps=8 neuron=sigma-delta max-pool=winner delta-bits=25" 2>&1 | FileCheck %s --check-prefix=SIGMA
// RUN: %exits 1 sf-opt %s --convert-tosa-to-snn="timesteps=8 neuron=spiky" 2>&1 | FileCheck %s --check-prefix=KIND
// KIND: error: cannot convert with neuron=spiky; there are if, ternary, burst, sigma-delta, graded
// RUN: %exits 1 sf-opt %s --convert-tosa-to-snn="timesteps=1 neuron=graded max-pool=gate" 2>&1 | FileCheck %s --check-prefix=GRADED
// GRADED: error: cannot convert 'tosa.max_pool2d' to spikes (max_pool): need binary spikes, have neuron=graded
// GRADED: choose max-pool=winner, which is exact for levels, current or average
// RUN: %exits 1 sf-opt %s --convert-tosa-to-snn="timesteps=1 neuron=graded max-pool=winner levels=65536" 2>&1 | FileCheck %s --check-prefix=MANY
// MANY: error: cannot convert 'func.func' to spikes (levels): need 1 to 65535 levels, have 65536
// SIGMA: error: cannot convert 'func.func' to spikes (delta_bits): need 0 to 24 bits of a change, have 25
// SIGMA: note: give the number of bits, such as 8

func.func @main(%x: tensor<1x4x4x2xf32>) -> tensor<1x2x2x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<2x1x1x2xf32>}> : () -> tensor<2x1x1x2xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %1 = tosa.conv2d %x, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 1.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  // expected-error @below {{cannot convert 'tosa.max_pool2d' to spikes (max_pool): need binary spikes, have neuron=ternary}}
  // expected-note @below {{choose max-pool=current or average}}
  %3 = tosa.max_pool2d %2 {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x4x4x2xf32>) -> tensor<1x2x2x2xf32>
  %4 = tosa.conv2d %3, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
  return %4 : tensor<1x2x2x2xf32>
}
