// Connectivity, delays, encoders and readouts, broken: one error each, at the operation or attribute, that says what is needed.
// RUN: sf-opt %s --split-input-file --verify-diagnostics

// expected-error @below {{conv1d kernel needs at least 1, got 0}}
module attributes {m = #snn.conv1d<kernel = 0, stride = 1, pad = [0, 0], dilation = 1, groups = 1>} {}

// -----
// expected-error @below {{conv1d pad needs 2 numbers of at least 0}}
module attributes {m = #snn.conv1d<kernel = 3, stride = 1, pad = [1], dilation = 1, groups = 1>} {}

// -----
// expected-error @below {{conv_transpose2d output_pad needs less than the stride or the dilation, 2, got 2}}
module attributes {m = #snn.conv_transpose2d<kernel = [3, 3], stride = [1, 2], pad = [0, 0, 0, 0], output_pad = [0, 2], dilation = [1, 1], groups = 1>} {}

// -----
// expected-error @below {{conv_transpose1d groups needs at least 1, got 0}}
module attributes {m = #snn.conv_transpose1d<kernel = 3, stride = 1, pad = [0, 0], output_pad = 0, dilation = 1, groups = 0>} {}

// -----
// expected-error @below {{fixed_in_degree needs a seed below 2^32, got 4294967296}}
module attributes {m = #snn.fixed_in_degree<count = 1, self = true, multapses = true, seed = 4294967296, stream = 0>} {}

// -----
// expected-error @below {{distance needs p from 0 to 1, got 1.500000e+00 : f64}}
module attributes {m = #snn.distance<falloff = gaussian, p = 1.5 : f64, scale = 1.0 : f64, periodic = false, self = true, seed = 1, stream = 0>} {}

// -----
// expected-error @below {{distance needs a positive scale, got 0.000000e+00 : f64}}
module attributes {m = #snn.distance<falloff = gaussian, p = 0.5 : f64, scale = 0.0 : f64, periodic = false, self = true, seed = 1, stream = 0>} {}

// -----
// expected-error @below {{rate needs a gain above 0, got -1.000000e+00 : f64}}
module attributes {m = #snn.rate<gain = -1.0 : f64>} {}

// -----
// expected-error @below {{latency needs a window of at least 1 step}}
module attributes {m = #snn.latency<window = 0, threshold = 0.0 : f64>} {}

// -----
// expected-error @below {{latency needs a threshold from 0 to 1, got 2.000000e+00 : f64}}
module attributes {m = #snn.latency<window = 4, threshold = 2.0 : f64>} {}

// -----
// expected-error @below {{latency_rc needs a tau above 0, got 0.000000e+00 : f64}}
module attributes {m = #snn.latency_rc<window = 4, threshold = 0.1 : f64, tau = 0.0 : f64>} {}

// -----
// expected-error @below {{delta needs a threshold above 0, got 0.000000e+00 : f64}}
module attributes {m = #snn.delta<threshold = 0.0 : f64, off = true, from_zero = true>} {}

// -----
// expected-error @below {{phase needs a period of 1 to 24 steps, got 25}}
module attributes {m = #snn.phase<period = 25>} {}

// -----
// expected-error @below {{burst needs intervals of at least 1 step, the shortest not above the longest, got 4 and 2}}
module attributes {m = #snn.burst<spikes = 5, shortest = 4, longest = 2>} {}

// -----
// expected-error @below {{population_code needs at least 2 neurons, got 1}}
module attributes {m = #snn.population_code<neurons = 1, low = 0.0 : f64, high = 1.0 : f64, width = 0.1 : f64>} {}

// -----
// expected-error @below {{population_code needs a low below its high, got 1.000000e+00 : f64 and 0.000000e+00 : f64}}
module attributes {m = #snn.population_code<neurons = 3, low = 1.0 : f64, high = 0.0 : f64, width = 0.1 : f64>} {}

// -----
// Shapes that do not fit.
#conv = #snn.conv1d<kernel = 3, stride = 2, pad = [1, 1], dilation = 1, groups = 1>
#up = #snn.conv_transpose2d<kernel = [2, 2], stride = [2, 2], pad = [0, 0, 0, 0], output_pad = [0, 0], dilation = [1, 1], groups = 2>
#near = #snn.distance<falloff = gaussian, p = 0.5 : f64, scale = 1.0 : f64, periodic = false, self = true, seed = 1, stream = 0>
snn.network @n(%l: !snn.signal<2x9, binary>, %i: !snn.signal<2x3x3, binary>, %x: !snn.signal<4, binary>) attributes {dt = "steps"} {
  // expected-error @below {{conv1d of this source needs a target of 3x5, got 3x4}}
  %a = snn.project %l through #conv delay 0 : !snn.signal<2x9, binary> -> !snn.current<3x4>
  // expected-error @below {{conv1d needs a source and a target of shape CxL}}
  %b = snn.project %i through #conv delay 0 : !snn.signal<2x3x3, binary> -> !snn.current<3x4>
  // expected-error @below {{conv_transpose2d of this source needs a target of 4x6x6, got 4x6x7}}
  %c = snn.project %i through #up delay 0 : !snn.signal<2x3x3, binary> -> !snn.current<4x6x7>
  // expected-error @below {{conv_transpose2d needs channels that 2 groups divide, got 2 and 3}}
  %d = snn.project %i through #up delay 0 : !snn.signal<2x3x3, binary> -> !snn.current<3x6x6>
  // expected-error @below {{all_to_all with self = false needs as many sources as targets}}
  %e = snn.project %x through #snn.all_to_all<self = false> delay 0 : !snn.signal<4, binary> -> !snn.current<5>
  // expected-error @below {{fixed_in_degree of 4 different sources per target has only 3 to choose from}}
  %f = snn.project %x through #snn.fixed_in_degree<count = 4, self = false, multapses = false, seed = 1, stream = 0> delay 0 : !snn.signal<4, binary> -> !snn.current<4>
  // expected-error @below {{distance needs a source and a target that are both lines (one axis) or both grids (two or more)}}
  %g = snn.project %x through #near delay 0 : !snn.signal<4, binary> -> !snn.current<2x2>
  snn.output
}

// -----
// Delays by axon.
snn.parameter @real : tensor<4xf32> = dense<1.0>
snn.network @n(%x: !snn.signal<4, binary>) attributes {dt = "steps"} {
  // expected-error @below {{needs delays of integers, @real has 'tensor<4xf32>'}}
  %a = snn.project %x through #snn.one_to_one delay (#snn.per_source<@real>) : !snn.signal<4, binary> -> !snn.current<4>
  // expected-error @below {{there is no snn.parameter @none}}
  %b = snn.project %x through #snn.one_to_one delay (#snn.per_source<@none>) : !snn.signal<4, binary> -> !snn.current<4>
  snn.output
}

// -----
// Alphabets and shapes of encoders.
snn.network @n(%x: !snn.signal<4, analogue<f32>>, %s: !snn.signal<4, binary>) attributes {dt = "steps"} {
  // expected-error @below {{rate turns analogue<f32|f64> into binary}}
  %a = snn.encode "a" by #snn.rate<gain = 1.0 : f64> of %s : !snn.signal<4, binary> -> !snn.signal<4, binary>
  // expected-error @below {{delta with off = true turns analogue<f32|f64> into ternary}}
  %b = snn.encode "b" by #snn.delta<threshold = 0.5 : f64, off = true, from_zero = true> of %x : !snn.signal<4, analogue<f32>> -> !snn.signal<4, binary>
  // expected-error @below {{phase turns analogue<f32|f64> into graded<uiN> with N of at least 8}}
  %c = snn.encode "c" by #snn.phase<period = 8> of %x : !snn.signal<4, analogue<f32>> -> !snn.signal<4, graded<ui4>>
  // expected-error @below {{of this input needs a result of 4x3 elements, got '!snn.signal<4, analogue<f32>>' and '!snn.signal<4, analogue<f32>>'}}
  %d = snn.encode "d" by #snn.population_code<neurons = 3, low = 0.0 : f64, high = 1.0 : f64, width = 0.1 : f64> of %x
    : !snn.signal<4, analogue<f32>> -> !snn.signal<4, analogue<f32>>
  // expected-error @below {{of this input needs a result of 4 elements}}
  %e = snn.encode "e" by #snn.rate<gain = 1.0 : f64> of %x : !snn.signal<4, analogue<f32>> -> !snn.signal<5, binary>
  snn.output
}

// -----
// Readouts: simulate_c3, c4
snn.network @n(%x: !snn.signal<4x3, ternary>, %y: !snn.signal<4x3, binary>) -> (!snn.signal<4x3, ternary>, !snn.signal<4x3, binary>) attributes {dt = "steps"} {
  snn.output %x, %y : !snn.signal<4x3, ternary>, !snn.signal<4x3, binary>
}
func.func @main(%x: tensor<?x4x3xi8>, %y: tensor<?x4x3xi8>) {
  // expected-error @below {{readout population_vector needs spikes that are never negative over a last axis of at least 2, output 0 is '!snn.signal<4x3, ternary>'}}
  // expected-error @below {{result 1 needs 'tensor<?x4xf32>' for the population_vector of '!snn.signal<4x3, binary>', got 'tensor<?x4x3xf32>'}}
  %r:2 = snn.simulate @n(%x, %y) steps(1) reset(per_sample) readout(population_vector, population_vector)
    : (tensor<?x4x3xi8>, tensor<?x4x3xi8>) -> (tensor<?x4xf32>, tensor<?x4x3xf32>)
  return
}
