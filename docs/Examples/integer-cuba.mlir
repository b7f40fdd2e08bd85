// A current-based leaky integrate-and-fire neuron in the integer arithmetic of digital chips: 12-bit decays, truncation toward zero, weights
// times 64, reset to zero; a recurrent network of 256 neurons with 8-bit weights. Every sum is exact, so any order gives the same spikes.
snn.model @cuba states(u = %u : i32, v = %v : i32) receptors(in = %in : i32) params(keep_u = %ku : i32, keep_v = %kv : i32, threshold = %th : i32) {
  %zero = arith.constant 0 : i32
  %six = arith.constant 6 : i32
  %twelve = arith.constant 12 : i64
  %round = arith.constant 4095 : i64
  %none = arith.constant 0 : i64
  // u times keep_u / 4096 toward zero: a negative product is rounded up before the shift.
  %u64 = arith.extsi %u : i32 to i64
  %ku64 = arith.extsi %ku : i32 to i64
  %pu = arith.muli %u64, %ku64 : i64
  %nu = arith.cmpi slt, %pu, %none : i64
  %ru = arith.addi %pu, %round : i64
  %su = arith.select %nu, %ru, %pu : i64
  %du = arith.shrsi %su, %twelve : i64
  %decayed_u = arith.trunci %du : i64 to i32
  %scaled = arith.shli %in, %six : i32
  %u1 = arith.addi %decayed_u, %scaled : i32
  %v64 = arith.extsi %v : i32 to i64
  %kv64 = arith.extsi %kv : i32 to i64
  %pv = arith.muli %v64, %kv64 : i64
  %nv = arith.cmpi slt, %pv, %none : i64
  %rv = arith.addi %pv, %round : i64
  %sv = arith.select %nv, %rv, %pv : i64
  %dv = arith.shrsi %sv, %twelve : i64
  %decayed_v = arith.trunci %dv : i64 to i32
  %v1 = arith.addi %decayed_v, %u1 : i32
  %fires = arith.cmpi sgt, %v1, %th : i32
  %v2 = arith.select %fires, %zero, %v1 : i32
  snn.yield %fires states(%u1, %v2) : i1, i32, i32
}
#graph = #snn.fixed_probability<p = 0.1 : f64, first = 0, self = false, generator = philox, seed = 5, stream = 0>
snn.parameter @input : tensor<256x64xi8> = #snn.random<uniform(-40.0, 127.0), generator = philox, seed = 5, stream = 1>
snn.network @integer(%x: !snn.signal<64, binary>) -> (!snn.signal<256, binary>, !snn.signal<256, analogue<si32>>) attributes {dt = "steps"} {
  %i = snn.project %x through #snn.dense weights @input delay 0 : !snn.signal<64, binary> -> !snn.current<256>
  %r = snn.project %s through #graph weights #snn.random<normal(0.0, 30.0), clip = (-128.0, 127.0), generator = philox, seed = 5, stream = 2> delay 1 : !snn.signal<256, binary> -> !snn.current<256>
  %s, %v = snn.population "neurons" (in: %i, %r accumulate exact<i32, fraction = 0> bias 2.0) model #snn.custom<@cuba>
    params {keep_u = 3072, keep_v = 3968, threshold = 12800, u_init = 0, v_init = 0} expose ["v"] : !snn.signal<256, binary>, !snn.signal<256, analogue<si32>>
  snn.output %s, %v : !snn.signal<256, binary>, !snn.signal<256, analogue<si32>>
}
func.func @main(%x: tensor<?x50x64xi8>) -> (tensor<?x256xi32>, tensor<?x256xi32>) {
  %r:2 = snn.simulate @integer(%x) steps(50) reset(per_sample) readout(count, membrane_last) : (tensor<?x50x64xi8>) -> (tensor<?x256xi32>, tensor<?x256xi32>)
  return %r#0, %r#1 : tensor<?x256xi32>, tensor<?x256xi32>
}
