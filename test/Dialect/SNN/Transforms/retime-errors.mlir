// What cannot be retimed; several faults of one network are reported at once.
// RUN: sf-opt %s --split-input-file --snn-retime=min-delay=2 --verify-diagnostics
#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>

snn.network @cycles(%x: !snn.signal<4, binary>) -> !snn.signal<4, binary> attributes {dt = "steps"} {
  // expected-note@below {{a projection of delay 0}}
  %b = snn.project %q through #snn.one_to_one delay 0 : !snn.signal<4, binary> -> !snn.current<4>
  // expected-error@below {{cycle through "p": needs 4 steps of delay, 2 for each projection, has 3; lengthen a delay of it}}
  %p = snn.population "p" (in: %b accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<4, binary>
  // expected-note@below {{a projection of delay 3}}
  %a = snn.project %p through #snn.one_to_one delay 3 : !snn.signal<4, binary> -> !snn.current<4>
  %q = snn.population "q" (in: %a accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<4, binary>
  // expected-note@below {{a projection of delay 1}}
  %c = snn.project %s through #snn.one_to_one delay 1 : !snn.signal<4, binary> -> !snn.current<4>
  // expected-error@below {{cycle through "s": needs 2 steps of delay, 2 for each projection, has 1; lengthen a delay of it}}
  %s = snn.population "s" (in: %c accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<4, binary>
  snn.output %s : !snn.signal<4, binary>
}
// -----
#li = #snn.li<state = f32, integration = euler>
snn.network @encoder(%x: !snn.signal<4, analogue<f32>>) -> !snn.signal<4, binary> attributes {dt = "steps"} {
  %b = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<4, analogue<f32>> -> !snn.current<4>
  %p = snn.population "filter" (in: %b accumulate ordered<f32>) model #li
    params {r = 1.0, tau = 2.0, v_leak = 0.0, v_init = 0.5} : !snn.signal<4, analogue<f32>>
  // expected-error@below {{encoder: needs its input in the step of the network, has "filter", which becomes 2 steps later; encode an input of the network}}
  %e = snn.encode "e" by #snn.poisson<probability = rate_dt, gain = 1.0 : f64, seed = 42, stream = 0> of %p
    : !snn.signal<4, analogue<f32>> -> !snn.signal<4, binary>
  snn.output %e : !snn.signal<4, binary>
}
// -----
#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
snn.network @concat(%x: !snn.signal<4, binary>) -> !snn.signal<8, binary> attributes {dt = "steps"} {
  %b = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<4, binary> -> !snn.current<4>
  %p = snn.population "p" (in: %b accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<4, binary>
  %c = snn.concat %p, %x : !snn.signal<4, binary>, !snn.signal<4, binary> -> !snn.signal<8, binary>
  // expected-error@below {{signal of several sources, of them an input, encoder or constant: needs them equally late, has "p", which becomes 2 steps later; use them one by one}}
  %d = snn.project %c through #snn.one_to_one delay 0 : !snn.signal<8, binary> -> !snn.current<8>
  %q = snn.population "q" (in: %d accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<8, binary>
  snn.output %q : !snn.signal<8, binary>
}
// -----
#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
snn.network @stream(%x: !snn.signal<4, binary>) -> !snn.signal<4, binary> attributes {dt = "steps"} {
  // expected-error@below {{delay of a projection: needs 0 steps, has at least 2; reset the samples, or give every projection its steps}}
  %b = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<4, binary> -> !snn.current<4>
  %p = snn.population "p" (in: %b accumulate ordered<f32>) model #if
    params {r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<4, binary>
  snn.output %p : !snn.signal<4, binary>
}
func.func @main(%x: tensor<?x8x4xui8>) -> tensor<?x4xi32> {
  // expected-note@below {{with reset(never) a population that begins later would carry another state over}}
  %r = snn.simulate @stream(%x) steps(8) reset(never) readout(count) : (tensor<?x8x4xui8>) -> tensor<?x4xi32>
  return %r : tensor<?x4xi32>
}
// -----
#li = #snn.li<state = f32, integration = euler>
snn.network @state(%x: !snn.signal<4, binary>) -> !snn.signal<4, analogue<f32>> attributes {dt = "steps"} {
  %b = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<4, binary> -> !snn.current<4>
  %p, %v = snn.population "p" (in: %b accumulate ordered<f32>) model #li
    params {r = 1.0, tau = 2.0, v_leak = 0.0, v_init = 0.5} expose ["v"] : !snn.signal<4, analogue<f32>>, !snn.signal<4, analogue<f32>>
  // expected-error@below {{delayed state: needs a population that begins in step 0, has "p", which becomes 2 steps later; take its spikes, or its state without a delay}}
  %c = snn.project %v through #snn.one_to_one delay 1 : !snn.signal<4, analogue<f32>> -> !snn.current<4>
  %q = snn.population "q" (in: %c accumulate ordered<f32>) model #li
    params {r = 1.0, tau = 2.0, v_leak = 0.0, v_init = 0.5} : !snn.signal<4, analogue<f32>>
  snn.output %q : !snn.signal<4, analogue<f32>>
}
