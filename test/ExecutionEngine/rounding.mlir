// math.roundeven takes halves to the even neighbour, in both engines and for either sign.
// RUN: %python %S/Inputs/make_halves.py %t.npy
// RUN: sf-diff %s --engine=jit,reference --data=%t.npy
// RUN: sf-run %s --data=%t.npy --engine=reference --output=%t.out.npy > %t.log
// RUN: %python %S/Inputs/make_halves.py --show %t.out.npy | FileCheck %s
// CHECK: -2.0 -2.0 -0.0 0.0 2.0 2.0 4.0 2.0

snn.model @round states(v = %v: f32) receptors(in = %in: f32) params() {
  %rounded = math.roundeven %in : f32
  snn.yield %rounded states(%rounded) : f32, f32
}
snn.network @net(%x: !snn.signal<8, analogue<f32>>) -> !snn.signal<8, analogue<f32>> attributes {dt = "steps"} {
  %i = snn.project %x through #snn.one_to_one weights 1.0 delay 0 : !snn.signal<8, analogue<f32>> -> !snn.current<8>
  %s = snn.population "round" (in: %i accumulate ordered<f32>) model #snn.custom<@round> params {v_init = 0.0}
    : !snn.signal<8, analogue<f32>>
  snn.output %s : !snn.signal<8, analogue<f32>>
}
func.func @main(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %r = snn.simulate @net(%x) steps(1) reset(per_sample) readout(membrane_last) : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %r : tensor<?x8xf32>
}
