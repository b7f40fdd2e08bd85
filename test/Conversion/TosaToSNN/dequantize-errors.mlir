// Integers that are computed with are refused, all at once.
// RUN: sf-opt %s --tosa-dequantize -split-input-file -verify-diagnostics

func.func @integers(%x: tensor<1x1x2xf32>) -> (tensor<1x1x2xi8>, tensor<1x1x2xf32>) {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<1x2x2xf32>}> : () -> tensor<1x2x2xf32>
  %0 = tosa.matmul %x, %w, %zp, %zp : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %1 = quant.qcast %0 : tensor<1x1x2xf32> to tensor<1x1x2x!quant.uniform<i8:f32, 0.5>>
  %2 = quant.scast %1 : tensor<1x1x2x!quant.uniform<i8:f32, 0.5>> to tensor<1x1x2xi8>
  // expected-error @below {{cannot dequantise the network: need operations on quantised values that move or compare them, have 'tosa.abs'}}
  // expected-note @below {{export the model in QDQ form, or before it is quantised}}
  %3 = tosa.abs %2 : (tensor<1x1x2xi8>) -> tensor<1x1x2xi8>
  // expected-error @below {{cannot dequantise the network: need integers that are read in the scale they were written in, '!quant.uniform<i8:f32, 5.000000e-01>', have '!quant.uniform<i8:f32, 2.500000e-01>'}}
  // expected-note @below {{export the model with a DequantizeLinear and a QuantizeLinear where the scale changes}}
  %4 = quant.scast %2 : tensor<1x1x2xi8> to tensor<1x1x2x!quant.uniform<i8:f32, 0.25>>
  %5 = quant.dcast %4 : tensor<1x1x2x!quant.uniform<i8:f32, 0.25>> to tensor<1x1x2xf32>
  return %3, %5 : tensor<1x1x2xi8>, tensor<1x1x2xf32>
}

// -----

// expected-error @below {{cannot dequantise the network: need a function of one block, have 2}}
func.func @blocks(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %0 = quant.qcast %x : tensor<1x1x2xf32> to tensor<1x1x2x!quant.uniform<i8:f32, 0.5>>
  cf.br ^next
^next:
  %1 = quant.dcast %0 : tensor<1x1x2x!quant.uniform<i8:f32, 0.5>> to tensor<1x1x2xf32>
  return %1 : tensor<1x1x2xf32>
}
