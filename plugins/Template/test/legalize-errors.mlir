// Each legality rule, broken; every message says what the network needs, what the chip has and what to do.
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --template-legalize --split-input-file --verify-diagnostics

// All violations of a network are reported at once, each at its operation.
// expected-error @below {{alphabet of input 0: needs analogue, has binary on target 'template'; encode on the host and give the network spikes}}
snn.network @all(%x: !snn.signal<4, analogue<f32>>) -> !snn.signal<4, binary> attributes {dt = "steps"} {
  // expected-error @below {{delay of a projection: needs 0 steps, has 1 to 15 on target 'template'; give it delay 1 and the populations behind it an onset one step later, as snn-retime does}}
  %i = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<4, analogue<f32>> -> !snn.current<4>
  // expected-error @below {{reset of "a": needs none, has subtract or to_value on target 'template'; reset = subtract is the nearest}}
  // expected-error @below {{spike test of "a": needs above, has at_or_above on target 'template'; the two differ only where a potential equals its threshold}}
  // expected-error @below {{time of the reset of "a": needs next_step, has same_step on target 'template'; use when = same_step and compare the two with sf-diff}}
  %s = snn.population "a" (in: %i accumulate ordered<f32>) model #snn.if<state = f32, reset = none, fires = above, when = next_step>
    params {r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<4, binary>
  // expected-error @below {{operation between populations: needs 'snn.delay', has projections on target 'template'; add its steps to the delays of the projections that follow}}
  %d = snn.delay %s by 2 : !snn.signal<4, binary>
  // expected-error @below {{source of output 0: needs a signal that no population sends, has spikes of populations on target 'template'; add a population}}
  snn.output %d : !snn.signal<4, binary>
}

// -----
#lif = #snn.lif<state = f32, integration = euler, reset = to_value, fires = at_or_above, when = same_step, refractory = clamp>
snn.network @lif(%x: !snn.signal<4, binary>) -> !snn.signal<4, binary> attributes {dt = "steps"} {
  // expected-error @below {{delay of a projection: needs 16 steps, has 1 to 15 on target 'template'; send the spikes through populations that relay them, as snn-insert-relays does}}
  %i = snn.project %x through #snn.one_to_one delay 16 : !snn.signal<4, binary> -> !snn.current<4>
  // expected-error @below {{refractory period of "a": needs clamp, has none on target 'template'; use refractory = none and compare the two with sf-diff}}
  // expected-error @below {{integration of "a": needs euler, has discrete on target 'template'; state the decay per step as the param 'decay'}}
  %s = snn.population "a" (in: %i accumulate ordered<f32>) model #lif
    params {tau = 10.0, v_leak = 0.0, r = 1.0, v_threshold = 1.0, v_init = 0.0, v_reset = 0.0, t_ref = 2.0} : !snn.signal<4, binary>
  snn.output %s : !snn.signal<4, binary>
}

// -----
#lif = #snn.lif<state = f32, integration = discrete, reset = subtract, fires = at_or_above, when = same_step, refractory = none>
snn.parameter @decays : tensor<4xf32> = dense<[0.5, 0.5, 0.75, 0.5]>
snn.parameter @delays : tensor<4xi32> = dense<[1, 2, 17, 20]>
snn.network @decay(%x: !snn.signal<4, binary>) -> (!snn.signal<4, binary>, !snn.signal<4, binary>, !snn.signal<4, binary>, !snn.signal<4, binary>) attributes {dt = "steps"} {
  // expected-error @below {{delay of a projection: needs 17 steps, has 1 to 15}}
  %i = snn.project %x through #snn.one_to_one delay (#snn.param<@delays>) : !snn.signal<4, binary> -> !snn.current<4>
  // expected-error @below {{decay of "a": needs 9.000000e-01, has 1 - 2^-k with k from 1 to 15 on target 'template'; the nearest is 8.750000e-01}}
  %a = snn.population "a" (in: %i accumulate ordered<f32>) model #lif params {decay = 0.9, r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<4, binary>
  // expected-error @below {{decay of "b": needs several values, has one for all its neurons on target 'template'; make a population for each decay}}
  %b = snn.population "b" (in: %i accumulate ordered<f32>) model #lif params {decay = #snn.param<@decays>, r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<4, binary>
  // expected-error @below {{gain r of "c": needs -1.000000e+00, has numbers above 0 on target 'template'; change the sign of the weights instead}}
  %c = snn.population "c" (in: %i accumulate ordered<f32>) model #lif params {decay = 0.5, r = -1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<4, binary>
  // expected-error @below {{threshold of "d": needs 0.000000e+00, has numbers above 0 on target 'template'; shift the potential so that it starts below the threshold}}
  %d = snn.population "d" (in: %i accumulate ordered<f32>) model #lif params {decay = 0.5, r = 1.0, v_threshold = 0.0, v_init = 0.0} : !snn.signal<4, binary>
  snn.output %a, %b, %c, %d : !snn.signal<4, binary>, !snn.signal<4, binary>, !snn.signal<4, binary>, !snn.signal<4, binary>
}

// -----
// Models, states and operations that the chip does not have.
snn.network @models(%x: !snn.signal<1x4x4, binary>) -> (!snn.signal<4, binary>, !snn.signal<4, analogue<f32>>) attributes {dt = "steps"} {
  // expected-error @below {{needs 'snn.pool', has projections on target 'template'; write the pool as a projection #snn.conv2d with equal weights and a population}}
  %p = snn.pool max %x kernel [2, 2] stride [2, 2] : !snn.signal<1x4x4, binary> -> !snn.signal<1x2x2, binary>
  %f = snn.reshape %p : !snn.signal<1x2x2, binary> -> !snn.signal<4, binary>
  %half = snn.slice %f from 0 : !snn.signal<4, binary> -> !snn.signal<2, binary>
  %c = snn.concat %half, %half : !snn.signal<2, binary>, !snn.signal<2, binary> -> !snn.signal<4, binary>
  // expected-error @below {{needs 'snn.constant', has projections on target 'template'; use the bias of a population}}
  %r = snn.constant 0.5 : !snn.signal<4, analogue<f32>>
  // expected-error @below {{needs 'snn.encode', has projections on target 'template'; encode on the host and give the network spikes}}
  %e = snn.encode "poisson" by #snn.poisson<probability = rate_dt, gain = 1.0 : f64, seed = 1, stream = 0> of %r : !snn.signal<4, analogue<f32>> -> !snn.signal<4, binary>
  %i = snn.project %c through #snn.one_to_one delay 1 : !snn.signal<4, binary> -> !snn.current<4>
  %j = snn.project %e through #snn.one_to_one delay 1 : !snn.signal<4, binary> -> !snn.current<4>
  // expected-error @below {{exposed states of "a": needs 1, has 0 on target 'template'; probe the functional model instead}}
  %a, %v = snn.population "a" (in: %i, %j accumulate ordered<f32>) model #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
    params {r = 1.0, v_threshold = 1.0, v_init = 0.0} expose ["v"] : !snn.signal<4, binary>, !snn.signal<4, analogue<f32>>
  // expected-error @below {{neuron model of "b": needs #snn.linear<state = f32>, has if or lif or template.accumulate on target 'template'; convert to one of them}}
  %b = snn.population "b" (in: %i accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<4, analogue<f32>>
  snn.output %a, %b : !snn.signal<4, binary>, !snn.signal<4, analogue<f32>>
}

// -----
// A fan-in that no core has, with where it comes from.
snn.network @fan_in(%x: !snn.signal<200, binary>) -> !snn.signal<2, binary> attributes {dt = "steps"} {
  // expected-note @below {{200 of them come from this projection}}
  %i = snn.project %x through #snn.dense weights 0.5 delay 1 : !snn.signal<200, binary> -> !snn.current<2>
  // expected-note @below {{200 of them come from this projection}}
  %j = snn.project %x through #snn.dense weights 0.25 delay 2 : !snn.signal<200, binary> -> !snn.current<2>
  // expected-error @below {{fan-in of "a": needs 400 synapses for neuron 0, has 256 on target 'template'; leave out synapses or insert a population that adds up a part of the inputs}}
  %a = snn.population "a" (in: %i, %j accumulate ordered<f32>) model #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
    params {r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<2, binary>
  snn.output %a : !snn.signal<2, binary>
}

// -----
// Integer networks written by hand.
snn.network @integers(%x: !snn.signal<4, binary>) -> (!snn.signal<4, binary>, !snn.signal<4, binary>) attributes {dt = "steps"} {
  // expected-error @below {{weights of "a": needs 1.280000e+02, has integers from -128 to 127 on target 'template'; let template-quantize make them of a float population}}
  %i = snn.project %x through #snn.one_to_one weights 128.0 delay 1 : !snn.signal<4, binary> -> !snn.current<4>
  // expected-error @below {{weights of "a": needs 5.000000e-01, has integers}}
  %j = snn.project %x through #snn.one_to_one weights 0.5 delay 1 : !snn.signal<4, binary> -> !snn.current<4>
  // expected-error @below {{bias of "a": needs 40000, has -32768 to 32767 on target 'template'; scale the population down}}
  %a = snn.population "a" (in: %i, %j accumulate exact<i32, fraction = 0> bias 40000.0) model #template.accumulate<leak = 0, reset = subtract>
    params {v_threshold = 7, v_init = 0} : !snn.signal<4, binary>
  // expected-error @below {{param 'v_threshold' needs an integer from 1 to 32767, got 0.000000e+00}}
  %b = snn.population "b" (in: accumulate exact<i32, fraction = 0>) model #template.accumulate<leak = 0, reset = subtract>
    params {v_threshold = 0, v_init = 0} : !snn.signal<4, binary>
  snn.output %a, %b : !snn.signal<4, binary>, !snn.signal<4, binary>
}

// -----
// What stands beside the network.
snn.network @n(%x: !snn.signal<4, binary>) -> (!snn.signal<4, binary>) attributes {dt = "steps"} {
  %i = snn.project %x through #snn.one_to_one delay 1 : !snn.signal<4, binary> -> !snn.current<4>
  %a = snn.population "a" (in: %i accumulate ordered<f32>) model #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
    params {r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<4, binary>
  snn.output %a : !snn.signal<4, binary>
}
func.func @main(%x: tensor<2x4xi8>) -> tensor<2x4xi8> {
  %r = snn.simulate @n(%x) steps(4) reset(per_sample) readout(count) : (tensor<2x4xi8>) -> tensor<2x4xi32>
  // expected-error @below {{computation beside the network in @main: needs 1 operations, has 0 on target 'template'; give the network prepared spikes and run 'arith.trunci' before it}}
  %t = arith.trunci %r : tensor<2x4xi32> to tensor<2x4xi8>
  return %t : tensor<2x4xi8>
}

// -----
snn.network @analogue(%x: !snn.signal<4, binary>) -> (!snn.signal<4, analogue<f32>>) attributes {dt = "steps"} {
  %i = snn.project %x through #snn.one_to_one delay 1 : !snn.signal<4, binary> -> !snn.current<4>
  // expected-error @below {{neuron model of "a"}}
  %a = snn.population "a" (in: %i accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<4, analogue<f32>>
  snn.output %a : !snn.signal<4, analogue<f32>>
}
func.func @main(%x: tensor<2x4xi8>) -> tensor<2x4xf32> {
  // expected-error @below {{readout of output 0: needs current_sum, has count or first_spike on target 'template'; read spikes of the last population instead of its potential}}
  %r = snn.simulate @analogue(%x) steps(4) reset(per_sample) readout(current_sum) : (tensor<2x4xi8>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
// expected-error @below {{module has no snn.network}}
module {}

// -----
// expected-error @below {{networks of the module: needs 2, has 1 on target 'template'; give one module per network}}
module {
  // expected-note @below {{network @a is here}}
  snn.network @a() attributes {dt = "steps"} {
    snn.output
  }
  // expected-note @below {{network @b is here}}
  snn.network @b() attributes {dt = "steps"} {
    snn.output
  }
}
