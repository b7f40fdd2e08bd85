// A bound that is no level cannot be sent as one.
// RUN: sf-opt %s --convert-tosa-to-snn="timesteps=1 neuron=graded" -verify-diagnostics

func.func @main(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<1x2x2xf32>}> : () -> tensor<1x2x2xf32>
  %quarter = "tosa.const"() <{values = dense<0.25> : tensor<1x1x1xf32>}> : () -> tensor<1x1x1xf32>
  %0 = tosa.matmul %x, %w, %zp, %zp : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %1 = tosa.floor %0 : (tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  %2 = tosa.mul %1, %quarter, %shift : (tensor<1x1x2xf32>, tensor<1x1x1xf32>, tensor<1xi8>) -> tensor<1x1x2xf32>
  // expected-error @below {{cannot convert 'tosa.clamp' to spikes (neuron): need a bound of 1 to 65535 whole levels, have 4.400000 levels}}
  // expected-note @below {{choose neurons that spike, or train with a bound that is a level}}
  %3 = tosa.clamp %2 {min_val = 0.0 : f32, max_val = 1.1 : f32} : (tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  %4 = tosa.matmul %3, %w, %zp, %zp : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  return %4 : tensor<1x1x2xf32>
}
