// Every neuron model and every option is printed as it is read, from text and from bytecode; options at their defaults are not printed.
// RUN: sf-opt %s | FileCheck %s
// RUN: sf-opt %s --emit-bytecode -o %t.mlirbc && sf-opt %t.mlirbc | FileCheck %s
// RUN: sf-opt %s -o %t.mlir && sf-opt %t.mlirbc -o %t.again.mlir && diff %t.mlir %t.again.mlir

module attributes {
  // CHECK-DAG: t.if0 = #snn.if<state = f32, reset = subtract, fires = above, when = same_step>
  t.if0 = #snn.if<state = f32, reset = subtract, fires = above, when = same_step>,
  // CHECK-DAG: t.if1 = #snn.if<state = f64, reset = to_value, fires = at_or_above, when = same_step, refractory = clamp>
  t.if1 = #snn.if<state = f64, reset = to_value, fires = at_or_above, when = same_step, refractory = clamp, spikes = one, tested = after, bound = none>,
  // CHECK-DAG: t.if2 = #snn.if<state = f32, reset = none, fires = above, when = next_step, spikes = signed>
  t.if2 = #snn.if<state = f32, reset = none, fires = above, when = next_step, spikes = signed>,
  // CHECK-DAG: t.if3 = #snn.if<state = f32, reset = subtract, fires = above, when = once, bound = lower>
  t.if3 = #snn.if<state = f32, reset = subtract, fires = above, when = once, bound = lower>,
  // CHECK-DAG: t.lif0 = #snn.lif<state = f32, integration = exact, reset = subtract, fires = above, when = same_step, refractory = none>
  t.lif0 = #snn.lif<state = f32, integration = exact, reset = subtract, fires = above, when = same_step, refractory = none, input = held>,
  // CHECK-DAG: t.lif1 = #snn.lif<state = f32, integration = exact, reset = subtract, fires = above, when = same_step, refractory = freeze, spikes = many, input = impulse>
  t.lif1 = #snn.lif<state = f32, integration = exact, reset = subtract, fires = above, when = same_step, refractory = freeze, spikes = many, input = impulse>,
  // CHECK-DAG: t.lif2 = #snn.lif<state = f32, integration = discrete, reset = subtract, fires = above, when = same_step, refractory = none, tested = before>
  t.lif2 = #snn.lif<state = f32, integration = discrete, reset = subtract, fires = above, when = same_step, refractory = none, tested = before>,
  // CHECK-DAG: t.cuba0 = #snn.cuba_lif<state = f32, integration = exact, order = synapse_first, reset = to_value, fires = above, when = same_step, refractory = ignore_input>
  t.cuba0 = #snn.cuba_lif<state = f32, integration = exact, order = synapse_first, reset = to_value, fires = above, when = same_step, refractory = ignore_input, input = impulse>,
  // CHECK-DAG: t.cuba1 = #snn.cuba_lif<state = f32, integration = exact, order = membrane_first, reset = to_value, fires = above, when = same_step, refractory = none, input = held>
  t.cuba1 = #snn.cuba_lif<state = f32, integration = exact, order = membrane_first, reset = to_value, fires = above, when = same_step, refractory = none, input = held>,
  // CHECK-DAG: t.cuba2 = #snn.cuba_lif<state = f32, integration = discrete, order = add_decay, reset = subtract, fires = at_or_above, when = same_step, refractory = none, spikes = many>
  t.cuba2 = #snn.cuba_lif<state = f32, integration = discrete, order = add_decay, reset = subtract, fires = at_or_above, when = same_step, refractory = none, spikes = many>,
  // CHECK-DAG: t.cuba3 = #snn.cuba_lif<state = f32, integration = euler, order = jump, reset = to_value, fires = above, when = same_step, refractory = none>
  t.cuba3 = #snn.cuba_lif<state = f32, integration = euler, order = jump, reset = to_value, fires = above, when = same_step, refractory = none>,
  // CHECK-DAG: t.i = #snn.i<state = f32>
  t.i = #snn.i<state = f32>,
  // CHECK-DAG: t.li = #snn.li<state = f32, integration = exact, input = impulse>
  t.li = #snn.li<state = f32, integration = exact, input = impulse>,
  // CHECK-DAG: t.cuba_li = #snn.cuba_li<state = f64, integration = exact, order = membrane_first, input = held>
  t.cuba_li = #snn.cuba_li<state = f64, integration = exact, order = membrane_first, input = held>,
  // CHECK-DAG: t.threshold = #snn.threshold<state = f32, fires = above, spikes = signed>
  t.threshold = #snn.threshold<state = f32, fires = above, spikes = signed>,
  // CHECK-DAG: t.alif = #snn.alif<state = f32, integration = exact, reset = subtract, fires = above, when = next_step, refractory = none>
  t.alif = #snn.alif<state = f32, integration = exact, reset = subtract, fires = above, when = next_step, refractory = none>,
  // CHECK-DAG: t.adlif = #snn.adlif<state = f32, integration = discrete, reset = subtract, fires = at_or_above>
  t.adlif = #snn.adlif<state = f32, integration = discrete, reset = subtract, fires = at_or_above>,
  // CHECK-DAG: t.adex = #snn.adex<state = f64, integration = exponential_euler>
  t.adex = #snn.adex<state = f64, integration = exponential_euler>,
  // CHECK-DAG: t.izhikevich0 = #snn.izhikevich<state = f64>
  t.izhikevich0 = #snn.izhikevich<state = f64, recovery = relaxing>,
  // CHECK-DAG: t.izhikevich1 = #snn.izhikevich<state = f64, recovery = accumulating>
  t.izhikevich1 = #snn.izhikevich<state = f64, recovery = accumulating>,
  // CHECK-DAG: t.resonate = #snn.resonate_and_fire<state = f32, fires = above, input = held>
  t.resonate = #snn.resonate_and_fire<state = f32, fires = above, input = held>,
  // CHECK-DAG: t.sigma_delta = #snn.sigma_delta<state = i32, stages = delta, activation = relu>
  t.sigma_delta = #snn.sigma_delta<state = i32, stages = delta, activation = relu>,
  // CHECK-DAG: t.iaf_psc = #snn.iaf_psc<state = f64, synapse = exp, bound = lower>
  t.iaf_psc = #snn.iaf_psc<state = f64, synapse = exp, bound = lower>,
  // CHECK-DAG: t.iaf_cond = #snn.iaf_cond_exp<state = f32>
  t.iaf_cond = #snn.iaf_cond_exp<state = f32>,
  // CHECK-DAG: t.integer = #snn.integer_lif<width = 24, bits = 12, rounding = nearest_even, overflow = wrap, reset = none, fires = above>
  t.integer = #snn.integer_lif<width = 24, bits = 12, rounding = nearest_even, overflow = wrap, reset = none, fires = above>
} {}
