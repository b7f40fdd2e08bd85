// A projection of one synapse, which is not the first of its kernel, with a shared weight.
// RUN: sf-run %s --engine=reference --output=%t.reference.npy
// RUN: sf-run %s --engine=jit --output=%t.jit.npy
// RUN: cmp %t.reference.npy %t.jit.npy
// RUN: %exits 0 sf-diff %s --engine=reference,jit
snn.network @net() -> !snn.signal<1x1x1, analogue<f32>> attributes {dt = "steps"} {
  %x = snn.constant 1.0 : !snn.signal<1x3x2, analogue<f32>>
  %i = snn.project %x through #snn.conv2d<kernel = [2, 1], stride = [3, 3], pad = [1, 0, 0, 0], dilation = [1, 1], groups = 1> delay 0
    : !snn.signal<1x3x2, analogue<f32>> -> !snn.current<1x1x1>
  %s = snn.population "p" (in: %i accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<1x1x1, analogue<f32>>
  snn.output %s : !snn.signal<1x1x1, analogue<f32>>
}
func.func @main() -> tensor<1x1x1x1xf32> {
  %r = snn.simulate @net() steps(3) reset(per_sample) readout(current_sum) : () -> tensor<1x1x1x1xf32>
  return %r : tensor<1x1x1x1xf32>
}
