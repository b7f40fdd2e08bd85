// RUN: sf-opt %s --one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map" --buffer-deallocation-pipeline | FileCheck %s

snn.network @net(%x: !snn.signal<2, analogue<f32>>) -> !snn.signal<2, binary> attributes {dt = "steps"} {
  %i = snn.project %x through #snn.one_to_one weights 1.0 delay 0 : !snn.signal<2, analogue<f32>> -> !snn.current<2>
  %s = snn.population "p" (in: %i accumulate ordered<f32>)
    model #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
    params {r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<2, binary>
  snn.output %s : !snn.signal<2, binary>
}

// The operand is read in place; the result is a new buffer, and one that does not leave the function is freed.
// CHECK-LABEL: func.func @returned(
// CHECK-SAME: %[[X:.*]]: memref<?x2xf32>) -> memref<?x2xi32>
// CHECK: %[[R:.*]] = snn.simulate @net(%[[X]]) {{.*}} : (memref<?x2xf32>) -> memref<?x2xi32>
// CHECK-NOT: memref.dealloc
// CHECK: return
func.func @returned(%x: tensor<?x2xf32>) -> tensor<?x2xi32> {
  %r = snn.simulate @net(%x) steps(4) reset(per_sample) readout(count) : (tensor<?x2xf32>) -> tensor<?x2xi32>
  return %r : tensor<?x2xi32>
}

// CHECK-LABEL: func.func @used
// CHECK: %[[R:.*]] = snn.simulate @net
// CHECK-NEXT: memref.load %[[R]]
// CHECK-NEXT: memref.dealloc %[[R]]
func.func @used(%x: tensor<1x2xf32>) -> i32 {
  %zero = arith.constant 0 : index
  %r = snn.simulate @net(%x) steps(4) reset(per_sample) readout(count) : (tensor<1x2xf32>) -> tensor<1x2xi32>
  %e = tensor.extract %r[%zero, %zero] : tensor<1x2xi32>
  return %e : i32
}
