// What does not go together in a neuron model is refused where it is written, with what to write instead.
// RUN: sf-opt %s -split-input-file -verify-diagnostics

// expected-error @below {{state needs f32 or f64, got 'i32'}}
module attributes {t = #snn.if<state = i32, reset = subtract, fires = above, when = same_step>} {}

// -----
// expected-error @below {{refractory = clamp needs reset = to_value and when = same_step}}
module attributes {t = #snn.if<state = f32, reset = subtract, fires = above, when = same_step, refractory = clamp>} {}

// -----
// expected-error @below {{refractory = freeze needs when = same_step}}
module attributes {t = #snn.if<state = f32, reset = subtract, fires = above, when = next_step, refractory = freeze>} {}

// -----
// expected-error @below {{tested = before needs when = same_step and refractory = none}}
module attributes {t = #snn.if<state = f32, reset = subtract, fires = above, when = next_step, tested = before>} {}

// -----
// expected-error @below {{when = once needs spikes = one}}
module attributes {t = #snn.if<state = f32, reset = subtract, fires = above, when = once, spikes = many>} {}

// -----
// expected-error @below {{expected ::spikeformer::snn::SpikeKind to be one of: one, signed, many}}
// expected-error @below {{failed to parse SNN_IFAttr parameter 'spikes'}}
module attributes {t = #snn.if<state = f32, reset = subtract, fires = above, when = same_step, spikes = several>} {}

// -----
// expected-error @below {{input = impulse needs integration = exact}}
module attributes {t = #snn.lif<state = f32, integration = euler, reset = subtract, fires = above, when = same_step, refractory = none, input = impulse>} {}

// -----
// expected-error @below {{integration = exponential_euler is of models that are not linear; this one has exact}}
module attributes {t = #snn.li<state = f32, integration = exponential_euler>} {}

// -----
// expected-error @below {{order = jump is order = synapse_first where integration = exact; write that}}
module attributes {t = #snn.cuba_li<state = f32, integration = exact, order = jump>} {}

// -----
// expected-error @below {{order = add_decay needs integration = euler or discrete}}
module attributes {t = #snn.cuba_li<state = f32, integration = exact, order = add_decay>} {}

// -----
// expected-error @below {{input = held needs integration = exact and order = membrane_first}}
module attributes {t = #snn.cuba_lif<state = f32, integration = exact, order = synapse_first, reset = none, fires = above, when = same_step, refractory = none, input = held>} {}

// -----
// expected-error @below {{an adaptive threshold needs when = same_step or next_step}}
module attributes {t = #snn.alif<state = f32, integration = exact, reset = subtract, fires = above, when = once, refractory = none>} {}

// -----
// expected-error @below {{integration needs euler or exponential_euler, got exact}}
module attributes {t = #snn.adex<state = f32, integration = exact>} {}

// -----
// expected-error @below {{state needs f32, f64 or i32, got 'i16'}}
module attributes {t = #snn.sigma_delta<state = i16, stages = sigma>} {}

// -----
// expected-error @below {{width needs 2 to 32, got 33}}
module attributes {t = #snn.integer_lif<width = 33, bits = 12, rounding = floor, overflow = wrap, reset = none, fires = above>} {}

// -----
// expected-error @below {{bits needs 1 to 16, got 0}}
module attributes {t = #snn.integer_lif<width = 8, bits = 0, rounding = floor, overflow = wrap, reset = none, fires = above>} {}

// -----
// Several spikes in a step need a signal that can say so, and a lower bound needs its param.
snn.network @n() attributes {dt = "steps"} {
  // expected-error @below {{emits 'i32', '!snn.signal<2, binary>' holds 'i1'}}
  // expected-error @below {{needs the param 'v_min'}}
  %s = snn.population "a" (in: accumulate ordered<f32>) model #snn.if<state = f32, reset = subtract, fires = above, when = same_step, spikes = many, bound = lower>
    params {r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<2, binary>
  snn.output
}
