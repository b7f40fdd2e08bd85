// Connectivity, delays, encoders and readouts round-trip through text, generic form and bytecode.
// RUN: sf-opt %s --verify-roundtrip | FileCheck %s
// RUN: sf-opt %s --mlir-print-op-generic | sf-opt | FileCheck %s
// RUN: sf-opt %s --emit-bytecode -o %t.mlirbc && sf-opt %t.mlirbc | FileCheck %s

snn.parameter @d : tensor<4xi32> = dense<[1, 2, 3, 4]>

// CHECK-LABEL: snn.network @connectivity
snn.network @connectivity(%l: !snn.signal<2x9, binary>, %i: !snn.signal<2x3x3, binary>, %x: !snn.signal<4, binary>) attributes {dt = "steps"} {
  // CHECK: through #snn.conv1d<kernel = 3, stride = 2, pad = [1, 0], dilation = 2, groups = 2> delay 0
  %a = snn.project %l through #snn.conv1d<kernel = 3, stride = 2, pad = [1, 0], dilation = 2, groups = 2> delay 0 : !snn.signal<2x9, binary> -> !snn.current<4x3>
  // CHECK: through #snn.conv_transpose1d<kernel = 4, stride = 2, pad = [1, 1], output_pad = 1, dilation = 1, groups = 1> delay 0
  %b = snn.project %l through #snn.conv_transpose1d<kernel = 4, stride = 2, pad = [1, 1], output_pad = 1, dilation = 1, groups = 1> delay 0
    : !snn.signal<2x9, binary> -> !snn.current<3x19>
  // CHECK: through #snn.conv_transpose2d<kernel = [2, 3], stride = [2, 1], pad = [0, 1, 1, 0], output_pad = [1, 0], dilation = [1, 2], groups = 2> delay 0
  %c = snn.project %i through #snn.conv_transpose2d<kernel = [2, 3], stride = [2, 1], pad = [0, 1, 1, 0], output_pad = [1, 0], dilation = [1, 2], groups = 2> delay 0
    : !snn.signal<2x3x3, binary> -> !snn.current<2x6x6>
  // CHECK: through #snn.all_to_all<self = false> weights 5.000000e-01 delay (#snn.per_source<@d>)
  %e = snn.project %x through #snn.all_to_all<self = false> weights 0.5 delay (#snn.per_source<@d>) : !snn.signal<4, binary> -> !snn.current<4>
  // CHECK: through #snn.fixed_in_degree<count = 3, self = false, multapses = true, seed = 7, stream = 2> delay 1
  %f = snn.project %x through #snn.fixed_in_degree<count = 3, self = false, multapses = true, seed = 7, stream = 2> delay 1 : !snn.signal<4, binary> -> !snn.current<4>
  // CHECK: through #snn.distance<falloff = exponential, p = 5.000000e-01 : f64, scale = 2.000000e+00 : f64, periodic = true, self = false, seed = 3, stream = 1>
  %g = snn.project %x through #snn.distance<falloff = exponential, p = 0.5 : f64, scale = 2.0 : f64, periodic = true, self = false, seed = 3, stream = 1> delay 1
    : !snn.signal<4, binary> -> !snn.current<4>
  snn.output
}

// CHECK-LABEL: snn.network @encoders
snn.network @encoders(%x: !snn.signal<4, analogue<f32>>) -> (!snn.signal<4, binary>, !snn.signal<4x3, binary>) attributes {dt = 1.0e-3 : f64} {
  // CHECK: by #snn.rate<gain = 2.500000e+02 : f64>
  %a = snn.encode "a" by #snn.rate<gain = 250.0 : f64> of %x : !snn.signal<4, analogue<f32>> -> !snn.signal<4, binary>
  // CHECK: by #snn.latency<window = 16, threshold = 1.000000e-02 : f64>
  %b = snn.encode "b" by #snn.latency<window = 16, threshold = 0.01 : f64> of %x : !snn.signal<4, analogue<f32>> -> !snn.signal<4, binary>
  // CHECK: by #snn.latency_rc<window = 16, threshold = 1.000000e-02 : f64, tau = 5.000000e-03 : f64>
  %c = snn.encode "c" by #snn.latency_rc<window = 16, threshold = 0.01 : f64, tau = 5.0e-3 : f64> of %x : !snn.signal<4, analogue<f32>> -> !snn.signal<4, binary>
  // CHECK: by #snn.delta<threshold = 1.000000e-01 : f64, off = true, from_zero = false>
  %d = snn.encode "d" by #snn.delta<threshold = 0.1 : f64, off = true, from_zero = false> of %x : !snn.signal<4, analogue<f32>> -> !snn.signal<4, ternary>
  // CHECK: by #snn.phase<period = 8>
  %e = snn.encode "e" by #snn.phase<period = 8> of %x : !snn.signal<4, analogue<f32>> -> !snn.signal<4, graded<ui8>>
  // CHECK: by #snn.burst<spikes = 5, shortest = 2, longest = 8>
  %f = snn.encode "f" by #snn.burst<spikes = 5, shortest = 2, longest = 8> of %x : !snn.signal<4, analogue<f32>> -> !snn.signal<4, binary>
  // CHECK: by #snn.population_code<neurons = 3, low = 0.000000e+00 : f64, high = 1.000000e+00 : f64, width = 1.000000e-01 : f64>
  %g = snn.encode "g" by #snn.population_code<neurons = 3, low = 0.0 : f64, high = 1.0 : f64, width = 0.1 : f64> of %x
    : !snn.signal<4, analogue<f32>> -> !snn.signal<4x3, analogue<f64>>
  %h = snn.encode "h" by #snn.rate<gain = 500.0 : f64> of %g : !snn.signal<4x3, analogue<f64>> -> !snn.signal<4x3, binary>
  snn.output %a, %h : !snn.signal<4, binary>, !snn.signal<4x3, binary>
}

func.func @main(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  // CHECK: readout(rate, population_vector) : (tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>)
  %r:2 = snn.simulate @encoders(%x) steps(32) reset(per_sample) readout(rate, population_vector) : (tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>)
  return %r#0, %r#1 : tensor<?x4xf32>, tensor<?x4xf32>
}
