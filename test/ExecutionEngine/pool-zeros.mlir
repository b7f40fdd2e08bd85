// The maximum of zeros of both signs is the one that comes first, in both engines.
// RUN: %python %S/Inputs/make_zeros.py %t.npy
// RUN: sf-run %s --data=%t.npy --engine=reference --output=%t.reference.npy > %t.log
// RUN: sf-run %s --data=%t.npy --engine=jit --output=%t.jit.npy > %t.log
// RUN: %python %S/Inputs/make_zeros.py --show %t.reference.npy | FileCheck %s
// RUN: %python %S/Inputs/make_zeros.py --show %t.jit.npy | FileCheck %s
// CHECK: -0.0 0.0 0.0

snn.network @net(%x: !snn.signal<1x1x6, analogue<f32>>) -> !snn.signal<1x1x3, analogue<f32>> attributes {dt = "steps"} {
  %p = snn.pool max %x kernel [1, 2] stride [1, 2] : !snn.signal<1x1x6, analogue<f32>> -> !snn.signal<1x1x3, analogue<f32>>
  snn.output %p : !snn.signal<1x1x3, analogue<f32>>
}
func.func @main(%x: tensor<?x1x1x6xf32>) -> tensor<?x1x1x3xf32> {
  %r = snn.simulate @net(%x) steps(1) reset(per_sample) readout(membrane_last) : (tensor<?x1x1x6xf32>) -> tensor<?x1x1x3xf32>
  return %r : tensor<?x1x1x3xf32>
}
