// What cannot become spikes is refused at its operation, with what to do; all refusals of a network at once.
// RUN: sf-opt %s --convert-tosa-to-snn=timesteps=8 -split-input-file -verify-diagnostics

// A maximum pool, a sigmoid and a clamp below 0: every one is named.
func.func @main(%x: tensor<1x4x4x2xf32>) -> tensor<1x1x1x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<2x1x1x2xf32>}> : () -> tensor<2x1x1x2xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %1 = tosa.conv2d %x, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  // expected-error @below {{cannot convert 'tosa.max_pool2d' to spikes (max_pool): need an average pool, or a choice for maxima, have a maximum over 2x2}}
  // expected-note @below {{choose max-pool=gate (exact for counts; a neuron for each input and output of the pool), current (no spikes in front of the pool), winner (the maximum of the spikes of a step, which overestimates) or average, or retrain with average pools}}
  %2 = tosa.max_pool2d %1 {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x4x4x2xf32>) -> tensor<1x2x2x2xf32>
  %3 = tosa.conv2d %x, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  // expected-error @below {{cannot convert 'tosa.sigmoid' to spikes (activation): need max(x, 0), or clamp from 0, as the activation, have 'tosa.sigmoid'}}
  // expected-note @below {{retrain with ReLU, or with ReLU6; other functions are kept only behind the last weights}}
  %4 = tosa.sigmoid %3 : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %5 = tosa.conv2d %4, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  // expected-error @below {{cannot convert 'tosa.clamp' to spikes (activation): need max(x, 0), or clamp from 0, as the activation, have 'tosa.clamp' from -1.000000e+00 : f32 to 1.000000e+00 : f32}}
  // expected-note @below {{retrain with ReLU, or with ReLU6: spikes add up to no negative value}}
  %6 = tosa.clamp %5 {min_val = -1.0 : f32, max_val = 1.0 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %7 = tosa.avg_pool2d %6, %zp, %zp {acc_type = f32, kernel = array<i64: 4, 4>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  return %7 : tensor<1x1x1x2xf32>
}

// -----

// Weights behind weights, a pool before its activation, an activation without threshold.
func.func @main(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<2x1x1x2xf32>}> : () -> tensor<2x1x1x2xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %0 = tosa.conv2d %x, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  // expected-error @below {{cannot convert 'tosa.conv2d' to spikes (activation): need an activation between this and the weights before it, have none}}
  // expected-note @below {{merge the two linear operations, or put a ReLU between them}}
  %1 = tosa.conv2d %0, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  // expected-error @below {{cannot convert 'tosa.avg_pool2d' to spikes (analogue_pool): need spikes, have a sum before its activation}}
  // expected-note @below {{put the ReLU before the pool and not behind it}}
  %2 = tosa.avg_pool2d %0, %zp, %zp {acc_type = f32, kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  // expected-error @below {{cannot convert 'tosa.clamp' to spikes (threshold): need the threshold of its neurons as 'snn.threshold', have none}}
  // expected-note @below {{calibrate the network on samples first}}
  %3 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 1.0 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  // expected-error @below {{cannot convert 'tosa.clamp' to spikes (threshold): need a positive finite threshold, have 0.000000}}
  // expected-note @below {{calibrate with samples on which it is active}}
  %4 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 1.0 : f32, snn.threshold = 0.0 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %5 = tosa.add %3, %4 : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  return %5 : tensor<1x4x4x2xf32>
}

// -----

// Pools with padding, a concatenation along rows, products of two values, a value that is repeated, weights that are
// computed.
func.func @main(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<2x1x1x2xf32>}> : () -> tensor<2x1x1x2xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %0 = tosa.conv2d %x, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 1.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  // expected-error @below {{cannot convert 'tosa.avg_pool2d' to spikes (pool_padding): need a pool whose windows have one divisor, have a padding that does not count}}
  // expected-note @below {{export the pool without padding or with count_include_pad}}
  %2 = tosa.avg_pool2d %1, %zp, %zp {acc_type = f32, kernel = array<i64: 3, 3>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  // expected-error @below {{cannot convert 'tosa.concat' to spikes (concat): need channels of images (axis 3 of 4), or flat vectors, have axis 1 of 4}}
  // expected-note @below {{concatenate channels, or flatten before}}
  %3 = tosa.concat %1, %1 {axis = 1 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x8x4x2xf32>
  %4 = tosa.avg_pool2d %1, %zp, %zp {acc_type = f32, kernel = array<i64: 4, 4>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  // expected-error @below {{cannot convert 'tosa.mul' to spikes (operation): need a sum, a convolution, a product with constant weights, an average pool or a ReLU, have 'tosa.mul' of values inside the network}}
  // expected-note @below {{replace it in the trained network}}
  %5 = tosa.mul %1, %4, %shift : (tensor<1x4x4x2xf32>, tensor<1x1x1x2xf32>, tensor<1xi8>) -> tensor<1x4x4x2xf32>
  // expected-error @below {{cannot convert 'tosa.add' to spikes (broadcast): need operands of one shape, have a value that is repeated along an axis}}
  // expected-note @below {{export the network without the broadcast}}
  %6 = tosa.add %1, %4 : (tensor<1x4x4x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x4x4x2xf32>
  %s = tosa.const_shape {values = dense<[2, 1, 1, 16]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %w2 = tosa.reshape %1, %s : (tensor<1x4x4x2xf32>, !tosa.shape<4>) -> tensor<2x1x1x16xf32>
  // expected-error @below {{cannot convert 'tosa.concat' to spikes (activation)}}
  // expected-note @below {{merge the two linear operations}}
  %w3 = tosa.concat %1, %0 {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  // expected-error @below {{cannot convert 'tosa.concat' to spikes (concat): need operands whose neurons emit alike, have spikes beside counts of pools, slices or inputs}}
  // expected-note @below {{pool behind the concatenation, or all of its operands}}
  %w4 = tosa.concat %1, %x {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  %pads = tosa.const_shape {values = dense<[0, 0, 0, 0, 0, 0, 7, 7]> : tensor<8xindex>} : () -> !tosa.shape<8>
  // expected-error @below {{cannot convert 'tosa.pad' to spikes (layout): need a reshape or transpose, or zeros in front of a convolution, have 'tosa.pad' that is neither}}
  // expected-note @below {{leave it out of the trained network}}
  %7 = tosa.pad %1, %pads, %zp : (tensor<1x4x4x2xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x4x4x16xf32>
  // expected-error @below {{cannot convert 'tosa.conv2d' to spikes (constant): need a constant operand, have one that is computed}}
  // expected-note @below {{fold constants first, for example with --tosa-layerwise-constant-fold}}
  %8 = tosa.conv2d %1, %w2, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x16xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  return %8 : tensor<1x4x4x2xf32>
}

// -----

// expected-error @below {{cannot convert 'func.func' to spikes (output): need one output, have 2}}
// expected-note @below {{export the network with the output that is to be read}}
func.func @main(%x: tensor<1x4xf32>) -> (tensor<1x4xf32>, tensor<1x4xf32>) {
  return %x, %x : tensor<1x4xf32>, tensor<1x4xf32>
}

// -----

// expected-error @below {{cannot convert 'func.func' to spikes (sample): need tensors of static shape whose leading extent is 1, the sample, have tensor<8x4xf32>}}
// expected-note @below {{export the network with a batch of 1 or a dynamic batch axis}}
func.func @main(%x: tensor<8x4xf32>) -> tensor<1x4xf32> {
  %0 = "tosa.const"() <{values = dense<0.0> : tensor<1x4xf32>}> : () -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

// -----

func.func @main(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error @below {{cannot convert 'func.return' to spikes (output): need weights between input and output, have none}}
  // expected-note @below {{nothing of this function can become spikes}}
  return %x : tensor<1x4xf32>
}

// -----

// A product over several rows; the transpose and the reshape before weights are no image.
func.func @main(%x: tensor<1x4x4xf32>) -> tensor<1x4x4xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<1x4x4xf32>}> : () -> tensor<1x4x4xf32>
  // expected-error @below {{cannot convert 'tosa.matmul' to spikes (rows): need one row per sample, have 4}}
  // expected-note @below {{flatten a sample before the product}}
  %0 = tosa.matmul %x, %w, %zp, %zp : (tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4xf32>
  return %0 : tensor<1x4x4xf32>
}

// -----

// The order of channels last that a flatten brought into the channels of the next image.
func.func @main(%x: tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<2x1x1x2xf32>}> : () -> tensor<2x1x1x2xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %0 = tosa.conv2d %x, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 1.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  %2 = tosa.transpose %1 {perms = array<i32: 0, 3, 2, 1>} : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  // expected-error @below {{cannot convert 'tosa.conv2d' to spikes (layout): need the axes N, H, W, C of an image as its neurons lie, have another order of their elements}}
  // expected-note @below {{leave out the transpose, reshape or slice before it}}
  %3 = tosa.conv2d %2, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
  // expected-error @below {{cannot convert 'tosa.add' to spikes (layout): need operands whose elements lie alike, have another order of the elements}}
  // expected-note @below {{leave out the transpose or reshape before one of them}}
  %4 = tosa.add %1, %2 : (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  return %4 : tensor<1x2x2x2xf32>
}

// -----

// Thresholds per neuron leave no one weight for a spike in a shared kernel.
func.func @main(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<2x1x1x2xf32>}> : () -> tensor<2x1x1x2xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %0 = tosa.conv2d %x, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x2x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2x2xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 6.0 : f32, snn.threshold = dense<[[[[1.0, 2.0], [3.0, 4.0]]]]> : tensor<1x1x2x2xf32>} : (tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
  // expected-error @below {{cannot convert 'tosa.conv2d' to spikes (threshold): need one threshold per channel of its input, have 4 for 2 channels}}
  // expected-note @below {{calibrate per channel or per layer}}
  %2 = tosa.conv2d %1, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x2x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2x2xf32>
  return %2 : tensor<1x1x2x2xf32>
}

// -----

// Groups that a pass took apart; a slice through windows; a factor per element behind a convolution.
func.func @main(%x: tensor<1x4x4x2xf32>) -> tensor<1x1x1x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<2x1x1x2xf32>}> : () -> tensor<2x1x1x2xf32>
  %w4 = "tosa.const"() <{values = dense<1.0> : tensor<2x4x4x2xf32>}> : () -> tensor<2x4x4x2xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %each = "tosa.const"() <{values = dense<[[[[1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [5.0, 2.0]]]]> : tensor<1x1x4x2xf32>}> : () -> tensor<1x1x4x2xf32>
  %a0 = tosa.const_shape {values = dense<[0, 0, 0, 0]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %cut = tosa.const_shape {values = dense<[1, 3, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %0 = tosa.conv2d %x, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  // expected-error @below {{cannot convert 'tosa.mul' to spikes (scale): need one factor per channel, have one per element behind a convolution}}
  // expected-note @below {{scale the channels as a whole}}
  %1 = tosa.mul %0, %each, %shift : (tensor<1x4x4x2xf32>, tensor<1x1x4x2xf32>, tensor<1xi8>) -> tensor<1x4x4x2xf32>
  %2 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 6.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  // expected-error @below {{cannot convert 'tosa.concat' to spikes (grouped): need the slices and convolutions of its groups, in order, have something else}}
  // expected-note @below {{run this before passes that change them}}
  %3 = tosa.concat %2, %2 {axis = 3 : i32, snn.grouped = 2 : i64} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  %4 = tosa.slice %2, %a0, %cut : (tensor<1x4x4x2xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x3x4x2xf32>
  // expected-error @below {{cannot convert 'tosa.conv2d' to spikes (layout): need a slice that cuts off only what no window reaches, have one that takes away part of a window}}
  // expected-note @below {{pad instead of slicing}}
  %5 = tosa.conv2d %4, %w4, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 1, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x3x4x2xf32>, tensor<2x4x4x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  return %5 : tensor<1x1x1x2xf32>
}

// -----

// The data of a constant may be missing, and quantised networks are no float networks.
func.func @main(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense_resource<missing> : tensor<1x2x2xf32>}> : () -> tensor<1x2x2xf32>
  // expected-error @below {{has no data: resource 'missing' is missing from the file}}
  // expected-error @below {{cannot convert 'tosa.matmul' to spikes (constant): need the data of its constant, have none}}
  // expected-note @below {{keep the resources of the file}}
  %0 = tosa.matmul %x, %w, %zp, %zp : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  return %0 : tensor<1x1x2xf32>
}

// -----

// A LeakyReLU as importers make it; one made with a selection; each at its node.
func.func @main(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<2x1x1x2xf32>}> : () -> tensor<2x1x1x2xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %slope = "tosa.const"() <{values = dense<0.1> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %0 = tosa.conv2d %x, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %1 = tosa.mul %0, %slope, %shift : (tensor<1x4x4x2xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<1x4x4x2xf32>
  // expected-error @below {{cannot convert 'tosa.maximum' to spikes (activation): need max(x, 0), or clamp from 0, as the activation, have 'tosa.maximum' of something else than 0}}
  // expected-note @below {{run tosa-split-leaky-relu before if it is a LeakyReLU, or retrain with ReLU}}
  %2 = tosa.maximum %0, %1 : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %3 = tosa.conv2d %2, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %4 = tosa.greater %0, %zero : (tensor<1x4x4x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x4x4x2xi1>
  // expected-error @below {{cannot convert 'tosa.select' to spikes (operation): need a sum, a convolution, a product with constant weights, an average pool or a ReLU, have 'tosa.select' of values inside the network}}
  // expected-note @below {{replace it in the trained network}}
  %5 = tosa.select %4, %0, %1 : (tensor<1x4x4x2xi1>, tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %6 = tosa.conv2d %5, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  // Nothing is said of what depends on a refused operation, not even of a value that is repeated.
  %7 = tosa.reduce_max %6 {axis = 3 : i32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x1xf32>
  %8 = tosa.sub %6, %7 : (tensor<1x4x4x2xf32>, tensor<1x4x4x1xf32>) -> tensor<1x4x4x2xf32>
  return %8 : tensor<1x4x4x2xf32>
}

// -----

// An image that was sliced within a window, vectors in another order, padded values in a product and in a sum, a
// constant where a value belongs.
func.func @main(%x: tensor<1x4x4x2xf32>) -> tensor<1x1x64xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<2x1x1x2xf32>}> : () -> tensor<2x1x1x2xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %m = "tosa.const"() <{values = dense<1.0> : tensor<1x98x1xf32>}> : () -> tensor<1x98x1xf32>
  %a = tosa.const_shape {values = dense<[0, 0, 0, 0]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %s = tosa.const_shape {values = dense<[1, 3, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %pads = tosa.const_shape {values = dense<[0, 0, 1, 2, 2, 1, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  %flat = tosa.const_shape {values = dense<[1, 1, 32]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %0 = tosa.conv2d %x, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 1.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %2 = tosa.slice %1, %a, %s : (tensor<1x4x4x2xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x3x4x2xf32>
  // expected-error @below {{cannot convert 'tosa.avg_pool2d' to spikes (pool_padding): need a pool of a whole image, have one that was sliced within its windows}}
  // expected-note @below {{export the pool without the slice before it}}
  %3 = tosa.avg_pool2d %2, %zp, %zp {acc_type = f32, kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x3x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x4x2xf32>
  %4 = tosa.avg_pool2d %1, %zp, %zp {acc_type = f32, kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %5 = tosa.pad %4, %pads, %zp : (tensor<1x4x4x2xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x7x7x2xf32>
  // expected-error @below {{cannot convert 'tosa.avg_pool2d' to spikes (pool_padding): need spikes to put zeros around, have counts of a pool}}
  // expected-note @below {{export the pool behind the other without padding}}
  %6 = tosa.avg_pool2d %5, %zp, %zp {acc_type = f32, kernel = array<i64: 7, 7>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x7x7x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  // expected-error @below {{cannot convert 'tosa.add' to spikes (layout): need all elements of its operand and no others, have a slice or a padding of them}}
  // expected-note @below {{slice or pad only in front of a convolution}}
  %7 = tosa.add %5, %5 : (tensor<1x7x7x2xf32>, tensor<1x7x7x2xf32>) -> tensor<1x7x7x2xf32>
  %8 = tosa.reshape %1, %flat : (tensor<1x4x4x2xf32>, !tosa.shape<3>) -> tensor<1x1x32xf32>
  // expected-error @below {{cannot convert 'tosa.concat' to spikes (layout): need vectors whose elements lie as their neurons do, have another order of the elements, or a part of them}}
  // expected-note @below {{flatten with the channels first}}
  %9 = tosa.concat %8, %8 {axis = 2 : i32} : (tensor<1x1x32xf32>, tensor<1x1x32xf32>) -> tensor<1x1x64xf32>
  return %9 : tensor<1x1x64xf32>
}

// -----

// Operands that are no values of the network; several blocks; an operation of several results.
func.func @main(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<1x2x2xf32>}> : () -> tensor<1x2x2xf32>
  %c = "tosa.const"() <{values = dense<1.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  // expected-error @below {{cannot convert 'tosa.matmul' to spikes (constant): need an operand that depends on the input, have a constant}}
  // expected-note @below {{fold constants first, for example with --tosa-layerwise-constant-fold}}
  %0 = tosa.matmul %c, %w, %zp, %zp : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %t = "tosa.const"() <{values = dense<true> : tensor<i1>}> : () -> tensor<i1>
  // expected-error @below {{cannot convert 'tosa.cond_if' to spikes (operation): need an operation of one result, have 'tosa.cond_if'}}
  // expected-note @below {{compute this outside of the network}}
  %1 = tosa.cond_if %t : tensor<i1> -> tensor<1x1x2xf32> {
    tosa.yield %x : tensor<1x1x2xf32>
  } else {
    tosa.yield %c : tensor<1x1x2xf32>
  }
  %wf16 = "tosa.const"() <{values = dense<1.0> : tensor<1x2x2xf16>}> : () -> tensor<1x2x2xf16>
  %xf16 = tosa.cast %x : (tensor<1x1x2xf32>) -> tensor<1x1x2xf16>
  %zf16 = "tosa.const"() <{values = dense<0.0> : tensor<1xf16>}> : () -> tensor<1xf16>
  // expected-error @below {{cannot convert 'tosa.matmul' to spikes (type): need a float network (f32), have f16}}
  // expected-note @below {{convert the network before it is quantised}}
  %2 = tosa.matmul %xf16, %wf16, %zf16, %zf16 : (tensor<1x1x2xf16>, tensor<1x2x2xf16>, tensor<1xf16>, tensor<1xf16>) -> tensor<1x1x2xf16>
  return %1 : tensor<1x1x2xf32>
}

// -----

// expected-error @below {{cannot convert 'func.func' to spikes (function): need a function of one block, have 2}}
// expected-note @below {{convert the function that holds the network}}
func.func @main(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  cf.br ^next
^next:
  return %x : tensor<1x4xf32>
}
