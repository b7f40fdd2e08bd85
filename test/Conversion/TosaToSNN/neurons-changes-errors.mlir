// Neurons that send changes have no levels; trained ones are refused.
// RUN: sf-opt %s --convert-tosa-to-snn="timesteps=1 neuron=sigma-delta" -verify-diagnostics

func.func @main(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<1x2x2xf32>}> : () -> tensor<1x2x2xf32>
  %0 = tosa.matmul %x, %w, %zp, %zp : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %1 = tosa.floor %0 : (tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  // expected-error @below {{cannot convert 'tosa.clamp' to spikes (neuron): need an activation without levels, have one that is rounded to levels}}
  // expected-note @below {{choose neurons that spike or send levels}}
  %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 4.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  %3 = tosa.matmul %2, %w, %zp, %zp : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  return %3 : tensor<1x1x2xf32>
}
