// The conductance-based network of Vogels and Abbott (Brette et al. 2007, J. Comput. Neurosci. 23, 349-398): 3200 excitatory and 800
// inhibitory neurons, the graph and the initial potentials of the peers' workload coba4000 (portable hash, p = 0.02; projections by source).
// ms, mV, nS, pF; dt 0.1 ms: forward Euler for v, exact decay for the conductances; 50 steps refractory.
snn.model @coba states(v = %v : f32, ge = %ge : f32, gi = %gi : f32, wait = %wait : i32) receptors(exc = %exc : f32, inh = %inh : f32)
    params(decay_e = %de : f32, decay_i = %di : f32) {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %n_ref = arith.constant 50 : i32
  %el = arith.constant -60.0 : f32
  %ei = arith.constant -80.0 : f32
  %gl = arith.constant 10.0 : f32
  %drive = arith.constant 200.0 : f32
  %dt_c = arith.constant 5.0e-4 : f32
  %th = arith.constant -50.0 : f32
  %ge0 = arith.addf %ge, %exc : f32
  %gi0 = arith.addf %gi, %inh : f32
  %x0 = arith.subf %el, %v : f32
  %leak = arith.mulf %gl, %x0 : f32
  %e = arith.mulf %ge0, %v : f32
  %x1 = arith.subf %ei, %v : f32
  %i = arith.mulf %gi0, %x1 : f32
  %x2 = arith.subf %leak, %e : f32
  %x3 = arith.addf %x2, %i : f32
  %x4 = arith.addf %x3, %drive : f32
  %dv = arith.mulf %dt_c, %x4 : f32
  %moved = arith.addf %v, %dv : f32
  %active = arith.cmpi eq, %wait, %zero : i32
  %v1 = arith.select %active, %moved, %v : f32
  %above = arith.cmpf ogt, %v1, %th : f32
  %fires = arith.andi %above, %active : i1
  %v2 = arith.select %fires, %el, %v1 : f32
  %less = arith.subi %wait, %one : i32
  %left = arith.select %active, %zero, %less : i32
  %wait1 = arith.select %fires, %n_ref, %left : i32
  %ge1 = arith.mulf %ge0, %de : f32
  %gi1 = arith.mulf %gi0, %di : f32
  snn.yield %fires states(%v2, %ge1, %gi1, %wait1) : i1, f32, f32, f32, i32
}
#exc = #snn.fixed_probability<p = 0.02 : f64, first = 0, self = true, generator = mix64, seed = 11, stream = 0>
#inh = #snn.fixed_probability<p = 0.02 : f64, first = 3200, self = true, generator = mix64, seed = 11, stream = 0>
#v0 = #snn.random<uniform(-60.0, -50.0), generator = mix64, seed = 12, stream = 0>
snn.network @coba4000() -> (!snn.signal<4000, binary>) attributes {dt = 1.0e-4 : f64} {
  %e = snn.slice %s from 0 : !snn.signal<4000, binary> -> !snn.signal<3200, binary>
  %i = snn.slice %s from 3200 : !snn.signal<4000, binary> -> !snn.signal<800, binary>
  %ce = snn.project %e through #exc weights 6.0 delay 1 : !snn.signal<3200, binary> -> !snn.current<4000>
  %ci = snn.project %i through #inh weights 67.0 delay 1 : !snn.signal<800, binary> -> !snn.current<4000>
  %s = snn.population "neurons" (exc: %ce accumulate exact<i32, fraction = 8>, inh: %ci accumulate exact<i32, fraction = 8>)
    model #snn.custom<@coba> params {decay_e = 0.98019867330675525, decay_i = 0.99004983374916811, v_init = #v0,
      ge_init = 0.0, gi_init = 0.0, wait_init = 0} : !snn.signal<4000, binary>
  snn.output %s : !snn.signal<4000, binary>
}
func.func @main() -> tensor<1x4000xi32> {
  %r = snn.simulate @coba4000() steps(10000) reset(per_sample) readout(count) : () -> tensor<1x4000xi32>
  return %r : tensor<1x4000xi32>
}
