// Each rule of the dialect, broken. The labels are those of the operations' descriptions.
// RUN: sf-opt %s --split-input-file --verify-diagnostics

// parameter_c1
// expected-error @below {{'snn.parameter' op of type 'tensor<4xf32>' has a value of type 'tensor<3xf32>'}}
"snn.parameter"() <{sym_name = "p", type = tensor<4xf32>, value = dense<1.0> : tensor<3xf32>}> : () -> ()

// -----
// parameter_c2
// expected-error @below {{'snn.parameter' op has no data for resource 'nope'}}
snn.parameter @p : tensor<4xf32> = dense_resource<nope>

// -----
// parameter_c2
// expected-error @below {{'snn.parameter' op resource 'short' needs 16 bytes for 'tensor<4xf32>', has 4}}
snn.parameter @p : tensor<4xf32> = dense_resource<short>
{-# dialect_resources: { builtin: { short: "0x400000000000803F" } } #-}

// -----
// parameter_c3
// expected-error @below {{'snn.parameter' op needs a ranked tensor of f32, f64, i8, i16, i32 or i64, got 'tensor<4xi1>'}}
snn.parameter @p : tensor<4xi1> = dense<true>

// -----
// parameter_c4
// expected-error @below {{'snn.parameter' op with a dynamic extent needs #snn.random, got #snn.file}}
snn.parameter @p : tensor<?xf32> = #snn.file<"w", offset = 0, sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08">

// -----
// model_c1
// expected-error @below {{'snn.model' op uses the name 'v' twice}}
snn.model @m states(v = %v : f32) receptors(in = %in : f32) params(v = %p : f32) {
  %f = arith.cmpf ogt, %v, %p : f32
  snn.yield %f states(%in) : i1, f32
}

// -----
// model_c2
// expected-error @below {{'snn.model' op needs arguments of f32, f64 or i1 to i64, got 'index'}}
snn.model @m states(v = %v : index) receptors() params() {
  %c = arith.constant true
  snn.yield %c states(%v) : i1, index
}

// -----
// model_c3: every operation that is not allowed is named
snn.model @m states(v = %v : f32) receptors(in = %in : f32) params() {
  // expected-error @below {{'math.sin' op is not allowed in a snn.model; use elementwise arith, the exact operations of math, exp or log}}
  %e = math.sin %v : f32
  // expected-error @below {{'arith.truncf' op needs f32, f64 or i1 to i64 in a snn.model, got 'f16'}}
  %h = arith.truncf %v : f32 to f16
  // expected-error @below {{'arith.addf' op has fast-math flags, which leave the result open}}
  %a = arith.addf %e, %in fastmath<reassoc> : f32
  %c = arith.constant 1 : i32
  // expected-error @below {{'arith.divsi' op is not allowed in a snn.model}}
  %d = arith.divsi %c, %c : i32
  // expected-error @below {{'arith.shli' op needs a constant shift from 0 to 31}}
  %s = arith.shli %c, %d : i32
  %f = arith.cmpf ogt, %a, %v : f32
  snn.yield %f states(%a) : i1, f32
}

// -----
// model_c3: exp and log of constants
snn.model @m states(v = %v : f32) receptors() params() {
  %c = arith.constant 2.0 : f32
  %d = arith.addf %c, %c : f32
  // expected-error @below {{'math.log' op needs an operand that depends on a state, a receptor or a param; write its value as a constant}}
  %l = math.log %d : f32
  %x = arith.mulf %d, %v : f32
  %e = math.exp %x : f32
  %f = arith.cmpf ogt, %e, %l : f32
  snn.yield %f states(%x) : i1, f32
}

// -----
// model_c4
snn.model @m states(v = %v : f32) receptors() params() {
  %c = arith.constant true
  // expected-error @below {{'snn.yield' op needs the new states in the types of the states}}
  snn.yield %c : i1
}

// -----
// network_c1
// expected-error @below {{'snn.network' op needs dt = "steps" or a positive number of seconds per step}}
snn.network @n() {
  snn.output
}

// -----
// network_c1
// expected-error @below {{needs dt = "steps" or a positive number of seconds per step, got -1.000000e-03 : f64}}
snn.network @n() attributes {dt = -1.0e-3 : f64} {
  snn.output
}

// -----
// network_c2
snn.network @n(%x: !snn.signal<2, binary>) -> !snn.signal<3, binary> attributes {dt = "steps"} {
  // expected-error @below {{'snn.output' op needs the types of the network's results}}
  snn.output %x : !snn.signal<2, binary>
}

// -----
// network_c3
snn.network @n(%x: !snn.signal<2, analogue<f32>>) attributes {dt = "steps"} {
  // expected-note @below {{first use is here}}
  %a = snn.encode "a" by #snn.constant_current of %x : !snn.signal<2, analogue<f32>> -> !snn.signal<2, analogue<f32>>
  // expected-error @below {{'snn.encode' op name "a" is used twice in network @n}}
  %b = snn.encode "a" by #snn.constant_current of %x : !snn.signal<2, analogue<f32>> -> !snn.signal<2, analogue<f32>>
  snn.output
}

// -----
// network_c4
#if = #snn.if<state = f32, reset = subtract, fires = above, when = same_step>
snn.network @n() -> !snn.signal<2, binary> attributes {dt = "steps"} {
  // expected-error @below {{'snn.population' op is on a cycle without delay; give one of its projections a delay of at least 1}}
  // expected-note @below {{through this snn.population "a"}}
  %a = snn.population "a" (in: %p2 accumulate ordered<f32>) model #if params {r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<2, binary>
  // expected-note @below {{through this snn.project}}
  %p1 = snn.project %a through #snn.one_to_one delay 0 : !snn.signal<2, binary> -> !snn.current<2>
  // expected-note @below {{through this snn.population "b"}}
  %b = snn.population "b" (in: %p1 accumulate ordered<f32>) model #if params {r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<2, binary>
  // expected-note @below {{through this snn.project}}
  %p2 = snn.project %b through #snn.one_to_one delay 0 : !snn.signal<2, binary> -> !snn.current<2>
  snn.output %b : !snn.signal<2, binary>
}

// -----
// population_c1, c2, c3, c5, c6: all violations of one population at once
snn.network @n(%x: !snn.signal<2, binary>) attributes {dt = "steps"} {
  %i = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<2, binary> -> !snn.current<2>
  // expected-error @below {{needs the receptors 'in' in this order}}
  // expected-error @below {{needs the param 'v_threshold'}}
  // expected-error @below {{has no param 'tau'}}
  // expected-error @below {{param 'r' needs a number, #snn.param or #snn.random, got "one"}}
  // expected-error @below {{emits 'i1', '!snn.signal<2, ternary>' holds 'i8'}}
  // expected-error @below {{has no state 'u'}}
  %s, %u = snn.population "a" (exc: %i accumulate ordered<f32>) model #snn.if<state = f32, reset = subtract, fires = above, when = same_step>
    params {r = "one", v_init = 0.0, tau = 1.0} expose ["u"] : !snn.signal<2, ternary>, !snn.signal<2, analogue<f32>>
  snn.output
}

// -----
// population_c5
snn.network @n(%x: !snn.signal<2, binary>) attributes {dt = "steps"} {
  %i = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<2, binary> -> !snn.current<2>
  // expected-error @below {{receptor 'in' of type 'f32' needs ordered<'f32'>, or exact integers}}
  %s = snn.population "a" (in: %i accumulate ordered<f64>) model #snn.linear<state = f32> params {} : !snn.signal<2, analogue<f32>>
  snn.output
}

// -----
// population_c4
snn.network @n(%x: !snn.signal<2, binary>) attributes {dt = "steps"} {
  // expected-note @below {{prior use here}}
  %i = snn.project %x through #snn.dense weights 1.0 delay 0 : !snn.signal<2, binary> -> !snn.current<3>
  // expected-error @below {{use of value '%i' expects different type than prior uses: '!snn.current<2>' vs '!snn.current<3>'}}
  %s = snn.population "a" (in: %i accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<2, analogue<f32>>
  snn.output
}

// -----
// project_c1, shapes
snn.network @n(%x: !snn.signal<1x5x5, binary>) attributes {dt = "steps"} {
  // expected-error @below {{'snn.project' op one_to_one needs a source of 4 elements, as many as the target, got 25}}
  %a = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<1x5x5, binary> -> !snn.current<4>
  // expected-error @below {{'snn.project' op conv2d of this source needs a target of 2x3x3, got 2x4x4}}
  %b = snn.project %x through #snn.conv2d<kernel = [3, 3], stride = [1, 1], pad = [0, 0, 0, 0], dilation = [1, 1], groups = 1> weights 1.0 delay 0 : !snn.signal<1x5x5, binary> -> !snn.current<2x4x4>
  snn.output
}

// -----
// project_c1, weights
snn.parameter @w : tensor<3x2xf32> = dense<1.0>
snn.network @n(%x: !snn.signal<3, binary>) attributes {dt = "steps"} {
  // expected-error @below {{'snn.project' op needs weights of 'tensor<2x3xf32>', @w has 'tensor<3x2xf32>'}}
  %a = snn.project %x through #snn.dense weights @w delay 0 : !snn.signal<3, binary> -> !snn.current<2>
  %b = snn.project %x through #snn.dense weights #snn.view<@w, transpose = [1, 0], scale = 1.0 : f64> delay 0 : !snn.signal<3, binary> -> !snn.current<2>
  snn.output
}

// -----
// project_c2
snn.network @n(%x: !snn.signal<3, binary>) attributes {dt = "steps"} {
  // expected-error @below {{'snn.project' op delay needs a number of steps of at least 0, #snn.param, #snn.random or #snn.per_source, got -1}}
  %a = snn.project %x through #snn.one_to_one delay -1 : !snn.signal<3, binary> -> !snn.current<3>
  // expected-error @below {{'snn.project' op random delays need a clip that begins at 1 step or more}}
  %b = snn.project %x through #snn.one_to_one delay (#snn.random<uniform(0.0, 3.0), generator = philox, seed = 1, stream = 0>) : !snn.signal<3, binary> -> !snn.current<3>
  snn.output
}

// -----
// project_c3
snn.network @n(%x: !snn.signal<3, binary>) attributes {dt = "steps"} {
  // expected-error @below {{'snn.project' op there is no snn.parameter @w}}
  // expected-error @below {{'snn.project' op there is no snn.parameter @d}}
  %a = snn.project %x through #snn.one_to_one weights @w delay (#snn.param<@d>) : !snn.signal<3, binary> -> !snn.current<3>
  snn.output
}

// -----
snn.network @n() attributes {dt = "steps"} {
  // expected-error @below {{'snn.population' op there is no snn.model @m}}
  %s = snn.population "a" (in: accumulate ordered<f32>) model #snn.custom<@m> params {} : !snn.signal<2, binary>
  snn.output
}

// -----
// encode_c1, encode_c2
snn.network @n(%x: !snn.signal<3, binary>, %y: !snn.signal<3, analogue<f32>>) attributes {dt = "steps"} {
  // expected-error @below {{'snn.encode' op constant_current needs an analogue signal and keeps its type}}
  %a = snn.encode "a" by #snn.constant_current of %x : !snn.signal<3, binary> -> !snn.signal<3, binary>
  // expected-error @below {{'snn.encode' op of this input needs a result of}}
  %b = snn.encode "b" by #snn.poisson<probability = rate_dt, gain = 1.0 : f64, seed = 1, stream = 0> of %y : !snn.signal<3, analogue<f32>> -> !snn.signal<4, binary>
  snn.output
}

// -----
// pool_c1
snn.network @n(%x: !snn.signal<1x4x4, binary>, %t: !snn.signal<1x4x4, ternary>) attributes {dt = "steps"} {
  // expected-error @below {{'snn.pool' op of '!snn.signal<1x4x4, binary>' needs the result '!snn.signal<1x2x2, count<4>>', got '!snn.signal<1x2x2, binary>'}}
  %a = snn.pool sum %x kernel [2, 2] stride [2, 2] : !snn.signal<1x4x4, binary> -> !snn.signal<1x2x2, binary>
  // expected-error @below {{'snn.pool' op cannot take the sum of '!snn.signal<1x4x4, ternary>' over this window}}
  %b = snn.pool sum %t kernel [2, 2] stride [2, 2] : !snn.signal<1x4x4, ternary> -> !snn.signal<1x2x2, ternary>
  snn.output
}

// -----
// constant_c1, reshape_c1, concat_c1, slice_c1, slice_c2, delay_c1
snn.network @n(%x: !snn.signal<4, binary>, %y: !snn.signal<4, ternary>) attributes {dt = "steps"} {
  // expected-error @below {{'snn.constant' op needs an analogue signal, got '!snn.signal<4, binary>'}}
  %a = snn.constant 1.0 : !snn.signal<4, binary>
  // expected-error @below {{'snn.reshape' op needs the same alphabet and number of elements}}
  %b = snn.reshape %x : !snn.signal<4, binary> -> !snn.signal<5, binary>
  // expected-error @below {{'snn.concat' op cannot put '!snn.signal<4, ternary>' into '!snn.signal<8, binary>'}}
  %c = snn.concat %x, %y : !snn.signal<4, binary>, !snn.signal<4, ternary> -> !snn.signal<8, binary>
  // expected-error @below {{'snn.slice' op cannot take '!snn.signal<2, ternary>' out of '!snn.signal<4, binary>'}}
  %d = snn.slice %x from 0 : !snn.signal<4, binary> -> !snn.signal<2, ternary>
  // expected-error @below {{'snn.slice' op needs rows 3 to 4, the source has 0 to 3}}
  %e = snn.slice %x from 3 : !snn.signal<4, binary> -> !snn.signal<2, binary>
  // expected-error @below {{'snn.delay' op needs at least 1 step, got 0}}
  %f = snn.delay %x by 0 : !snn.signal<4, binary>
  snn.output
}

// -----
// simulate_c1
func.func @main(%x: tensor<?x4xf32>) {
  // expected-error @below {{'snn.simulate' op there is no snn.network @n}}
  snn.simulate @n(%x) steps(1) reset(per_sample) readout(none) : (tensor<?x4xf32>) -> ()
  return
}

// -----
// simulate_c2, c3, c4
snn.network @n(%x: !snn.signal<4, binary>) -> (!snn.signal<4, binary>, !snn.signal<4, binary>) attributes {dt = "steps"} {
  snn.output %x, %x : !snn.signal<4, binary>, !snn.signal<4, binary>
}
func.func @main(%x: tensor<?x5xi8>) {
  // expected-error @below {{'snn.simulate' op input 0 needs [sample, shape] or [sample, step, shape] of '!snn.signal<4, binary>', got 'tensor<?x5xi8>'}}
  // expected-error @below {{'snn.simulate' op result 0 needs 'tensor<?x4xi32>' for the count of '!snn.signal<4, binary>', got 'tensor<?x4xf32>'}}
  // expected-error @below {{'snn.simulate' op readout current_sum reads an analogue signal, output 1 is '!snn.signal<4, binary>'}}
  %r:2 = snn.simulate @n(%x) steps(1) reset(per_sample) readout(count, current_sum) : (tensor<?x5xi8>) -> (tensor<?x4xf32>, tensor<?x4xi32>)
  return
}

// -----
// expected-error @below {{graded<T> needs uiN or siN with N of at most 32, got 'i8'}}
func.func private @type(!snn.signal<4, graded<i8>>)

// -----
// expected-error @below {{analogue<T> needs f32, f64 or siN with N of at most 32, got 'bf16'}}
func.func private @type(!snn.signal<4, analogue<bf16>>)

// -----
// expected-error @below {{count<N> needs N of at least 1}}
func.func private @type(!snn.signal<4, count<0>>)

// -----
// expected-error @below {{signal has 2^32 elements or more}}
func.func private @type(!snn.signal<65536x65536, binary>)

// -----
// expected-error @below {{refractory = clamp needs reset = to_value and when = same_step}}
module attributes {m = #snn.lif<state = f32, integration = euler, reset = subtract, fires = above, when = same_step, refractory = clamp>} {}

// -----
// expected-error @below {{state needs f32 or f64, got 'i32'}}
module attributes {m = #snn.if<state = i32, reset = subtract, fires = above, when = same_step>} {}

// -----
// expected-error @below {{uniform(lo, hi) needs lo <= hi}}
module attributes {m = #snn.random<uniform(1.0, 0.0), generator = philox, seed = 1, stream = 0>} {}

// -----
// expected-error @below {{generator mix64 has no stream (use 0) and gives uniform numbers only}}
module attributes {m = #snn.random<normal(1.0, 0.5), generator = mix64, seed = 1, stream = 0>} {}

// -----
// expected-error @below {{fixed_probability needs p from 0 to 1, got 1.500000e+00 : f64}}
module attributes {m = #snn.fixed_probability<p = 1.5 : f64, first = 0, self = true, generator = philox, seed = 1, stream = 0>} {}

// -----
// expected-error @below {{transpose needs each axis from 0 to 2 - 1 once}}
module attributes {m = #snn.view<@w, transpose = [0, 0], scale = 1.0 : f64>} {}

// -----
// expected-error @below {{conv2d stride needs 2 numbers of at least 1}}
module attributes {m = #snn.conv2d<kernel = [3, 3], stride = [0, 1], pad = [1, 1, 1, 1], dilation = [1, 1], groups = 1>} {}
