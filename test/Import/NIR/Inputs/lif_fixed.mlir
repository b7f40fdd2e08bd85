// The neuron of the NIR paper in the fixed-point arithmetic of a digital chip: dv = int(0.04 * 4095), threshold int(0.1 * 131071) >> 9 in units
// of 64, weight int(0.04 * 256) in units of 64; the potential decays by dv / 4096 toward zero, the current lasts one step, synapses take one step.
snn.model @fixed states(v = %v : i32) receptors(in = %in : i32) params(keep = %keep : i32, threshold = %threshold : i32) {
  %zero = arith.constant 0 : i32
  %six = arith.constant 6 : i32
  %twelve = arith.constant 12 : i64
  %round = arith.constant 4095 : i64
  %none = arith.constant 0 : i64
  %v64 = arith.extsi %v : i32 to i64
  %keep64 = arith.extsi %keep : i32 to i64
  %product = arith.muli %v64, %keep64 : i64
  %negative = arith.cmpi slt, %product, %none : i64
  %rounded = arith.addi %product, %round : i64
  %dividend = arith.select %negative, %rounded, %product : i64
  %quotient = arith.shrsi %dividend, %twelve : i64
  %decayed = arith.trunci %quotient : i64 to i32
  %current = arith.shli %in, %six : i32
  %v1 = arith.addi %decayed, %current : i32
  %fires = arith.cmpi sgt, %v1, %threshold : i32
  %v2 = arith.select %fires, %zero, %v1 : i32
  snn.yield %fires states(%v2) : i1, i32
}
snn.network @paper(%x: !snn.signal<1, binary>) -> !snn.signal<1, binary> attributes {dt = 1.0e-4} {
  %i = snn.project %x through #snn.one_to_one weights 10.0 delay 1 : !snn.signal<1, binary> -> !snn.current<1>
  %s = snn.population "1" (in: %i accumulate exact<i32, fraction = 0>) model #snn.custom<@fixed>
    params {keep = 3933, threshold = 1600, v_init = 0} : !snn.signal<1, binary>
  snn.output %s : !snn.signal<1, binary>
}
func.func @main(%x: tensor<?x1000x1xf32>) -> tensor<?x1xi32> {
  %r = snn.simulate @paper(%x) steps(1000) reset(per_sample) readout(count) : (tensor<?x1000x1xf32>) -> tensor<?x1xi32>
  return %r : tensor<?x1xi32>
}
